-- room.lib.lua: rooms as objects: room:get_name(), room:set_members_only(true), room:each_occupant()...
--
-- Every option of lib/doc/options.md has a getter and a setter of its name. An object is nothing but the JID of its
-- room; what is to be kept with the room goes into room._data, where texts, numbers and booleans are stored with it.
-- What changes a room returns true, or nil, condition, type and text of the error that says why not.

local jid_bare = require "util.jid".bare;
local st = require "util.stanza";

local service, send; -- given by init()

-- { key = value } of any room, in the store of the room.
local data_mt = {
	__index = function (self, key)
		local text = service:data(self["#jid"], key);
		local kind, value = (text or ""):match("^(%a):(.*)$");
		if kind == "n" then
			return tonumber(value);
		elseif kind == "b" then
			return value == "true";
		end
		return value;
	end;
	__newindex = function (self, key, value)
		local kind = value ~= nil and type(value):match("^[nbs]");
		if value ~= nil and not kind then
			error("a room keeps texts, numbers and booleans, no " .. type(value), 2);
		end
		local ok, condition, _, text = service:set_data(self["#jid"], key, kind and kind .. ":" .. tostring(value) or nil);
		if not ok then
			error(("%s (%s)"):format(text, condition), 2);
		end
		send();
	end;
};

local methods = {};

local function changed(...)
	send();
	return ...;
end

local function word(value)
	if type(value) == "boolean" then
		return value and "1" or "0";
	end
	return value == nil and "" or tostring(value);
end

function methods:get_option(name)
	return service:option(self.jid, name);
end

function methods:set_option(name, value)
	return changed(service:set_options(self.jid, { [name] = word(value) }));
end

function methods:set_options(values)
	local words = {};
	for name, value in pairs(values) do
		words[name] = word(value);
	end
	return changed(service:set_options(self.jid, words));
end

function methods:get_affiliation(jid)
	return service:affiliation(self.jid, jid);
end

-- actor true: the room itself, which may do everything.
function methods:set_affiliation(actor, jid, affiliation, reason)
	if actor == true then
		actor = nil;
	end
	return changed(service:set_affiliation(self.jid, actor, jid, affiliation or "none", reason));
end

-- Pairs of JID and affiliation, of all or of one affiliation.
function methods:each_affiliation(wanted)
	local list, i = service:affiliations(self.jid) or {}, 0;
	return function ()
		repeat
			i = i + 1;
		until not list[i] or not wanted or list[i].affiliation == wanted;
		if list[i] then
			return list[i].jid, list[i].affiliation, list[i];
		end
	end;
end

-- Pairs of occupant JID and occupant: { nick=, bare_jid=, jid=, role=, affiliation= }, where `nick` is that JID.
function methods:each_occupant()
	local list, i = service:occupants(self.jid) or {}, 0;
	return function ()
		i = i + 1;
		if list[i] then
			return list[i].nick, list[i];
		end
	end;
end

function methods:has_occupant()
	return next(service:occupants(self.jid) or {}) ~= nil;
end

function methods:get_occupant_by_nick(occupant_jid)
	return (service:occupant(self.jid, occupant_jid));
end

function methods:get_occupant_by_real_jid(jid)
	return (service:occupant(self.jid, jid));
end

function methods:get_occupant_jid(jid)
	local occupant = service:occupant(self.jid, jid);
	return occupant and occupant.nick;
end

function methods:get_role(occupant_jid)
	local occupant = service:occupant(self.jid, occupant_jid);
	return occupant and occupant.role;
end

-- role nil: he is kicked.
function methods:set_role(actor, occupant_jid, role, reason)
	if actor == true then
		actor = nil;
	end
	local nick = occupant_jid:match("/(.*)$");
	return changed(service:set_role(self.jid, actor, nick or occupant_jid, role or "none", reason));
end

-- From whom it is, and the text.
function methods:get_subject()
	local text, from = service:subject(self.jid);
	return from, text;
end

function methods:set_subject(from, text)
	if from == self.jid then
		from = nil;
	end
	return changed(service:set_subject(self.jid, from, text or ""));
end

function methods:destroy(alternate, reason, password)
	return changed(service:destroy(self.jid, alternate, reason, password));
end

-- A stanza of the room, to everybody in it.
function methods:broadcast(stanza)
	return changed(service:broadcast(self.jid, stanza));
end

methods.broadcast_message = methods.broadcast;

-- A stanza of the room, to whom it says.
function methods:route_stanza(stanza)
	return changed(service:route(self.jid, stanza, stanza.attr.to));
end

-- The room says something.
function methods:say(text)
	return self:broadcast(st.message({ type = "groupchat" }):body(text));
end

-- Getters and setters of options are made when they are first used.
setmetatable(methods, {
	__index = function (_, name)
		local what, option = name:match("^([gs]et)_(.+)$");
		if not what then
			return nil;
		end
		local method;
		if what == "get" then
			method = function (self) return self:get_option(option); end;
		else
			method = function (self, value) return self:set_option(option, value); end;
		end
		methods[name] = method;
		return method;
	end;
});

local room_mt = {
	__index = function (self, name)
		if name == "_data" then
			local data = setmetatable({ ["#jid"] = self.jid }, data_mt);
			rawset(self, name, data);
			return data;
		end
		return methods[name];
	end;
	__tostring = function (self)
		return "room (" .. self.jid .. ")";
	end;
};

-- One object for a room as long as anybody holds it.
local objects = setmetatable({}, { __mode = "v" });

local function object(jid)
	local room = objects[jid];
	if not room then
		room = setmetatable({ jid = jid }, room_mt);
		objects[jid] = room;
	end
	return room;
end

local function init(the_service, the_send)
	service, send = the_service, the_send;
end

-- What `local libmuc = module:depends "libmuc"` gives, beside mod_muc's names for it.
local function get_room_from_jid(jid)
	jid = service:room(jid_bare(jid));
	return jid and object(jid);
end

local function create_room(jid, options)
	local words = {};
	for name, value in pairs(options or {}) do
		words[name] = word(value);
	end
	local ok, condition, kind, text = changed(service:create(jid, words));
	if not ok then
		return nil, condition, kind, text;
	end
	return get_room_from_jid(jid);
end

local function live_rooms()
	local list, i = service:rooms(), 0;
	return function ()
		i = i + 1;
		return list[i] and object(list[i]);
	end;
end

return {
	init = init;
	object = object;
	methods = methods;
	get_room_from_jid = get_room_from_jid;
	create_room = create_room;
	live_rooms = live_rooms;
};
