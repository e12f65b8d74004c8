#!/usr/bin/env python3
"""measure.py PROGRAM [ROOMS [URL]]: what the database costs muc-component; URL: and one of PostgreSQL.

How long it takes to start with ROOMS stored rooms (1,000,000; 0: this is left out) and to answer in one of them, and
what a message costs with a database and without. A million rooms are made in minutes and need 5 GB in TMPDIR."""
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from many import fill
from server import Component, DOMAIN, Server

PROGRAM = os.path.abspath(sys.argv[1])
OWNER = "http://jabber.org/protocol/muc#owner"
MESSAGES = 20000
OTHERS = 10


class Program:
    def __init__(self, folder, *arguments):
        self.server = Server()
        self.begin = time.monotonic()
        self.component = Component(folder, PROGRAM, "--server", f"127.0.0.1:{self.server.port}", *arguments)
        self.link = self.server.accept()
        self.link.handshake()

    def seconds(self):
        """Of the processor, in all threads."""
        with open(f"/proc/{self.component.process.pid}/stat") as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, room="", kind="info"):
        self.link.send(f"<iq type='get' id='q' from='a@example.org/x' to='{room}{DOMAIN}'>"
                       f"<query xmlns='http://jabber.org/protocol/disco#{kind}'/></iq>")
        return self.link.expect("<iq [^>]*id='q'.*</iq>").group(0)

    def make_room(self):
        self.link.join()
        self.link.send(f"<iq type='set' id='p' from='a@example.org/x' to='tea@{DOMAIN}'><query xmlns='{OWNER}'>"
                       "<x xmlns='jabber:x:data' type='submit'><field var='persistent'><value>1</value></field></x>"
                       "</query></iq>")
        self.link.expect("<iq [^>]*type='result'[^>]*id='p'")

    def stop(self):
        self.component.stop(self.link)
        self.server.close()


def measure_start(folder, rooms):
    path = os.path.join(folder, "many.db")
    program = Program(folder, "--db", path)
    program.make_room()
    program.stop()
    fill(path, rooms)
    print(f"{rooms} stored rooms, {os.path.getsize(path) / 1e6:.0f} MB")
    program = Program(folder, "--db", path)
    connected = time.monotonic()
    program.ask(f"room{rooms // 2:07}@")
    answered = time.monotonic()
    program.ask(kind="items")
    listed = time.monotonic()
    print(f"started and connected after {connected - program.begin:.3f} s, a room answers after "
          f"{answered - connected:.4f} s, a page of the room list after {listed - answered:.4f} s")
    program.stop()


def measure_messages(folder, name, *arguments):
    program = Program(folder, *arguments)
    program.make_room()
    for i in range(OTHERS):
        program.link.join(f"b{i}@example.org/x", nick=f"b{i}")
    link, cpu, wall = program.link, program.seconds(), time.monotonic()
    for first in range(0, MESSAGES, 100):
        link.send("".join(f"<message type='groupchat' id='{i}' from='a@example.org/x' to='tea@{DOMAIN}'><body>"
                          f"something that somebody says to all</body></message>" for i in range(first, first + 100)))
        link.data, link.seen = b"", 0
        link.expect(f"<message to='b{OTHERS - 1}@example.org/x' [^>]*id='{first + 99}'")
    cpu, wall = program.seconds() - cpu, time.monotonic() - wall
    print(f"{name}: {cpu / MESSAGES * 1e6:.1f} us of the processor for a message to {OTHERS + 1}, "
          f"{MESSAGES / wall:.0f} a second by hundreds")
    program.stop()


def main():
    rooms = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    with tempfile.TemporaryDirectory() as folder:
        measure_messages(folder, "in memory")
        measure_messages(folder, "with a database", "--db", os.path.join(folder, "messages.db"))
        if len(sys.argv) > 3:
            measure_messages(folder, "with PostgreSQL", "--db", sys.argv[3])
        if rooms:
            measure_start(folder, rooms)


if __name__ == "__main__":
    main()
