"""What goes wrong between real programs: each fault on a host of its own, with users of slixmpp who live through it."""

import importlib

from hosts import Host
from relay import Relay
from servers import ROOMS
from suite import Stage

# What can be played on every host, and what needs the component, or the link to it.
EVERYWHERE = ("server",)
COMPONENT = ("link", "storm")


async def play(report, host_name):
    for name in EVERYWHERE + (COMPONENT if host_name.endswith("+component") else ()):
        module = importlib.import_module("faults." + name)
        for fault in module.FAULTS:
            with Host(host_name) as host:
                passed = await report.check(f"{name}: {fault.__doc__.splitlines()[0]}", _play(host, fault), 90)
                if not passed:
                    report.logs(host.logs())


async def _play(host, fault):
    stage = Stage(host, "slixmpp")
    stage.link = None
    if host.component:
        host.component.stop()
        stage.link = Relay(host.server.component)
        host.component.start(stage.link.port)
        host.component.wait()
    await stage.open()
    stage.room = f"{fault.__name__}@{ROOMS}"
    try:
        await fault(stage)
    finally:
        await stage.close()
