"""Messages from one occupant to another."""


async def reach(stage):
    """a private message reaches whom it is for and nobody else, both ways"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.romeo.whisper(stage.room, "Juliet", "psst")
    await stage.juliet.hears("private", room=stage.room, nick="Romeo", text="psst")
    await stage.juliet.whisper(stage.room, "Romeo", "yes?")
    await stage.romeo.hears("private", room=stage.room, nick="Juliet", text="yes?")
    await stage.romeo.say(stage.room, "good morrow")
    await stage.nurse.hears("message", text="good morrow")
    stage.nurse.heard_nothing_of("private", room=stage.room)
    stage.nurse.heard_nothing_of("message", room=stage.room)
