"""muc-component behind a server, with its rooms in a database."""

import os

from servers import DOMAIN, ROOMS, SECRET

ADMIN = f"mercutio@{DOMAIN}"


class Component:
    """port: where the server, or what stands before it, takes components; options: of the command line, instead of a
    database and an administrator; more: beside those."""

    def __init__(self, place, port, options=None, more=()):
        self._place = place
        self._options = ["--db", place.path("rooms.db"), "--admin", ADMIN] if options is None else options
        self._options = [*self._options, *more]
        self._port = port
        self._secret = place.write("secret", SECRET + "\n")
        self.start()
        self.wait()

    def start(self, port=None):
        """Through another port from now on, if one is given."""
        self._port = port or self._port
        program = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "muc-component"))
        self.process = self._place.start("component", [
            program, ROOMS, "--server", f"127.0.0.1:{self._port}", "--secret-file", self._secret, *self._options])

    def wait(self):
        """Until the server has taken it."""
        self.process.wait_for(lambda: "connected to" in self.process.written(), "connection")

    def kill(self):
        self.process.kill()

    def stop(self):
        """Asked to end; how it ended."""
        return self.process.stop()
