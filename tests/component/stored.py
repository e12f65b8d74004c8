"""Rooms in a database: what was acknowledged is there again, whatever happens to the program or the disk."""
import os
import re
import resource
import signal
import sqlite3

from crashes import crash
from server import DOMAIN, JOIN, check

ROOM = f"tea@{DOMAIN}"
OWNER = "http://jabber.org/protocol/muc#owner"
FORM = "http://jabber.org/protocol/muc#roomconfig"
CREATE = "urn:libmuc:commands#create"


def db(case):
    return os.path.join(case.folder, "rooms.db")


def run(case, admin=None, **how):
    return case.run("--db", db(case), *(["--admin", admin] if admin else []), **how)


def kill(component, link):
    """As if the power had gone."""
    component.signal(signal.SIGKILL)
    component.process.wait()
    link.close()


def say(link, text, jid="a@example.org/x", ident="m"):
    link.send(f"<message type='groupchat' id='{ident}' from='{jid}' to='{ROOM}'><body>{text}</body></message>")


def hear(link, text):
    link.expect(f"<message to='a@example.org/x' from='{ROOM}/ann' [^>]*><body>{text}<")


def configure(link, ident="c", **fields):
    """As the owner; the answer."""
    values = "".join(f"<field var='{k.replace('__', '#')}'><value>{v}</value></field>" for k, v in fields.items())
    link.send(f"<iq type='set' id='{ident}' from='a@example.org/x' to='{ROOM}'><query xmlns='{OWNER}'>"
              f"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{FORM}</value></field>"
              f"{values}</x></query></iq>")
    return link.expect(f"<iq [^>]*type='(result|error)'[^>]*id='{ident}'").group(1)


def persist(link):
    check(configure(link, muc__roomconfig_persistentroom=1, muc__roomconfig_roomname="Tea") == b"result")


def test_nobody_rejoins_after_the_end(case):
    component, link = run(case)
    link.join()
    persist(link)
    link.join("b@example.org/y", nick="bob")
    say(link, "first")
    hear(link, "first")
    component.stop(link)
    component, link = run(case)
    say(link, "second")
    hear(link, "second")
    link.expect("<message to='b@example.org/y' [^>]*><body>second<")
    link.join("d@example.org/z", nick="dan")
    check(b"first" in link.data and b"second" in link.data, link.data)
    component.stop(link)


def test_nobody_rejoins_after_a_crash(case):
    component, link = run(case)
    link.join()
    persist(link)
    say(link, "first")
    hear(link, "first")
    kill(component, link)
    component, link = run(case)
    say(link, "second")
    hear(link, "second")
    component.stop(link)


def test_a_temporary_room_ends_in_the_database(case):
    component, link = run(case)
    link.join()
    check(configure(link) == b"result")
    component.stop(link)
    rows = sqlite3.connect(db(case)).execute("SELECT jid FROM room").fetchall()
    check(rows == [(ROOM,)], rows)
    component, link = run(case)
    link.send(f"<presence type='unavailable' from='a@example.org/x' to='{ROOM}/ann'/>")
    link.expect("<presence [^>]*type='unavailable'.*code='110'")
    component.stop(link)
    rows = sqlite3.connect(db(case)).execute("SELECT jid FROM room").fetchall()
    check(rows == [], rows)


def test_a_room_destroyed(case):
    component, link = run(case)
    link.join()
    persist(link)
    link.send(f"<iq type='set' id='d' from='a@example.org/x' to='{ROOM}'>"
              f"<query xmlns='{OWNER}'><destroy/></query></iq>")
    link.expect("<iq [^>]*type='result'[^>]*id='d'")
    kill(component, link)
    component, link = run(case)
    say(link, "anybody?")
    link.expect("<item-not-found")
    component.stop(link)


def test_two_processes(case):
    component, link = run(case)
    other = case.start("--server", f"127.0.0.1:{case.server.port}", "--db", db(case))
    other.wait(75)
    other.expect_log("another process is using it")
    link.join()
    component.stop(link)


def test_another_program_s_database(case):
    connection = sqlite3.connect(db(case))
    connection.execute("CREATE TABLE mine (x)")
    connection.commit()
    before = open(db(case), "rb").read()
    component = case.start("--server", "127.0.0.1:1", "--db", db(case))
    component.wait(74)
    component.expect_log("another program")
    check(open(db(case), "rb").read() == before, "it was changed")


def test_a_later_version(case):
    component, link = run(case)
    component.stop(link)
    connection = sqlite3.connect(db(case))
    connection.execute("PRAGMA user_version = 1000")
    connection.commit()
    connection.close()
    component = case.start("--server", "127.0.0.1:1", "--db", db(case))
    component.wait(74)
    component.expect_log("later version")


def test_no_database(case):
    component = case.start("--server", "127.0.0.1:1", "--db", os.path.join(case.folder, "no", "such", "folder"))
    component.wait(73)
    component.expect_log("cannot be made: No such file")
    component = case.start("--server", "127.0.0.1:1", "--db", case.folder)
    component.wait(74)
    component.expect_log("cannot be opened")
    path = case.path("text", "no database at all, but more than a hundred bytes of text " * 3)
    component = case.start("--server", "127.0.0.1:1", "--db", path)
    component.wait(74)
    component.expect_log("not a database")


def test_no_permission(case):
    """Of the database, or of its folder: nothing is changed. Root does without what lets it pass over permissions."""
    before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    def refused(name, status, text):
        component = case.start("--server", "127.0.0.1:1", "--db", os.path.join(folder, name), before=before)
        component.wait(status)
        component.expect_log(text)

    folder = os.path.join(case.folder, "folder")
    os.mkdir(folder)
    component, link = case.run("--db", os.path.join(folder, "rooms.db"))
    component.stop(link)
    os.chmod(os.path.join(folder, "rooms.db"), 0o400)
    refused("rooms.db", 74, "rooms.db: cannot be opened: Permission denied: .*mend that")
    os.chmod(os.path.join(folder, "rooms.db"), 0o600)
    os.chmod(folder, 0o500)
    refused("rooms.db", 74, "rooms.db: its folder may not be written.*mend that")
    refused("new.db", 73, "new.db: cannot be made: Permission denied: see that it may be made there")
    check(os.listdir(folder) == ["rooms.db"], os.listdir(folder))
    os.chmod(folder, 0o700)
    component, link = case.run("--db", os.path.join(folder, "rooms.db"))
    component.stop(link)


def test_a_damaged_database(case):
    component, link = run(case)
    link.join()
    persist(link)
    component.stop(link)
    connection = sqlite3.connect(db(case))
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'document'").fetchone()[0]
    connection.close()
    with open(db(case), "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x99" * 4096)
    component = case.start("--server", "127.0.0.1:1", "--db", db(case))
    component.wait(74)
    component.expect_log("rooms.db: .*it is left as it is")


def test_files_that_are_taken_away(case):
    """It ends instead of writing where nothing is kept; and what was in the log has gone to the database by then."""
    for name in ("-wal", ""):
        component, link = run(case)
        link.join()
        configure(link, persistent=1)
        say(link, "before")
        hear(link, "before")
        if name:
            os.remove(db(case) + name)
        else:
            os.rename(db(case), db(case) + ".away")
            sqlite3.connect(db(case)).execute("CREATE TABLE other (x)")
        say(link, "after")
        link.expect("</stream:stream>")
        check(b"<body>after" not in link.data, link.data)
        link.close()
        component.wait(74)
        component.expect_log("cannot be used any more .somebody has .*" + ("-wal file" if name else "the file"))
        if not name:
            os.rename(db(case) + ".away", db(case))
        component, link = run(case)
        link.join("d@example.org/z", nick="dan")
        check(b"<body>before<" in link.data, link.data)
        link.send(f"<iq type='set' id='d' from='a@example.org/x' to='{ROOM}'>"
                  f"<query xmlns='{OWNER}'><destroy/></query></iq>")
        link.expect("<iq [^>]*type='result'[^>]*id='d'")
        component.stop(link)


def full_disk(component, full):
    """No file of the program but its short log may grow, or all may again."""
    most = 4096 if full else resource.RLIM_INFINITY
    resource.prlimit(component.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def test_a_full_disk(case):
    component, link = run(case)
    link.join()
    persist(link)
    say(link, "before")
    hear(link, "before")
    full_disk(component, True)
    say(link, "while it is full")
    component.expect_log("cannot be written")
    link.silence()
    say(link, "refused", ident="r")
    link.silence()
    link.send(JOIN.format(jid="b@example.org/y", room="coffee", nick="bob"))
    link.expect("<presence to='b@example.org/y' [^>]*type='error'.*<internal-server-error")
    full_disk(component, False)
    hear(link, "while it is full")
    link.expect("<message to='a@example.org/x' [^>]*type='error'[^>]*id='r'.*<internal-server-error")
    component.expect_log("can be written again")
    say(link, "after")
    hear(link, "after")
    check(len(re.findall("cannot be written", component.log())) == 1, "said more than once")
    kill(component, link)
    component, link = run(case)
    link.join("d@example.org/z", nick="dan")
    said = re.findall(rb"<message to='d@example.org/z' [^>]*><body>([^<]*)<", link.data)
    check(said == [b"before", b"while it is full", b"after"], said)
    component.stop(link)


def test_a_command_while_the_disk_is_full(case):
    """An administrator is told that a room was made when it is stored."""
    component, link = run(case, admin="a@example.org")

    def command(ident, more, form=""):
        link.send(f"<iq type='set' id='{ident}' from='a@example.org/x' to='{DOMAIN}'><command node='{CREATE}' {more} "
                  f"xmlns='http://jabber.org/protocol/commands'>{form}</command></iq>")

    command("c1", "action='execute'")
    session = link.expect("<iq [^>]*id='c1'.*? sessionid='([^']*)'.*</iq>").group(1).decode()
    full_disk(component, True)
    command("c2", f"sessionid='{session}'", "<x xmlns='jabber:x:data' type='submit'>"
            f"<field var='FORM_TYPE'><value>{CREATE}</value></field><field var='persistent'><value>1</value></field>"
            f"<field var='room'><value>{ROOM}</value></field></x>")
    component.expect_log("cannot be written")
    link.silence()
    full_disk(component, False)
    link.expect("<iq [^>]*id='c2'.*Created")
    kill(component, link)
    component, link = run(case)
    check(rooms(link) == ["tea"], rooms(link))
    component.stop(link)


def test_the_end_while_the_disk_is_full(case):
    component, link = run(case)
    link.join()
    persist(link)
    full_disk(component, True)
    say(link, "late")
    component.expect_log("cannot be written")
    component.signal(signal.SIGTERM)
    link.silence(1)
    full_disk(component, False)
    hear(link, "late")
    link.expect("</stream:stream>")
    link.close()
    component.wait(0)


def test_the_end_that_does_not_wait_for_the_disk(case):
    """A second signal ends it at once: what nobody has been told is lost, and it says so."""
    component, link = run(case)
    link.join()
    persist(link)
    full_disk(component, True)
    say(link, "late")
    component.expect_log("cannot be written")
    component.signal(signal.SIGTERM)
    component.expect_log("ending")
    link.silence(0.5)
    component.signal(signal.SIGTERM)
    component.wait(74)
    component.expect_log("not everything is saved")


def test_the_end_while_disk_and_server_are_away(case):
    component, link = run(case)
    link.join()
    persist(link)
    full_disk(component, True)
    say(link, "late")
    component.expect_log("cannot be written")
    link.close()
    component.expect_log("disconnected")
    component.signal(signal.SIGTERM)
    component.expect_log("ending")
    full_disk(component, False)
    component.wait(0)
    component, link = run(case)
    link.join("d@example.org/z", nick="dan")
    check(b"<body>late<" in link.data, link.data)
    component.stop(link)


def rooms(link, rsm=""):
    """The names in the room list, or in a page of it."""
    link.send(f"<iq type='get' id='l' from='a@example.org/x' to='{DOMAIN}'>"
              f"<query xmlns='http://jabber.org/protocol/disco#items'>{rsm}</query></iq>")
    return re.findall(r"<item jid='([^@]*)@", link.expect("<iq [^>]*id='l'.*?</iq>").group(0).decode())


def test_the_room_list(case):
    """It has the rooms that are stored, whether they are in memory or not, and comes in pages."""
    component, link = run(case)
    for name in ("c", "a", "b", "d", "e"):
        link.join(room=name)
        link.send(f"<iq type='set' id='p' from='a@example.org/x' to='{name}@{DOMAIN}'><query xmlns='{OWNER}'>"
                  "<x xmlns='jabber:x:data' type='submit'><field var='persistent'><value>1</value></field>"
                  f"<field var='public'><value>{0 if name == 'b' else 1}</value></field></x></query></iq>")
        link.expect("<iq [^>]*type='result'[^>]*id='p'")
        link.send(f"<presence type='unavailable' from='a@example.org/x' to='{name}@{DOMAIN}/ann'/>")
        link.expect("<presence [^>]*type='unavailable'.*code='110'")
    component.stop(link)
    component, link = run(case)
    link.join(room="c")
    found = rooms(link)
    check(found == ["a", "c", "d", "e"], found)
    after, pages = "", []
    while len(pages) < 3:
        pages.append(rooms(link, f"<set xmlns='http://jabber.org/protocol/rsm'><max>2</max>{after}</set>"))
        after = f"<after>{pages[-1][-1]}@{DOMAIN}</after>" if pages[-1] else ""
    check(pages == [["a", "c"], ["d", "e"], []], pages)
    component.stop(link)


def test_crashes(case):
    crash(case.folder, case.program, 12)
