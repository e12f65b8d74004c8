"""A Prosody of its own, in the foreground, with what is needed for chat rooms and nothing else."""

import os

from place import answers, free_port
from servers import DOMAIN, PASSWORD, ROOMS, SECRET

EXTERNAL = f"""
Component "{ROOMS}"
    component_secret = "{SECRET}"
"""

CONFIG = """
run_as_root = true
daemonize = false
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
plugin_paths = {{ {plugins} }}
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
interfaces = {{ "127.0.0.1" }}
component_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
component_ports = {{ {component} }}
http_interfaces = {{ "127.0.0.1" }}
http_ports = {{ {http} }}
https_ports = {{ }}
modules_enabled = {{ "roster", "saslauth", "disco", "websocket", "ping" }}
modules_disabled = {{ "s2s" }}
authentication = "internal_plain"
storage = "internal"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
VirtualHost "{domain}"
{rooms}
"""


class Prosody:
    """rooms: the lines of the configuration for the chat rooms' address; environment: for the process."""

    websocket = "ws://127.0.0.1:{}/xmpp-websocket"

    def __init__(self, place, accounts, rooms=EXTERNAL, plugins=(), environment=None):
        self._place = place
        self._environment = environment
        self._external = rooms is EXTERNAL
        self.c2s, self.component, http = free_port(), free_port(), free_port()
        self.websocket = self.websocket.format(http)
        self._config = place.write("prosody.cfg.lua", CONFIG.format(
            folder=place.folder, plugins=", ".join(f'"{p}"' for p in plugins), c2s=self.c2s,
            component=self.component, http=http, domain=DOMAIN, rooms=rooms))
        place.make("certs")
        folder = place.make("data", DOMAIN.replace(".", "%2e"), "accounts")
        for name in accounts:
            with open(os.path.join(folder, name + ".dat"), "w", encoding="utf-8") as file:
                file.write(f'return {{ ["password"] = "{PASSWORD}" }};\n')
        self.start()

    def start(self):
        self.process = self._place.start("prosody", ["prosody", "--config", self._config, "-F"], self._environment)
        self.process.wait_for(lambda: answers(self.c2s) and (not self._external or answers(self.component)),
                              "open port")

    def kill(self):
        self.process.kill()

    def stop(self):
        """Asked to end."""
        self.process.stop()
