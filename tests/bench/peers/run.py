#!/usr/bin/env python3
"""run.py MUC-BENCH OUTPUT: the same loads through libmuc and through the room code of the installed Prosody, one after
the other on this machine; then the ratios. Everything printed also goes to the file OUTPUT, which plot.py draws.

Prosody's multi-user chat module runs in plain Lua without a server and without a network (host.lua beside this file),
once with each of Lua's garbage collectors, and for each once with routed stanzas made into bytes (sink=bytes, what the
ratios are of) and once with them dropped (sink=none).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBMUC_LOADS = ["fanout", "join", "chat", "rooms"]
COLLECTORS = ["incremental", "generational"]
SINKS = ["bytes", "none"]


def find_peer():
    """The directory of Prosody and the Lua to run it with, or the end."""
    directory = Path(os.environ.get("PROSODY", "/usr/lib/prosody"))
    lua = shutil.which(os.environ.get("LUA", "lua5.4"))
    if lua is None or not (directory / "modules/muc/mod_muc.lua").is_file():
        sys.exit("bench-peers: Prosody or Lua is not installed; type: apt-get install prosody lua5.4\n"
                 "(installed elsewhere: PROSODY=directory LUA=interpreter)")
    return directory, lua


def results(line):
    """The keys of a result line, or nothing."""
    if not line.startswith("bench="):
        return None
    return dict(word.split("=", 1) for word in line.split() if "=" in word)


class Run:
    """All results of one run, in the order they came."""

    def __init__(self, output):
        self.output = output
        self.results = []

    def say(self, line):
        print(line, flush=True)
        self.output.write(line + "\n")

    def play(self, command, accepted=(0,)):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                self.say(line.rstrip("\n"))
                if found := results(line):
                    self.results.append(found)
        if process.returncode not in accepted:
            sys.exit(f"bench-peers: {command[0]} ended with status {process.returncode}")

    def figures(self, **wanted):
        """(load, n) -> (unit, figure) of the results with these keys."""
        found = {}
        for result in self.results:
            unit = "ns" if "ns" in result else "bytes"
            if "n" in result and unit in result and all(result.get(key) == value for key, value in wanted.items()):
                found.setdefault((result["bench"], int(result["n"])), (unit, result[unit]))
        return found

    def ratios(self):
        libmuc = self.figures(peer=None)
        peers = {gc: self.figures(peer="prosody", gc=gc, sink="bytes") for gc in COLLECTORS}
        for load, n in sorted(set(libmuc) & set.intersection(*(set(found) for found in peers.values()))):
            unit, figure = libmuc[load, n]
            words = [f"bench=peers load={load} n={n} libmuc_{unit}={figure}"]
            words += [f"{gc}_{unit}={found[load, n][1]}" for gc, found in peers.items()]
            if float(figure) > 0:
                words += [f"{gc}_ratio={float(found[load, n][1]) / float(figure):.1f}" for gc, found in peers.items()]
            self.say(" ".join(words))


def main():
    bench, path = sys.argv[1:]
    directory, lua = find_peer()
    with open(path + ".new", "w", encoding="utf-8") as output:
        run = Run(output)
        # 1: a bar was missed, which `make bench` tells.
        run.play([bench, *LIBMUC_LOADS], accepted=(0, 1))
        for sink in SINKS:
            for gc in COLLECTORS:
                run.play([lua, HERE / "prosody.lua", directory, gc, sink])
        run.ratios()
    # A run that was broken off leaves nothing.
    os.replace(path + ".new", path)


main()
