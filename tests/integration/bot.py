"""The butler of examples/bot.c in muc-component: an occupant without a connection, among users of real clients."""

import os

from hosts import BUILD, Host
from servers import ROOMS
from suite import library, settles

ROOM = f"parlour@{ROOMS}"
LOAD = ("--load", os.path.abspath(os.path.join(BUILD, "bot.so")), "--option", "butler=1")


async def play(report, host_name):
    with Host(host_name, LOAD) as host:
        romeo, juliet = library("slixmpp")("romeo"), library("aioxmpp")("juliet")
        for client in (romeo, juliet):
            await client.connect(host.server.c2s)
        for check in (_comes, _notes, _whispers, _remembers, _is_sent_away, _is_called):
            if not await report.check("the butler " + check.__doc__, check(host, romeo, juliet)):
                break
        if report.failed:
            report.logs(host.logs())
        for client in (romeo, juliet):
            await client.disconnect()


async def _comes(_, romeo, juliet):
    """is there as soon as the room is open, and everybody sees him"""
    await romeo.join(ROOM, "Romeo")
    await romeo.configure(ROOM, persistentroom=True)
    await romeo.hears("presence", room=ROOM, nick="Butler", role="participant", affiliation="none")
    await juliet.join(ROOM, "Juliet")
    await juliet.hears("presence", room=ROOM, nick="Butler")


async def _notes(_, romeo, juliet):
    """does what he is told, and says so to all"""
    await romeo.say(ROOM, "!note milk two pints")
    await romeo.hears("message", room=ROOM, nick="Butler", text="Noted.")
    await juliet.hears("message", room=ROOM, nick="Butler", text="Noted.")


async def _whispers(_, romeo, juliet):
    """answers in private who asks in private"""
    await juliet.whisper(ROOM, "Butler", "!note milk")
    await juliet.hears("private", room=ROOM, nick="Butler", text="milk: two pints")
    await juliet.say(ROOM, "thank you")
    await romeo.hears("message", room=ROOM, nick="Juliet", text="thank you")
    romeo.heard_nothing_of("private", room=ROOM)


async def _remembers(host, romeo, juliet):
    """is still there when the component was killed, and knows what he was told"""
    host.component.kill()
    host.component.start()
    host.component.wait()
    await romeo.say(ROOM, "!note milk")
    await juliet.hears("message", room=ROOM, nick="Butler", text="milk: two pints")
    await settles(romeo, ROOM, {"Romeo", "Juliet", "Butler"})


async def _is_sent_away(_, romeo, juliet):
    """goes where the room's owner wants none"""
    await romeo.configure(ROOM, butler=False)
    await juliet.hears("departure", room=ROOM, nick="Butler")


async def _is_called(_, romeo, juliet):
    """comes again when the owner calls him"""
    await romeo.configure(ROOM, butler=True)
    await juliet.hears("presence", room=ROOM, nick="Butler")
