-- conversions.lua FOLDER: stanzas of Prosody into libmuc and out of it again, without a Prosody around them, but with
-- its util.stanza. FOLDER is where libmuc.so is.

local prosody_source = os.getenv("PROSODY_SOURCE") or "/usr/lib/prosody";
package.path = prosody_source .. "/?.lua;" .. package.path;
package.cpath = prosody_source .. "/?.so;" .. package.cpath;

local st = require "util.stanza";
local libmuc = assert(package.loadlib(arg[1] .. "/libmuc.so", "luaopen_libmuc"))(st.stanza_mt);

local muc = "http://jabber.org/protocol/muc";
local domain, room = "rooms.example.org", "r@rooms.example.org";
local alice, bob = "alice@example.org/pda", "bob@example.org/desktop";

local passed, failed = 0, 0;

local function test(name, fn)
	local ok, err = xpcall(fn, debug.traceback);
	if ok then
		passed = passed + 1;
	else
		failed = failed + 1;
		print("FAILED " .. name .. ": " .. err);
	end
end

local function expect(value, wanted, what)
	if value ~= wanted then
		error((what or "it") .. " is " .. tostring(value) .. ", not " .. tostring(wanted), 2);
	end
end

-- A service, and what it has sent: an array of { stanza, recipients }.
local function new_service(settings, functions)
	local all = { domain = domain };
	for key, value in pairs(settings or {}) do
		all[key] = value;
	end
	local service = libmuc.service(all, setmetatable(functions or {}, { __index = {
		is_admin = function () return false; end;
		load = function () return nil; end;
		save = function () return true; end;
		remove = function () return true; end;
		stored = function () return {}; end;
		error = function (text) print("reported: " .. text); end;
	} }));
	local function take()
		local taken = {};
		for stanza, recipients, count in service.next, service do
			taken[#taken + 1] = { stanza, { table.unpack(recipients, 1, count) } };
		end
		return taken;
	end
	return service, take;
end

local function enter(service, from, nick)
	assert(service:dispatch(st.presence { from = from, to = room .. "/" .. nick }:tag("x", { xmlns = muc })));
end

-- A room in which Alice and Bob are.
local function new_room(settings, functions)
	local service, take = new_service(settings, functions);
	enter(service, alice, "Alice");
	assert(service:dispatch(st.iq { from = alice, to = room, type = "set", id = "c" }
		:tag("query", { xmlns = muc .. "#owner" }):tag("x", { xmlns = "jabber:x:data", type = "submit" })));
	enter(service, bob, "Bob");
	take();
	return service, take;
end

local function message(fields)
	local attr = { from = alice, to = room, type = "groupchat", id = "m" };
	for key, value in pairs(fields or {}) do
		attr[key] = value;
	end
	return st.message(attr);
end

-- What others get of a message of Alice.
local function said(stanza, settings)
	local service, take = new_room(settings);
	assert(service:dispatch(stanza));
	local taken = take();
	expect(#taken, 1, "deliveries");
	return taken[1][1], taken[1][2];
end

-- The same element, whatever the order of its attributes.
local function same(a, b, path)
	path = (path or "") .. "/" .. tostring(a.name);
	expect(b.name, a.name, path);
	for key, value in pairs(a.attr) do
		expect(b.attr[key], value, path .. "/@" .. key);
	end
	for key in pairs(b.attr) do
		expect(a.attr[key] ~= nil, true, path .. "/@" .. key .. " expected");
	end
	expect(#b, #a, path .. " children");
	expect(#b.tags, #a.tags, path .. " elements");
	for i = 1, #a do
		if type(a[i]) == "string" then
			expect(b[i], a[i], path .. "/" .. i);
		else
			same(a[i], b[i], path);
		end
	end
end

test("a message comes back from the nickname, to all", function ()
	local stanza, recipients = said(message():body("hello"));
	expect(stanza.name, "message");
	expect(stanza.attr.from, room .. "/Alice");
	expect(stanza.attr.type, "groupchat");
	expect(stanza.attr.id, "m");
	expect(stanza.attr.to, nil);
	expect(#recipients, 2);
	table.sort(recipients);
	expect(recipients[1], alice);
	expect(recipients[2], bob);
	expect(stanza:get_child_text("body"), "hello");
end);

test("util.stanza takes it for one of its own", function ()
	local stanza = said(message():body("hello"));
	expect(st.is_stanza(stanza), true);
	local copy = st.clone(stanza);
	same(stanza, copy);
	expect(rawequal(getmetatable(copy), st.stanza_mt), true);
	stanza = said(message():body("hello"));
	expect(#st.clone(stanza, true), 0, "a clone of the top has no children");
	expect(st.reply(stanza).attr.to, room .. "/Alice");
	expect(st.error_reply(stanza, "cancel", "gone").name, "message");
	stanza = st.stanza("forwarded", { xmlns = "urn:xmpp:forward:0" }):add_child(said(message():body("hello")));
	expect(tostring(stanza):match("<body>hello</body>"), "<body>hello</body>");
	expect(st.deserialize(st.preserialize(said(message():body("hello")))):get_child_text("body"), "hello");
end);

test("it is written as util.stanza writes it, read before or not", function ()
	local function parts(text)
		local words = {};
		for word in text:gmatch("[^%s<>/]+") do
			words[#words + 1] = word;
		end
		table.sort(words);
		return table.concat(words, " ");
	end
	local original = message { ["xml:lang"] = "de" }:body("a < b & c > d \"e\" 'f'"):tag("x", { xmlns = "urn:example" });
	for _, look in ipairs { function () end, function (s) return s.tags; end, function (s) return #s; end,
		function (s) return s[1]; end } do
		local stanza = said(original);
		look(stanza);
		stanza.attr.to = bob;
		local copy = st.clone(stanza);
		expect(parts(tostring(stanza)), parts(tostring(copy)));
		expect(parts(stanza:top_tag()), parts(copy:top_tag()));
		expect(tostring(stanza):sub(-10), "</message>");
	end
end);

test("what is changed is what is written", function ()
	local stanza = said(message():body("hello"));
	stanza.attr.to, stanza.attr.id, stanza.attr.type = bob, nil, "chat";
	expect(tostring(stanza):find("to='" .. bob .. "'", 1, true) ~= nil, true);
	expect(tostring(stanza):find("id=", 1, true), nil);
	stanza:tag("x", { xmlns = "urn:example" }):text("more"):up();
	expect(tostring(stanza):find("<x xmlns='urn:example'>more</x>", 1, true) ~= nil, true);
	expect(tostring(stanza):find("<body>hello</body>", 1, true) ~= nil, true);
	stanza:remove_children("body");
	expect(tostring(stanza):find("body", 1, true), nil);
	stanza = said(message():body("hello"));
	stanza:maptags(function () return nil; end);
	expect(#stanza, 0);
	expect(tostring(stanza):sub(-2), "/>");
end);

test("one without content", function ()
	local service, take = new_room();
	assert(service:dispatch(st.presence { from = bob, to = room .. "/Bob", type = "unavailable" }));
	for _, delivery in ipairs(take()) do
		expect(delivery[1].name, "presence");
		expect(st.is_stanza(delivery[1]:get_child("x", muc .. "#user")), true);
	end
	assert(service:dispatch(st.iq { from = alice, to = domain, type = "get", id = "p" }
		:tag("ping", { xmlns = "urn:xmpp:ping" })));
	local reply = take()[1][1];
	expect(reply.attr.type, "result");
	expect(#reply, 0);
	expect(#reply.tags, 0);
	expect(reply[1], nil);
	expect(tostring(reply):sub(-2), "/>");
end);

test("attributes with what XML escapes", function ()
	for _, id in ipairs { "<>&'\"", "&amp;", "a\nb\tc", "&#10;", "ä€😀", "]]>", "" } do
		expect(said(message { id = id }:body("x")).attr.id, id);
	end
end);

test("texts with what XML escapes", function ()
	for _, text in ipairs { "<>&'\"", "&amp;", "a\nb\tc", "&#10;", "ä€😀", "]]>", " ", ("x"):rep(100000) } do
		expect(said(message():body(text)):get_child_text("body"), text);
	end
end);

test("attributes in namespaces", function ()
	local stanza = message():body("x");
	stanza:tag("x", { xmlns = "urn:example"; ["urn:a\1b"] = "1"; ["xml:lang"] = "fr"; plain = "3" })
		:tag("y", { xmlns = "urn:example"; ["urn:a\1b"] = "4" });
	stanza:get_child("x", "urn:example").attr["urn:c'&\1d"] = "2'";
	local got = said(stanza);
	same(stanza:get_child("x", "urn:example"), got:get_child("x", "urn:example"));
	expect(tostring(got):find("\1", 1, true), nil);
	expect(said(message { ["http://www.w3.org/XML/1998/namespace\1lang"] = "it" }:body("x")).attr["xml:lang"], "it");
end);

test("namespaces as the parser of Prosody says them", function ()
	local got = said(message():body("x"):tag("a", { xmlns = "urn:a" }):tag("b"):tag("c", { xmlns = "urn:c" }):up():up()
		:tag("d", { xmlns = "jabber:client" }):tag("e", { xmlns = "" }));
	local a = got:get_child("a", "urn:a");
	expect(a.tags[1].attr.xmlns, "urn:a");
	expect(a.tags[1].tags[1].attr.xmlns, "urn:c");
	expect(a.tags[2].name, "d");
	expect(a.tags[2].attr.xmlns, "jabber:client");
	expect(got:get_child("body").attr.xmlns, nil);
end);

test("elements that are no namespace's own keep that of what is around them", function ()
	local got = said(message():body("x"):tag("a", { xmlns = "urn:a" }):tag("b"):text("in a"));
	expect(got:find("{urn:a}a/b#"), "in a");
end);

test("mixed content", function ()
	local stanza = message():tag("html", { xmlns = "urn:h" }):text("one "):tag("b", { xmlns = "urn:h" }):text("two"):up()
		:text(" three"):tag("i", { xmlns = "urn:h" }):up();
	same(stanza.tags[1], said(stanza).tags[1]);
end);

-- Hostile ones: refused, with nothing sent and nothing broken.
local function refused(name, stanza, wanted)
	test(name, function ()
		local service, take = new_room();
		local ok, condition, kind, text = service:dispatch(stanza);
		expect(ok, nil);
		expect(condition, wanted or "bad-request");
		expect(type(kind) == "string" and type(text) == "string", true, "type and text");
		expect(#take(), 0, "deliveries");
		assert(service:dispatch(message():body("still there")));
		expect(#take(), 1, "deliveries afterwards");
	end);
end

local function deep(levels)
	local stanza = message();
	for _ = 1, levels do
		stanza:tag("x", { xmlns = "urn:example" });
	end
	return stanza;
end

local function with_child(child)
	local stanza = message():body("x");
	stanza[#stanza + 1] = child;
	return stanza;
end

refused("a tree that is too deep", deep(100));
refused("a tree that is far too deep", deep(100000));
refused("one that is too big", message():body(("x"):rep(300000)), "policy-violation");
refused("a tree that holds itself", (function ()
	local stanza = message():body("x");
	stanza[2] = stanza;
	return stanza;
end)());
refused("control characters in an attribute", (function ()
	local stanza = message():body("x");
	stanza.attr.id = "a\0b\7";
	return stanza;
end)());
refused("control characters in a text", with_child("\27"));
refused("bytes that are no UTF-8", with_child("\xff\xfe"));
refused("a name that would end the tag", with_child { name = "x/><y", attr = {}, tags = {} });
refused("an attribute that would begin another", (function ()
	local stanza = message():body("x");
	stanza.attr["a='b' c"] = "d";
	return stanza;
end)());
refused("an attribute with a namespace and no name", message { ["urn:a\1"] = "b" }:body("x"));
refused("an attribute with no namespace and its sign", (function ()
	local stanza = message():body("x");
	stanza.attr["\1b"] = "c";
	return stanza;
end)());
refused("an attribute that is no text", (function ()
	local stanza = message():body("x");
	stanza.attr.id = {};
	return stanza;
end)());
refused("an attribute whose name is a number", (function ()
	local stanza = message():body("x");
	stanza.attr[1] = "x";
	return stanza;
end)());
refused("no attributes", with_child { name = "x", tags = {} });
refused("no name", with_child { attr = {}, tags = {} });
refused("a child that is a number", with_child(7 == 7));
refused("no stanza", 42);
refused("nothing of it", {});

test("nothing at all is an error of the caller, and the service goes on", function ()
	local service, take = new_room();
	expect(service:dispatch(), nil);
	expect(pcall(service.dispatch), false);
	expect(pcall(service.dispatch, {}), false);
	assert(service:dispatch(message():body("x")));
	expect(#take(), 1);
end);

test("a stanza of one service goes into another", function ()
	local stanza = said(message():body("hello"));
	stanza.attr.from, stanza.attr.to = alice, room;
	expect(said(stanza):get_child_text("body"), "hello");
end);

test("a stanza outlives its service", function ()
	local service, take = new_room();
	assert(service:dispatch(message():body("hello")));
	local stanza = take()[1][1];
	service:close();
	collectgarbage();
	expect(stanza:get_child_text("body"), "hello");
	expect(pcall(service.next, service), false);
	service:close();
end);

test("what only a server knows: connections, domains and accounts that are gone", function ()
	local service, take = new_room();
	local carol, dave = "carol@elsewhere.example/x", "dave@elsewhere.example/x";
	enter(service, carol, "Carol");
	enter(service, dave, "Dave");
	take();
	assert(service:gone(bob, "Gone"));
	local told = 0;
	for _, delivery in ipairs(take()) do
		expect(delivery[1].attr.from, room .. "/Bob");
		expect(delivery[1]:get_child_text("status"), "Gone");
		told = told + #delivery[2];
	end
	expect(told, 3, "recipients");
	assert(service:unreachable("elsewhere.example"));
	for _, delivery in ipairs(take()) do
		expect(delivery[1]:get_child("x", muc .. "#user"):get_child_with_attr("status", nil, "code", "333") ~= nil, true);
		expect(table.concat(delivery[2], " "), alice);
	end
	expect(#service:occupants(room), 1);
	assert(service:gone("nobody@example.org/x"));
	expect(service:gone("@"), nil);
	assert(service:forget_user("alice@example.org"));
	expect(#service:rooms(), 0);
end);

test("errors in functions of the module do not come through", function ()
	local reported = 0;
	local function fail()
		error("on purpose");
	end
	local service, take = new_service({}, {
		load = fail, is_admin = fail, error = function (text)
			reported = reported + (text:find("on purpose", 1, true) and 1 or 0);
		end
	});
	enter(service, alice, "Alice");
	local answer = take()[1][1];
	expect(answer.attr.type, "error");
	expect(select(2, answer:get_error()), "internal-server-error");
	expect(reported > 0, true, "reported");
end);

-- A store that is a table, and may fail.
local function new_store()
	local store = { saved = {}, history = {}, loads = 0, writes = 0 };
	return store, {
		load = function (jid)
			store.loads = store.loads + 1;
			local saved = store.saved[jid];
			return saved and saved:gsub("</room>%s*$", "") .. (store.history[jid] or "") .. "</room>";
		end;
		save_history = function (jid, xml)
			store.writes = store.writes + 1;
			if not store.fails then
				store.history[jid] = xml;
			end
			return not store.fails;
		end;
		save = function (jid, xml, about)
			store.about = about;
			store.writes = store.writes + 1;
			if store.fails then
				return false;
			end
			store.saved[jid] = xml;
			return true;
		end;
		remove = function (jid)
			store.saved[jid] = nil;
			return not store.fails;
		end;
	};
end

local function configure(service, value)
	return service:dispatch(st.iq { from = alice, to = room, type = "set", id = "c" }
		:tag("query", { xmlns = muc .. "#owner" }):tag("x", { xmlns = "jabber:x:data", type = "submit" })
			:tag("field", { var = "FORM_TYPE" }):text_tag("value", muc .. "#roomconfig"):up()
			:tag("field", { var = "muc#roomconfig_persistentroom" }):text_tag("value", "1"):up()
			:tag("field", { var = "muc#roomconfig_roomname" }):text_tag("value", value):up());
end

test("a room is saved before anybody is told, or it has not changed", function ()
	local store, functions = new_store();
	local service, take = new_room({}, functions);
	store.fails = true;
	assert(configure(service, "One"));
	local taken = take();
	expect(#taken, 1);
	expect(select(2, taken[1][1]:get_error()), "internal-server-error");
	expect(service:option(room, "name"), "");
	store.fails = false;
	assert(configure(service, "One"));
	expect(store.about.name, "One");
	expect(store.about.public, true);
	expect(store.saved[room]:find("One", 1, true) ~= nil, true);
end);

test("a room is loaded when it is wanted, and forgotten when nobody wants it", function ()
	local store, functions = new_store();
	local service, take = new_room({ evict_after = 1 }, functions);
	assert(configure(service, "One"));
	assert(service:dispatch(message():body("kept")));
	for _, from in ipairs { alice, bob } do
		service:gone(from);
	end
	take();
	expect(store.history[room], nil, "history that is saved at each message");
	local before = os.time();
	while #service:rooms() > 0 and os.time() < before + 10 do
		service:sweep();
	end
	expect(#service:rooms(), 0, "rooms in memory");
	expect(store.history[room]:find("kept", 1, true) ~= nil, true, "history that is saved in the end");
	store.loads, store.writes = 0, 0;
	expect(service:option(room, "name"), "One");
	expect(store.loads, 1, "loads");
	enter(service, bob, "Bob");
	expect(store.writes, 0, "what entering writes");
	local heard = false;
	for _, delivery in ipairs(take()) do
		heard = heard or delivery[1]:get_child_text("body") == "kept";
	end
	expect(heard, true, "history for who comes");
end);

test("history is stored at each message, before anybody is told, when that is wanted", function ()
	local store, functions = new_store();
	local service, take = new_room({ store_history = true }, functions);
	assert(configure(service, "One"));
	take();
	local about = store.about;
	assert(service:dispatch(message():body("kept")));
	expect(store.history[room]:match("^<history>.*kept.*</history>$") ~= nil, true, "history");
	expect(store.saved[room]:find("kept", 1, true), nil, "history in the room's own document");
	expect(store.about, about, "the room's own document");
	take();
	store.writes = 0;
	enter(service, "carol@example.org/pda", "Carol");
	service:gone("carol@example.org/pda");
	expect(store.writes, 0, "what entering and leaving writes");
	take();
	store.fails = true;
	assert(service:dispatch(message():body("lost")));
	expect(select(2, take()[1][1]:get_error()), "internal-server-error");
	service:close();
	store.fails = false;
	local again, heard = new_service({}, functions), {};
	enter(again, bob, "Bob");
	for stanza in again.next, again do
		table.insert(heard, stanza:get_child_text("body"));
	end
	expect(table.concat(heard, " "), "kept");
end);

test("what closes the service from inside of a call closes it behind that call", function ()
	local service;
	service = new_room({}, { fire = function ()
		service:close();
		collectgarbage();
	end });
	service:listen("muc-occupant-groupchat");
	assert(service:dispatch(message():body("x")));
	expect(pcall(service.dispatch, service, message():body("y")), false);
	expect(select(2, pcall(service.room, service, room)):match("closed") ~= nil, true);
end);

test("what is saved is taken back, with those inside", function ()
	local kept = {};
	local service = new_room({}, { keep = function (jid, xml)
		kept[jid] = xml;
		return true;
	end });
	expect(service:save(), true);
	service:close();
	local again, take = new_service();
	assert(again:restore(kept[room]));
	expect(again:restore(kept[room]), nil);
	expect(again:restore("<room"), nil);
	assert(again:dispatch(message():body("still inside")));
	expect(#take()[1][2], 2, "recipients");
end);

test("the list of public rooms comes from the store, by pages", function ()
	local service, take = new_service({ max_page = 2 }, { stored = function (after, max)
		local result, all = {}, { "a@" .. domain, "One", "b@" .. domain, "", "c@" .. domain, "Three" };
		for i = 1, #all, 2 do
			if (not after or all[i] > after) and #result < 2 * max then
				table.insert(result, all[i]);
				table.insert(result, all[i + 1]);
			end
		end
		return result;
	end });
	local after, found = nil, {};
	repeat
		local query = st.iq { from = alice, to = domain, type = "get", id = "l" }
			:tag("query", { xmlns = "http://jabber.org/protocol/disco#items" })
			:tag("set", { xmlns = "http://jabber.org/protocol/rsm" }):text_tag("max", "2");
		if after then
			query:text_tag("after", after);
		end
		assert(service:dispatch(query));
		local items = take()[1][1].tags[1];
		after = nil;
		for item in items:childtags("item") do
			table.insert(found, item.attr.jid);
			after = item.attr.jid;
		end
	until not after;
	expect(table.concat(found, " "), "a@" .. domain .. " b@" .. domain .. " c@" .. domain);
end);

test("settings that make no sense are refused", function ()
	for _, settings in ipairs { { domain = "" }, { max_nick = -1 }, { max_nick = "many" }, { room_creation = "everybody" },
		{ room_defaults = { members_only = "perhaps" } }, { room_defaults = { [1] = "x" } }, { secret = "short" } } do
		expect(pcall(new_service, settings), false);
	end
end);

print(passed .. " passed, " .. failed .. " failed");
os.exit(failed == 0, true);
