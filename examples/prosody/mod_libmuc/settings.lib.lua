-- settings.lib.lua: options of Prosody's configuration file as settings of libmuc.
--
-- Those that mod_muc has are called and meant as there. Everything else that libmuc can be told (include/muc/service.h,
-- lib/doc/options.md) goes into two tables:
--
--     libmuc_settings = { max_occupants = 500, idle_ping = 600 }
--     libmuc_room_defaults = { max_users = "50", allow_pm = "participants" }

local base64 = require "util.encodings".base64;
local configmanager = require "core.configmanager";
local random_bytes = require "util.random".bytes;

local function flag(value)
	return value and "1" or "0";
end

-- What reads an option, and says it as libmuc does.

local function boolean(name, default)
	local value = module:get_option_boolean(name, default);
	return value ~= nil and flag(value) or nil;
end

local function whois(name)
	local value = module:get_option_boolean(name);
	return value ~= nil and (value and "anyone" or "moderators") or nil;
end

local function number(name)
	local value = module:get_option_number(name);
	return value and ("%d"):format(value);
end

local function text(name)
	return module:get_option_string(name);
end

local words_of_pm = { everyone = "anyone", members = "affiliated" };

local function allow_pm(name)
	local value = module:get_option_string(name);
	return words_of_pm[value] or value;
end

local function registration(name)
	local value = module:get_option_boolean(name);
	return value ~= nil and (value and "anyone" or "affiliated") or nil;
end

-- { visitor = true, ... }, or a list of words, or one word.
local function roles(name)
	local value = module:get_option(name);
	if value == nil then
		return nil;
	elseif type(value) ~= "table" then
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

-- Option of mod_muc, option of a room, how it is read, and what mod_muc has where nothing is said.
local room_defaults = {
	{ "muc_room_default_public", "public", boolean, false };
	{ "muc_room_default_persistent", "persistent", boolean };
	{ "muc_room_default_members_only", "members_only", boolean };
	{ "muc_room_default_allow_member_invites", "allow_member_invites", boolean };
	{ "muc_room_default_moderated", "moderated", boolean };
	{ "muc_room_default_public_jids", "whois", whois };
	{ "muc_room_default_change_subject", "changesubject", boolean };
	{ "muc_room_default_history_length", "historylength", number };
	{ "muc_room_default_language", "language", text };
	{ "muc_room_default_presence_broadcast", "presence_broadcast", roles };
	{ "muc_room_default_allow_pm", "allow_pm", allow_pm };
	{ "muc_room_default_always_allow_moderator_pms", "allow_modpm", boolean };
	{ "enforce_registered_nickname", "enforce_registered_nick", boolean };
	{ "allow_unaffiliated_register", "registration", registration };
};

local function read_room_defaults()
	local defaults = {};
	for _, row in ipairs(room_defaults) do
		defaults[row[2]] = row[3](row[1], row[4]);
	end
	for name, value in pairs(module:get_option("libmuc_room_defaults", {})) do
		defaults[name] = type(value) == "boolean" and flag(value) or tostring(value);
	end
	return defaults;
end

-- What mod_muc has and this has not, or has otherwise.
local not_here = {
	component_admins_as_room_owners = "admins of the component enter, configure and destroy rooms, and own none";
	muc_room_cache_size = "rooms leave memory after libmuc_evict_after seconds without use";
	muc_registration_include_form = "the form is always there";
	new_muc_storage_format = "rooms are stored in a format of their own";
};

-- Says which options mean nothing. Other modules have options of their own, so not every muc_ can be told.
local function warn(has_setting)
	local known = {
		libmuc_settings = true; libmuc_room_defaults = true; libmuc_evict_after = true; libmuc_store_history = true;
	};
	for _, row in ipairs(room_defaults) do
		known[row[1]] = true;
	end
	for name in pairs(configmanager.getconfig()[module.host] or {}) do
		if not_here[name] then
			module:log("warn", "The option %s has no effect: %s", name, not_here[name]);
		elseif not known[name] and (name:match("^muc_room_default_") or name:match("^libmuc_")) then
			module:log("warn", "There is no option %s", name);
		end
	end
	for name in pairs(module:get_option("libmuc_settings", {})) do
		if not has_setting(name) then
			module:log("warn", "There is no setting %s for libmuc_settings", name);
		end
	end
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

-- true, or any word but "local", is for admins.
local function creation()
	local value = module:get_option("restrict_room_creation");
	return value == "local" and "local" or value and "admins" or "anyone";
end

local function read()
	local lock_timeout = module:get_option_number("muc_room_lock_timeout", 300);
	local history_length = module:get_option_number("muc_room_default_history_length", 20);
	local result = {
		domain = module.host;
		name = module:get_option_string("name", "Prosody Chatrooms");
		room_creation = creation();
		lock_new_rooms = module:get_option_boolean("muc_room_locking", true) and lock_timeout > 0;
		lock_timeout = lock_timeout;
		max_history = module:get_option_number("max_history_messages", math.max(history_length, 100));
		max_rooms = module:get_option_number("muc_max_rooms");
		occupant_ids = module:get_option_boolean("muc_occupant_id", true);
		evict_after = module:get_option_number("libmuc_evict_after", 3600);
		store_history = module:get_option_boolean("libmuc_store_history", false);
		-- What Prosody answers for a client that is gone.
		unavailable_is_gone = true;
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

return { read = read, warn = warn };
