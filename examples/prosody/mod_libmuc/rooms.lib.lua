-- rooms.lib.lua: rooms in Prosody's data stores.
--
-- libmuc_rooms       a room: its XML, as libmuc writes it; written before anybody is told of what changed in it
-- libmuc_history     what newcomers are shown of it: a part of that XML
-- libmuc_public      which of them are public, with their names: the room list needs no room to be loaded
-- libmuc_suspended   rooms as they were when the module was unloaded, with those who were in them

local jid_node = require "util.jid".node;

local store = module:open_store("libmuc_rooms");
local history_store = module:open_store("libmuc_history");
local public_store = module:open_store("libmuc_public");
local public_map = module:open_store("libmuc_public", "map");
local suspended = module:open_store("libmuc_suspended");

-- Public rooms: name by JID, and the JIDs in order; read when they are first asked for.
local names, order;

local function place(jid)
	local low, high = 1, #order + 1;
	while low < high do
		local middle = (low + high) // 2;
		if order[middle] < jid then
			low = middle + 1;
		else
			high = middle;
		end
	end
	return low;
end

local function read_public()
	local stored, err = public_store:get(nil);
	if not stored and err then
		return nil, err;
	end
	names, order = {}, {};
	for node, name in pairs(stored or {}) do
		local jid = node .. "@" .. module.host;
		names[jid] = name;
		order[#order + 1] = jid;
	end
	table.sort(order);
	return true;
end

-- name nil: it is not public any more.
local function set_public(jid, name)
	if not names and not read_public() then
		return nil;
	end
	local was = names[jid];
	if was == name then
		return true;
	end
	if not public_map:set(nil, jid_node(jid), name) then
		return nil;
	end
	names[jid] = name;
	if not name then
		table.remove(order, place(jid));
	elseif not was then
		table.insert(order, place(jid), jid);
	end
	return true;
end

local function log_failure(what, jid, err)
	module:log("error", "%s could not be %s: %s", jid, what, err);
end

-- nil: there is no such room; false: that is not known.
local function load(jid)
	local node, history = jid_node(jid), nil;
	local stored, err = store:get(node);
	if stored then
		history, err = history_store:get(node);
	end
	if err then
		log_failure("loaded", jid, err);
		return false;
	elseif history then
		return (stored.xml:gsub("</room>%s*$", "")) .. history.xml .. "</room>";
	end
	return stored and stored.xml;
end

local function save(jid, xml, about)
	local ok, err = store:set(jid_node(jid), { xml = xml });
	if not ok then
		log_failure("saved", jid, err);
		return false;
	end
	return set_public(jid, about.public and about.name or nil);
end

-- xml nil: there is none.
local function save_history(jid, xml)
	local ok, err = history_store:set(jid_node(jid), xml and { xml = xml });
	if not ok then
		log_failure("saved", jid, err);
	end
	return ok;
end

local function remove(jid)
	local ok, err = store:set(jid_node(jid), nil);
	if not ok then
		log_failure("removed", jid, err);
		return false;
	end
	return save_history(jid, nil) and set_public(jid, nil);
end

-- The first `max` public rooms behind `after`.
local function stored(after, max)
	if not names and not read_public() then
		error("the list of public rooms cannot be read");
	end
	local result, first = {}, 1;
	if after then
		first = place(after);
		if order[first] == after then
			first = first + 1;
		end
	end
	for i = first, math.min(first + max - 1, #order) do
		result[#result + 1] = order[i];
		result[#result + 1] = names[order[i]];
	end
	return result;
end

-- A room as it is now when the module is unloaded. What is persistent stays in its store as well.
local keeping = {};

local function keep(jid, xml)
	local node = jid_node(jid);
	keeping[node] = true;
	return suspended:set(node, { xml = xml });
end

-- Called by the module when all rooms were given to keep().
local function keep_list()
	local list = keeping;
	keeping = {};
	return suspended:set(nil, next(list) and list or nil);
end

-- Takes them back, once.
local function resume(service)
	for node in pairs(suspended:get(nil) or {}) do
		local room = suspended:get(node);
		local ok, _, _, text = service:restore(room and room.xml or "");
		if not ok then
			log_failure("taken back", node .. "@" .. module.host, text);
		end
		suspended:set(node, nil);
	end
	suspended:set(nil, nil);
end

return {
	load = load;
	save = save;
	save_history = save_history;
	remove = remove;
	stored = stored;
	keep = keep;
	keep_list = keep_list;
	resume = resume;
};
