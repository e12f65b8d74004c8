"""ejabberd that balances rooms over three connections, PostgreSQL, and processes of muc-component, each behind a link
that can be parted."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from place import Place, free_port
from servers import ROOMS, SECRET
from servers.ejabberd import Ejabberd

SLOTS = 3
LEASE = 2
POSTGRES = os.path.join(os.path.dirname(__file__), "../../component/postgres.sh")
BUILD = os.environ.get("BUILD", "build")
# Whoever connects where several are listed is taken for all of them.
USERS_LISTENER = """  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_service, access: all, shaper_rule: none,
      hosts: {{{users}: {{password: "{secret}"}}}}}}
"""
MORE = f"""
domain_balancing:
  {ROOMS}:
    type: bare_destination
    component_number: {SLOTS}
"""


class Link:
    """A TCP link. Parted, the server's side ends; the other one stays, and what it says is kept."""

    def __init__(self, port):
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs = []
        self._parted = False
        self.late = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self._listener.accept()
            if self._parted:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            self._pairs.append((near, far))
            threading.Thread(target=self._pump, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(far, near, False), daemon=True).start()

    def _pump(self, source, sink, outward):
        try:
            while data := source.recv(65536):
                if self._parted and outward:
                    self.late += data
                else:
                    sink.sendall(data)
        except OSError:
            pass
        if not self._parted:
            end(source, sink)

    def part(self):
        self._parted = True
        end(*(far for _, far in self._pairs))

    def mend(self):
        """For the connections to come; the old ones end."""
        self._parted = False
        end(*(one for pair in self._pairs for one in pair))
        self._pairs = []


def end(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


class Postgres:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="muc-pg-")
        self.url = f"postgresql:///postgres?host={self.folder}&user=muc"
        self.do("start")

    def do(self, what):
        subprocess.run([POSTGRES, what, self.folder], check=True, stdin=subprocess.DEVNULL)

    def ask(self, statement):
        """Rows of texts."""
        out = subprocess.run(["psql", "-qAtX", "-F", "\t", self.url, "-c", statement], check=True, capture_output=True,
                             text=True).stdout
        return [line.split("\t") for line in out.splitlines()]

    def close(self):
        self.do("stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Member:
    """One process of the service."""

    def __init__(self, stage, name):
        self._stage, self.name = stage, name
        self.link = Link(stage.server.component)
        self.start()

    def start(self):
        program = os.path.abspath(os.path.join(BUILD, "muc-component"))
        self.process = self._stage.start(self.name, [
            program, ROOMS, "--server", f"127.0.0.1:{self.link.port}", "--secret-file", self._stage.secret,
            "--db", self._stage.postgres.url, "--lease", str(LEASE), "--standby", "1",
            "--option", "historylength=2000", "--option", "maxhistoryfetch=2000",
            "--set", "max_history=2000", "--set", "max_history_bytes=4000000", "--set", "lock_new_rooms=0"])

    def has_slot(self):
        """What it said last of that."""
        lines = [line for line in self.process.written().splitlines() if "place for this process" in line]
        return bool(lines) and "has a place" in lines[-1]

    def signal(self, number):
        self.process._signal(number)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def rooms(self):
        """What the database says it has: nothing of a process that is gone."""
        pid = self.process._popen.pid
        return {jid for jid, in self._stage.postgres.ask(
            "SELECT jid FROM muc.room JOIN muc.process ON process.id = owner "
            f"WHERE host LIKE '%/{pid}'")}


class Stage(Place):
    def __init__(self, users):
        super().__init__()
        self.postgres = None
        try:
            self.postgres = Postgres()
            self.secret = self.write("secret", SECRET + "\n")
            self.users_port = free_port()
            self.server = Ejabberd(self, [], USERS_LISTENER.format(port=self.users_port, users=users, secret=SECRET),
                                   more=MORE)
            self.members = [Member(self, f"member{i}") for i in range(SLOTS + 1)]
            self.wait(lambda: sum(m.has_slot() for m in self.members) == SLOTS and self.standby(), "places", 20)
        except BaseException as error:
            error.logs = list(self.logs())
            self.__exit__()
            raise

    def standby(self):
        """Those who stand by."""
        return [m for m in self.members
                if m.process.running and "stands by" in m.process.written() and not m.has_slot()]

    def active(self):
        return [m for m in self.members if m.process.running and m.has_slot()]

    def wait(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"no {what} within {seconds} s"
            time.sleep(0.05)

    def __exit__(self, *_):
        for member in getattr(self, "members", []):
            member.thaw()
        super().__exit__()
        if self.postgres:
            self.postgres.close()
