"""aioxmpp: its services for chat rooms, one-to-one conversations, discovery and registration."""

import asyncio
import contextlib

import aioxmpp
import aioxmpp.connector
import aioxmpp.forms
import aioxmpp.ibr
import aioxmpp.im.p2p
import aioxmpp.muc
import aioxmpp.xso
from aioxmpp.muc.xso import History, StatusCode

from clients import Client, Refused, cause, field_named
from servers import PASSWORD

# The form that a registration may hold is not known to aioxmpp; this is its way to make elements known.
aioxmpp.ibr.Query.form = aioxmpp.xso.Child([aioxmpp.forms.Data])


@contextlib.contextmanager
def _refusals():
    try:
        yield
    except aioxmpp.errors.XMPPError as error:
        raise Refused(error.condition.value[1]) from error


class Aioxmpp(Client):
    async def connect(self, port):
        address = aioxmpp.JID.fromstr(f"{self.address}/{self.resource}")
        security = aioxmpp.make_security_layer(PASSWORD)._replace(tls_required=False)
        self._client = client = aioxmpp.PresenceManagedClient(address, security)
        client.resumption_timeout = 0
        self._muc = client.summon(aioxmpp.MUCClient)
        self._muc.on_muc_invitation.connect(self._invitation)
        self._direct = client.summon(aioxmpp.im.p2p.Service)
        self._direct.on_conversation_new.connect(self._conversation)
        self._disco = client.summon(aioxmpp.DiscoClient)
        self._rooms = {}
        await self.reconnect(port)

    async def reconnect(self, port):
        """It tries again by itself after a loss; this waits for it, or is the first time."""
        self._client.override_peer = [("127.0.0.1", port, aioxmpp.connector.STARTTLSConnector())]
        self._client.backoff_start = aioxmpp.node.timedelta(seconds=0.1)
        if not self._client.established:
            ready = self._client.on_stream_established.future()
            self._client.presence = aioxmpp.PresenceState(True)
            await asyncio.wait_for(ready, self.patience)

    async def disconnect(self):
        if self._client.running:
            stopped = self._client.on_stopped.future()
            self._client.stop()
            await asyncio.wait_for(stopped, self.patience)

    # ---- what it does

    async def join(self, room, nick, password=None, history=None):
        entered, subject = asyncio.Event(), asyncio.Event()
        codes = set()
        handle, done = self._muc.join(aioxmpp.JID.fromstr(room), nick, password=password, history=(
            None if history is None else History(maxstanzas=history)))

        def on_enter(_, occupant, *, muc_status_codes=(), **__):
            codes.update(_numbers(muc_status_codes))
            self._presence(room, occupant)
            entered.set()
        if not done.done():
            self._rooms[room] = handle
            handle.on_muc_enter.connect(on_enter)
            self._listen(room, handle, subject)
        with _refusals():
            await asyncio.wait_for(done, self.patience)
        await asyncio.wait_for(subject.wait(), self.patience)
        return codes

    async def rejoin(self, room, nick):
        """It does that by itself."""
        await self.hears("presence", room=room, nick=nick)

    async def leave(self, room, nick):
        await asyncio.wait_for(self._rooms[room].leave(), self.patience)

    def occupants(self, room):
        return {member.nick for member in self._rooms[room].members}

    async def rename(self, room, nick):
        await self._rooms[room].set_nick(nick)

    async def say(self, room, text):
        """With tracking, so that its user is told when it is refused; it comes back by the tracker, too."""
        message = aioxmpp.Message(type_=aioxmpp.MessageType.GROUPCHAT)
        message.body[None] = text
        _, tracker = self._rooms[room].send_message_tracked(message)
        tracker.on_state_changed.connect(lambda state, response=None: self._tracked(room, text, state, response))

    async def whisper(self, room, nick, text):
        message = aioxmpp.Message(type_=aioxmpp.MessageType.CHAT)
        message.body[None] = text
        self._direct.get_conversation(aioxmpp.JID.fromstr(room).replace(resource=nick)).send_message(message)

    async def set_subject(self, room, text):
        await self._rooms[room].set_topic({None: text})

    async def invite(self, room, address, reason):
        await self._rooms[room].invite(aioxmpp.JID.fromstr(address), reason, mode=aioxmpp.im.InviteMode.MEDIATED)

    async def invite_directly(self, room, address, reason):
        await self._rooms[room].invite(aioxmpp.JID.fromstr(address), reason)

    async def set_role(self, room, nick, role, reason=""):
        with _refusals():
            await self._rooms[room].muc_set_role(nick, role, reason=reason)

    async def set_affiliation(self, room, address, affiliation, reason=""):
        with _refusals():
            await self._muc.set_affiliation(aioxmpp.JID.fromstr(room), aioxmpp.JID.fromstr(address), affiliation,
                                            reason=reason)

    async def affiliated(self, room, affiliation):
        with _refusals():
            return {str(jid) for jid in await self._muc.get_affiliated(aioxmpp.JID.fromstr(room), affiliation)}

    async def settings(self, room):
        with _refusals():
            form = await self._muc.get_room_config(aioxmpp.JID.fromstr(room))
        return {field.var: _value(field) for field in form.fields if field.var}

    async def configure(self, room, **values):
        with _refusals():
            form = await self._muc.get_room_config(aioxmpp.JID.fromstr(room))
            fields = {field.var: field for field in form.fields}
            for name, value in values.items():
                fields[field_named(name, fields)].values[:] = [str(int(value)) if isinstance(value, bool) else value]
            form.type_ = aioxmpp.forms.DataType.SUBMIT
            await self._muc.set_room_config(aioxmpp.JID.fromstr(room), form)

    async def destroy(self, room, reason):
        query = aioxmpp.muc.xso.OwnerQuery(destroy=aioxmpp.muc.xso.DestroyRequest())
        query.destroy.reason = reason
        with _refusals():
            await self._client.send(aioxmpp.IQ(aioxmpp.IQType.SET, to=aioxmpp.JID.fromstr(room), payload=query))

    async def register(self, room, nick):
        with _refusals():
            query = await self._client.send(
                aioxmpp.IQ(aioxmpp.IQType.GET, to=aioxmpp.JID.fromstr(room), payload=aioxmpp.ibr.Query()))
            for field in query.form.fields:
                if field.var == "muc#register_roomnick":
                    field.values[:] = [nick]
            query.form.type_ = aioxmpp.forms.DataType.SUBMIT
            await self._client.send(
                aioxmpp.IQ(aioxmpp.IQType.SET, to=aioxmpp.JID.fromstr(room), payload=query))

    async def features(self, address):
        with _refusals():
            return set((await self._disco.query_info(aioxmpp.JID.fromstr(address), no_cache=True)).features)

    async def title(self, address):
        with _refusals():
            info = await self._disco.query_info(aioxmpp.JID.fromstr(address), no_cache=True)
        return info.identities[0].name

    async def rooms(self, service):
        with _refusals():
            answer = await self._disco.query_items(aioxmpp.JID.fromstr(service), require_fresh=True)
        return {str(item.jid) for item in answer.items}

    # ---- what it is told

    def _listen(self, room, handle, subject):
        put = self.inbox.put

        def on_topic(member, topic, *, muc_nick=None, **_):
            put("subject", room=room, nick=muc_nick or "", text=(topic.any() if topic else "") or "")
            subject.set()

        def on_message(message, member, source, **_):
            # Our own come by the tracker.
            if message.from_ is not None and message.type_ == aioxmpp.MessageType.GROUPCHAT:
                put("message", room=room, nick=message.from_.resource, text=message.body.any(),
                    delayed=bool(message.xep0203_delay))

        def on_leave(member, *, muc_leave_mode=None, muc_reason=None, muc_status_codes=(), **_):
            put("departure", room=room, nick=member.nick, cause=cause(_numbers(muc_status_codes)),
                reason=muc_reason or "")

        def on_exit(*, muc_leave_mode=None, muc_reason=None, muc_status_codes=(), **_):
            put("removal", room=room, nick=handle.me.nick, cause=cause(_numbers(muc_status_codes)),
                reason=muc_reason or "")

        handle.on_topic_changed.connect(on_topic)
        handle.on_message.connect(on_message)
        handle.on_join.connect(lambda member, **_: self._presence(room, member))
        handle.on_presence_changed.connect(lambda member, *_, **__: self._presence(room, member))
        handle.on_leave.connect(on_leave)
        handle.on_exit.connect(on_exit)
        handle.on_nick_changed.connect(lambda member, old, new, **_: put("renaming", room=room, old=old, new=new))

    def _presence(self, room, occupant):
        self.inbox.put("presence", room=room, nick=occupant.nick, role=occupant.role,
                       affiliation=occupant.affiliation, address=str(occupant.direct_jid or ""))

    def _tracked(self, room, text, state, response):
        if state == aioxmpp.tracking.MessageState.DELIVERED_TO_RECIPIENT:
            self.inbox.put("message", room=room, nick=response.from_.resource, text=response.body.any(),
                           delayed=False)
        elif state == aioxmpp.tracking.MessageState.ERROR:
            self.inbox.put("refusal", room=room, condition=response.error.condition.value[1])

    def _conversation(self, conversation):
        def on_message(message, member, source, **_):
            if not member.is_self and message.body:
                self.inbox.put("private", room=str(conversation.jid.bare()), nick=conversation.jid.resource,
                               text=message.body.any())
        conversation.on_message.connect(on_message)

    def _invitation(self, message, room, inviter, mode, *, password=None, reason=None, **_):
        direct = mode == aioxmpp.im.InviteMode.DIRECT
        self.inbox.put("direct invitation" if direct else "invitation", room=str(room),
                       inviter=str(inviter.bare() if direct else inviter), reason=reason or "")


def _numbers(codes):
    return {code.value if isinstance(code, StatusCode) else code for code in codes}


def _value(field):
    """As slixmpp gives it."""
    if field.type_ == aioxmpp.forms.FieldType.BOOLEAN:
        return bool(field.values) and field.values[0] in ("1", "true")
    return field.values[0] if field.values else ""
