"""What goes wrong between real programs: each fault on a host of its own, with users who live through it."""

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
            for library in module.LIBRARIES:
                await _play(report, host_name, f"{name}: {fault.__doc__.splitlines()[0]}", fault, library)


async def _play(report, host_name, what, fault, library):
    with Host(host_name) as host:
        if not await report.check(f"{what} ({library})", _survive(host, fault, library), 90):
            report.logs(host.logs())


async def _survive(host, fault, library):
    stage = Stage(host, library)
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
