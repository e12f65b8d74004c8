#!/usr/bin/python3
"""plot.py RESULTS DIRECTORY: draws cost against n, both logarithmic, from what peers/run.py wrote: fanout.svg and
join.svg in DIRECTORY, for libmuc, the peer with each garbage collector, and bare copying of the same bytes.

The same results give the same file. matplotlib draws; on Debian: apt-get install python3-matplotlib,
which is for the python3 of the system and no other.
"""

import sys
from pathlib import Path

try:
    import matplotlib
except ImportError:
    sys.exit("bench-plot: matplotlib is not installed; type: apt-get install python3-matplotlib")

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402 (the kind of output is chosen before)

matplotlib.rcParams.update({
    "svg.hashsalt": "libmuc", "svg.fonttype": "path", "font.size": 10, "axes.spines.top": False,
    "axes.spines.right": False, "axes.edgecolor": "#888888", "axes.labelcolor": "#333333",
    "xtick.color": "#555555", "ytick.color": "#555555"})

# Label, colour, line, marker.
LIBMUC = ("libmuc", "#0b6bcb", "-", "o")
COPYING = ("copying the same bytes", "#2f9e62", "--", "s")
PEERS = {"incremental": ("Prosody's room code, incremental GC", "#c2571a", "-", "^"),
         "generational": ("Prosody's room code, generational GC", "#e0a030", ":", "v")}


def read(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [dict(word.split("=", 1) for word in line.split() if "=" in word)
            for line in lines if line.startswith("bench=")]


def points(results, key, cost=lambda result, key: float(result[key]), **wanted):
    """(n, cost) of the results with these keys, smallest n first."""
    found = {int(result["n"]): cost(result, key) for result in results
             if key in result and all(result.get(name) == value for name, value in wanted.items())}
    return sorted(found.items())


def draw(path, title, unit, lines):
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    for (label, colour, style, marker), line in lines:
        if line:
            axes.plot(*zip(*line), style, color=colour, marker=marker, markersize=5, linewidth=1.8, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("occupants in the room (n)")
    axes.set_title(title, loc="left", fontsize=11)
    axes.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(unit))
    axes.xaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,.0f}"))
    axes.minorticks_off()
    axes.grid(True, color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    print(path)


def duration(ns, _):
    """Nanoseconds as people write them."""
    for size, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if ns >= size:
            return f"{ns / size:g} {name}"
    return f"{ns:g} ns"


def main():
    source, directory = sys.argv[1:]
    results = read(source)

    def lines(load, copied, peer_load):
        peers = [(style, points(results, "ns", bench=peer_load, peer="prosody", gc=gc, sink="bytes"))
                 for gc, style in PEERS.items()]
        return [*peers, (LIBMUC, points(results, "ns", bench=load, peer=None)), (COPYING, copied)]

    # The copying of one message to the whole room.
    copied = points(results, "copy_ns", lambda result, key: float(result[key]) * int(result["n"]), bench="fanout")
    draw(Path(directory) / "fanout.svg", "One groupchat message of 300 bytes to everybody in a room of n", duration,
         lines("fanout_total", copied, "fanout_total"))
    draw(Path(directory) / "join.svg", "One presence delivered, when users leave and rejoin a room of n", duration,
         lines("join", points(results, "copy_ns", bench="join"), "join"))


main()
