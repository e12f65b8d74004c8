#!/usr/bin/python3
"""run.py MODULES: the module for Prosody in a real Prosody, used by clients.

MODULES is the folder with mod_libmuc. The example of its page is loaded beside it. Prosody gets a folder and a port
of its own, and is ended whatever happens. Each test_ function below is one test; they run one after the other in the
same Prosody.
"""

import asyncio
import contextlib
import logging
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback

import slixmpp
from slixmpp.exceptions import IqError

HOST, DOMAIN, STRICT = "localhost", "rooms.localhost", "strict.localhost"
WAIT = 10
TESTS = pathlib.Path(__file__).resolve().parent
PAGE = TESTS.parent.parent / "lib/doc/prosody.md"

CONFIG = """
daemonize = false
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
plugin_paths = {{ "{modules}", "{plugins}", "{folder}" }}
modules_enabled = {{
    "roster", "saslauth", "disco", "smacks", "csi_simple", "carbons", "mam", "blocklist", "offline", "pep", "limits"
}}
modules_disabled = {{ "s2s" }}
admins = {{ "admin@{host}" }}
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}

VirtualHost "{host}"

Component "{domain}" "libmuc"
    name = "Rooms for tests"
    muc_room_default_public = true
    modules_enabled = {{ "libmuc_test", "example" }}

Component "{strict}" "libmuc"
    muc_room_allow_persistent = false
    muc_room_allow_public = false
    muc_room_default_persistent = true
    libmuc_store_history = true
    muc_room_cache_size = 5
"""


def example():
    """The module that the page shows."""
    text = PAGE.read_text()
    lines = text[text.index("    local st = require"):text.index("Each event is a point")].splitlines()
    return "\n".join(line[4:] for line in lines) + "\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Prosody:
    """A Prosody in a folder of its own."""

    def __init__(self, modules, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        (folder / "data").mkdir()
        self.config = folder / "prosody.cfg.lua"
        self.config.write_text(CONFIG.format(
            folder=folder, modules=modules, plugins=TESTS / "modules", host=HOST, domain=DOMAIN, strict=STRICT,
            port=self.port))
        (folder / "mod_example.lua").write_text(example())

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(["prosody", "--config", self.config], cwd=self.folder,
                                            stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    async def ready(self):
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if self.process.poll() is not None:
                raise RuntimeError("Prosody has ended")
            await asyncio.sleep(0.1)
        raise RuntimeError("Prosody does not listen")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(WAIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def errors(self):
        """Lines of the log that say that something went wrong."""
        log = self.log()
        lines = [line for line in log.splitlines() if re.match(r"\S+\s+error\t", line)]
        return [line for line in lines if not re.search("certificate|on purpose", line)]


class Client(slixmpp.ClientXMPP):
    """A user's client; what it gets is in `got`, and gone through by expect()."""

    def __init__(self, name, port):
        super().__init__(f"{name}@{HOST}/test", "secret")
        self.name, self.port, self.got = name, port, asyncio.Queue()
        for plugin in ("xep_0004", "xep_0030", "xep_0045"):
            self.register_plugin(plugin)
        self["feature_mechanisms"].unencrypted_plain = True
        self.online = asyncio.Event()
        self.add_event_handler("session_start", lambda _: (self.send_presence(), self.online.set()))
        for kind in ("Message", "Presence"):
            self.register_handler(slixmpp.xmlstream.handler.Callback(
                kind, slixmpp.xmlstream.matcher.StanzaPath(kind.lower()), self.got.put_nowait))

    async def go_online(self):
        self.connect(("127.0.0.1", self.port), disable_starttls=True, force_starttls=False)
        await asyncio.wait_for(self.online.wait(), WAIT)
        return self

    async def expect(self, what, test):
        """The next stanza that passes the test; those before it are passed over."""
        seen = []
        try:
            while True:
                stanza = await asyncio.wait_for(self.got.get(), WAIT)
                seen.append(str(stanza))
                if test(stanza):
                    return stanza
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.name} did not get {what}, but: " + "\n".join(seen)) from None

    async def enter(self, room, nick=None):
        nick = nick or self.name.capitalize()
        self.send_raw(f"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        return await self.expect("an answer to entering", lambda s: s.name == "presence" and (
            s["type"] == "error" or "110" in codes(s)))

    def say(self, room, text):
        self.send_message(room, text, mtype="groupchat")

    async def hears(self, text):
        return await self.expect(f"“{text}”", lambda s: s.name == "message" and s["body"] == text)

    async def configure(self, room, **values):
        form = await self["xep_0045"].get_room_config(room)
        answer = self["xep_0004"].make_form(ftype="submit")
        answer.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/muc#roomconfig")
        for name, value in values.items():
            answer.add_field(var=VARS.get(name, name), value=value)
        await self["xep_0045"].set_room_config(room, answer)
        return form


VARS = {"persistent": "muc#roomconfig_persistentroom", "public": "muc#roomconfig_publicroom",
        "name": "muc#roomconfig_roomname",
        "greeting": "{urn:example:test}greeting"}


def codes(presence):
    return [s.get("code") for s in presence.xml.iter("{http://jabber.org/protocol/muc#user}status")]


def condition(stanza):
    ns = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
    return [e.tag[len(ns):] for e in stanza.xml.iter() if e.tag.startswith(ns) and e.tag != ns + "text"][0]


class World:
    """What the tests share."""

    def __init__(self, prosody):
        self.prosody, self.clients = prosody, {}

    async def client(self, name):
        if name not in self.clients:
            self.clients[name] = await Client(name, self.prosody.port).go_online()
        return self.clients[name]

    async def room(self, node, *names):
        """A room that the first of them has made."""
        jid = f"{node}@{DOMAIN}"
        clients = [await self.client(name) for name in names]
        for client in clients:
            await client.enter(jid)
            if client is clients[0]:
                await client.configure(jid)
        return jid, clients

    async def do(self, client, what):
        """Has the module of the tests do something in Prosody."""
        client.send_message(DOMAIN, f"do {what}")
        got = await client.expect("an answer", lambda s: s.name == "message" and s["body"].startswith("done: "))
        return got["body"][len("done: "):]

    async def leave(self):
        for client in self.clients.values():
            client.disconnect(wait=0.1)
        for client in self.clients.values():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(client.disconnected, 2)
        self.clients = {}


async def test_chat(world):
    room, (alice, bob) = await world.room("chat", "alice", "bob")
    await alice.expect("Bob's presence", lambda s: s.name == "presence" and s["from"] == f"{room}/Bob")
    alice.say(room, "Hello <all> & \u00e4")
    for client in alice, bob:
        got = await client.hears("Hello <all> & \u00e4")
        assert got["from"] == f"{room}/Alice" and got["type"] == "groupchat", got


async def test_private_message(world):
    room, (alice, bob) = await world.room("private", "alice", "bob")
    alice.send_message(f"{room}/Bob", "psst", mtype="chat")
    got = await bob.hears("psst")
    assert got["from"] == f"{room}/Alice" and got["type"] == "chat", got


async def test_discovery(world):
    alice = await world.client("alice")
    room, _ = await world.room("found", "alice")
    await alice.configure(room, name="To be found")
    info = await alice["xep_0030"].get_info(jid=DOMAIN)
    assert ("conference", "text", None, "Rooms for tests") in info["disco_info"]["identities"], info
    items = await alice["xep_0030"].get_items(jid=DOMAIN)
    assert (room, None, "To be found") in items["disco_items"]["items"], items


async def test_kick(world):
    room, (alice, bob) = await world.room("kick", "alice", "bob")
    await alice["xep_0045"].set_role(room, "Bob", "none", reason="noise")
    gone = await bob.expect("his own end", lambda s: s.name == "presence" and s["type"] == "unavailable")
    assert "307" in codes(gone), gone
    await alice.expect("Bob's end", lambda s: s.name == "presence" and "307" in codes(s))


async def test_client_gone(world):
    room, (alice, carol) = await world.room("gone", "alice", "carol")
    carol.abort()
    del world.clients["carol"]
    gone = await alice.expect("Carol's end", lambda s: s["from"] == f"{room}/Carol" and s["type"] == "unavailable")
    assert not codes(gone), gone


async def test_strangers(world):
    alice = await world.client("alice")
    alice.send_message(f"nobody@{DOMAIN}", "hello?", mtype="groupchat")
    answer = await alice.expect("an error", lambda s: s.name == "message" and s["type"] == "error")
    assert condition(answer) == "item-not-found", answer


async def test_config_field(world):
    room, (alice, bob) = await world.room("greets", "alice", "bob")
    form = await alice.configure(room, persistent=True)
    fields = [f["var"] for f in form["fields"]]
    assert fields.index(VARS["greeting"]) == fields.index(VARS["name"]) + 1, fields
    await alice.configure(room, greeting="Be kind")
    await alice.expect("a notice", lambda s: s.name == "message" and codes(s) == ["104"])
    form = await alice["xep_0045"].get_room_config(room)
    assert form.get_values()[VARS["greeting"]] == "Be kind", form
    bob.send_presence(pto=f"{room}/Bob", ptype="unavailable")
    await bob.expect("his end", lambda s: s.name == "presence" and s["type"] == "unavailable")
    await bob.enter(room)
    got = await bob.hears("Be kind")
    assert got["from"] == room, got


async def test_join_refused(world):
    room, _ = await world.room("choosy", "alice")
    bob = await world.client("bob")
    answer = await bob.enter(room, "Nobody")
    assert condition(answer) == "forbidden" and answer["error"]["type"] == "auth", answer
    assert answer["error"]["text"] == "Not under that name", answer
    answer = await bob.enter(room, "Broken")
    assert condition(answer) == "internal-server-error", answer
    answer = await bob.enter(room, "Renamed")
    assert answer["from"] == f"{room}/Other" and "210" in codes(answer), answer


async def test_message_refused(world):
    room, (alice, bob) = await world.room("careful", "alice", "bob")
    alice.say(room, "refuse me")
    answer = await alice.expect("an error", lambda s: s.name == "message" and s["type"] == "error")
    assert condition(answer) == "policy-violation" and "Not that" in str(answer), answer
    alice.say(room, "lose me")
    alice.say(room, "and then")
    got = await bob.expect("the next message", lambda s: s.name == "message" and s["body"])
    assert got["body"] == "and then", got


async def test_message_changed(world):
    room, (alice, bob) = await world.room("marks", "alice", "bob")
    alice.send_raw(f"<message to='{room}' type='groupchat'><body>mark me</body>"
                   "<secret xmlns='urn:example:test'>hidden</secret><x xmlns='urn:example:other'/></message>")
    got = await bob.hears("mark me")
    assert got.xml.findtext("{urn:example:test}mark") == f"{room}/Alice", got
    assert got.xml.find("{urn:example:test}secret") is None and got.xml.find("{urn:example:other}x") is not None, got


async def test_rank_refused(world):
    room, (alice,) = await world.room("ranks", "alice")
    visitor = await world.client("visitor")
    got = await visitor.enter(room)
    item = got.xml.find(".//{http://jabber.org/protocol/muc#user}item")
    assert item.get("role") == "visitor", got
    try:
        await alice["xep_0045"].set_affiliation(room, "owner", jid=f"protected@{HOST}")
        raise AssertionError("not refused")
    except IqError as error:
        assert error.condition == "not-allowed", error


async def test_discovery_feature(world):
    room, (alice,) = await world.room("features", "alice")
    info = await alice["xep_0030"].get_info(jid=room)
    features = info["disco_info"]["features"]
    assert "urn:example:test" in features and "muc_temporary" in features, features


async def test_room_objects(world):
    room, (alice, bob) = await world.room("objects", "alice", "bob")
    assert await world.do(alice, f"count {room}") == "2"
    assert await world.do(alice, f"say {room} As the room") == "true"
    got = await bob.hears("As the room")
    assert got["from"] == room, got


async def test_reload(world):
    room, (alice, bob) = await world.room("reloaded", "alice", "bob")
    assert await world.do(alice, "reload") == "true"
    alice.say(room, "still here")
    await bob.hears("still here")
    await alice.configure(room, name="After the reload")
    form = await alice["xep_0045"].get_room_config(room)
    assert VARS["greeting"] in form.get_values(), "events are fired after a reload"


async def test_reload_by_handler(world):
    room, (alice, bob) = await world.room("reloading", "alice", "bob")
    alice.say(room, "reload yourself")
    alice.say(room, "still here")
    await bob.hears("still here")


async def test_config_reload(world):
    alice = await world.client("alice")
    config = world.prosody.config
    config.write_text(config.read_text().replace("Rooms for tests", "Other rooms"))
    world.prosody.process.send_signal(signal.SIGHUP)
    for _ in range(50):
        info = await alice["xep_0030"].get_info(jid=DOMAIN)
        if ("conference", "text", None, "Other rooms") in info["disco_info"]["identities"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the name of the service is the former one")


async def test_unreachable(world):
    room, (alice,) = await world.room("far", "alice")
    assert await world.do(alice, "unreachable elsewhere.example") == "true"
    alice.say(room, "still here")
    await alice.hears("still here")


async def test_example(world):
    room, (alice, bob) = await world.room("chess", "alice", "bob")
    opening = "{urn:example:chess}opening"
    form = await alice["xep_0045"].get_room_config(room)
    assert form.get_fields()[opening]["type"] == "list-single" and form.get_values()[opening] == "none", form
    await alice.configure(room, **{opening: "sicilian"})
    await bob.expect("a notice", lambda s: s.name == "message" and codes(s) == ["104"])
    form = await alice["xep_0045"].get_room_config(room)
    assert form.get_values()[opening] == "sicilian", form
    carol = await world.client("carol")
    answer = await carol.enter(room, "Kasparov")
    assert condition(answer) == "forbidden" and answer["error"]["text"] == "Not you", answer
    bob.say(room, "CHECK MATE AT LAST")
    answer = await bob.expect("an error", lambda s: s.name == "message" and s["type"] == "error")
    assert condition(answer) == "policy-violation", answer
    bob.say(room, "!opening")
    got = await alice.hears("We play: sicilian")
    assert got["from"] == room, got


async def test_only_admins(world):
    room, alice, admin = f"admins@{STRICT}", await world.client("alice"), await world.client("admin")
    await alice.enter(room)
    form = await alice.configure(room, persistent=False, public=True)
    assert VARS["persistent"] not in form.get_values() and VARS["public"] not in form.get_values(), form
    await admin.enter(room)
    values = (await admin.configure(room, public=True)).get_values()
    assert values[VARS["persistent"]] is True and values[VARS["public"]] is False, values
    values = (await admin["xep_0045"].get_room_config(room)).get_values()
    assert values[VARS["public"]] is True, values
    assert "The option muc_room_cache_size has no effect" in world.prosody.log()


async def test_killed(world):
    room, alice = f"killed@{STRICT}", await world.client("alice")
    await alice.enter(room)
    await alice.configure(room, name="Survives")
    for text in "one", "two":
        alice.say(room, text)
        await alice.hears(text)
    await world.leave()
    world.prosody.kill()
    world.prosody.start()
    await world.prosody.ready()
    alice = await world.client("alice")
    assert "201" not in codes(await alice.enter(room))
    await alice.hears("one")
    await alice.hears("two")
    form = await alice["xep_0045"].get_room_config(room)
    assert form.get_values()[VARS["name"]] == "Survives", form


async def test_restart(world):
    room, (alice,) = await world.room("stays", "alice")
    await alice.configure(room, persistent=True, name="It stays")
    alice.say(room, "before")
    await alice.hears("before")
    await world.leave()
    world.prosody.stop()
    world.prosody.start()
    await world.prosody.ready()
    alice = await world.client("alice")
    items = await alice["xep_0030"].get_items(jid=DOMAIN)
    assert (room, None, "It stays") in items["disco_items"]["items"], items
    assert "201" not in codes(await alice.enter(room))
    await alice.hears("before")
    form = await alice["xep_0045"].get_room_config(room)
    assert form.get_values()["muc#roomconfig_roomname"] == "It stays", form


async def main(modules):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="libmuc-prosody-"))
    prosody = Prosody(modules, folder)
    world = World(prosody)
    passed = failed = 0
    try:
        prosody.start()
        await prosody.ready()
        for name, test in list(globals().items()):
            if not name.startswith("test_"):
                continue
            try:
                await asyncio.wait_for(test(world), 60)
                passed += 1
            except (Exception, IqError):
                failed += 1
                print(f"FAILED {name}: {traceback.format_exc()}")
        await world.leave()
        prosody.stop()
        for line in prosody.errors():
            failed += 1
            print("FAILED, in the log:", line)
    finally:
        prosody.stop()
        if failed or not passed:
            print(prosody.log()[-20000:])
        shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return failed or not passed


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(asyncio.get_event_loop().run_until_complete(main(os.path.abspath(sys.argv[1]))))
