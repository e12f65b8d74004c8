"""A terminal of its own for one program, by tmux: keys in, screen out."""

import asyncio
import os
import subprocess

SIZE = ("100", "30")


class Tmux:
    def __init__(self, place):
        self._command = ["tmux", "-S", place.path("tmux"), "-f", "/dev/null"]
        # In the foreground, so that it ends with us.
        server = place.start("tmux", self._command + ["-D"])
        server.wait_for(lambda: os.path.exists(place.path("tmux")), "socket")

    def run(self, *command, **environment):
        variables = [word for name, value in environment.items() for word in ("-e", f"{name}={value}")]
        self._do("new-session", "-d", "-x", SIZE[0], "-y", SIZE[1], "-e", "LC_ALL=C.UTF-8", *variables, *command)

    def type(self, line):
        self._do("send-keys", "-l", line)
        self._do("send-keys", "Enter")

    def text(self):
        return self._do("capture-pane", "-p").rstrip() + "\n"

    async def shows(self, *words, seconds=15):
        """Until all of them are on the screen at once."""
        for _ in range(seconds * 10):
            text = self.text()
            if all(word in text for word in words):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"not on the screen: {' / '.join(words)}")

    def _do(self, *arguments):
        return subprocess.run(self._command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=True, timeout=10).stdout.decode()
