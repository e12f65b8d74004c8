-- settings.lib.lua: options of Prosody's configuration file as settings of libmuc.
--
-- Those that mod_muc has are called and meant as there. Everything else that libmuc can be told (include/muc/service.h,
-- lib/doc/options.md) goes into two tables:
--
--     libmuc_settings = { max_occupants = 500, idle_ping = 600 }
--     libmuc_room_defaults = { max_users = "50", allow_pm = "participants" }

local base64 = require "util.encodings".base64;
local random_bytes = require "util.random".bytes;

local function flag(value)
	return value and "1" or "0";
end

local function pass(value)
	return tostring(value);
end

local function whois(value)
	return value and "anyone" or "moderators";
end

-- { visitor = true, ... }, or a list of words, or one word.
local function roles(value)
	if type(value) ~= "table" then
		return tostring(value);
	end
	local words = {};
	for key, on in pairs(value) do
		if type(key) == "number" then
			words[#words + 1] = on;
		elseif on then
			words[#words + 1] = key;
		end
	end
	table.sort(words);
	return table.concat(words, ",");
end

-- Option of mod_muc, option of a room, how the value is said, and what mod_muc has where nothing is said.
local room_defaults = {
	{ "muc_room_default_public", "public", flag, false };
	{ "muc_room_default_persistent", "persistent", flag };
	{ "muc_room_default_members_only", "members_only", flag };
	{ "muc_room_default_allow_member_invites", "allow_member_invites", flag };
	{ "muc_room_default_moderated", "moderated", flag };
	{ "muc_room_default_public_jids", "whois", whois };
	{ "muc_room_default_change_subject", "changesubject", flag };
	{ "muc_room_default_history_length", "historylength", pass };
	{ "muc_room_default_language", "language", pass };
	{ "muc_room_default_presence_broadcast", "presence_broadcast", roles };
	{ "muc_room_default_allow_pm", "allow_pm", pass };
	{ "muc_room_default_always_allow_moderator_pms", "allow_modpm", flag };
	{ "enforce_registered_nickname", "enforce_registered_nick", flag };
	{ "allow_unaffiliated_register", "registration", function (value)
		return value and "anyone" or "affiliated";
	end };
};

local function read_room_defaults()
	local defaults = {};
	for _, row in ipairs(room_defaults) do
		local value = module:get_option(row[1]);
		if value == nil then
			value = row[4];
		end
		if value ~= nil then
			defaults[row[2]] = row[3](value);
		end
	end
	for name, value in pairs(module:get_option("libmuc_room_defaults", {})) do
		defaults[name] = type(value) == "boolean" and flag(value) or tostring(value);
	end
	return defaults;
end

-- What names that last are made from: made once, then kept.
local function secret()
	local store = module:open_store("libmuc_secret");
	local kept = store:get(nil);
	if not kept then
		kept = { secret = base64.encode(random_bytes(32)) };
		local ok, err = store:set(nil, kept);
		if not ok then
			module:log("error", "The secret cannot be stored, occupant ids will change with the next start: %s", err);
		end
	end
	return base64.decode(kept.secret);
end

local creation = { [true] = "admins", ["admin"] = "admins", ["local"] = "local" };

local function read()
	local result = {
		domain = module.host;
		name = module:get_option_string("name", "Prosody Chatrooms");
		room_creation = creation[module:get_option("restrict_room_creation")] or "anyone";
		lock_new_rooms = module:get_option_boolean("muc_room_locking", true);
		lock_timeout = module:get_option_number("muc_room_lock_timeout", 300);
		max_history = module:get_option_number("max_history_messages");
		max_rooms = module:get_option_number("muc_max_rooms");
		occupant_ids = module:get_option_boolean("muc_occupant_id", true);
		evict_after = module:get_option_number("libmuc_evict_after", 3600);
		secret = secret();
		room_defaults = read_room_defaults();
	};
	if module:get_option_boolean("muc_tombstones", true) then
		result.tombstone_time = module:get_option_number("muc_tombstone_expiry", 86400 * 31);
	end
	for name, value in pairs(module:get_option("libmuc_settings", {})) do
		result[name] = value;
	end
	return result;
end

return { read = read };
