-- mod_libmuc_test: what a module of somebody else does with the rooms: a field in the configuration form, greetings,
-- entries and messages that are refused, and more that the tests ask for.

local st = require "util.stanza";
local modulemanager = require "core.modulemanager";

local field = "{urn:example:test}greeting";

module:hook("muc-config-form", function (event)
	table.insert(event.form, 2, {
		name = "greeting", var = field, type = "text-single", label = "Greeting", value = event.room._data.greeting or "";
	});
end);

module:hook("muc-config-submitted/greeting", function (event)
	if event.room._data.greeting ~= event.value then
		event.room._data.greeting = event.value;
		event.status_codes["104"] = true;
	end
end);

module:hook("muc-occupant-session-new", function (event)
	local greeting = event.room._data.greeting;
	if greeting and greeting ~= "" then
		event.room:route_stanza(st.message({ type = "groupchat", to = event.jid }):body(greeting));
	end
end);

module:hook("muc-occupant-pre-join", function (event)
	if event.nick == "Nobody" then
		event.origin.send(st.error_reply(event.stanza, "auth", "forbidden", "Not under that name"));
		return true;
	elseif event.nick == "Broken" then
		error("a handler that fails on purpose");
	elseif event.nick == "Renamed" then
		event.nick = "Other";
	end
end);

module:hook("muc-occupant-groupchat", function (event)
	local body = event.body or "";
	if body == "refuse me" then
		event.error = { type = "modify", condition = "policy-violation", text = "Not that" };
		return true;
	elseif body == "lose me" then
		return true;
	end
end);

module:hook("muc-broadcast-message", function (event)
	if event.stanza:get_child_text("body") == "mark me" then
		event.stanza:remove_children("secret", "urn:example:test");
		event.stanza:tag("mark", { xmlns = "urn:example:test" }):text(event.occupant.nick):up();
	end
end);

module:hook("muc-message-sent", function (event)
	if event.body == "reload yourself" then
		modulemanager.reload(module.host, "libmuc");
	end
end);

module:hook("muc-get-default-role", function (event)
	if event.jid:match("^visitor") then
		return "visitor";
	end
end);

module:hook("muc-pre-set-affiliation", function (event)
	if event.jid:match("^protected") then
		event.allowed = false;
		event.error = { type = "cancel", condition = "not-allowed" };
	end
end);

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = "urn:example:test" }):up();
end);

-- What the tests ask for, by a message to the service.
local tasks = {};

function tasks.reload()
	return assert(modulemanager.reload(module.host, "libmuc")) ~= nil;
end

function tasks.say(room_jid, text)
	local libmuc = module:depends "libmuc";
	return libmuc.get_room_from_jid(room_jid):say(text);
end

function tasks.count(room_jid)
	local room, n = module:depends "libmuc".get_room_from_jid(room_jid), 0;
	for nick, occupant in room:each_occupant() do
		assert(room:get_occupant_by_nick(nick).bare_jid == occupant.bare_jid);
		assert(room:get_occupant_jid(occupant.jid) == nick);
		n = n + 1;
	end
	assert(room:get_affiliation("alice@localhost") == "owner");
	assert(room:get_name() == "" and room:get_public() == true and room:get_historylength() == 20);
	assert(room:set_members_only(false));
	assert(select(2, room:set_affiliation("bob@localhost", "alice@localhost", "none")) == "forbidden");
	return n;
end

function tasks.unreachable(domain)
	prosody.events.fire_event("s2s-destroyed", {
		session = { type = "s2sout_unauthed", from_host = module.host, to_host = domain };
	});
	return true;
end

module:hook("message/host", function (event)
	local name, rest = (event.stanza:get_child_text("body") or ""):match("^do (%a+) ?(.*)$");
	if not name then
		return nil;
	end
	local ok, result = pcall(tasks[name], rest:match("^(%S*) ?(.*)$"));
	event.origin.send(st.message({ to = event.stanza.attr.from, from = module.host })
		:body(("done: %s"):format(ok and tostring(result) or result)));
	return true;
end, 10);
