#!/usr/bin/python3
"""run.py [OPTION]... [SIDE]...: the same load on muc-component, on the module for Prosody, and on the chat rooms that
Prosody and ejabberd have themselves, one after the other on this machine; then the ratios, and whether they are within
the bars. Output: one line of keys and values for each figure.

Everybody is played by muc-load over one connection of the component protocol (XEP-0114): users' stanzas go in there,
and what rooms send comes back there. So a server with its own rooms does what muc-component alone does: reading, the
rooms, writing. Behind a server both have to, and what the server spends there is what it costs it to route as many
stanzas between two components: routing=. less_routing= is what is left of a server with its own rooms without that.

A round plays each side once, in processes that are new; a figure is the median of the rounds. --loose: the bars of the
short form, whose figures are of a small room.
"""

import argparse
import os
import statistics
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../../integration"), os.path.join(HERE, "../../component")]

from sides import SIDES, Stored  # noqa: E402

BUILT_IN = ("prosody", "ejabberd")
ALONE = ("component", "component+db")
BEHIND = {"prosody+component": "prosody", "ejabberd+component": "ejabberd"}
WEIGHED = ("component", "component+db", "prosody+module", "prosody", "ejabberd")
WEIGHED_LOOSE = ("prosody+module", "prosody")

# Against the better of the servers' own rooms; against Prosody's own, in time and in memory; a start with many rooms.
BARS = {"alone": 0.1, "module": 1.0, "memory": 1.0, "start_ms": 1000}
LOOSE = {"alone": 0.25, "module": 1.25, "memory": 1.25, "start_ms": 5000}


class Figures:
    """What was measured: of each side, process and load the values of all rounds."""

    def __init__(self):
        self.values = {}
        self.missed = 0

    def add(self, side, result):
        for key in result.keys() & {"cpu_ms", "ms", "ns", "rss", "rss_each"}:
            self.values.setdefault((side, result["process"], result["what"], key), []).append(float(result[key]))

    def of(self, side, what, key="cpu_ms", process=None):
        """The median; of all processes together when none is named. None: not measured."""
        found = [values for (s, p, w, k), values in self.values.items()
                 if s == side and w == what and k == key and process in (None, p)]
        return statistics.median(map(sum, zip(*found))) if found else None

    def better(self, what):
        """The built-in rooms that cost least."""
        known = [side for side in BUILT_IN if self.of(side, what) is not None]
        return min(known, key=lambda side: self.of(side, what), default=None)

    def bar(self, side, what, key, against, bar):
        """A line for a ratio and its bar."""
        one, other = self.of(side, what, key), against and self.of(against, what, key)
        if one is None or not other:
            return
        ratio = one / other
        met = ratio <= bar
        self.missed += not met
        print(f"bench=hosts what={what} side={side} {key}={one:.1f} against={against} other={other:.1f} "
              f"ratio={ratio:.4f} bar={bar} {'PASS' if met else 'FAIL'}", flush=True)

    def start(self, bar):
        ms, rss = self.of("stored", "start", "ms"), self.of("stored", "start", "rss")
        self.missed += ms > bar
        verdict = "FAIL" if ms > bar else "PASS"
        print(f"bench=hosts what=start side=stored ms={ms:.1f} rss={rss:.0f} bar={bar} {verdict}", flush=True)

    def whole(self, what):
        """What the servers spend on routing alone, and on both."""
        for side, server in BEHIND.items():
            routing, whole = self.of(side, what, process="server"), self.of(side, what)
            if routing is None:
                continue
            own = self.of(server, what)
            more = f" own={own:.1f} less_routing={own - routing:.1f} ratio={whole / own:.2f}" if own else ""
            print(f"bench=hosts what={what} side={side} cpu_ms={whole:.1f} routing={routing:.1f}{more}", flush=True)


def note(figures, name, results):
    for result in results:
        figures.add(name, result)
        print(f"side={name} " + " ".join(f"{key}={value}" for key, value in result.items()), flush=True)


def play(figures, name, words):
    with SIDES[name]() as side:
        try:
            note(figures, name, side.play(words))
        except Exception:
            for log, lines in side.logs():
                print(f"---- {log}", *lines, sep="\n", file=sys.stderr)
            raise


def measure(figures, options):
    sides = options.sides or SIDES
    for _ in range(options.rounds):
        for name in sides:
            play(figures, name, ["--users", str(options.users), "--messages", str(options.messages)])
    for name in sides:
        if name in (WEIGHED_LOOSE if options.loose else WEIGHED):
            play(figures, name, ["--users", str(options.users), "--weight", str(options.weight)])
    with Stored() as side:
        side.store(options.stored)
        for _ in range(options.rounds):
            note(figures, "stored", side.play(["--users", "2", "--messages", "1"]))


def judge(figures, bars):
    for what in ("join", "message"):
        for side in ALONE:
            figures.bar(side, what, "cpu_ms", figures.better(what), bars["alone"])
        figures.bar("prosody+module", what, "cpu_ms", "prosody", bars["module"])
        figures.whole(what)
    for what in ("idle", "rooms", "occupants"):
        figures.bar("prosody+module", what, "rss_each", "prosody", bars["memory"])
    figures.start(bars["start_ms"])


def table(figures):
    """Markdown."""
    def cell(side, what, key, unit, scale=1.0, process=None):
        value = figures.of(side, what, key, process)
        return "" if value is None else f"{value / scale:,.{2 if value / scale < 100 else 0}f} {unit}"
    rows = [("muc-component, alone", "component", None), ("the same, with a database", "component+db", None),
            ("Prosody, its own rooms", "prosody", None), ("Prosody with mod_libmuc", "prosody+module", None),
            ("ejabberd, its own rooms", "ejabberd", None)]
    rows += [(f"{name} and muc-component behind it, both", side, None)
             for side, name in (("prosody+component", "Prosody"), ("ejabberd+component", "ejabberd"))]
    yield ("| Who has the rooms | each presence of a join storm | each delivered message | an idle room "
           "| a room with one in it | each further occupant |")
    yield "|---|---|---|---|---|---|"
    for name, side, process in rows:
        yield "| " + " | ".join([
            name, cell(side, "join", "ns", "µs", 1e3, process), cell(side, "message", "ns", "µs", 1e3, process),
            cell(side, "idle", "rss_each", "KB", 1e3, process), cell(side, "rooms", "rss_each", "KB", 1e3, process),
            cell(side, "occupants", "rss_each", "KB", 1e3, process)]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--weight", type=int, default=300, help="rooms whose memory is measured")
    parser.add_argument("--stored", type=int, default=1000000, help="rooms in the database of one that starts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loose", action="store_true")
    parser.add_argument("--table", help="a file that is written, with the figures in Markdown")
    parser.add_argument("sides", nargs="*", metavar="SIDE", help=", ".join(SIDES))
    options = parser.parse_args()
    figures = Figures()
    measure(figures, options)
    judge(figures, LOOSE if options.loose else BARS)
    if options.table:
        with open(options.table, "w", encoding="utf-8") as file:
            file.write("\n".join(table(figures)) + "\n")
    print(f"{figures.missed} bars missed")
    return 1 if figures.missed else 0


sys.exit(main())
