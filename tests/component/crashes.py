#!/usr/bin/env python3
"""crashes.py PROGRAM ROUNDS [SEED]: muc-component is killed at any moment while it has a lot to do, again and again.

What it had acknowledged (the result of an iq, a message that came back from the room) is there after the next start,
and nobody enters again."""
import os
import random
import re
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from server import Component, DOMAIN, Server, check

ADMIN = "http://jabber.org/protocol/muc#admin"
OWNER = "http://jabber.org/protocol/muc#owner"
BURST = 60
ROOMS = ["tea", "coffee", "milk"]
USERS = 20
HISTORY = 20


class Value:
    """Something that was set: what it was when that was acknowledged last, and what it may be."""

    def __init__(self, value):
        self.values = [value]
        self.sent = {}

    def send(self, ident, value):
        self.sent[ident] = len(self.values)
        self.values.append(value)

    def acknowledge(self, ident):
        at = self.sent.get(ident)
        if at is not None:
            self.values = self.values[at:]
            self.sent = {i: n - at for i, n in self.sent.items() if n > at}

    def found(self, value, what):
        check(value in self.values, what, "is", value, "and not one of", self.values)
        self.values = [value]
        self.sent = {}


class Room:
    def __init__(self, name):
        self.name = name
        self.jid = f"{name}@{DOMAIN}"
        self.title = Value("")
        self.rank = {f"u{i}@example.org": Value("none") for i in range(USERS)}
        self.said = []       # bodies that were sent, in order
        self.heard = 0       # how many of them are known to be there

    def values(self):
        return [self.title, *self.rank.values()]


class Load:
    """What is asked for, and what was answered."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.db = os.path.join(folder, "rooms.db")
        self.folder = folder
        self.server = Server()
        self.rooms = [Room(name) for name in ROOMS]
        self.count = 0
        self.acknowledged = 0

    def start(self):
        self.component = Component(self.folder, PROGRAM, "--server", f"127.0.0.1:{self.server.port}", "--db", self.db)
        self.link = self.server.accept()
        self.link.handshake()

    def ident(self):
        self.count += 1
        return f"i{self.count}"

    def iq(self, room, kind, payload, ident):
        return f"<iq type='{kind}' id='{ident}' from='a@example.org/x' to='{room.jid}'>{payload}</iq>"

    def form(self, room, ident, **fields):
        values = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in fields.items())
        return self.iq(room, "set", f"<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='submit'>{values}</x>"
                       "</query>", ident)

    def enter(self):
        for room in self.rooms:
            self.link.join(room=room.name)
            ident = self.ident()
            self.link.send(self.form(room, ident, persistent=1))
            self.link.expect(f"<iq [^>]*type='result'[^>]*id='{ident}'")

    def stanza(self, room):
        ident = self.ident()
        what = self.random.randrange(4)
        if what == 0:
            room.title.send(ident, ident)
            return self.form(room, ident, name=ident)
        if what == 1:
            user = self.random.choice(list(room.rank))
            rank = self.random.choice(["member", "none", "outcast", "admin"])
            room.rank[user].send(ident, rank)
            item = f"<item jid='{user}' affiliation='{rank}'/>"
            return self.iq(room, "set", f"<query xmlns='{ADMIN}'>{item}</query>", ident)
        room.said.append(ident)
        return (f"<message type='groupchat' id='{ident}' from='a@example.org/x' to='{room.jid}'>"
                f"<body>{ident}</body></message>")

    def burst(self):
        """Sends a lot, kills the program at some moment, and takes what had come back by then."""
        seen = len(self.link.data)
        text = "".join(self.stanza(self.random.choice(self.rooms)) for _ in range(BURST))
        self.link.send(text)
        end = time.monotonic() + self.random.random() * 0.06
        self.link.sock.settimeout(0.005)
        while time.monotonic() < end:
            try:
                self.link.read()
            except TimeoutError:
                pass
        self.component.signal(signal.SIGKILL)
        self.component.process.wait()
        self.link.sock.settimeout(5)
        try:
            while self.link.read():
                pass
        except ConnectionResetError:
            pass
        self.link.close()
        self.take(self.link.data[seen:].decode(errors="ignore"))

    def take(self, text):
        for ident in re.findall(r"<iq [^>]*type='result'[^>]*id='([^']*)'/?>", text):
            self.acknowledged += 1
            for room in self.rooms:
                for value in room.values():
                    value.acknowledge(ident)
        for ident in re.findall(r"<message to='a@example.org/x' [^>]*type='groupchat' id='(i[^']*)'", text):
            for room in self.rooms:
                if ident in room.said:
                    self.acknowledged += 1
                    room.heard = max(room.heard, room.said.index(ident) + 1)

    def ask(self, room, payload):
        ident = self.ident()
        self.link.send(self.iq(room, "get", payload, ident))
        return self.link.expect(f"<iq [^>]*type='result'[^>]*id='{ident}'.*?</iq>").group(0).decode()

    def verify(self):
        for room in self.rooms:
            form = self.ask(room, f"<query xmlns='{OWNER}'/>")
            title = re.search(r"var='muc#roomconfig_roomname'[^>]*>(?:<value>([^<]*)</value>|<value/>)?", form).group(1)
            room.title.found(title or "", "the name of " + room.name)
            ranks = {}
            for rank in ("member", "outcast", "admin"):
                lists = self.ask(room, f"<query xmlns='{ADMIN}'><item affiliation='{rank}'/></query>")
                ranks.update({jid: rank for jid in re.findall(r"<item [^>]*jid='([^']*)'", lists)})
            for user, value in room.rank.items():
                value.found(ranks.get(user, "none"), user)
            self.verify_history(room)

    def verify_history(self, room):
        visitor = f"v{self.ident()}@example.org/x"
        self.link.join(visitor, room.name, visitor.split("@")[0])
        there = re.findall(r"<message to='" + visitor + r"' [^>]*><body>([^<]*)<", self.link.data.decode())
        self.link.send(f"<presence type='unavailable' from='{visitor}' to='{room.jid}/x'/>")
        kept = len(room.said) and (room.said.index(there[-1]) + 1 if there else 0)
        check(kept >= room.heard, "of", room.name, room.heard, "messages were heard, the last is", kept)
        check(there == room.said[max(0, kept - HISTORY):kept], room.name, "has", there, "of", room.said[-2 * HISTORY:])
        room.said = room.said[:kept]
        room.heard = kept

    def rounds(self, rounds):
        self.start()
        self.enter()
        for _ in range(rounds):
            self.burst()
            self.start()
            self.verify()
        self.component.stop(self.link)
        return self.acknowledged


def crash(folder, program, rounds, seed=None):
    """Returns how much was acknowledged."""
    global PROGRAM
    PROGRAM = program
    load = Load(folder, seed)
    try:
        return load.rounds(rounds)
    finally:
        load.component.kill()
        load.server.close()


def main():
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    print("seed", seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(crash(folder, os.path.abspath(sys.argv[1]), int(sys.argv[2]), seed), "acknowledged, none lost")


if __name__ == "__main__":
    main()
