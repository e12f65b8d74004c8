"""The server ends, and everybody's connection with it."""

from suite import served, settles


async def killed(stage):
    """the server is killed and comes back: so does who was there, who does not is gone, the room is as it was"""
    await _prepare(stage)
    stage.host.server.kill()
    await _back(stage)
    late = await _late(stage)
    if stage.host.component:
        await late.hears("message", room=stage.room, nick="Juliet", text="before", delayed=True)


async def stopped(stage):
    """the server is asked to end and started again: who was there comes again, and what was said is remembered"""
    await _prepare(stage)
    stage.host.server.stop()
    await _back(stage)
    late = await _late(stage)
    await late.hears("message", room=stage.room, nick="Juliet", text="before", delayed=True)


async def _prepare(stage):
    await stage.fill(stage.juliet, stage.nurse, persistentroom=True, roomname="The garden")
    await stage.romeo.set_affiliation(stage.room, stage.juliet.address, "admin")
    await stage.romeo.set_subject(stage.room, "Two households")
    await stage.juliet.hears("subject", text="Two households")
    await stage.juliet.say(stage.room, "before")
    await stage.romeo.hears("message", text="before")


async def _back(stage):
    """Romeo and Juliet are back, the nurse is not."""
    for client in (stage.romeo, stage.juliet, stage.nurse):
        await client.hears("end")
        client.inbox.forget()
    stage.host.server.start()
    for client in (stage.romeo, stage.juliet):
        await client.reconnect(stage.host.server.c2s)
        await served(client)
        await client.rejoin(stage.room, client.name.capitalize())
    await settles(stage.romeo, stage.room, {"Romeo", "Juliet"})
    await settles(stage.juliet, stage.room, {"Romeo", "Juliet"})


async def _late(stage):
    """Somebody who was not there before, and finds the room as it was."""
    await stage.juliet.hears("presence", room=stage.room, nick="Juliet", affiliation="admin", role="moderator")
    assert await stage.romeo.title(stage.room) == "The garden"
    late = await stage.another("mercutio", "late")
    await late.join(stage.room, "Mercutio")
    await late.hears("subject", room=stage.room, nick="Romeo", text="Two households")
    await late.say(stage.room, "welcome back")
    await stage.romeo.hears("message", room=stage.room, nick="Mercutio", text="welcome back")
    return late


FAULTS = (killed, stopped)
LIBRARIES = ("slixmpp",)
