"""Entering a room, being refused, leaving it."""

from clients import refused


async def creation(stage):
    """who makes a room is told that it is new, and owns it"""
    codes = await stage.romeo.join(stage.room, "Romeo")
    assert {110, 201} <= codes, codes
    await stage.romeo.hears("presence", room=stage.room, nick="Romeo", role="moderator", affiliation="owner")
    assert stage.romeo.address in await stage.romeo.affiliated(stage.room, "owner")


async def entry(stage):
    """who enters learns who is there, and those learn of him"""
    await stage.fill(stage.juliet)
    stage.juliet.inbox.forget()
    codes = await stage.nurse.join(stage.room, "Nurse")
    assert 110 in codes and 201 not in codes, codes
    await stage.nurse.hears("presence", room=stage.room, nick="Romeo", role="moderator", affiliation="owner")
    await stage.nurse.hears("presence", room=stage.room, nick="Juliet", role="participant", affiliation="none")
    await stage.nurse.hears("presence", room=stage.room, nick="Nurse", role="participant")
    await stage.juliet.hears("presence", room=stage.room, nick="Nurse", address="")
    await stage.romeo.hears("presence", room=stage.room, nick="Nurse", address=stage.nurse.address)


async def addresses(stage):
    """in a room that is not anonymous everybody learns the addresses, and is told so"""
    await stage.fill(whois="anyone")
    assert 100 in await stage.juliet.join(stage.room, "Juliet")
    await stage.juliet.hears("presence", room=stage.room, nick="Romeo", address=stage.romeo.address)


async def conflict(stage):
    """a nickname that somebody else has is refused"""
    await stage.fill()
    await refused(stage.juliet.join(stage.room, "Romeo"), "conflict")


async def password(stage):
    """a room with a password opens by it alone"""
    await stage.fill(passwordprotectedroom=True, roomsecret="a rose")
    await refused(stage.juliet.join(stage.room, "Juliet"), "not-authorized")
    await refused(stage.juliet.join(stage.room, "Juliet", password="a nose"), "not-authorized")
    await stage.juliet.join(stage.room, "Juliet", password="a rose")
    await stage.romeo.hears("presence", room=stage.room, nick="Juliet")


async def members(stage):
    """a room for members opens to members"""
    await stage.fill(membersonly=True)
    await refused(stage.juliet.join(stage.room, "Juliet"), "registration-required")
    await stage.romeo.set_affiliation(stage.room, stage.juliet.address, "member")
    await stage.juliet.join(stage.room, "Juliet")
    await stage.juliet.hears("presence", room=stage.room, nick="Juliet", affiliation="member")


async def departure(stage):
    """who leaves is gone for the others, and may come again"""
    await stage.fill(stage.juliet)
    await stage.juliet.leave(stage.room, "Juliet")
    await stage.romeo.hears("departure", room=stage.room, nick="Juliet", cause="left")
    await stage.juliet.join(stage.room, "Juliet")
    await stage.romeo.hears("presence", room=stage.room, nick="Juliet")


async def two_clients(stage):
    """two clients of one user are one occupant, who is there until the last is gone"""
    await stage.fill(stage.juliet)
    second = await stage.another("juliet", "phone")
    await second.join(stage.room, "Juliet")
    await second.hears("presence", room=stage.room, nick="Romeo")
    await stage.romeo.say(stage.room, "good night")
    await second.hears("message", nick="Romeo", text="good night")
    await stage.juliet.hears("message", nick="Romeo", text="good night")
    await stage.juliet.leave(stage.room, "Juliet")
    await second.say(stage.room, "good night!")
    await stage.romeo.hears("message", nick="Juliet", text="good night!")
    stage.romeo.heard_nothing_of("departure", room=stage.room)
    await second.leave(stage.room, "Juliet")
    await stage.romeo.hears("departure", room=stage.room, nick="Juliet")
