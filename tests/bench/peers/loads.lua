-- Loads of muc-bench by the same names, with the same stanzas, played into the room code of the host: fan-out, join,
-- chat, and the memory of occupants and rooms. Rooms are persistent and semi-anonymous, and keep as much history.
--
-- Time is processor time of this process: the median of several samples, each of a fixed number of stanzas, with the
-- distance of their quartiles over the median as the spread. Garbage is collected as it falls due, within the samples.
-- Memory is what Lua itself counts after full collections: bytes asked for, without the allocator's overhead.

local stanzas = require "stanzas"

local SAMPLES = 7
-- Stanzas delivered in one sample, about.
local SAMPLE_WORK = 20000
local SENDERS, HISTORY = 16, 20
local CHAT_ROOMS, CHAT_OCCUPANTS, CHAT_MESSAGES = 200, 5, 500

local function quantile(values, q)
	table.sort(values)
	local place = q * (#values - 1)
	local low = math.floor(place)
	local value = values[low + 1]
	return value + (place - low) * ((values[low + 2] or value) - value)
end

local function median_and_spread(values)
	local median = quantile(values, 0.5)
	return median, (quantile(values, 0.75) - quantile(values, 0.25)) / median
end

-- Nanoseconds that run() takes.
local function time(run, ...)
	local begin = os.clock()
	run(...)
	return (os.clock() - begin) * 1e9
end

local function heap()
	collectgarbage()
	collectgarbage()
	return collectgarbage("count") * 1024
end

local function nothing() end

-- host: see host.lua. say(name, result) gets every result, a table of figures.
local function new(host, say)
	local loads = {}

	local function room_of(room)
		local jid = stanzas.room(room)
		return host.env.get_room_from_jid(jid) or host.env.create_room(jid)
	end

	-- Lets users first..last join. The room says nothing of it to those inside, so that a large room is quick to fill;
	-- what it keeps of them is what a join leaves behind.
	local function fill(room, first, last, history)
		local object = room_of(room)
		object:set_historylength(history)
		object.publicise_occupant_status = nothing
		object.send_occupant_list = nothing
		for user = first, last do
			host.feed(stanzas.enter(room, user))
		end
		object.publicise_occupant_status, object.send_occupant_list = nil, nil
	end

	local function forget_rooms()
		local objects = {}
		for object in host.env.live_rooms() do
			objects[#objects + 1] = object
		end
		for _, object in ipairs(objects) do
			host.env.forget_room(object)
			host.env.delete_room(object)
		end
		collectgarbage()
	end

	local function feed(texts, count)
		for i = 1, count do
			host.feed(texts[(i - 1) % #texts + 1])
		end
	end

	-- One message to a room of n: all of it, and what each recipient after the first adds.
	function loads.fanout(sizes)
		local alone
		for _, n in ipairs(sizes) do
			fill(1, 0, n - 1, HISTORY)
			local texts, number = {}, stanzas.sequence(n)
			for i = 1, SENDERS do
				texts[i] = stanzas.say(1, number(n))
			end
			local count = math.max(2, math.min(2000, SAMPLE_WORK // n))
			local sent, costs, slopes = host.sent, {}, {}
			feed(texts, count)
			for k = 1, SAMPLES do
				costs[k] = time(feed, texts, count) / count
			end
			assert(host.sent - sent == (SAMPLES + 1) * count * n, "every occupant gets every message")
			local cost, spread = median_and_spread(costs)
			say("fanout_total", { n = n, ns = cost, spread = spread })
			if n > 1 then
				for k = 1, SAMPLES do
					slopes[k] = (costs[k] - alone) / (n - 1)
				end
				local slope, slope_spread = median_and_spread(slopes)
				say("fanout", { n = n, ns = slope, spread = slope_spread })
			else
				alone = cost
			end
			forget_rooms()
		end
	end

	-- Users leave a room of n and enter again: what each stanza costs that is delivered, by both and by entering alone.
	function loads.join(sizes)
		for _, n in ipairs(sizes) do
			fill(1, 0, n - 1, 0)
			local both, entry, number = {}, {}, stanzas.sequence(n)
			for k = 0, SAMPLES do
				local leaving, entering, left, entered = 0, 0, 0, 0
				for _ = 1, math.max(2, SAMPLE_WORK // (3 * n)) do
					local user, before = number(n), host.sent
					leaving = leaving + time(host.feed, stanzas.leave(1, user))
					local between = host.sent
					entering = entering + time(host.feed, stanzas.enter(1, user))
					left = left + between - before
					entered = entered + host.sent - between
				end
				-- The first one is to warm up.
				if k > 0 then
					both[k] = (leaving + entering) / (left + entered)
					entry[k] = entering / entered
				end
			end
			for _, name in ipairs({ "join", "join_entry" }) do
				local cost, spread = median_and_spread(name == "join" and both or entry)
				say(name, { n = n, ns = cost, spread = spread })
			end
			forget_rooms()
		end
	end

	-- Messages in rooms of five, room and sender as they come.
	function loads.chat()
		local texts, number = {}, stanzas.sequence(4)
		for room = 0, CHAT_ROOMS - 1 do
			local first = room * CHAT_OCCUPANTS
			fill(room, first, first + CHAT_OCCUPANTS - 1, HISTORY)
		end
		for i = 1, CHAT_MESSAGES do
			local room = number(CHAT_ROOMS)
			texts[i] = stanzas.say(room, room * CHAT_OCCUPANTS + number(CHAT_OCCUPANTS))
		end
		local costs, count = {}, SAMPLE_WORK // CHAT_OCCUPANTS
		feed(texts, count)
		for k = 1, SAMPLES do
			costs[k] = time(feed, texts, count) / count
		end
		local cost, spread = median_and_spread(costs)
		say("chat", { n = CHAT_ROOMS, ns = cost, spread = spread })
		forget_rooms()
	end

	-- What an occupant of a room of n weighs, with its presence.
	function loads.occupants(n)
		fill(1, 0, 0, 0)
		local before = heap()
		fill(1, 1, n, 0)
		say("join_heap", { n = n, bytes = (heap() - before) / n })
		forget_rooms()
	end

	-- What each of n idle rooms weighs with one occupant inside.
	function loads.occupied(n)
		local before = heap()
		for room = 0, n - 1 do
			fill(room, room, room, 0)
		end
		say("rooms_occupied", { n = n, bytes = (heap() - before) / n })
		forget_rooms()
	end

	-- What each of n idle persistent rooms weighs in memory: a name, one owner, nobody inside.
	function loads.rooms(n)
		local before = heap()
		for room = 0, n - 1 do
			local object = room_of(room)
			object:set_name(("Room %d"):format(room))
			object:set_affiliation(true, stanzas.bare(room), "owner")
		end
		say("rooms_heap", { n = n, bytes = (heap() - before) / n })
		forget_rooms()
	end

	return loads
end

return { new = new }
