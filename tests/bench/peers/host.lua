-- A host for one installed module of Prosody: the part of its module API that the multi-user chat module asks for, and
-- nothing of a server around it. The module's files and the util.* that it uses are those that are installed, loaded at
-- run time; what would need a server (storage, sessions, administrators, measuring, commands) answers with nothing.
--
-- host.new(directory, sink) returns a host:
--   host.feed(bytes)     stanzas as text, read by Prosody's own stream parser, fired as the event a router would fire
--   host.env             the globals of the module (create_room and so on)
--   host.sent            stanzas that were routed so far, host.bytes: their size where the sink makes bytes of them
-- The sink is "bytes" (a routed stanza becomes text, as for a client's socket) or "none" (it is dropped).

local DOMAIN = "rooms.example.org"

-- Options of the module that differ from its defaults: rooms are as muc-bench makes them (persistent, without history),
-- and every room stays in memory.
local OPTIONS = {
	muc_room_cache_size = 10000000,
	muc_room_default_history_length = 0,
	muc_room_default_persistent = true,
}

local function nothing() end

-- The same bytes in every run; only names and salts are made of them.
local function steady_random()
	local seed = 1
	return {
		bytes = function(n)
			local bytes = {}
			for i = 1, n do
				seed = seed * 16807 % 2147483647
				bytes[i] = string.char(seed % 256)
			end
			return table.concat(bytes)
		end,
	}
end

local function use_installed(directory)
	package.path = directory .. "/?.lua;" .. package.path
	package.cpath = directory .. "/?.so;" .. package.cpath
	package.preload["util.random"] = steady_random
	package.preload["core.usermanager"] = function()
		return { is_admin = function() return false end }
	end
end

-- Finds a library of a module where the loader of modules looks for it.
local function find(directory, name, library)
	for _, pattern in ipairs({ "%s/%s.lib.lua", "%s/muc/%s.lib.lua", "%s/%s/%s.lib.lua" }) do
		local path = pattern:format(directory .. "/modules", library, library)
		local file = io.open(path)
		if file then
			file:close()
			return path
		end
	end
	error(("mod_%s asks for %s, which is not installed"):format(name, library))
end

local function new_store()
	return { get = nothing, set = function() return true end }
end

local function module_api(directory, events, env, route)
	local module = { name = "muc", host = DOMAIN, environment = env, _log = nothing }
	local function option(_, name, default)
		local value = OPTIONS[name]
		if value == nil then
			return default
		end
		return value
	end
	module.get_option, module.get_option_boolean = option, option
	module.get_option_number, module.get_option_string = option, option
	module.log, module.hook_global, module.depends, module.provides = nothing, nothing, nothing, nothing
	module.add_feature, module.add_identity, module.handle_items = nothing, nothing, nothing
	module.open_store = new_store
	local shared = {}
	function module.shared(_, name)
		shared[name] = shared[name] or {}
		return shared[name]
	end
	function module.get_host_type() return "component" end
	function module.measure() return nothing end
	function module.hook(_, event, handler, priority) return events.add_handler(event, handler, priority) end
	function module.fire_event(_, ...) return events.fire_event(...) end
	function module.send(_, stanza) return route(stanza) end
	function module.require(self, library)
		return assert(loadfile(find(directory, self.name, library), "t", env))()
	end
	return module
end

local function new(directory, sink)
	use_installed(directory)
	local events = require "util.events".new()
	local new_stream = require "util.xmppstream".new
	local host = { domain = DOMAIN, sent = 0, bytes = 0 }

	local function route(stanza)
		host.sent = host.sent + 1
		if sink == "bytes" then
			host.bytes = host.bytes + #tostring(stanza)
		end
		return true
	end

	host.env = setmetatable({}, { __index = _G })
	host.env.module = module_api(directory, events, host.env, route)
	assert(loadfile(directory .. "/modules/muc/mod_muc.lua", "t", host.env))()

	-- A stanza to a room (bare), an occupant (full) or the service (host).
	local function kind_of(jid)
		return jid:find("/", 1, true) and "full" or jid:find("@", 1, true) and "bare" or "host"
	end
	local origin = { type = "c2s", send = route }
	local function deliver(_, stanza)
		local event = stanza.name .. "/" .. kind_of(stanza.attr.to)
		if not events.fire_event(event, { origin = origin, stanza = stanza }) then
			error("nobody took " .. tostring(stanza))
		end
	end

	local session = { notopen = true }
	local stream = new_stream(session, {
		default_ns = "jabber:client",
		streamopened = function() session.notopen = nil end,
		handlestanza = deliver,
		error = function(_, what, detail) error(what .. ": " .. tostring(detail)) end,
	})
	function host.feed(bytes)
		assert(stream:feed(bytes))
	end
	host.feed("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
		.. "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
	return host
end

return { new = new }
