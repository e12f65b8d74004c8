"""The component ends in the middle of everything, and comes back with the same database."""

import asyncio
import contextlib

from clients import Refused
from suite import served, settles

GUESTS = 30
# How many are inside when it is killed, each time.
KILLS = (8, 16, 24)
BEFORE = [f"line {number}" for number in range(5)]


async def killed(stage):
    """the component is killed thrice while many enter: who was told that he is inside is, and nothing said is lost"""
    await _prepare(stage)
    guests = await asyncio.gather(*(stage.another(f"guest{number}", "here") for number in range(GUESTS)))
    inside, gone, said = [], [], list(BEFORE)
    talk = asyncio.create_task(_talk(stage, said))
    entries = [asyncio.create_task(_enter(stage, guest, number, inside)) for number, guest in enumerate(guests)]
    for kill in KILLS:
        while len(inside) < kill:
            await asyncio.sleep(0.005)
        stage.host.component.kill()
        leaver = inside[len(gone)]
        await leaver.disconnect()
        gone.append(leaver)
        stage.host.component.start()
    await asyncio.gather(talk, *entries)
    here = {"Romeo", "Juliet"} | {guest.name for guest in guests if guest not in gone}
    # What was on its way about somebody who was entering was lost: he was shown when he tried again.
    await settles(stage.romeo, stage.room, here)
    await settles(stage.juliet, stage.room, here)
    await _as_it_was(stage, here, said)
    everybody = [stage.romeo, stage.juliet] + [guest for guest in guests if guest not in gone]
    for speaker in everybody:
        await speaker.say(stage.room, f"after, by {speaker.name}")
    for listener in everybody:
        for speaker in everybody:
            await listener.hears("message", room=stage.room, text=f"after, by {speaker.name}")
        listener.heard_nothing_of("removal", room=stage.room)


async def stopped(stage):
    """the component is asked to end and started again: nobody enters anew, all is as it was"""
    await _prepare(stage)
    assert stage.host.component.stop() == 0
    stage.host.component.start()
    await served(stage.romeo)
    await stage.romeo.say(stage.room, "after")
    await stage.juliet.hears("message", room=stage.room, nick="Romeo", text="after")
    stage.juliet.heard_nothing_of("removal", room=stage.room)
    await _as_it_was(stage, {"Romeo", "Juliet"}, BEFORE)


async def _enter(stage, guest, number, inside):
    """Again and again, until he is told that he is inside. They come one by one, so that some are on the way."""
    await asyncio.sleep(number * 0.02)
    while True:
        with contextlib.suppress(Refused, asyncio.TimeoutError):
            await asyncio.wait_for(guest.join(stage.room, guest.name), 2)
            inside.append(guest)
            return
        await asyncio.sleep(0.1)


async def _talk(stage, said):
    """Juliet goes on talking. What comes back to her has been said; no more than a newcomer is told."""
    for number in range(14):
        text = f"storm {number}"
        await stage.juliet.say(stage.room, text)
        with contextlib.suppress(asyncio.TimeoutError):
            await stage.juliet.inbox.take("message", 1, room=stage.room, text=text)
            said.append(text)
        await asyncio.sleep(0.05)


async def _prepare(stage):
    await stage.fill(stage.juliet, persistentroom=True, roomname="The tomb")
    await stage.romeo.set_affiliation(stage.room, stage.juliet.address, "admin")
    await stage.romeo.set_subject(stage.room, "A glooming peace")
    for text in BEFORE:
        await stage.juliet.say(stage.room, text)
        await stage.romeo.hears("message", room=stage.room, text=text)
    stage.romeo.inbox.forget()
    stage.juliet.inbox.forget()


async def _as_it_was(stage, here, said):
    await stage.nurse.join(stage.room, "Nurse")
    await settles(stage.nurse, stage.room, here | {"Nurse"})
    await stage.nurse.hears("subject", room=stage.room, nick="Romeo", text="A glooming peace")
    for text in said:
        await stage.nurse.hears("message", room=stage.room, nick="Juliet", text=text, delayed=True)
    assert await stage.nurse.title(stage.room) == "The tomb"
    assert await stage.romeo.affiliated(stage.room, "admin") == {stage.juliet.address}


FAULTS = (killed, stopped)
LIBRARIES = ("slixmpp",)
