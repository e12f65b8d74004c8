"""A client whose connection is lost."""

from relay import Relay


async def lost(stage):
    """who loses his connection is gone for the others, and is back when he has it again"""
    await stage.fill(stage.juliet)
    relay = Relay(stage.host.server.c2s)
    mobile = await stage.another("nurse", "mobile", relay.port)
    await mobile.join(stage.room, "Nurse")
    await stage.romeo.hears("presence", room=stage.room, nick="Nurse")
    relay.cut()
    await stage.romeo.hears("departure", room=stage.room, nick="Nurse")
    await stage.romeo.say(stage.room, "where is she?")
    await mobile.reconnect(relay.port)
    await mobile.rejoin(stage.room, "Nurse")
    await stage.romeo.hears("presence", room=stage.room, nick="Nurse")
    await mobile.say(stage.room, "here")
    await stage.juliet.hears("message", nick="Nurse", text="here")
    await stage.juliet.say(stage.room, "welcome")
    await mobile.hears("message", nick="Juliet", text="welcome")
