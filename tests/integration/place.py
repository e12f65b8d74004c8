"""Where a test runs: a folder of its own, free ports of 127.0.0.1, and processes that never outlive it."""

import contextlib
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def free_port():
    """A port nobody listens at, below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers(port):
    """Whether somebody listens at a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A program in the background, its output in a file. It dies with us, whatever happens to us."""

    def __init__(self, name, command, folder, environment=None):
        self.name = name
        self.log = os.path.join(folder, name + ".log")
        environment = dict(os.environ, HOME=folder, **(environment or {}))
        with open(self.log, "ab") as log:
            self._begin = log.tell()
            self._popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                                           env=environment, start_new_session=True, preexec_fn=_die_with_parent)

    @property
    def pid(self):
        return self._popen.pid

    @property
    def running(self):
        return self._popen.poll() is None

    @property
    def status(self):
        return self._popen.poll()

    def written(self):
        """What it has written since it was started."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self._begin)
            return log.read()

    def wait_for(self, condition, what, seconds=30):
        """Until condition() holds; an AssertionError when the program ends first or the time is over."""
        end = time.monotonic() + seconds
        while not condition():
            assert self.running, f"{self.name} ended with status {self.status} before {what}"
            assert time.monotonic() < end, f"{self.name}: no {what} within {seconds} s"
            time.sleep(0.05)

    def kill(self):
        """As a crash: no chance to tidy up."""
        self._signal(signal.SIGKILL)
        self._popen.wait()

    def stop(self, seconds=10):
        """Asked first, then killed. The exit status."""
        self._signal(signal.SIGTERM)
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._signal(signal.SIGKILL)
        return self.status

    def _signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, number)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Place:
    """A temporary folder and the processes started in it; leaving it ends them and removes it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="muc-")
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def make(self, *parts):
        """A folder in here."""
        path = self.path(*parts)
        os.makedirs(path, exist_ok=True)
        return path

    def write(self, name, text):
        path = self.path(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, name, command, environment=None):
        process = Process(name, command, self.folder, environment)
        self.processes.append(process)
        return process

    def logs(self, lines=40):
        """The last lines of every log, to be shown when something fails."""
        for name in sorted(set(process.log for process in self.processes)):
            with open(name, encoding="utf-8", errors="replace") as log:
                yield os.path.basename(name), log.read().splitlines()[-lines:]
