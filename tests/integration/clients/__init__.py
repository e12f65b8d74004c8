"""Real client libraries behind one face, so that one suite serves for all.

A client does what it is asked through its library's own calls for chat rooms, and puts what the library delivers to
its user into an inbox of events. Nothing here looks at a stanza that the library did not hand over.
"""

import asyncio

from servers import DOMAIN

LIBRARIES = ("slixmpp", "aioxmpp")


class Refused(Exception):
    """The library says that what was asked was refused; the condition is that of the stanza error."""

    def __init__(self, condition):
        super().__init__(condition)
        self.condition = condition


class Event:
    """Something that a library told its user: a kind, and what else there is to it."""

    def __init__(self, kind, **parts):
        self.kind = kind
        self.__dict__.update(parts)

    def fits(self, kind, wanted):
        return self.kind == kind and all(getattr(self, name, None) == value for name, value in wanted.items())

    def __repr__(self):
        return " ".join([self.kind] + [f"{k}={v!r}" for k, v in vars(self).items() if k != "kind" and v])


class Inbox:
    """What was heard and not asked for yet."""

    def __init__(self):
        self._events = []
        self._news = asyncio.Event()

    def put(self, kind, **parts):
        self._events.append(Event(kind, **parts))
        self._news.set()

    async def take(self, kind, seconds, **wanted):
        """The first event of this kind with these parts, as soon as it is there."""
        async def look():
            while True:
                for event in self._events:
                    if event.fits(kind, wanted):
                        self._events.remove(event)
                        return event
                self._news.clear()
                await self._news.wait()
        return await asyncio.wait_for(look(), seconds)

    def find(self, kind, **wanted):
        return [event for event in self._events if event.fits(kind, wanted)]

    def forget(self):
        self._events.clear()

    def __repr__(self):
        return "\n".join(f"    {event}" for event in self._events[-20:]) or "    nothing"


class Client:
    """What is common to all: a name, an address, an inbox.

    Events, each with the room's address as `room` where it is about one:
      presence        somebody is there: nick, role, affiliation, address
      departure       somebody else is not there any more: nick, cause, reason
      removal         oneself: nick, cause, reason
      renaming        old, new
      message         nick, text, delayed
      private         nick, text
      refusal         of a message: condition
      subject         nick, text
      invitation      inviter, reason; also: direct invitation
    Causes: left, kicked, banned, affiliation, members-only, shutdown, error.
    """

    patience = 10

    def __init__(self, name, resource="here"):
        self.name = name
        self.address = f"{name}@{DOMAIN}"
        self.resource = resource
        self.inbox = Inbox()

    async def hears(self, kind, **wanted):
        try:
            return await self.inbox.take(kind, self.patience, **wanted)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.name} did not hear {Event(kind, **wanted)}, but:\n{self.inbox}") from None

    def heard_nothing_of(self, kind, **wanted):
        """Checked after something later was heard: what comes in order needs no waiting."""
        found = self.inbox.find(kind, **wanted)
        assert not found, f"{self.name} heard {found}"


CAUSES = {307: "kicked", 301: "banned", 321: "affiliation", 322: "members-only", 332: "shutdown", 333: "error"}


def cause(codes):
    """The most telling of the status codes of a departure: 333 says more than the 307 beside it."""
    for code in (333, 307, 301, 321, 322, 332):
        if code in codes:
            return CAUSES[code]
    return "left"


def field_named(name, fields):
    """The form's field of that name, be it of the specification's names or of the room's own."""
    return next(field for field in fields if field and field.endswith(("_" + name, "}" + name)))


async def refused(awaitable, *conditions):
    """It is refused with one of these conditions."""
    try:
        await awaitable
    except Refused as refusal:
        assert refusal.condition in conditions, f"refused with {refusal.condition}, not {' or '.join(conditions)}"
    else:
        raise AssertionError(f"not refused ({' or '.join(conditions)})")
