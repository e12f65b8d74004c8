"""The link between server and component: it ends, or swallows what it should carry."""

from suite import settles


async def lost(stage):
    """the link is lost for a while: nobody enters anew, and who left meanwhile is gone"""
    await stage.fill(stage.juliet, stage.nurse)
    stage.link.down()
    await stage.nurse.disconnect()
    stage.link.up()
    await settles(stage.romeo, stage.room, {"Romeo", "Juliet"})
    await settles(stage.juliet, stage.room, {"Romeo", "Juliet"})
    await stage.juliet.say(stage.room, "still here")
    await stage.romeo.hears("message", room=stage.room, nick="Juliet", text="still here")
    stage.romeo.heard_nothing_of("removal", room=stage.room)
    stage.juliet.heard_nothing_of("removal", room=stage.room)


async def swallowing(stage):
    """the link swallows everything, then ends: what was acknowledged is what is remembered"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.say(stage.room, "before")
    await stage.romeo.hears("message", text="before")
    stage.link.swallow()
    await stage.romeo.say(stage.room, "swallowed")
    await stage.nurse.disconnect()
    stage.link.cut()
    stage.link.swallow(False)
    await settles(stage.juliet, stage.room, {"Romeo", "Juliet"})
    await stage.romeo.say(stage.room, "after")
    for text in ("before", "after"):
        await stage.juliet.hears("message", room=stage.room, text=text)
    stage.romeo.heard_nothing_of("message", text="swallowed")
    late = await stage.another("mercutio", "late")
    await late.join(stage.room, "Mercutio")
    assert [(await late.hears("message", room=stage.room)).text for _ in range(2)] == ["before", "after"]


FAULTS = (lost, swallowing)
# The second answers no pings.
LIBRARIES = ("slixmpp", "aioxmpp")
