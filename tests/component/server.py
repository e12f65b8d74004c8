"""The server's side of XEP-0114 on a free port of 127.0.0.1, and muc-component beside it, for tests."""
import hashlib
import html
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

DOMAIN = "rooms.example.org"
SECRET = "not so secret"
PATIENCE = 10
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
          "xmlns:stream='http://etherx.jabber.org/streams' {more} from='" + DOMAIN + "' id='{id}'>")
JOIN = ("<presence from='{jid}' to='{room}@" + DOMAIN + "/{nick}'>"
        "<x xmlns='http://jabber.org/protocol/muc'/></presence>")


class Failed(Exception):
    pass


def check(condition, *what):
    if not condition:
        raise Failed(" ".join(str(w) for w in what) or "not so")


class Link:
    """One connection of the component."""

    def __init__(self, sock):
        self.sock = sock
        self.data = b""
        self.seen = 0

    def send(self, text):
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def read(self):
        chunk = self.sock.recv(1 << 16)
        self.data += chunk
        return chunk

    def expect(self, pattern):
        """Waits for what matches behind what was expected before; the match."""
        pattern = re.compile(pattern.encode(), re.S)
        end = time.monotonic() + PATIENCE
        while True:
            found = pattern.search(self.data, self.seen)
            if found:
                self.seen = found.end()
                return found
            self.sock.settimeout(max(0.01, end - time.monotonic()))
            try:
                more = self.read()
            except TimeoutError:
                more = b""
            check(more, "expected", pattern.pattern, "behind", self.data[self.seen:][-2000:])

    def silence(self, seconds=0.3):
        """Nothing comes for a while."""
        self.sock.settimeout(seconds)
        try:
            more = self.read()
        except TimeoutError:
            return
        check(False, "not expected:", more)

    def wait_closed(self):
        self.sock.settimeout(PATIENCE)
        try:
            while self.read():
                pass
        except ConnectionResetError:
            pass
        except TimeoutError:
            check(False, "the connection stays open")

    def close(self):
        self.sock.close()

    def handshake(self, ident="4711", more="", secret=SECRET):
        """Lets the component in."""
        self.expect("<stream:stream [^>]*to='" + DOMAIN + "'>")
        self.send(HEADER.format(id=ident, more=more))
        digest = self.expect("<handshake>([0-9a-f]*)</handshake>").group(1).decode()
        check(digest == hashlib.sha1((html.unescape(ident) + secret).encode()).hexdigest(), "a wrong digest:", digest)
        self.send("<handshake/>")

    def join(self, jid="a@example.org/x", room="tea", nick="ann"):
        self.send(JOIN.format(jid=jid, room=room, nick=nick))
        self.expect("<subject[ />]")


class Server:
    def __init__(self, port=0, host="127.0.0.1"):
        self.sock = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.sock.getsockname()[1]
        self.sock.settimeout(PATIENCE)

    def accept(self):
        return Link(self.sock.accept()[0])

    def close(self):
        self.sock.close()


class Component:
    """The program, its standard error in a file; before: words of the command that runs it."""

    def __init__(self, folder, program, *arguments, secret=SECRET, domain=DOMAIN, before=()):
        self.folder = folder
        path = os.path.join(folder, "secret")
        with open(path, "w") as file:
            file.write(secret + "\n")
        os.chmod(path, 0o600)
        self.log_path = tempfile.mktemp(prefix="log", dir=folder)
        command = [*before, program] + ([domain, "--secret-file", path] if domain else []) + list(arguments)
        with open(self.log_path, "wb") as log:
            # What is free is given back, so that memory can be measured with the address sanitizer, too.
            environment = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=1"}
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                            env=environment)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def expect_log(self, pattern):
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.log(), re.S):
            check(time.monotonic() < end, "the log has no", pattern, "but:\n" + self.log())
            time.sleep(0.02)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, status):
        """Waits for the end, which has to be that one."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            check(False, "the program goes on:\n" + self.log())
        check(self.process.returncode == status, "status", self.process.returncode, "not", status, "\n" + self.log())

    def stop(self, link):
        """Ends it in order, which has to work."""
        self.signal(signal.SIGTERM)
        link.expect("</stream:stream>")
        link.close()
        self.wait(0)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
