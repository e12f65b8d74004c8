"""Converse.js, a client in a web page, over the server's websocket, in a room with a user of slixmpp."""

import json
import os

import artefacts
from browser import Browser, serve
from hosts import BUILD, Host
from servers import DOMAIN, PASSWORD, ROOMS
from suite import library

ROOM = f"balcony@{ROOMS}"

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Converse</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="converse/converse.min.css"></head>
<body class="converse-fullscreen"><script type="module">
import converse from "./converse/converse.min.js";
converse.initialize(SETTINGS);
</script></body></html>
"""


def _settings(host):
    return {"assets_path": "converse/", "authentication": "login", "auto_login": True, "jid": f"romeo@{DOMAIN}/web",
            "password": PASSWORD, "websocket_url": host.server.websocket, "discover_connection_methods": False,
            "auto_join_rooms": [{"jid": ROOM, "nick": "Romeo"}], "muc_domain": ROOMS, "view_mode": "fullscreen",
            "persistent_store": "sessionStorage", "play_sounds": False, "show_desktop_notifications": False,
            "i18n": "en", "message_archiving": "never", "allow_bookmarks": False}


def _site(host):
    """A folder with the page and what it loads; all of it is on this machine."""
    folder = host.make("site")
    os.symlink(os.path.abspath(os.path.join(BUILD, "integration", "converse", "dist")),
               os.path.join(folder, "converse"))
    host.write("site/index.html", PAGE.replace("SETTINGS", json.dumps(_settings(host))))
    return serve(folder)


async def play(report, host_name):
    with Host(host_name) as host:
        juliet = library("slixmpp")("juliet")
        await juliet.connect(host.server.c2s)
        await juliet.join(ROOM, "Juliet")
        await juliet.configure(ROOM, roomname="Capulet's balcony")
        browser = Browser(host)
        try:
            await browser.open(_site(host))
            for check in (_enters, _writes, _reads, _subject, _kicked):
                passed = await report.check("converse.js " + check.__doc__, check(browser, juliet))
                browser.picture(artefacts.path(f"web-{host_name}-{check.__name__[1:]}.png"))
                if not passed:
                    break
            if report.failed:
                report.logs([("console", browser.console())] + list(host.logs()))
        finally:
            browser.close()
        await juliet.disconnect()


async def _enters(browser, juliet):
    """enters a room and shows who is there"""
    await juliet.hears("presence", room=ROOM, nick="Romeo")
    await browser.shows("converse-muc .chatbox-title__text", "Capulet's balcony")
    await browser.shows("converse-muc .occupant-nick, converse-muc .list-item", "Juliet")


async def _writes(browser, juliet):
    """sends what is typed, and shows it once"""
    await browser.type("converse-muc .chat-textarea", "But soft, what light?")
    await juliet.hears("message", room=ROOM, nick="Romeo", text="But soft, what light?")
    found = await browser.shows("converse-muc .chat-msg__text", "But soft, what light?")
    assert len(found) == 1, found


async def _reads(browser, juliet):
    """shows what is said"""
    await juliet.say(ROOM, "Ay me! <b>&amp;</b>")
    await browser.shows("converse-muc .chat-msg__text", "Ay me! <b>&amp;</b>")


async def _subject(browser, juliet):
    """shows the subject"""
    await juliet.set_subject(ROOM, "Wherefore art thou?")
    await browser.shows("converse-muc .chat-head__desc, converse-muc .chat-info", "Wherefore art thou?")


async def _kicked(browser, juliet):
    """says who kicked its user, and why"""
    await juliet.set_role(ROOM, "Romeo", "none", reason="the nurse calls")
    await browser.shows("converse-muc", "the nurse calls")
