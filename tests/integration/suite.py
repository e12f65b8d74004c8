"""Plays every check of checks/ with one client library against one host."""

import asyncio
import contextlib
import importlib
import inspect
import pkgutil

import checks
from clients import LIBRARIES, Refused
from hosts import Host
from servers import ROOMS


def library(name):
    assert name in LIBRARIES
    return getattr(importlib.import_module("clients.by_" + name), name.capitalize())


class Stage:
    """What a check gets: three users who are online, the library for more of them, and a room nobody used before."""

    def __init__(self, host, library_name):
        self.host = host
        self.make = library(library_name)
        self._number = 0
        self._more = []

    async def open(self):
        self.romeo, self.juliet, self.nurse = [self.make(name) for name in ("romeo", "juliet", "nurse")]
        for client in (self.romeo, self.juliet, self.nurse):
            await client.connect(self.host.server.c2s)

    async def close(self):
        await asyncio.gather(*(client.disconnect() for client in (self.romeo, self.juliet, self.nurse, *self._more)))

    async def another(self, name, resource, port=None):
        """One more client, online until the end."""
        client = self.make(name, resource)
        self._more.append(client)
        await client.connect(port or self.host.server.c2s)
        return client

    def clear(self, check):
        self._number += 1
        self.room = f"{check.replace('_', '-')}-{self._number}@{ROOMS}"
        for client in (self.romeo, self.juliet, self.nurse):
            client.inbox.forget()

    async def fill(self, *guests, **settings):
        """Romeo makes the room, with these settings; the guests enter, and all have heard it."""
        await self.romeo.join(self.room, "Romeo")
        await self.romeo.configure(self.room, **settings)
        inside = [self.romeo]
        for guest in guests:
            await guest.join(self.room, guest.name.capitalize())
            for client in inside:
                await client.hears("presence", room=self.room, nick=guest.name.capitalize())
            inside.append(guest)


def find(only=""):
    """The checks in the order of their files and lines; what each is about is its first line of documentation."""
    for module in sorted(name for _, name, _ in pkgutil.iter_modules(checks.__path__)):
        if not only or module in only.split(","):
            functions = vars(importlib.import_module("checks." + module)).values()
            yield from (f for f in functions if inspect.iscoroutinefunction(f) and f.__module__ == "checks." + module
                        and not f.__name__.startswith("_"))


async def settles(client, room, nicks, seconds=20):
    """Until the client's library sees exactly these in the room."""
    nicks = set(nicks)
    for _ in range(seconds * 10):
        there = client.occupants(room)
        if there == nicks:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{client.name} sees too many: {sorted(there - nicks)}, too few: {sorted(nicks - there)}")


async def served(client, seconds=20):
    """Until the rooms' address answers again."""
    for _ in range(seconds * 5):
        with contextlib.suppress(Refused):
            return await client.features(ROOMS)
        await asyncio.sleep(0.2)
    raise AssertionError(f"{ROOMS} does not answer {client.name}")


async def play(report, host_name, library_name, only=""):
    with Host(host_name) as host:
        stage = Stage(host, library_name)
        await stage.open()
        for check in find(only):
            stage.clear(check.__name__)
            await report.check(f"{check.__module__.split('.')[1]}: {check.__doc__.splitlines()[0]}", check(stage))
        await stage.close()
        if report.failed:
            report.logs(host.logs())
