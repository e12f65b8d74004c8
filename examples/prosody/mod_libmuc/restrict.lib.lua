-- restrict.lib.lua: what only admins may choose: muc_room_allow_public and muc_room_allow_persistent, as in mod_muc.
--
-- Owners are not shown the field then, and what they submit for it counts for nothing.

local jid_bare = require "util.jid".bare;

local function restrict(option, is_admin)
	local var = "muc#roomconfig_" .. option .. "room";
	module:hook("muc-config-form", function (event)
		for i = #event.form, 1, -1 do
			if event.form[i].var == var and not is_admin(jid_bare(event.from)) then
				table.remove(event.form, i);
			end
		end
	end, -100);
	module:hook("muc-config-check", function (event)
		for _, field in ipairs(event.form) do
			if field.var == var and not is_admin(jid_bare(event.from)) then
				field.value = event.room:get_option(option) and "1" or "0";
			end
		end
	end, -100);
end

return {
	init = function (is_admin)
		for _, option in ipairs { "public", "persistent" } do
			if not module:get_option_boolean("muc_room_allow_" .. option, true) then
				restrict(option, is_admin);
			end
		end
	end;
};
