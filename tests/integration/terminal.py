"""Profanity, a client for terminals, in a room with a user of slixmpp: what is typed and what is on its screen."""

import artefacts
from hosts import Host
from servers import DOMAIN, PASSWORD, ROOMS
from suite import library
from tmux import Tmux

ROOM = f"orchard@{ROOMS}"

# Where Profanity looks for accounts and preferences.
ACCOUNTS = """[romeo]
enabled=true
jid=romeo@{domain}
resource=terminal
password={password}
server=127.0.0.1
port={port}
tls.policy=disable
"""
PREFERENCES = """[ui]
splash=false
[connection]
account=romeo
"""


def _start(host, screen):
    for name, text in (("data/profanity/accounts", ACCOUNTS), ("config/profanity/profrc", PREFERENCES)):
        host.make("profanity", *name.split("/")[:-1])
        host.write("profanity/" + name, text.format(domain=DOMAIN, password=PASSWORD, port=host.server.c2s))
    home = host.path("profanity")
    screen.run("profanity", "--account", "romeo", XDG_DATA_HOME=home + "/data", XDG_CONFIG_HOME=home + "/config",
               XDG_CACHE_HOME=home + "/cache")


async def play(report, host_name):
    with Host(host_name) as host:
        juliet = library("slixmpp")("juliet")
        await juliet.connect(host.server.c2s)
        await juliet.join(ROOM, "Juliet")
        await juliet.configure(ROOM, roomname="Capulet's orchard")
        screen = Tmux(host)
        try:
            for check in (_enters, _writes, _reads, _whispers, _subject, _kicked):
                if not await report.check("profanity " + check.__doc__, check(host, screen, juliet)):
                    break
                artefacts.keep(f"terminal-{host_name}-{check.__name__[1:]}.txt", screen.text())
        finally:
            artefacts.keep(f"terminal-{host_name}.txt", screen.text())
        if report.failed:
            report.logs([("screen", screen.text().splitlines())] + list(host.logs()))
        await juliet.disconnect()


async def _enters(host, screen, juliet):
    """enters a room and shows who is there"""
    _start(host, screen)
    await screen.shows("logged in successfully")
    screen.type(f"/join {ROOM} nick Romeo")
    await juliet.hears("presence", room=ROOM, nick="Romeo")
    await screen.shows("-> You have joined the room as Romeo", "Juliet")


async def _writes(host, screen, juliet):
    """sends what is typed"""
    screen.type("But soft, what light through yonder window breaks?")
    await juliet.hears("message", room=ROOM, nick="Romeo", text="But soft, what light through yonder window breaks?")


async def _reads(host, screen, juliet):
    """shows what is said, once"""
    await juliet.say(ROOM, "Ay me!")
    await screen.shows("Juliet: Ay me!")
    assert screen.text().count("what light through yonder") == 1, screen.text()


async def _whispers(host, screen, juliet):
    """sends and shows private messages"""
    screen.type("/msg Juliet call me but love")
    await juliet.hears("private", room=ROOM, nick="Romeo", text="call me but love")
    await juliet.whisper(ROOM, "Romeo", "What man art thou?")
    await screen.shows("What man art thou?")
    screen.type("/win 2")


async def _subject(host, screen, juliet):
    """shows and changes the subject"""
    await juliet.set_subject(ROOM, "Wherefore art thou?")
    await screen.shows("Wherefore art thou?")
    await juliet.configure(ROOM, changesubject=True)
    screen.type('/subject set "By a name"')
    await juliet.hears("subject", room=ROOM, nick="Romeo", text="By a name")


async def _kicked(host, screen, juliet):
    """says who kicked its user, and why"""
    await juliet.set_role(ROOM, "Romeo", "none", reason="the nurse calls")
    await screen.shows("Kicked from", "by Juliet", "calls")
