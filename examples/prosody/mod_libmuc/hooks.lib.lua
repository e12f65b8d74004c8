-- hooks.lib.lua: the library's points as events of this host, for other modules:
--
--     module:hook("muc-occupant-pre-join", function (event) ... end)
--
-- The names are those of mod_muc where it has one; lib/doc/prosody.md lists them all. A handler refuses what it is
-- asked about by returning true, after event.origin.send(st.error_reply(event.stanza, ...)) or with event.error set;
-- false lets it through without asking anybody else.

local st = require "util.stanza";

local room_object; -- given by init()
local events = prosody.hosts[module.host].events;

local xmlns_disco = { ["muc-disco#info"] = "http://jabber.org/protocol/disco#info";
	["muc-disco#items"] = "http://jabber.org/protocol/disco#items" };

-- Of fields that handlers have added: name and type by var.
local own_fields = {};

-- Forms ---------------------------------------------------------------------------------------------------------------

local function text_of(value)
	if type(value) == "boolean" then
		return value and "1" or "0";
	end
	return value ~= nil and tostring(value) or nil;
end

-- What util.dataforms takes as a field, as the binding takes it.
local function complete_field(field, before)
	local var = field.var or field.name;
	local result = {
		var = var; type = field.type; label = field.label or field.desc; required = field.required; before = before;
	};
	if type(field.value) == "table" then
		result.values = {};
		for i, value in ipairs(field.value) do
			result.values[i] = text_of(type(value) == "table" and value.value or value);
		end
	else
		result.value = text_of(field.value);
	end
	if field.options then
		result.choices = {};
		for i, option in ipairs(field.options) do
			local value = type(option) == "table" and option.value or option;
			result.choices[i] = { value = text_of(value), label = type(option) == "table" and option.label or nil };
			if type(option) == "table" and option.default then
				result.value = text_of(value);
			end
		end
	end
	if var then
		own_fields[var] = { name = field.name or var, type = field.type };
	end
	return result;
end

-- Before: fields have their var as `name`, too. After: what was put between them is completed.
local function begin_form(event)
	local known = {};
	for _, field in ipairs(event.form) do
		field.name = field.var;
		known[field] = true;
	end
	return function ()
		local form, before = {}, nil;
		for i = #event.form, 1, -1 do
			local field = event.form[i];
			if known[field] then
				before = field.var;
				form[i] = { var = field.var, value = text_of(field.value) };
			else
				form[i] = complete_field(field, before);
			end
		end
		event.form = form;
	end;
end

local function value_of(field)
	local own = own_fields[field.var];
	local kind = own and own.type;
	if kind == "boolean" then
		return field.value == "1" or field.value == "true";
	elseif kind and kind:match("%-multi$") or #field.values > 1 then
		return field.values;
	end
	return field.value;
end

-- fields: values by name. An event of its own for each field that was sent, as mod_muc has it.
local function begin_submission(event)
	event.fields, event.status_codes = {}, {};
	for _, field in ipairs(event.form or {}) do
		local own = own_fields[field.var];
		event.fields[own and own.name or field.var] = value_of(field);
	end
	return function ()
		for _, field in ipairs(event.form or {}) do
			if field.submitted then
				local own = own_fields[field.var];
				local name = own and own.name or field.var;
				events.fire_event(event.name .. "/" .. name, setmetatable({ field = name, value = event.fields[name] },
					{ __index = event, __newindex = event }));
			end
		end
		if event.changed then
			event.status_codes["104"] = true;
		end
		event.form = nil;
	end;
end

-- What is being built -------------------------------------------------------------------------------------------------

-- `stanza` is what others will get of it: children that are put in or taken out are put in or left out there.
local function begin_build(event)
	local stanza = event.stanza;
	local before = {};
	for i, child in ipairs(stanza.tags) do
		before[child] = i;
	end
	return function ()
		local still = {};
		event.added, event.dropped = {}, {};
		for _, child in ipairs(event.stanza.tags) do
			if before[child] then
				still[child] = true;
			else
				table.insert(event.added, child);
			end
		end
		for child, i in pairs(before) do
			if not still[child] then
				table.insert(event.dropped, i);
			end
		end
	end;
end

local function begin_message(event)
	if not event.stanza or event.stanza.name ~= "message" then
		event.stanza = st.message { type = "groupchat" };
	end
	event.stanza.attr.from = event.occupant and event.occupant.nick or event.room.jid;
	return begin_build(event);
end

local function begin_presence(event)
	event.stanza = st.presence { from = event.occupant and event.occupant.nick };
	return begin_build(event);
end

local function begin_invite(event)
	event.stanza = st.message { from = event.room.jid, to = event.invitee };
	return begin_build(event);
end

local function begin_disco(event)
	event.reply = st.stanza("iq"):tag("query", { xmlns = xmlns_disco[event.name] });
	return function ()
		event.added = event.reply.tags[1].tags;
		for _, child in ipairs(event.added) do
			child.attr.xmlns = child.attr.xmlns or xmlns_disco[event.name];
		end
	end;
end

local beginnings = {
	["muc-config-form"] = begin_form;
	["muc-registration-form"] = begin_form;
	["muc-config-submitted"] = begin_submission;
	["muc-broadcast-message"] = begin_message;
	["muc-build-private-message"] = begin_message;
	["muc-build-presence-payload"] = begin_presence;
	["muc-build-occupant-presence"] = begin_presence;
	["muc-invite"] = begin_invite;
	["muc-voice-form"] = begin_invite;
	["muc-disco#info"] = begin_disco;
	["muc-disco#items"] = begin_disco;
};

-- Answers -------------------------------------------------------------------------------------------------------------

local may_be_discarded = { ["muc-occupant-groupchat"] = true, ["muc-private-message"] = true };

-- "stop", "discard", or condition, type and text of an error; nothing: go on.
local function verdict(event, answer)
	if event.name == "muc-get-default-role" and (type(answer) == "string" or answer == false) then
		event.role = answer or "none";
		return "stop";
	elseif event.name == "muc-message-is-historic" and answer ~= nil then
		event.keep = answer and true or false;
		return "stop";
	elseif event.name == "muc-private-message" and answer == false then
		return "discard";
	end
	local err = event.error or type(answer) == "table" and answer;
	if answer == nil and event.allowed == nil then
		return nil;
	elseif answer == false and event.allowed ~= false or event.allowed then
		return "stop";
	elseif err then
		return err.condition or event.condition or "not-allowed", err.type or "", err.text;
	elseif may_be_discarded[event.name] then
		return "discard";
	end
	return "not-allowed", "";
end

-- Who answers a stanza by an error says what the library shall answer.
local function new_origin(event)
	local origin = { type = "c2s", full_jid = event.from, host = module.host };
	function origin.send(stanza)
		if stanza.attr.type == "error" then
			local kind, condition, text = stanza:get_error();
			event.error = { type = kind, condition = condition, text = text };
			return true;
		end
		return module:send(stanza);
	end
	return origin;
end

-- Called by the binding.
local function fire(event)
	event.room = event.room and room_object(event.room);
	event.actor = event.from;
	event.origin = new_origin(event);
	local finish = beginnings[event.name] and beginnings[event.name](event);
	local answer = events.fire_event(event.name, event);
	if event.key and answer == nil then
		answer = events.fire_event(event.name .. "/" .. event.key, event);
	end
	if finish then
		finish();
	end
	return verdict(event, answer);
end

-- Points that somebody here wants to hear of. What nobody listens to costs nothing, so this looks for it when a module
-- is loaded, and now and then.
local listening = {};

local function listen(service)
	for name in pairs(events._event_map) do
		local point = name:match("^(muc%-[^/]+)");
		if point and not listening[point] then
			listening[point] = true;
			service:listen(point);
		end
	end
end

return {
	init = function (object)
		room_object = object;
	end;
	fire = fire;
	listen = listen;
};
