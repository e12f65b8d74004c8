#!/usr/bin/env python3
"""run.py PROGRAM [NAME]...: muc-component against the server's side of XEP-0114, played here. Names: those tests only.

Every test gets a folder and a server of its own; everything is on 127.0.0.1 and ended whatever happens."""
import os
import re
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback

sys.dont_write_bytecode = True
from server import Component, DOMAIN, Failed, JOIN, PATIENCE, SECRET, Server, check
from stored import *  # tests

CONDITION = "urn:ietf:params:xml:ns:xmpp-streams"
PROGRAM = os.path.abspath(sys.argv[1])


class Case:
    """What a test has: a server, components in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.program = PROGRAM
        self.server = Server()
        self.components = []

    def start(self, *arguments, **how):
        component = Component(self.folder, PROGRAM, *arguments, **how)
        self.components.append(component)
        return component

    def run(self, *arguments, **how):
        """A component that connects to the server, by which it is let in."""
        more = {k: how.pop(k) for k in ("ident", "more") if k in how}
        component = self.start("--server", f"127.0.0.1:{self.server.port}", *arguments, **how)
        link = self.server.accept()
        link.handshake(**more)
        return component, link

    def path(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def close(self):
        for component in self.components:
            component.kill()
        self.server.close()


# ---- the connection


def test_handshake_and_a_room(case):
    component, link = case.run()
    component.expect_log("connected to 127.0.0.1")
    link.send(f"<iq type='get' id='1' from='a@example.org/x' to='{DOMAIN}'>"
              "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
    link.expect("<iq [^>]*type='result'.*category='conference'.*</iq>")
    link.join()
    link.send(f"<message type='groupchat' id='m' from='a@example.org/x' to='tea@{DOMAIN}'><body>hello</body></message>")
    link.expect("<message to='a@example.org/x' from='tea@rooms.example.org/ann' type='groupchat' id='m'><body>hello<")
    component.stop(link)


def test_wrong_secret(case):
    component = case.start("--server", f"127.0.0.1:{case.server.port}")
    link = case.server.accept()
    link.expect("<stream:stream [^>]*>")
    link.send("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='1'>")
    link.expect("</handshake>")
    link.send(f"<stream:error><not-authorized xmlns='{CONDITION}'/></stream:error></stream:stream>")
    component.wait(77)
    component.expect_log("not-authorized.*secret")


def test_another_secret(case):
    """What is hashed is the secret of the file, without its line end."""
    component = case.start("--server", f"127.0.0.1:{case.server.port}", secret="another  one")
    link = case.server.accept()
    link.handshake(ident="&lt;id&gt;", secret="another  one")
    component.stop(link)


def test_bytes_stay_what_they_are(case):
    """Languages, prefixes, namespaces that only the stream's header declares, and what every client needs escaped."""
    _, link = case.run(more="xmlns:foo='urn:foo'")
    link.join()
    link.send(f"<message xml:lang='de' type='groupchat' id='1' from='a@example.org/x' to='tea@{DOMAIN}'>"
              "<body xml:lang='fr'>\u00fc &amp;&lt;&gt;&#39;&#34; <![CDATA[<b>]]>\n</body>"
              "<foo:x foo:a='1' b='2'><foo:y/></foo:x>"
              "<z xmlns='urn:z' xmlns:w='urn:w' w:a='\u00e4&apos;'><w:in><deep/></w:in><foo:z/></z></message>")
    link.expect("<message to='a@example.org/x' from='tea@rooms.example.org/ann' type='groupchat' id='1' xml:lang='de'>"
                "<body xml:lang='fr'>\u00fc &amp;&lt;&gt;'\" &lt;b&gt;&#10;</body>"
                "<foo:x xmlns:foo='urn:foo' foo:a='1' b='2'><foo:y/></foo:x>"
                "<z xmlns='urn:z' xmlns:w='urn:w' w:a='\u00e4&apos;'><w:in><deep/></w:in>"
                "<foo:z xmlns:foo='urn:foo'/></z>")


def test_byte_by_byte(case):
    _, link = case.run()
    for byte in JOIN.format(jid="a@example.org/x", room="tea", nick="ann").encode():
        link.send(bytes([byte]))
        time.sleep(0.001)
    link.expect("<subject[ />]")


def test_many_at_once(case):
    """Answers come in order, for what came in one piece."""
    _, link = case.run()
    link.join()
    link.send("".join(f"<message type='groupchat' id='m{i}' from='a@example.org/x' to='tea@{DOMAIN}'><body>{i}</body>"
                      "</message>" for i in range(2000)))
    for i in range(2000):
        link.expect(f" id='m{i}'><body>{i}</body>")


def test_keepalive_and_foreign_elements_do_nothing(case):
    component, link = case.run()
    link.send(" \n \n<strange xmlns='urn:strange'><deep/></strange><message/><presence from='' to=''/> ")
    link.silence()
    link.join()
    component.stop(link)


# ---- standing by


def probes(link, count):
    return [link.expect(r"<message type='headline' from='rooms.example.org' to='(\w+@rooms.example.org)'>"
                        r"<probe xmlns='urn:libmuc:slot' token='(\w+)'/></message>").groups() for _ in range(count)]


def probe(to, token, what="probe", of=DOMAIN):
    return f"<message from='{of}' to='{to}'><{what} xmlns='urn:libmuc:slot' token='{token}'/></message>"


def test_a_place(case):
    """What comes back shows that there is one; nothing of it reaches the rooms, nor does what is not ours."""
    component, link = case.run("--standby", "1")
    sent = probes(link, 64)
    check(len({to for to, _ in sent}) == 64 and len({token for _, token in sent}) == 1, sent)
    to, token = (part.decode() for part in sent[0])
    link.send(probe(to, "0" * 32) + probe(to, "", "wake"))
    link.silence()
    check("place" not in component.log(), component.log())
    link.send(probe(to, token, of="evil.example.org"))
    link.expect("<message[^>]*to='evil.example.org'[^>]*type='error'")
    check("place" not in component.log(), component.log())
    link.send(probe(to, token))
    component.expect_log("has a place")
    link.join()
    component.stop(link)


def test_commands_for_rooms(case):
    """They are at the service for administrators, but not where it has only some of the rooms."""
    for options, there in (([], True), (["--standby", "1"], False)):
        component, link = case.run("--admin", "a@example.org", *options)
        link.send(f"<iq type='get' id='l' from='a@example.org/x' to='{DOMAIN}'><query "
                  "xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/></iq>")
        found = link.expect("<iq [^>]*id='l'.*?</iq>").group(0)
        check((b"#create" in found) == there, options, found)
        component.stop(link)


def test_no_place(case):
    """Two tries, and then it comes again and again; that is logged once."""
    component, link = case.run("--standby", "1")
    probes(link, 64 + 256)
    link.expect("</stream:stream>")
    link.close()
    component.expect_log("stands by")
    link = case.server.accept()
    link.handshake()
    probes(link, 64 + 256)
    link.expect("</stream:stream>")
    link.close()
    link = case.server.accept()
    link.handshake()
    to, token = (part.decode() for part in probes(link, 1)[0])
    link.send(probe(to, token))
    component.expect_log("has a place")
    check(component.log().count("stands by") == 1, component.log())
    component.stop(link)


# ---- losing it


def test_comes_back(case):
    """The server goes, and comes back: rooms and who is in them are there, and those who have gone are found."""
    component, link = case.run("--set", "lock_new_rooms=0")
    for nick in ("ann", "bob", "dan", "eve"):
        link.join(jid=f"{nick}@example.org/x", nick=nick)
    link.close()
    component.expect_log("is gone.*disconnected")
    link = case.server.accept()
    link.handshake()
    component.expect_log("asking 4 users")
    # Ann answers, eve sleeps; bob is not there, which is said in the same words as dan says that he knows no pings.
    unavailable = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    for _ in range(4):
        ping = link.expect(r"<iq to='((\w+)@example.org/x')[^>]*from='rooms.example.org'[^>]*id='([^']*)'[^>]*><ping")
        jid, nick, ident = (g.decode() for g in ping.groups())
        if nick == "eve":
            continue
        kind, inside = ("result", "") if nick == "ann" else ("error", unavailable)
        link.send(f"<iq type='{kind}' id='{ident}' from='{jid} to='{DOMAIN}'>{inside}</iq>")
    for nick in ("bob", "dan"):
        link.expect(f"<message to='{nick}@example.org/x'[^>]*><x xmlns='[^']*muc#user'/></message>")
    link.send(f"<message type='error' from='bob@example.org/x' to='tea@{DOMAIN}'>{unavailable}</message>")
    link.expect("<presence type='unavailable' to='ann@example.org/x' from='tea@rooms.example.org/bob'")
    for nick in ("dan", "eve"):
        link.send(f"<message type='groupchat' from='{nick}@example.org/x' to='tea@{DOMAIN}'>"
                  f"<body>{nick} here</body></message>")
        link.expect(f"<message to='ann@example.org/x'[^>]*><body>{nick} here<")
    check(b"to='bob@" not in link.data.split(b"type='unavailable'")[-1], "bob is told something")
    component.stop(link)


def test_restarted_server(case):
    """Nobody listens for a while."""
    component, link = case.run()
    port = case.server.port
    case.server.close()
    link.close()
    component.expect_log("cannot be reached: Connection refused.*cannot be reached")
    case.server = Server(port)
    link = case.server.accept()
    link.handshake()
    component.stop(link)


def test_closed_in_order(case):
    component, link = case.run()
    link.send("</stream:stream>")
    component.expect_log("has closed the stream")
    link.wait_closed()
    link = case.server.accept()
    link.handshake()
    component.stop(link)


def test_conflict(case):
    """It says what to do, and tries again: an earlier connection of its own may be the reason."""
    component, link = case.run()
    link.send(f"<stream:error><conflict xmlns='{CONDITION}'/><text xmlns='{CONDITION}'>twice</text></stream:error>")
    component.expect_log(r"by conflict \(twice\): .*stop that program")
    link.wait_closed()
    link = case.server.accept()
    link.handshake()
    component.stop(link)


def test_unknown_host(case):
    component, link = case.run()
    link.send(f"<stream:error><host-unknown xmlns='{CONDITION}'/></stream:error></stream:stream>")
    component.expect_log("host-unknown: .*configuration of the server")
    link.wait_closed()
    case.server.accept().expect("<stream:stream ")


def test_no_xml(case):
    for text, error in (("<message></iq>", "not-well-formed"), ("<message>&unknown;</message>", "not-well-formed"),
                        ("\0", "not-well-formed"), ("<message a='1' a='2'/>", "not-well-formed"),
                        ("<!-- psst -->", "restricted-xml"), ("<message><?psst?></message>", "restricted-xml")):
        component, link = case.run()
        link.join()
        link.send(text)
        link.expect(f"<stream:error><{error} [^>]*/></stream:error></stream:stream>")
        link.close()
        component.expect_log("no XML stream")
        link = case.server.accept()
        link.handshake()
        component.stop(link)


def test_no_xmpp_server(case):
    component = case.start("--server", f"127.0.0.1:{case.server.port}", "--once")
    link = case.server.accept()
    link.send("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n")
    link.close()
    component.wait(69)
    component.expect_log("no XML stream")


def test_once(case):
    case.server.close()
    component = case.start("--server", f"127.0.0.1:{case.server.port}", "--once")
    component.wait(69)
    component.expect_log("cannot be reached: Connection refused")
    component = case.start("--server", "no-such-host.invalid:5347", "--once")
    component.wait(69)
    component.expect_log("no-such-host.invalid cannot be found")


def test_ipv6_and_names(case):
    case.server.close()
    case.server = Server(host="::1")
    component = case.start("--server", f"[::1]:{case.server.port}")
    link = case.server.accept()
    link.handshake()
    component.stop(link)
    case.server.close()
    case.server = Server()
    component = case.start("--server", f"localhost:{case.server.port}")
    link = case.server.accept()
    link.handshake()
    component.stop(link)


# ---- too much


def refused(link, pattern="policy-violation"):
    link.expect(f"<message from='tea@{DOMAIN}' to='a@example.org/&lt;x&apos;' type='error' id='big'>"
                f"<error type='modify'><{pattern} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")


def test_hostile_stanzas(case):
    """What one user sends may cost him an error, not the stream of everybody."""
    component, link = case.run("--log", "debug")
    start = f"<message type='groupchat' id='big' from='a@example.org/&lt;x&apos;' to='tea@{DOMAIN}'>"
    for inside in ("<body>" + "x" * 600000 + "</body>", "<body>" + "<b/>" * 200000 + "</body>",
                   "<a>" * 100 + "</a>" * 100, "<a>" * 5000 + "</a>" * 5000,
                   "<a " + "".join(f"a{i}='1' " for i in range(20000)) + "/>",
                   "<a " + "".join(f"xmlns:a{i}='urn:{i}' " for i in range(10000)) + "/>"):
        link.send(start + inside + "</message>")
        refused(link)
    link.join()
    link.send(f"<iq type='result' id='1' from='a@example.org/x' to='{DOMAIN}'>{'<a>' * 100}{'</a>' * 100}</iq>")
    link.send(f"<message type='error' from='a@example.org/x' to='{DOMAIN}'>{'<a>' * 100}{'</a>' * 100}</message>")
    link.silence()
    component.stop(link)


def test_a_stanza_without_end(case):
    component, link = case.run()
    try:
        link.send("<message><body>" + "x" * 4000000)
        link.expect("</stream:stream>")
    except (BrokenPipeError, ConnectionResetError):
        pass
    link.close()
    component.expect_log("an element that does not end")
    link = case.server.accept()
    link.handshake()
    component.stop(link)


def test_names_without_end(case):
    """Memory does not grow by names that were never used before."""
    component, link = case.run()

    def resident():
        with open(f"/proc/{component.process.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096

    sizes = []
    for k in range(4):
        for i in range(40):
            link.send("".join(f"<n{k}x{i}x{j}{'x' * 50}/>" for j in range(1000)))
        link.join(jid=f"a{k}@example.org/x", room=f"r{k}")
        sizes.append(resident())
    check(sizes[3] - sizes[1] < 1000000, sizes)


def test_a_server_that_does_not_read(case):
    """What waits is bounded: nothing is read meanwhile, and nothing is lost when it goes on."""
    component, link = case.run("--max-queued", "200000", "--log", "debug")
    # The system's buffers, which grow to many megabytes by themselves, are not meant.
    link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    link.join()
    text = "".join(f"<message type='groupchat' id='m{i}' from='a@example.org/x' to='tea@{DOMAIN}'>"
                   f"<body>{'x' * 900}</body></message>" for i in range(24000)).encode()
    link.sock.setblocking(False)
    sent = 0
    end = time.monotonic() + 3
    while sent < len(text) and time.monotonic() < end:
        try:
            sent += link.sock.send(text[sent:sent + 65536])
            end = time.monotonic() + 0.5
        except BlockingIOError:
            time.sleep(0.01)
    check(sent < len(text), "all of it was read")
    component.expect_log("reading stops")
    link.sock.setblocking(True)
    link.sock.settimeout(PATIENCE)
    reader = threading.Thread(target=link.send, args=(text[sent:],))
    reader.start()
    link.expect(" id='m0'")
    while b" id='m23999'" not in link.data[-4000:]:
        check(link.read(), "closed")
    reader.join()
    check(link.data.count(b"<message ") == 24000 + link.data.count(b"<subject"), link.data.count(b"<message "))
    component.expect_log("reading goes on")


def test_too_large_for_the_server(case):
    """It would end the stream: the stanza is not sent, and who asked for it is told."""
    component, link = case.run("--max-sent", "65536", "--set", "max_page=1000")
    link.join()
    items = "".join(f"<item affiliation='member' jid='{'m' * 200}{i}@example.org'/>" for i in range(400))
    link.send(f"<iq type='set' id='1' from='a@example.org/x' to='tea@{DOMAIN}'>"
              f"<query xmlns='http://jabber.org/protocol/muc#admin'>{items}</query></iq>")
    link.expect("<iq [^>]*id='1'")
    link.send(f"<iq type='get' id='2' from='a@example.org/x' to='tea@{DOMAIN}'>"
              "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/></query></iq>")
    link.expect("<iq from='tea@[^>]* to='a@example.org/x' type='error' id='2'><error type='wait'><resource-")
    component.expect_log("not sent: max-sent is 65536")
    component.stop(link)


def test_entering_while_the_connection_is_lost(case):
    """Who enters again behind another connection is shown to the others, once."""
    component, link = case.run("--set", "lock_new_rooms=0")
    link.join()
    link.send(JOIN.format(jid="b@example.org/x", room="tea", nick="bob"))
    link.expect("<presence to='a@example.org/x' from='tea@[^>]*/bob'>")
    link.close()
    link = case.server.accept()
    link.handshake()
    shown = "<presence to='a@example.org/x' from='tea@[^>]*/bob'>"
    link.send(JOIN.format(jid="b@example.org/x", room="tea", nick="bob"))
    link.expect("<message to='b@example.org/x'[^>]*><subject")
    link.expect(shown)
    link.send(JOIN.format(jid="b@example.org/x", room="tea", nick="bob"))
    link.expect("<message to='b@example.org/x'[^>]*><subject")
    disco(link, "a@example.org/x")
    check(len(re.findall(shown.encode(), link.data)) == 1, link.data)
    component.stop(link)


# ---- features of one's own


def test_a_bot(case):
    """It is in the room and answers, and nothing that is for it is sent to the server."""
    bot = os.path.join(os.path.dirname(PROGRAM), "bot.so")
    component, link = case.run("--load", bot, "--option", "butler=1")
    link.join()
    link.send(f"<iq type='set' id='c' from='a@example.org/x' to='tea@{DOMAIN}'>"
              "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/>"
              "</query></iq>")
    link.expect("<presence to='a@example.org/x' from='tea@rooms.example.org/Butler'>")
    link.send(f"<message type='chat' from='a@example.org/x' to='tea@{DOMAIN}/Butler'><body>!note milk</body></message>")
    link.expect("<message to='a@example.org/x' from='tea@[^>]*/Butler' type='chat'><body>milk: no note</body>")
    component.stop(link)
    check(b"to='butler@" not in link.data, link.data)


def test_features_that_are_none(case):
    for name in (os.path.join(case.folder, "none.so"), PROGRAM):
        component = case.start("--load", name)
        component.wait(78)
        component.expect_log("--load: there are no features in " + re.escape(name))


# ---- the program


def test_mistakes_of_the_command_line(case):
    for arguments, text in (
            (["--frob"], "no such option.*--help"), (["--server"], "is missing"), (["one.more"], "domain already"),
            (["--once=1"], "no value"), (["--server", "[::1"], "HOST:PORT"), (["--server", "x:99999"], "HOST:PORT"),
            (["--admin", "a@b/c"], "--admin: a@b/c: .*name@example.org"), (["--set", "max_rooms"], "NAME=NUMBER"),
            (["--set", "nothing=1"], "no such number"), (["--set", "max_depth=0"], "does not take this number"),
            (["--set", "max_depth=x"], "no number"), (["--set", "lock_new_rooms=4294967296"], "too large"),
            (["--option", "nothing=1"], "no option of that name"), (["--option", "whois=x"], "does not take this"),
            (["--option", "whois"], "NAME=VALUE"), (["--log", "loud"], "no such level"), (["--max-sent", "1"], "65536"),
            (["--max-queued", "-"], "number of bytes")):
        component = case.start(*arguments)
        component.wait(64)
        component.expect_log(text)
    component = case.start(domain="a@b")
    component.wait(64)
    component.expect_log("a@b: this is no domain")
    component = case.start(domain=None)
    component.wait(64)
    component.expect_log("which domain")
    component = case.start(DOMAIN, domain=None)
    component.wait(64)
    component.expect_log("which secret")


def test_mistakes_of_the_file(case):
    """All are told, each with its line."""
    path = case.path("muc.conf", f"# a comment\n\ndomain = {DOMAIN}\nfrob = 1\nno line\nset = max_depth=0\n"
                                 f"admin = @\nserver =\ndomain = other\nconfig = x\nlog=info\n")
    component = case.start("--config", path, domain=None)
    component.wait(78)
    for text in (":4: there is nothing called frob", ":5: .*name = value", ":8: the value of server is missing",
                 ":9: domain was given before, at .*:3", ":10: there is nothing called config"):
        component.expect_log(text)
    path = case.path("muc.conf", f"domain = {DOMAIN}\nset = max_depth=0\nadmin = @\noption = whois=1\n"
                                 "secret-file = /x\n")
    component = case.start("--config", path, domain=None)
    component.wait(78)
    for text in (":2: max_depth: ", ":3: @: ", ":4: whois: "):
        component.expect_log(text)
    path = case.path("muc.conf", "domain = x\nname = a\0b\n")
    component = case.start("--config", path, domain=None)
    component.wait(78)
    component.expect_log(":2: .*NUL byte")
    component = case.start("--config", case.folder, domain=None)
    component.wait(78)
    component.expect_log("cannot be read: Is a directory")
    component = case.start("--config", path + "x", domain=None)
    component.wait(78)
    component.expect_log("muc.confx: the configuration cannot be read: No such file")


def test_mistakes_of_the_secret(case):
    for text, message in (("", "no secret in it"), ("\n\n", "no secret in it"), ("x" * 5000, "no secret in it"),
                          ("one\ntwo\n", "a line of text"), ("nul\0", "a line of text")):
        path = case.path("s", text)
        component = case.start(DOMAIN, "--secret-file", path, domain=None)
        component.wait(78)
        component.expect_log(message)
    component = case.start(DOMAIN, "--secret-file", path + "x", domain=None)
    component.wait(78)
    component.expect_log("the secret cannot be read: No such file")
    os.chmod(case.path("s", SECRET), 0o644)
    component = case.start(DOMAIN, "--secret-file", path, "--server", "127.0.0.1:1", "--once", domain=None)
    component.wait(69)
    component.expect_log("warning: .*chmod o-r")


def test_help_and_version(case):
    for option, text in (("--help", b"usage: muc-component DOMAIN"), ("--version", b"muc-component 0")):
        component = case.start(option)
        check(component.process.stdout.read().startswith(text), option)
        component.wait(0)


def test_manual(case):
    """It has every option that --help tells, and every exit status."""
    component = case.start("--help")
    text = component.process.stdout.read().decode()
    with open(os.path.join(os.path.dirname(__file__), "../../examples/man/muc-component.1")) as file:
        manual = file.read().replace("\\-", "-").replace("\\~", " ")
    options = re.findall(r"^  (--[a-z-]+)", text, re.M)
    check(len(options) > 10, text)
    for option in options:
        check(re.search(rf"^\.BI? {option}\b", manual, re.M), "not in the manual:", option)
    for status in re.findall(r"\b(0|[67][0-9]) [a-z]", text[text.index("Exit status"):]):
        check(re.search(rf"^\.B {status}$", manual, re.M), "not in the manual:", status)
    component.wait(0)


def disco(link, jid, to=DOMAIN):
    link.send(f"<iq type='get' id='d' from='{jid}' to='{to}'>"
              "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
    return link.expect("<iq [^>]*id='d'.*?</iq>").group(0).decode()


def test_configuration_by_file(case):
    secret = case.path("s", SECRET + "\n")
    path = case.path("muc.conf", f"\ufeffdomain = {DOMAIN}\r\nsecret-file = {secret}\nserver = 127.0.0.1:1\r\n"
                                 "name = Rooms of a test\noption = moderated=1\noption=public=0\n"
                                 "set = max_occupants=1\nset = lock_new_rooms=0\n")
    component = case.start("--config", path, "--server", f"127.0.0.1:{case.server.port}", domain=None)
    link = case.server.accept()
    link.handshake()
    check("name='Rooms of a test'" in disco(link, "a@example.org/x"))
    link.join()
    text = disco(link, "a@example.org/x", "tea@" + DOMAIN)
    check("muc_moderated" in text and "muc_hidden" in text, text)
    link.send(JOIN.format(jid="b@example.org/x", room="tea", nick="bob"))
    link.expect("<presence to='b@example.org/x'[^>]*type='error'.*<service-unavailable")
    component.stop(link)


def test_hangup(case):
    """The file is read again; what cannot change meanwhile is named, and a file with mistakes changes nothing."""
    secret = case.path("s", SECRET)

    def write(text):
        return case.path("muc.conf", f"domain = {DOMAIN}\nsecret-file = {secret}\n" + text)

    path = write("name = Before\nlog = info\n")
    component = case.start("--config", path, "--server", f"127.0.0.1:{case.server.port}", domain=None)
    link = case.server.accept()
    link.handshake()
    link.join()
    write("name = After\nadmin = A@example.org\nset = max_nick=7\nset = max_occupants=1\nlog = debug\n"
          "db = /nowhere\n")
    component.signal(signal.SIGHUP)
    component.expect_log("db stays unset until.*max_nick stays 1023 until.*read again")
    check("name='After'" in disco(link, "a@example.org/x"))
    write("name = Never\nset = frob=1\n")
    component.signal(signal.SIGHUP)
    component.expect_log("frob.*everything stays as it was")
    check("name='After'" in disco(link, "a@example.org/x"))
    case.path("s", "")
    write("name = Never\n")
    component.signal(signal.SIGHUP)
    component.expect_log("no secret in it.*everything stays as it was")
    check("name='After'" in disco(link, "a@example.org/x"))
    case.path("s", "changed")
    write("name = Again\n")
    component.signal(signal.SIGHUP)
    component.expect_log("read again.*read again")
    check("name='Again'" in disco(link, "a@example.org/x"))
    link.close()
    link = case.server.accept()
    link.handshake(secret="changed")
    component.stop(link)


def test_the_end(case):
    """Who is inside is told, since nothing is stored; and it ends with a server that does not answer any more, too."""
    component, link = case.run()
    link.join()
    component.signal(signal.SIGINT)
    link.expect("<presence type='unavailable' to='a@example.org/x'.*<status code='332'/></x></presence></stream:str")
    check(link.read() == b"", "it goes on")
    link.close()
    component.wait(0)
    component, link = case.run()
    component.signal(signal.SIGTERM)
    component.expect_log("ending")
    component.signal(signal.SIGTERM)
    component.wait(0)
    case.server.close()
    component = case.start("--server", f"127.0.0.1:{case.server.port}")
    component.expect_log("cannot be reached")
    component.signal(signal.SIGTERM)
    component.wait(0)


def main():
    names = sys.argv[2:]
    tests = [(n[5:], f) for n, f in globals().items() if n.startswith("test_") and (not names or n[5:] in names)]
    failed = 0
    for name, test in tests:
        with tempfile.TemporaryDirectory() as folder:
            case = Case(folder)
            start = time.monotonic()
            try:
                test(case)
                print(f"ok {name.replace('_', ' ')} ({time.monotonic() - start:.1f} s)", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAILED {name.replace('_', ' ')}: {error}", flush=True)
                if not isinstance(error, Failed):
                    traceback.print_exc()
                for component in case.components:
                    print(component.log())
            finally:
                case.close()
    print(f"{len(tests) - failed} passed, {failed} failed")
    return failed > 0 or not tests


if __name__ == "__main__":
    sys.exit(main())
