"""The subject."""


async def change(stage):
    """a new subject reaches everybody, and who comes later"""
    await stage.fill(stage.juliet)
    await stage.romeo.set_subject(stage.room, "Two households")
    await stage.romeo.hears("subject", room=stage.room, nick="Romeo", text="Two households")
    await stage.juliet.hears("subject", room=stage.room, nick="Romeo", text="Two households")
    await stage.nurse.join(stage.room, "Nurse")
    await stage.nurse.hears("subject", room=stage.room, nick="Romeo", text="Two households")
    await stage.romeo.set_subject(stage.room, "both alike in dignity")
    await stage.juliet.hears("subject", room=stage.room, nick="Romeo", text="both alike in dignity")


async def permission(stage):
    """who may not change the subject changes nothing"""
    await stage.fill(stage.juliet, changesubject=False)
    await stage.juliet.set_subject(stage.room, "Banished")
    await stage.juliet.say(stage.room, "was it heard?")
    await stage.romeo.hears("message", text="was it heard?")
    stage.romeo.heard_nothing_of("subject", room=stage.room, text="Banished")
