"""Messages to all."""


async def reach(stage):
    """a message reaches everybody, its sender too"""
    await stage.fill(stage.juliet, stage.nurse)
    await stage.juliet.say(stage.room, "What's in a name? <&>'\" \u00e9\U0001f339")
    for client in (stage.romeo, stage.juliet, stage.nurse):
        await client.hears("message", room=stage.room, nick="Juliet", text="What's in a name? <&>'\" \u00e9\U0001f339",
                           delayed=False)


async def order(stage):
    """messages of several come to all in one order"""
    await stage.fill(stage.juliet, stage.nurse)
    for number in range(20):
        await stage.romeo.say(stage.room, f"r{number}")
        await stage.juliet.say(stage.room, f"j{number}")
    heard = [[(await client.hears("message", room=stage.room)).text for _ in range(40)]
             for client in (stage.romeo, stage.juliet, stage.nurse)]
    assert [text for text in heard[2] if text[0] == "r"] == [f"r{number}" for number in range(20)], heard[2]
    assert [text for text in heard[2] if text[0] == "j"] == [f"j{number}" for number in range(20)], heard[2]
    assert heard[0] == heard[2], heard


async def voice(stage):
    """in a moderated room a visitor is refused until a moderator gives him voice"""
    await stage.fill(stage.juliet, moderatedroom=True)
    await stage.juliet.say(stage.room, "unheard")
    await stage.juliet.hears("refusal", room=stage.room, condition="forbidden")
    await stage.romeo.set_role(stage.room, "Juliet", "participant")
    await stage.juliet.hears("presence", room=stage.room, nick="Juliet", role="participant")
    await stage.juliet.say(stage.room, "heard")
    await stage.romeo.hears("message", room=stage.room, nick="Juliet", text="heard")
    stage.romeo.heard_nothing_of("message", room=stage.room, text="unheard")
