-- The stanzas of muc-bench (world.c), byte by byte the same.

local DOMAIN = "rooms.example.org"
local MESSAGE = 300
local WORDS = "But soft, what light through yonder window breaks? It is the east, and Juliet is the sun. Arise, fair "
	.. "sun, and kill the envious moon, who is already sick and pale with grief that thou her maid art far more "
	.. "fair than she."

local stanzas = {}

-- Numbers that are the same in every run, of 64 bits or below a limit.
local function sequence(state)
	return function(limit)
		state = state + 0x9e3779b97f4a7c15
		local z = state
		z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9
		z = (z ~ (z >> 27)) * 0x94d049bb133111eb
		z = z ~ (z >> 31)
		-- As without a sign.
		return limit and ((z >> 1) % limit * 2 + (z & 1)) % limit or z
	end
end
stanzas.sequence = sequence

local function address(user)
	return ("user%07d@example.org/client.%06x"):format(user, user * 7919 % 0x1000000)
end

function stanzas.room(room)
	return ("room%07d@%s"):format(room, DOMAIN)
end

function stanzas.bare(user)
	return ("user%07d@example.org"):format(user)
end

-- With capabilities, the hash of a photo, and no history wanted.
function stanzas.enter(room, user)
	local photo = sequence(user + 1)
	local a, b = photo(), photo()
	return ("<presence from='%s' to='%s/nick%07d' id='e%07d'>"
		.. "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example.org' "
		.. "ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
		.. "<x xmlns='vcard-temp:x:update'><photo>%016x%016x%08x</photo></x>"
		.. "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>")
		:format(address(user), stanzas.room(room), user, user, a, b, (a ~ b) >> 32)
end

function stanzas.leave(room, user)
	return ("<presence from='%s' to='%s/nick%07d' type='unavailable'/>"):format(address(user), stanzas.room(room), user)
end

function stanzas.say(room, user)
	local start = ("<message from='%s' to='%s' type='groupchat' id='m%07d'><body>")
		:format(address(user), stanzas.room(room), user)
	local finish = "</body></message>"
	return start .. WORDS:sub(1, MESSAGE - #start - #finish) .. finish
end

return stanzas
