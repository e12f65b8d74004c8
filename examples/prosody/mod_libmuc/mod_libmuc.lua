-- mod_libmuc: Component "rooms.example.org" "libmuc": the rooms of libmuc inside Prosody, instead of mod_muc.
--
-- libmuc does the rooms and nothing else. What it asks a host for is here: stanzas in and out, stored rooms, who is an
-- admin, what Prosody knows of connections, timers, options of the configuration file. See lib/doc/prosody.md.

if module:get_host_type() ~= "component" then
	error("libmuc is a component: Component \"rooms.example.org\" \"libmuc\"", 0);
end

local async = require "util.async";
local jid_host = require "util.jid".host;
local st = require "util.stanza";
local usermanager = require "core.usermanager";

local path = module:get_directory() .. "/libmuc.so";
local open, problem = package.loadlib(path, "luaopen_libmuc");
if not open then
	error("cannot load " .. path .. ": " .. problem, 0);
end
local libmuc = open(st.stanza_mt);

local host = module.host;
local hooks = module:require "hooks";
local restrict = module:require "restrict";
local room = module:require "room";
local rooms = module:require "rooms";
local settings = module:require "settings";

local service; -- made below, when everything that it calls is there
local unloaded = false;

-- Sending -------------------------------------------------------------------------------------------------------------

local core_post_stanza = prosody.core_post_stanza;
local host_session = prosody.hosts[host];

-- One stanza goes to all recipients of a delivery, each time with another `to`, as Prosody's own rooms do it: whoever
-- keeps one on the way makes a copy. `at` is where a delivery goes on after an error in a handler on the way.
local stanza, recipients, count, at = nil, nil, 0, 0;

local function route()
	local attr = stanza.attr;
	while at < count do
		at = at + 1;
		attr.to = recipients[at];
		core_post_stanza(host_session, stanza);
	end
end

local function on_error(err)
	return debug.traceback(tostring(err), 2);
end

-- A runner of its own: what is sent while something is being sent comes after it, and a handler on the way may wait.
local sender = async.runner(function ()
	stanza, recipients, count = service:next();
	while stanza do
		at = 0;
		while at < count do
			local ok, err = xpcall(route, on_error);
			if not ok then
				module:log("error", "A stanza for %s was not delivered: %s", stanza.attr.to, err);
			end
		end
		-- The module may be unloaded by what it sends.
		if unloaded then
			return;
		end
		stanza, recipients, count = service:next();
	end
end, {
	error = function (_, err)
		module:log("error", "Sending failed: %s", err);
	end;
});

local function send()
	-- Else it is at it already, or will be when the call is over in which an event is fired.
	if not unloaded and sender.state == "ready" and not service:is_firing() then
		sender:run(true);
	end
end

-- Receiving -----------------------------------------------------------------------------------------------------------

local function refuse(origin, received, condition, kind, text)
	local type = received.attr.type;
	module:log("debug", "Not taken: %s: %s", text, received:top_tag());
	if type ~= "error" and type ~= "result" then
		origin.send(st.error_reply(received, kind, condition, text));
	end
end

local function receive(event)
	local ok, condition, kind, text = service:dispatch(event.stanza);
	if not ok then
		refuse(event.origin, event.stanza, condition, kind, text);
	end
	send();
	return true;
end

for _, name in ipairs { "message", "presence", "iq" } do
	for _, to in ipairs { "full", "bare", "host" } do
		-- Behind the handlers of other modules for this host.
		module:hook(name .. "/" .. to, receive, -2);
	end
end

-- What a server knows -------------------------------------------------------------------------------------------------

-- A client is gone. It leaves the rooms that it was in by the presence that Prosody sends for it; this is for what that
-- does not reach.
local function on_unbind(event)
	service:gone(event.session.full_jid, "Disconnected");
	send();
end

local function watch_host(name)
	local session = prosody.hosts[name];
	if session and session.type == "local" then
		module:hook_object_event(session.events, "resource-unbind", on_unbind, -10);
	end
end

for name in pairs(prosody.hosts) do
	watch_host(name);
end
module:hook_global("host-activated", watch_host);

-- An account is gone, and with it what it was in the rooms that are in memory.
module:hook_global("user-deleted", function (event)
	service:forget_user(event.username .. "@" .. event.host);
	send();
end);

-- A connection to another server that was never made: nobody there can be reached. One that was lost is made again.
module:hook_global("s2s-destroyed", function (event)
	local session = event.session;
	if session.type == "s2sout_unauthed" and session.from_host == host and session.to_host then
		service:unreachable(session.to_host);
		send();
	end
end);

-- Time ----------------------------------------------------------------------------------------------------------------

local finest = 10; -- seconds: what comes in meanwhile may be due earlier than the sweep says

module:add_timer(finest, function ()
	local due = service:sweep();
	send();
	hooks.listen(service);
	return due and math.max(math.min(due, finest), 0.1) or finest;
end);

-- Life ----------------------------------------------------------------------------------------------------------------

local function is_admin(jid)
	return usermanager.is_admin(jid, host);
end

settings.warn(libmuc.has_setting);
service = libmuc.service(settings.read(), {
	is_admin = is_admin;
	load = rooms.load;
	save = rooms.save;
	save_history = rooms.save_history;
	remove = rooms.remove;
	stored = rooms.stored;
	keep = rooms.keep;
	fire = hooks.fire;
	error = function (text)
		module:log("error", "%s", text);
	end;
});
hooks.init(room.object);
restrict.init(is_admin);
room.init(service, send);
rooms.resume(service);

-- Other modules, by events and by calls: local libmuc = module:depends "libmuc".
for _, name in ipairs { "module-loaded", "module-reloaded" } do
	module:hook(name, function (event)
		if event.module == "muc" then
			module:log("error", "A module of this component has loaded mod_muc, which needs the domain for itself: "
				.. "take out what depends on it (mod_muc_mam, mod_vcard_muc...) and restart Prosody");
		end
		hooks.listen(service);
	end);
end
hooks.listen(service);

get_room_from_jid, create_room, live_rooms = room.get_room_from_jid, room.create_room, room.live_rooms;
room_mt = room.methods;

local measure_rooms, measure_occupants = module:measure("live_room", "amount"), module:measure("occupants", "amount");
module:hook_global("stats-update", function ()
	local in_memory, occupants = service:stats();
	measure_rooms(in_memory);
	measure_occupants(occupants);
end);

module:hook_global("config-reloaded", function ()
	settings.warn(libmuc.has_setting);
	local ok, _, _, text = service:configure(settings.read());
	if not ok then
		module:log("error", "The new settings are not taken: %s", text);
	end
end);

-- Rooms, with those who are in them, go to the store and come back from there: on reload, and on restart those who are
-- connected to other servers are still inside.
local function suspend()
	if not service:save() or not rooms.keep_list() then
		module:log("error", "Some rooms could not be saved");
	end
end

-- When clients have been disconnected.
module:hook_global("server-stopping", suspend, -300);

function module.unload()
	suspend();
	unloaded = true;
	service:close();
end
