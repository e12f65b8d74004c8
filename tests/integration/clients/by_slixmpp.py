"""slixmpp: its plug-ins for chat rooms (0045), direct invitations (0249), discovery (0030), registration (0077)."""

import asyncio
import contextlib

import slixmpp
from slixmpp.exceptions import IqError, PresenceError

from clients import Client, Refused, cause, field_named
from servers import PASSWORD

PLUGINS = ("xep_0030", "xep_0004", "xep_0045", "xep_0077", "xep_0199", "xep_0203", "xep_0249")


@contextlib.contextmanager
def _refusals():
    try:
        yield
    except (IqError, PresenceError) as error:
        raise Refused(error.condition) from error


class Slixmpp(Client):
    async def connect(self, port):
        self._xmpp = xmpp = slixmpp.ClientXMPP(f"{self.address}/{self.resource}", PASSWORD, plugin_config={
            "feature_mechanisms": {"unencrypted_plain": True, "unencrypted_scram": True}})
        for plugin in PLUGINS:
            xmpp.register_plugin(plugin)
        self._muc = xmpp["xep_0045"]
        xmpp.add_event_handler("groupchat_presence", self._presence)
        xmpp.add_event_handler("groupchat_message", self._message)
        xmpp.add_event_handler("groupchat_message_error", self._message_error)
        xmpp.add_event_handler("groupchat_subject", self._subject)
        xmpp.add_event_handler("groupchat_invite", self._invitation)
        xmpp.add_event_handler("groupchat_direct_invite", self._direct_invitation)
        xmpp.add_event_handler("groupchat_config_status", self._settings)
        xmpp.add_event_handler("message", self._private)
        xmpp.add_event_handler("disconnected", lambda _: self.inbox.put("end"))
        await self.reconnect(port)

    async def reconnect(self, port):
        ready = asyncio.get_running_loop().create_future()
        self._xmpp.add_event_handler("session_start", lambda _: ready.done() or ready.set_result(None),
                                     disposable=True)
        self._xmpp.connect(address=("127.0.0.1", port), disable_starttls=True)
        await asyncio.wait_for(ready, self.patience)
        self._xmpp.send_presence()

    async def disconnect(self):
        if self._xmpp.is_connected():
            await self._xmpp.disconnect(wait=1)

    # ---- what it does

    async def join(self, room, nick, password=None, history=None):
        """Inside when it returns, with the subject heard; the status codes of the own presence."""
        options = {"password": password}
        if history is not None:
            options["maxstanzas"] = history
        with _refusals():
            presence, *_ = await self._muc.join_muc_wait(slixmpp.JID(room), nick, timeout=self.patience, **options)
        return set(presence["muc"]["status_codes"])

    async def rejoin(self, room, nick):
        """After a reconnection: here by hand."""
        await self.join(room, nick, history=0)

    async def leave(self, room, nick):
        self._muc.leave_muc(slixmpp.JID(room), nick)

    def occupants(self, room):
        """Who is there, as the library sees it."""
        return set(self._muc.get_roster(slixmpp.JID(room)))

    async def rename(self, room, nick):
        self._xmpp.send_presence(pto=f"{room}/{nick}")

    async def say(self, room, text):
        self._xmpp.send_message(mto=room, mbody=text, mtype="groupchat")

    async def whisper(self, room, nick, text):
        self._xmpp.send_message(mto=f"{room}/{nick}", mbody=text, mtype="chat")

    async def set_subject(self, room, text):
        self._muc.set_subject(slixmpp.JID(room), text)

    async def invite(self, room, address, reason):
        self._muc.invite(slixmpp.JID(room), slixmpp.JID(address), reason)

    async def invite_directly(self, room, address, reason):
        self._xmpp["xep_0249"].send_invitation(slixmpp.JID(address), slixmpp.JID(room), reason=reason)

    async def set_role(self, room, nick, role, reason=""):
        with _refusals():
            await self._muc.set_role(slixmpp.JID(room), nick, role, reason=reason)

    async def set_affiliation(self, room, address, affiliation, reason=""):
        with _refusals():
            await self._muc.set_affiliation(slixmpp.JID(room), affiliation, jid=slixmpp.JID(address), reason=reason)

    async def affiliated(self, room, affiliation):
        with _refusals():
            return {str(jid) for jid in await self._muc.get_affiliation_list(slixmpp.JID(room), affiliation)}

    async def settings(self, room):
        """The values of the configuration form, by name."""
        with _refusals():
            form = await self._muc.get_room_config(slixmpp.JID(room))
        return {name: bool(value) if form.get_fields()[name]["type"] == "boolean" else value or ""
                for name, value in form.get_values().items() if name}

    async def configure(self, room, **values):
        """Fields are called by the last part of their name."""
        with _refusals():
            form = await self._muc.get_room_config(slixmpp.JID(room))
            form.reply()
            fields = form.get_fields()
            for name, value in values.items():
                fields[field_named(name, fields)]["value"] = value
            await self._muc.set_room_config(slixmpp.JID(room), form)

    async def destroy(self, room, reason):
        with _refusals():
            await self._muc.destroy(slixmpp.JID(room), reason=reason)

    async def register(self, room, nick):
        with _refusals():
            form = (await self._xmpp["xep_0077"].get_registration(jid=room))["register"]["form"]
            form.reply()
            form.get_fields()["muc#register_roomnick"]["value"] = nick
            iq = self._xmpp.make_iq_set(ito=room)
            iq["register"].append(form)
            await iq.send()

    async def features(self, address):
        with _refusals():
            return set((await self._xmpp["xep_0030"].get_info(jid=address))["disco_info"]["features"])

    async def title(self, address):
        """The name under which discovery knows an address."""
        with _refusals():
            info = (await self._xmpp["xep_0030"].get_info(jid=address))["disco_info"]
            return next(name for category, kind, lang, name in info["identities"])

    async def rooms(self, service):
        with _refusals():
            items = await self._xmpp["xep_0030"].get_items(jid=service)
        return {item[0] for item in items["disco_items"]["items"]}

    # ---- what it is told

    def _presence(self, presence):
        muc = presence["muc"]
        room, codes = str(presence["from"].bare), set(muc["status_codes"])
        about = _item(presence)
        if presence["type"] == "unavailable":
            if 303 in codes:
                self.inbox.put("renaming", room=room, old=about["nick"], new=muc["item"]["nick"])
                return
            about["cause"] = cause(codes)
            about["reason"] = muc["item"]["reason"]
            self.inbox.put("removal" if 110 in codes else "departure", room=room, **about)
        else:
            self.inbox.put("presence", room=room, **about)

    def _message(self, message):
        self.inbox.put("message", room=str(message["from"].bare), nick=message["from"].resource,
                       text=message["body"], delayed=message.get_plugin("delay", check=True) is not None)

    def _message_error(self, message):
        self.inbox.put("refusal", room=str(message["from"].bare), condition=message["error"]["condition"])

    def _subject(self, message):
        self.inbox.put("subject", room=str(message["from"].bare), nick=message["from"].resource,
                       text=message["subject"])

    def _private(self, message):
        if message["type"] == "chat" and message["body"]:
            self.inbox.put("private", room=str(message["from"].bare), nick=message["from"].resource,
                           text=message["body"])

    def _invitation(self, message):
        invite = message["muc"]["invite"]
        self.inbox.put("invitation", room=str(message["from"].bare), inviter=str(invite["from"]),
                       reason=invite["reason"])

    def _direct_invitation(self, message):
        self.inbox.put("direct invitation", room=str(message["groupchat_invite"]["jid"]),
                       inviter=message["from"].bare, reason=message["groupchat_invite"]["reason"])

    def _settings(self, message):
        self.inbox.put("settings", room=str(message["from"].bare), codes=set(message["muc"]["status_codes"]))


def _item(presence):
    muc = presence["muc"]
    jid = muc["jid"]
    return {"nick": presence["from"].resource, "role": muc["role"], "affiliation": muc["affiliation"],
            "address": jid.bare if jid else ""}
