"""Users by the hundred: one component connection (XEP-0114) that plays all of them, and what each of them heard."""

import asyncio
import collections
import hashlib
import re
import time
import xml.etree.ElementTree as ET

from servers import ROOMS

USERS = "users.example.org"
STREAM = "http://etherx.jabber.org/streams"
NS = "{jabber:component:accept}"
FORM = "{jabber:x:data}"
ENTER = ("<presence from='{user}' to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'>"
         "<history maxstanzas='{history}'/></x></presence>")
SUBMIT = ("<iq type='set' id='{id}' from='{user}' to='{room}'><query xmlns='http://jabber.org/protocol/muc#owner'>"
          "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
          "http://jabber.org/protocol/muc#roomconfig</value></field>{fields}</x></query></iq>")
DISCO = "<iq type='get' id='{id}' from='{user}' to='{to}'><query xmlns='http://jabber.org/protocol/disco#{what}'/></iq>"
SAY = "<message type='groupchat' id='{text}' from='{user}' to='{room}'><body>{text}</body></message>"


class Crowd:
    """What came, by who heard it: bodies that were said to all, in their order, occupants, errors."""

    def __init__(self):
        self.heard = collections.defaultdict(list)      # user -> [(room, body)]
        self.history = collections.defaultdict(list)    # user -> [(room, body)]
        self.inside = collections.defaultdict(dict)     # (user, room) -> {nick: affiliation}
        self.entered = {}                               # (user, room) -> own nick
        self.errors = collections.Counter()             # condition -> how often
        self.said = {}                                  # body -> when it came back to who had said it
        self._answers = {}
        self._count = 0
        self._waiting = asyncio.Condition()

    async def connect(self, port, secret):
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        self._parser = ET.XMLPullParser(["start", "end"])
        self._depth, self._root = 0, None
        self.write(f"<stream:stream xmlns='jabber:component:accept' xmlns:stream='{STREAM}' to='{USERS}'>")
        ready = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._read(ready, secret))
        await asyncio.wait_for(ready, 10)

    def close(self):
        self._task.cancel()
        self._writer.close()

    def write(self, text):
        self._writer.write(text.encode())

    async def _read(self, ready, secret):
        while data := await self._reader.read(1 << 16):
            self._parser.feed(data)
            for event, element in self._parser.read_events():
                if event == "start":
                    self._depth += 1
                    if self._depth == 1:
                        self._root = element
                        digest = hashlib.sha1((element.get("id") + secret).encode()).hexdigest()
                        self.write(f"<handshake>{digest}</handshake>")
                    continue
                self._depth -= 1
                if self._depth == 1:
                    if element.tag == NS + "handshake":
                        ready.set_result(None)
                    else:
                        self._take(element)
                    self._root.clear()
            async with self._waiting:
                self._waiting.notify_all()

    # ---- what comes

    def _take(self, stanza):
        kind, sender, user = stanza.get("type"), stanza.get("from", ""), stanza.get("to")
        room, _, nick = sender.partition("/")
        if kind == "error":
            error = stanza.find(NS + "error")
            self.errors[re.sub("{.*}", "", error[0].tag) if error is not None and len(error) else "unknown"] += 1
        if stanza.tag == NS + "iq":
            self._take_iq(stanza, kind, sender, user)
        elif stanza.tag == NS + "message" and kind == "groupchat":
            body = stanza.findtext(NS + "body")
            if body is None:
                return
            late = stanza.find("{urn:xmpp:delay}delay") is not None
            (self.history if late else self.heard)[user].append((room, body))
            if not late and self.entered.get((user, room)) == nick:
                self.said.setdefault(body, time.monotonic())
        elif stanza.tag == NS + "presence" and kind in (None, "unavailable"):
            self._take_presence(stanza, kind, room, nick, user)

    def _take_presence(self, stanza, kind, room, nick, user):
        there = self.inside[user, room]
        if kind:
            there.pop(nick, None)
            return
        muc = stanza.find("{http://jabber.org/protocol/muc#user}x")
        item = muc.find("{http://jabber.org/protocol/muc#user}item") if muc is not None else None
        there[nick] = item.get("affiliation") if item is not None else None
        if any(s.get("code") == "110" for s in stanza.iter("{http://jabber.org/protocol/muc#user}status")):
            self.entered[user, room] = nick

    def _take_iq(self, stanza, kind, sender, user):
        if kind in ("get", "set"):
            self.write(f"<iq type='result' id='{stanza.get('id')}' from='{user}' to='{sender}'/>")
        elif stanza.get("id") in self._answers:
            answer = self._answers.pop(stanza.get("id"))
            if not answer.done():
                answer.set_result(ET.fromstring(ET.tostring(stanza)))

    # ---- what is done

    async def until(self, condition, what, seconds=20):
        """Waits for it; how long it took."""
        begin = time.monotonic()
        async with self._waiting:
            while not condition():
                left = begin + seconds - time.monotonic()
                assert left > 0, f"no {what} within {seconds} s"
                try:
                    await asyncio.wait_for(self._waiting.wait(), min(left, 0.2))
                except asyncio.TimeoutError:
                    pass
        return time.monotonic() - begin

    def enter(self, user, room, nick, history=0):
        self.write(ENTER.format(user=user, room=room, nick=nick, history=history))

    def say(self, user, room, text):
        self.write(SAY.format(user=user, room=room, text=text))

    async def _ask(self, template, seconds=10, **values):
        self._count += 1
        name = f"q{self._count}"
        answer = self._answers[name] = asyncio.get_running_loop().create_future()
        self.write(template.format(id=name, **values))
        return await asyncio.wait_for(answer, seconds)

    async def configure(self, user, room, **fields):
        text = "".join(f"<field var='muc#{name}'><value>{value}</value></field>" for name, value in fields.items())
        answer = await self._ask(SUBMIT, user=user, room=room, fields=text)
        assert answer.get("type") == "result", ET.tostring(answer)

    async def info(self, user, to):
        return await self._ask(DISCO, user=user, to=to, what="info")

    async def listed(self, user):
        """The rooms of the room list, and their names."""
        answer = await self._ask(DISCO, user=user, to=ROOMS, what="items")
        items = answer.iter("{http://jabber.org/protocol/disco#items}item")
        return {item.get("jid"): item.get("name") for item in items}
