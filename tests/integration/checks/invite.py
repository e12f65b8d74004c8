"""Invitations, by the room and directly."""


async def mediated(stage):
    """the room hands on an invitation, and opens to whom a member invites"""
    await stage.fill(membersonly=True)
    await stage.romeo.invite(stage.room, stage.juliet.address, "come hither")
    invitation = await stage.juliet.hears("invitation", room=stage.room, reason="come hither")
    assert invitation.inviter in (stage.romeo.address, f"{stage.room}/Romeo"), invitation
    await stage.juliet.join(stage.room, "Juliet")
    await stage.romeo.hears("presence", room=stage.room, nick="Juliet")


async def direct(stage):
    """an invitation without the room leads there, too"""
    await stage.fill()
    await stage.romeo.invite_directly(stage.room, stage.juliet.address, "come hither")
    await stage.juliet.hears("direct invitation", room=stage.room, inviter=stage.romeo.address, reason="come hither")
    await stage.juliet.join(stage.room, "Juliet")
