"""The jobs there are: every client on every host, the faults, and a bot."""

import asyncio
import glob
import importlib
import importlib.util
import os
import shutil
import signal
import sys

import hosts
from clients import LIBRARIES
from report import Report

# No job may take longer.
SECONDS = 300

# What a job needs: programs and modules by the package that brings them.
PROGRAMS = {
    "prosody": {"prosody": "prosody"},
    "ejabberd": {"erl": "ejabberd"},
    "component": {}, "module": {}, "faults": {}, "bot": {},
    "slixmpp": {}, "aioxmpp": {},
    "terminal": {"tmux": "tmux", "profanity": "profanity"},
    "web": {"chromium": "chromium", "chromedriver": "chromium-driver"},
}
MODULES = {"slixmpp": ["slixmpp"], "aioxmpp": ["aioxmpp"], "terminal": ["slixmpp"], "web": ["slixmpp", "selenium"],
           "faults": ["slixmpp", "aioxmpp"], "bot": ["slixmpp", "aioxmpp"]}
BUILT = {"component": "muc-component", "module": "prosody/mod_libmuc/libmuc.so", "bot": "bot.so",
         "web": "integration/converse/dist/converse.min.js"}

SHORT = ("prosody+component/slixmpp", "ejabberd+component/aioxmpp", "prosody+module/slixmpp",
         "prosody+component/terminal", "prosody+component/web", "prosody+component/bot", "ejabberd+component/faults")


# Whose package brings no program that everybody finds.
FILES = {"ejabberd": ("/usr/lib/*/ejabberd-*", "ejabberd")}


def names(short=False):
    every = [f"{host}/{kind}" for kind in ("slixmpp", "aioxmpp", "terminal", "web") for host in hosts.NAMES]
    every += [f"{host}/faults" for host in hosts.NAMES]
    every += [f"{host}/bot" for host in hosts.NAMES if host.endswith("+component")]
    return [name for name in every if not short or name in SHORT]


def missing(name):
    """What is not there, in words that say what to do."""
    for part in name.replace("+", "/").split("/"):
        for program, package in PROGRAMS[part].items():
            if not shutil.which(program):
                yield f"{program} is not there; type: make deps-hosts (or: apt-get install {package})"
        if part in FILES and not glob.glob(FILES[part][0]):
            yield f"{FILES[part][0]} is not there; type: make deps-hosts (or: apt-get install {FILES[part][1]})"
        for module in MODULES.get(part, []):
            if not importlib.util.find_spec(module):
                yield f"python3-{module} is not there; type: make deps-hosts (or: apt-get install python3-{module})"
        if part in BUILT and not os.path.exists(os.path.join(hosts.BUILD, BUILT[part])):
            yield f"{BUILT[part]} is not in {hosts.BUILD}/; type: make deps-hosts all"


def run(name, only):
    """Runs a job in this process and prints its report; an exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report(name)
    lacks = list(missing(name))
    for what in lacks:
        report.fail(what)
    if not lacks:
        host, kind = name.split("/")
        try:
            asyncio.run(_play(report, host, kind, only))
        except Exception as error:
            report.fail("to the end", error)
            report.logs(getattr(error, "logs", []))
    return report.finish()


async def _play(report, host, kind, only):
    if kind in LIBRARIES:
        await importlib.import_module("suite").play(report, host, kind, only)
    else:
        await importlib.import_module(kind).play(report, host)
