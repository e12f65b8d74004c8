"""Registration with a room."""

from clients import refused


async def membership(stage):
    """who registers becomes a member, and his nickname is his"""
    await stage.fill(registration="anyone")
    await stage.juliet.register(stage.room, "Juliet of Verona")
    assert await stage.romeo.affiliated(stage.room, "member") == {stage.juliet.address}
    await refused(stage.nurse.join(stage.room, "Juliet of Verona"), "conflict")
    await stage.juliet.join(stage.room, "Juliet of Verona")
    await stage.juliet.hears("presence", room=stage.room, nick="Juliet of Verona", affiliation="member")


async def closed(stage):
    """a room that its owner did not open to strangers registers none"""
    await stage.fill()
    await refused(stage.juliet.register(stage.room, "Juliet"), "not-allowed", "forbidden")
