"""Kicks, bans, ranks."""

from clients import refused


async def kick(stage):
    """who is kicked is told by whom and why, the others too; he may come again"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.set_role(stage.room, "Nurse", "none", reason="too loud")
    await stage.nurse.hears("removal", room=stage.room, nick="Nurse", cause="kicked", reason="too loud")
    await stage.juliet.hears("departure", room=stage.room, nick="Nurse", cause="kicked", reason="too loud")
    await stage.nurse.join(stage.room, "Nurse")


async def kick_refused(stage):
    """a participant kicks nobody"""
    await stage.fill(stage.juliet, stage.nurse)
    await refused(stage.juliet.set_role(stage.room, "Nurse", "none"), "forbidden", "not-allowed")
    await stage.nurse.say(stage.room, "still here")
    await stage.juliet.hears("message", nick="Nurse")


async def ban(stage):
    """who is banned is gone and stays out until he is forgiven"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.set_affiliation(stage.room, stage.nurse.address, "outcast", reason="banished!")
    await stage.nurse.hears("removal", room=stage.room, cause="banned", reason="banished!")
    await stage.juliet.hears("departure", room=stage.room, nick="Nurse", cause="banned", reason="banished!")
    assert await stage.romeo.affiliated(stage.room, "outcast") == {stage.nurse.address}
    await refused(stage.nurse.join(stage.room, "Nurse"), "forbidden")
    await stage.romeo.set_affiliation(stage.room, stage.nurse.address, "none")
    await stage.nurse.join(stage.room, "Nurse")


async def ranks(stage):
    """who is made admin is shown as one at once, and listed as one"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.set_affiliation(stage.room, stage.juliet.address, "admin")
    for client in (stage.romeo, stage.juliet, stage.nurse):
        await client.hears("presence", room=stage.room, nick="Juliet", affiliation="admin", role="moderator")
    assert await stage.romeo.affiliated(stage.room, "admin") == {stage.juliet.address}
    assert await stage.juliet.affiliated(stage.room, "member") == set()
    await refused(stage.nurse.affiliated(stage.room, "member"), "forbidden")
