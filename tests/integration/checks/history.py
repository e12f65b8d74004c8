"""What was said before one came."""


async def _talk(stage):
    await stage.fill()
    for number in range(8):
        await stage.romeo.say(stage.room, f"line {number}")
    await stage.romeo.hears("message", text="line 7")


async def replay(stage):
    """who enters hears what was said, as old, before what is said now"""
    await _talk(stage)
    await stage.juliet.join(stage.room, "Juliet")
    await stage.romeo.say(stage.room, "now")
    heard = [await stage.juliet.hears("message", room=stage.room) for _ in range(9)]
    assert [event.text for event in heard] == [f"line {number}" for number in range(8)] + ["now"], heard
    assert all(event.delayed and event.nick == "Romeo" for event in heard[:8]) and not heard[8].delayed, heard


async def limit(stage):
    """who asks for less hears less"""
    await _talk(stage)
    await stage.juliet.join(stage.room, "Juliet", history=2)
    await stage.nurse.join(stage.room, "Nurse", history=0)
    await stage.romeo.say(stage.room, "now")
    heard = [(await stage.juliet.hears("message", room=stage.room)).text for _ in range(3)]
    assert heard == ["line 6", "line 7", "now"], heard
    assert (await stage.nurse.hears("message", room=stage.room)).text == "now"
