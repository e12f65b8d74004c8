"""An ejabberd of its own: an Erlang node without a name, so that it needs no port mapper and meets no other node."""

import glob
import os

from place import answers, free_port
from servers import DOMAIN, PASSWORD, ROOMS, SECRET

CONFIG = """
hosts: [{domain}]
loglevel: info
auth_method: [internal]
auth_password_format: plain
listen:
  - {{port: {c2s}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, access: all, shaper: none}}
  - {{port: {component}, ip: "127.0.0.1", module: ejabberd_service, access: all, shaper: none,
      hosts: {{{rooms}: {{password: "{secret}"}}}}}}
{listen}  - {{port: {http}, ip: "127.0.0.1", module: ejabberd_http,
      request_handlers: {{/xmpp-websocket: ejabberd_http_ws}}}}
modules:
  mod_disco: {{}}
  mod_ping: {{}}
  mod_roster: {{}}
{modules}"""

# Runs when all applications are up, before anybody is told so.
MAKE_ACCOUNTS = """lists:foreach(fun(Name) -> ejabberd_auth:try_register(Name, <<"{domain}">>, <<"{password}">>) end,
    [{names}]), file:write_file("{ready}", <<>>)."""


class Ejabberd:
    """listen, modules: more lines of these parts of the configuration; more: other parts."""

    websocket = "ws://127.0.0.1:{}/xmpp-websocket"

    def __init__(self, place, accounts, listen="", modules="", more=""):
        self._place = place
        self.c2s, self.component, http = free_port(), free_port(), free_port()
        self.websocket = self.websocket.format(http)
        self._config = place.write("ejabberd.yml", CONFIG.format(
            c2s=self.c2s, component=self.component, http=http, domain=DOMAIN, rooms=ROOMS, secret=SECRET,
            listen=listen, modules=modules) + more)
        self._spool = place.make("spool")
        self._ready = place.path("ready")
        self._accounts = MAKE_ACCOUNTS.format(
            names=",".join(f'<<"{name}">>' for name in accounts), domain=DOMAIN, password=PASSWORD, ready=self._ready)
        self.start()

    def start(self):
        if os.path.exists(self._ready):
            os.unlink(self._ready)
        # As many schedulers as a small machine has use for, which do not wait for work by looking for it.
        command = ["erl", "+S", "2:2", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none", "-noinput",
                   "-mnesia", "dir", f'"{self._spool}"', "-s", "ejabberd", "-eval", self._accounts]
        self.process = self._place.start("ejabberd", command, {
            "EJABBERD_CONFIG_PATH": self._config, "EJABBERD_LOG_PATH": self._place.path("ejabberd-server.log"),
            "ERL_LIBS": os.path.dirname(glob.glob("/usr/lib/*/ejabberd-*")[0])})
        self.process.wait_for(lambda: os.path.exists(self._ready) and answers(self.c2s) and answers(self.component),
                              "open port")

    def kill(self):
        self.process.kill()

    def stop(self):
        """Asked to end."""
        self.process.stop()
