#!/usr/bin/env python3
"""run.py PROGRAM [NAME]...: muc-component against the server's side of XEP-0114, played here. Names: those tests only.

Every test gets a folder and a server of its own; everything is on 127.0.0.1 and ended whatever happens."""
import os
import signal
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
from server import Component, DOMAIN, Failed, Link, SECRET, Server, check
from stored import *  # tests

CONDITION = "urn:ietf:params:xml:ns:xmpp-streams"
PROGRAM = os.path.abspath(sys.argv[1])


class Case:
    """What a test has: a server, components in a folder."""

    def __init__(self, folder):
        self.folder = folder
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
