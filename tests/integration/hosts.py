"""The hosts: each a real server with libmuc as its chat rooms, ready for users."""

import os

from component import Component
from place import Place
from servers import ROOMS
from servers.ejabberd import Ejabberd
from servers.prosody import Prosody

BUILD = os.environ.get("BUILD", "build")

# Who there is; the crowd is for storms.
PEOPLE = ["romeo", "juliet", "nurse", "mercutio"]
CROWD = [f"guest{number}" for number in range(40)]
ADMIN = "mercutio"

IN_PROCESS = f"""
Component "{ROOMS}" "libmuc"
"""


class Host(Place):
    """A server and the rooms; self.component is None where the rooms are inside of the server. options: more of them
    for the component."""

    def __init__(self, name, options=()):
        super().__init__()
        self.component = None
        self._options = options
        try:
            getattr(self, "_" + name.replace("+", "_").replace("-", "_"))()
        except BaseException as error:
            error.logs = list(self.logs())
            self.__exit__()
            raise

    def _prosody_component(self):
        self.server = Prosody(self, PEOPLE + CROWD)
        self._behind()

    def _ejabberd_component(self):
        self.server = Ejabberd(self, PEOPLE + CROWD)
        self._behind()

    def _prosody_module(self):
        module = os.path.abspath(os.path.join(BUILD, "prosody"))
        self.server = Prosody(self, PEOPLE + CROWD, IN_PROCESS, plugins=[module])

    def _behind(self):
        self.component = Component(self, self.server.component, more=self._options)


NAMES = ("prosody+component", "ejabberd+component", "prosody+module")
