"""Nicknames that change."""


async def change(stage):
    """a new nickname is told to everybody, and is what messages come from and go to"""
    await stage.fill(stage.juliet)
    await stage.juliet.rename(stage.room, "Capulet")
    await stage.romeo.hears("renaming", room=stage.room, old="Juliet", new="Capulet")
    await stage.juliet.hears("renaming", room=stage.room, old="Juliet", new="Capulet")
    await stage.juliet.say(stage.room, "that which we call a rose")
    await stage.romeo.hears("message", nick="Capulet", text="that which we call a rose")
    await stage.romeo.whisper(stage.room, "Capulet", "by any other name")
    await stage.juliet.hears("private", nick="Romeo", text="by any other name")


async def conflict(stage):
    """a nickname that is taken is not to be had"""
    await stage.fill(stage.juliet)
    await stage.juliet.rename(stage.room, "Romeo")
    await stage.juliet.say(stage.room, "still Juliet")
    await stage.romeo.hears("message", nick="Juliet", text="still Juliet")
    stage.romeo.heard_nothing_of("renaming", room=stage.room)
    stage.juliet.heard_nothing_of("renaming", room=stage.room)
