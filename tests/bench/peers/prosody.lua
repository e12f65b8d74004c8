-- prosody.lua DIRECTORY GC SINK: every load, once, through the multi-user chat module of the Prosody installed in
-- DIRECTORY. GC is the garbage collector of Lua, incremental or generational, with Lua's own parameters. SINK: what
-- becomes of a routed stanza, bytes (it is turned into text) or none (it is dropped).

local directory, collector, sink = table.unpack(arg)
assert(collector == "incremental" or collector == "generational", "which garbage collector?")
assert(sink == "bytes" or sink == "none", "what becomes of a stanza?")
package.path = arg[0]:gsub("[^/]*$", "?.lua") .. ";" .. package.path
collectgarbage(collector)

local function say(name, result)
	local words = { "bench=" .. name, "peer=prosody", "gc=" .. collector, "sink=" .. sink }
	for _, key in ipairs({ "n", "ns", "bytes" }) do
		if result[key] then
			words[#words + 1] = ("%s=%.0f"):format(key, result[key])
		end
	end
	if result.spread then
		words[#words + 1] = ("spread=%.2f"):format(result.spread)
	end
	print(table.concat(words, " "))
	io.stdout:flush()
end

local host = require "host".new(directory, sink)
local loads = require "loads".new(host, say)
loads.fanout({ 1, 10, 100, 1000, 10000 })
loads.join({ 100, 1000, 10000 })
loads.chat()
-- Memory does not depend on what becomes of a stanza.
if sink == "bytes" then
	loads.occupants(1000)
	loads.occupied(1000)
	loads.rooms(1000)
	loads.rooms(10000)
end
