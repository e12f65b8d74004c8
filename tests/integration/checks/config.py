"""The configuration form, and what it does to the room."""

from clients import refused


async def form(stage):
    """the form says how the room is, and keeps what its owner writes"""
    await stage.fill()
    before = await stage.romeo.settings(stage.room)
    assert before["muc#roomconfig_membersonly"] is False, before
    await stage.romeo.configure(stage.room, roomname="Capulet's orchard", roomdesc="by night", moderatedroom=True,
                                persistentroom=True)
    after = await stage.romeo.settings(stage.room)
    assert after["muc#roomconfig_roomname"] == "Capulet's orchard", after
    assert after["muc#roomconfig_roomdesc"] == "by night", after
    assert after["muc#roomconfig_moderatedroom"] is True, after
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed == {f"muc#roomconfig_{name}" for name in
                       ("roomname", "roomdesc", "moderatedroom", "persistentroom")}, changed


async def discovery(stage):
    """who discovers the room or the list of rooms sees what was configured"""
    await stage.fill(roomname="Friar Laurence's cell", publicroom=True, membersonly=True)
    assert await stage.juliet.title(stage.room) == "Friar Laurence's cell"
    assert "muc_membersonly" in await stage.juliet.features(stage.room)
    service = stage.room.split("@")[1]
    assert "http://jabber.org/protocol/muc" in await stage.juliet.features(service)
    assert stage.room in await stage.juliet.rooms(service)
    await stage.romeo.configure(stage.room, publicroom=False)
    assert stage.room not in await stage.juliet.rooms(service)


async def owners(stage):
    """the form is for owners"""
    await stage.fill(stage.juliet)
    await refused(stage.juliet.settings(stage.room), "forbidden")


async def nonsense(stage):
    """a value that a field cannot have is refused and changes nothing"""
    await stage.fill()
    await refused(stage.romeo.configure(stage.room, whois="nobody knows", roomname="changed"), "not-acceptable",
                  "bad-request")
    assert (await stage.romeo.settings(stage.room))["muc#roomconfig_roomname"] != "changed"


async def members(stage):
    """a room that becomes one for members loses its strangers"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.set_affiliation(stage.room, stage.juliet.address, "member")
    await stage.romeo.configure(stage.room, membersonly=True)
    await stage.nurse.hears("removal", room=stage.room, cause="members-only")
    await stage.juliet.hears("departure", room=stage.room, nick="Nurse", cause="members-only")
    await stage.juliet.say(stage.room, "alone at last")
    await stage.romeo.hears("message", text="alone at last")
    stage.juliet.heard_nothing_of("removal", room=stage.room)


async def destruction(stage):
    """the end of a room is told to everybody, and who enters afterwards makes a new one"""
    await stage.fill(stage.juliet)
    await stage.romeo.destroy(stage.room, "thus with a kiss")
    await stage.juliet.hears("removal", room=stage.room)
    await stage.romeo.hears("removal", room=stage.room)
    assert 201 in await stage.nurse.join(stage.room, "Nurse")
