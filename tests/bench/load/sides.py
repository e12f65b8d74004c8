"""Who serves the chat rooms: each side starts what it needs in a place of its own, and plays muc-load against it.

All get the same: persistent rooms, which stay in memory, twenty messages of history, as many occupants as come, nothing
that slows users down.
"""

import os
import subprocess

from component import Component
from many import fill
from place import Place, answers, free_port
from servers import ROOMS, SECRET
from servers.ejabberd import Ejabberd
from servers.prosody import Prosody

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
PEOPLE = "people.example.org"
OPTIONS = ["--set", "max_occupants=100000", "--set", "max_user_rooms=100000"]

PROSODY_PEOPLE = f"""
Component "{PEOPLE}"
    component_secret = "{SECRET}"
"""
PROSODY_ROOMS = f"""
Component "{ROOMS}"
    component_secret = "{SECRET}"
"""
PROSODY_MUC = f"""
Component "{ROOMS}" "muc"
    muc_room_cache_size = 100000
"""
PROSODY_MODULE = f"""
Component "{ROOMS}" "libmuc"
    libmuc_settings = {{ max_occupants = 100000, max_user_rooms = 100000 }}
"""
# Who connects to a listener of ejabberd is all of its hosts.
EJABBERD_PEOPLE = f"""  - {{{{port: {{port}}, ip: "127.0.0.1", module: ejabberd_service, access: all, shaper: none,
      hosts: {{{{{PEOPLE}: {{{{password: "{SECRET}"}}}}}}}}}}}}
"""
EJABBERD_MUC = f"""  mod_muc:
    host: {ROOMS}
    max_users: 100000
    max_user_conferences: 100000
    max_users_presence: 100000
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options: {{max_users: 100000}}
    user_message_shaper: none
    user_presence_shaper: none
    room_shaper: none
"""


def play(options, *more):
    """Runs muc-load; the results as dictionaries."""
    command = [os.path.join(BUILD, "muc-load"), *options, *more]
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return [dict(word.split("=", 1) for word in line.split()) for line in out.stdout.splitlines()]


class Side(Place):
    """A place with processes to be watched."""

    def play(self, options):
        self.begin()
        watch = [word for name, process in self.watched for word in ("--watch", f"{name}={process.pid}")]
        return play(options, "--port", str(self.port), "--people", PEOPLE, "--secret", SECRET, *watch)

    def prosody(self, rooms, plugins=()):
        self.server = Prosody(self, [], PROSODY_PEOPLE + rooms, plugins)
        self.port = self.server.component
        self.server.process.wait_for(lambda: answers(self.port), "port for components")
        self.watched = [("server", self.server.process)]

    def ejabberd(self, modules=""):
        self.port = free_port()
        self.server = Ejabberd(self, [], EJABBERD_PEOPLE.format(port=self.port), modules)
        self.watched = [("server", self.server.process)]

    def behind(self):
        component = Component(self, self.server.component, OPTIONS)
        self.watched.append(("component", component.process))


class Alone(Side):
    """muc-component, with muc-load where a server would be."""

    stored = False

    def play(self, options):
        port, secret = free_port(), self.write("secret", SECRET + "\n")
        db = ["--db", self.path("rooms.db")] if self.stored else []
        return play(options, "--port", str(port), "--", os.path.join(BUILD, "muc-component"), ROOMS, "--server",
                    f"127.0.0.1:{port}", "--secret-file", secret, "--log", "error", *OPTIONS, *db)


class AloneStored(Alone):
    stored = True


class Stored(AloneStored):
    """With very many rooms in the database."""

    def store(self, rooms):
        super().play(["--users", "2", "--weight", "1", "--inside", "2"])
        fill(self.path("rooms.db"), rooms)


class ProsodyMuc(Side):
    def begin(self):
        self.prosody(PROSODY_MUC)


class ProsodyModule(Side):
    def begin(self):
        self.prosody(PROSODY_MODULE, [os.path.join(BUILD, "prosody")])


class ProsodyComponent(Side):
    def begin(self):
        self.prosody(PROSODY_ROOMS)
        self.behind()


class EjabberdMuc(Side):
    def begin(self):
        self.ejabberd(EJABBERD_MUC)


class EjabberdComponent(Side):
    def begin(self):
        self.ejabberd()
        self.behind()


SIDES = {
    "component": Alone, "component+db": AloneStored,
    "prosody": ProsodyMuc, "ejabberd": EjabberdMuc,
    "prosody+module": ProsodyModule,
    "prosody+component": ProsodyComponent, "ejabberd+component": EjabberdComponent,
}
