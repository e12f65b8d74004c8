-- settings.lua FOLDER: options of Prosody's configuration file, each as mod_muc means it, without a Prosody around
-- them. FOLDER is where the module is.

local prosody_source = os.getenv("PROSODY_SOURCE") or "/usr/lib/prosody";
package.path = prosody_source .. "/?.lua;" .. package.path;
package.cpath = prosody_source .. "/?.so;" .. package.cpath;

local st = require "util.stanza";
local libmuc = assert(package.loadlib(arg[1] .. "/libmuc.so", "luaopen_libmuc"))(st.stanza_mt);

local domain, room = "rooms.example.org", "r@rooms.example.org";
local muc = "http://jabber.org/protocol/muc";

-- Of the module API what settings.lib.lua uses; `configured` is what the configuration file says.
local configured, warnings;
local module = { host = domain };
_G.module = module;
package.loaded["core.configmanager"] = { getconfig = function () return { [domain] = configured }; end };

function module:get_option(name, default)
	local value = configured[name];
	if value == nil then
		value = default;
	end
	return value;
end

function module:get_option_string(name, default)
	local value = self:get_option(name, default);
	return value ~= nil and tostring(value) or nil;
end

function module:get_option_number(name, default)
	return tonumber(self:get_option(name, default));
end

function module:get_option_boolean(name, default)
	local value = self:get_option(name, default);
	local words = { [true] = true, ["true"] = true, [1] = true, [false] = false, ["false"] = false, [0] = false };
	if value ~= nil then
		return words[value];
	end
end

function module:open_store()
	return { get = function () return { secret = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IQ==" }; end };
end

function module:log(level, text, ...)
	table.insert(warnings, level .. ": " .. text:format(...));
end

local settings = dofile(arg[1] .. "/settings.lib.lua");

-- What comes of a configuration: the settings, and a service in which `from` has made a room.
local function configure(options, from)
	configured, warnings = options, {};
	settings.warn(libmuc.has_setting);
	local read = settings.read();
	local service = libmuc.service(read, {
		is_admin = function (jid) return jid == "admin@example.org"; end;
		load = function () return nil; end; save = function () return true; end; remove = function () return true; end;
		save_history = function () return true; end; stored = function () return {}; end;
		error = error;
	});
	service:dispatch(st.presence { from = from or "alice@example.org/pda", to = room .. "/Alice" }
		:tag("x", { xmlns = muc }));
	while service:next() do end
	return service, read;
end

local passed, failed = 0, 0;

local function expect(value, wanted, what)
	if value == wanted then
		passed = passed + 1;
	else
		failed = failed + 1;
		print(("FAILED %s: it is %s, not %s"):format(what, tostring(value), tostring(wanted)));
	end
end

-- Options of new rooms: what is configured, and what a room has then.
for _, row in ipairs {
	{ nil, nil, "public", false };
	{ nil, nil, "persistent", false };
	{ nil, nil, "whois", "moderators" };
	{ nil, nil, "historylength", 20 };
	{ nil, nil, "registration", "affiliated" };
	{ "muc_room_default_public", true, "public", true };
	{ "muc_room_default_public", "true", "public", true };
	{ "muc_room_default_public", "false", "public", false };
	{ "muc_room_default_persistent", true, "persistent", true };
	{ "muc_room_default_members_only", true, "members_only", true };
	{ "muc_room_default_allow_member_invites", true, "allow_member_invites", true };
	{ "muc_room_default_moderated", true, "moderated", true };
	{ "muc_room_default_public_jids", true, "whois", "anyone" };
	{ "muc_room_default_public_jids", false, "whois", "moderators" };
	{ "muc_room_default_change_subject", true, "changesubject", true };
	{ "muc_room_default_history_length", 7, "historylength", 7 };
	{ "muc_room_default_history_length", 500, "historylength", 500 };
	{ "muc_room_default_language", "de", "language", "de" };
	{ "muc_room_default_presence_broadcast", { moderator = true, visitor = false }, "presence_broadcast", "moderator" };
	{ "muc_room_default_allow_pm", "moderators", "allow_pm", "moderators" };
	{ "muc_room_default_allow_pm", "everyone", "allow_pm", "anyone" };
	{ "muc_room_default_always_allow_moderator_pms", true, "allow_modpm", true };
	{ "enforce_registered_nickname", true, "enforce_registered_nick", true };
	{ "allow_unaffiliated_register", true, "registration", "anyone" };
	{ "libmuc_room_defaults", { max_users = "50" }, "max_users", 50 };
	{ "libmuc_room_defaults", { moderated = true }, "moderated", true };
} do
	local service = configure(row[1] and { [row[1]] = row[2] } or {});
	expect(service:option(room, row[3]), row[4], ("%s = %s"):format(row[1], tostring(row[2])));
	expect(warnings[1], nil, "warnings of " .. tostring(row[1]));
	service:close();
end

-- Settings of the service.
for _, row in ipairs {
	{ nil, nil, "name", "Prosody Chatrooms" };
	{ nil, nil, "lock_new_rooms", true };
	{ nil, nil, "lock_timeout", 300 };
	{ nil, nil, "tombstone_time", 2678400 };
	{ nil, nil, "max_history", 100 };
	{ nil, nil, "max_rooms", nil };
	{ nil, nil, "occupant_ids", true };
	{ nil, nil, "store_history", false };
	{ nil, nil, "unavailable_is_gone", true };
	{ "name", "Rooms", "name", "Rooms" };
	{ "muc_room_locking", false, "lock_new_rooms", false };
	{ "muc_room_lock_timeout", 60, "lock_timeout", 60 };
	{ "muc_room_lock_timeout", 0, "lock_new_rooms", false };
	{ "muc_tombstones", false, "tombstone_time", nil };
	{ "muc_tombstone_expiry", 5, "tombstone_time", 5 };
	{ "max_history_messages", 5, "max_history", 5 };
	{ "muc_max_rooms", 3, "max_rooms", 3 };
	{ "muc_occupant_id", false, "occupant_ids", false };
	{ "libmuc_evict_after", 5, "evict_after", 5 };
	{ "libmuc_store_history", true, "store_history", true };
	{ "libmuc_settings", { max_nick = 50 }, "max_nick", 50 };
} do
	local service, read = configure(row[1] and { [row[1]] = row[2] } or {});
	expect(read[row[3]], row[4], ("%s = %s"):format(row[1], tostring(row[2])));
	expect(warnings[1], nil, "warnings of " .. tostring(row[1]));
	service:close();
end

-- Who may make a room.
local alice, stranger, admin = "alice@example.org/pda", "bob@elsewhere.example/pda", "admin@example.org/desk";
for _, row in ipairs {
	{ nil, stranger, true };
	{ false, stranger, true };
	{ "local", alice, true };
	{ "local", stranger, false };
	{ "local", admin, true };
	{ true, alice, false };
	{ true, admin, true };
	{ "admin", alice, false };
	{ "of any kind", alice, false };
} do
	local service = configure({ restrict_room_creation = row[1] }, row[2]);
	expect(service:room(room) ~= nil, row[3], ("restrict_room_creation = %s, %s"):format(tostring(row[1]), row[2]));
	service:close();
end

-- Who is gone for Prosody leaves the room.
do
	local service = configure({ muc_room_locking = false });
	service:dispatch(st.message { from = "alice@example.org/pda", to = room, type = "groupchat", id = "m" }:body("x"));
	while service:next() do end
	service:dispatch(st.error_reply(st.message { from = room .. "/Alice", to = "alice@example.org/pda", id = "m" },
		"cancel", "service-unavailable"));
	expect(service:room(room), nil, "the room of who is gone");
	service:close();
end

-- Rooms that may have less history than the default.
local service = configure { max_history_messages = 5, muc_room_default_history_length = 500 };
expect(service:room(room), room, "max_history_messages below the length");
service:close();

-- What means nothing is told.
for _, row in ipairs {
	{ "component_admins_as_room_owners", true, "component_admins_as_room_owners" };
	{ "muc_room_cache_size", 5, "libmuc_evict_after" };
	{ "muc_registration_include_form", true, "muc_registration_include_form" };
	{ "new_muc_storage_format", true, "new_muc_storage_format" };
	{ "muc_room_default_colour", "red", "muc_room_default_colour" };
	{ "libmuc_colour", "red", "libmuc_colour" };
	{ "libmuc_settings", { max_colours = 5 }, "max_colours" };
} do
	configure({ [row[1]] = row[2] }):close();
	expect(#warnings == 1 and warnings[1]:find("^warn: .*" .. row[3]) ~= nil, true, "a warning of " .. row[3]);
end

for _, row in ipairs {
	{ "libmuc_settings", { max_nick = "many" }, "max_nick" };
	{ "libmuc_settings", { max_nick = -1 }, "max_nick" };
	{ "libmuc_room_defaults", { colour = "red" }, "colour" };
	{ "libmuc_room_defaults", { members_only = "perhaps" }, "members_only" };
} do
	local ok, err = pcall(configure, { [row[1]] = row[2] });
	expect(not ok and tostring(err):find(row[3], 1, true) ~= nil, true, "an error that names " .. row[3]);
end

-- Every setting of the library that is no matter of the binding can be configured.
local own = { size = true, room_defaults = true, room_default_count = true, store_parts = true, store_temporary = true,
	max_held = true, features = true, extra_features = true, allowed_payloads = true, secret = true, secret_n = true };
for name in io.open("include/muc/service.h"):read("a"):match("typedef struct muc_settings (%b{})")
	:gsub("/%*.-%*/", ""):gmatch("([%w_]+);") do
	expect(own[name] or libmuc.has_setting(name), true, "the setting " .. name);
end

print(passed .. " passed, " .. failed .. " failed");
os.exit(failed == 0, true);
