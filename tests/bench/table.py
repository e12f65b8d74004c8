#!/usr/bin/python3
"""table.py README RESULTS [PEERS [HOSTS]]: writes the table of measured figures between two marks of README, from what
`make bench` and `make bench-peers` printed, and that of the hosts between two others, as `make bench-hosts` made it."""

import sys
from pathlib import Path

MARKS = "<!-- {}: begin -->", "<!-- {}: end -->"


def read(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return [dict([word.split("=", 1) for word in line.split() if "=" in word],
                 verdict=line.split()[-1] if line.split()[-1] in ("PASS", "FAIL") else "")
            for line in lines if line.startswith("bench=")]


def find(results, name, **wanted):
    for result in results:
        if result["bench"] == name and all(result.get(key) == value for key, value in wanted.items()):
            return result
    return None


def number(text):
    """1000000 as 1,000,000."""
    return f"{int(text):,}"


# What is measured, the load, its keys, the figure, and the bar.
ROWS = [
    ("a message to {n} occupants: each further one, against copying its bytes", "fanout",
     [{"n": "1000"}, {"n": "10000"}], "{ns} ns, {ratio} ×", "1.3 ×"),
    ("a message to {n}, from bytes in to the first piece out, against libxml2 parsing them", "fanout_fixed",
     [{"n": "1"}, {"n": "10000"}], "{ns} ns, {ratio} ×", "2 ×"),
    ("allocations of a message, in rooms of 10 and of 10,000", "fanout_allocations",
     [{"n": "10000"}], "{calls_of_10} and {calls}", "equal"),
    ("entering a room of {n}: each presence, against copying it", "join_entry",
     [{"n": "1000"}, {"n": "10000"}], "{ns} ns, {ratio} ×", "2 ×"),
    ("leaving and entering a room of {n}: each presence", "join",
     [{"n": "1000"}, {"n": "10000"}], "{ns} ns, {ratio} ×", "2 ×"),
    ("an occupant beyond his JID, nickname and presence, in a room of {n}", "join_heap",
     [{"n": "10000", "views": "kept"}], "{over} bytes", "650"),
    ("the same when presences are not kept for newcomers", "join_heap",
     [{"n": "10000", "views": "dropped"}], "{over} bytes", "450"),
    ("a message in one of 200 rooms of five, bytes in to bytes out, against parsing it", "chat",
     [{"n": "200"}], "{ns} ns, {ratio} ×", "2 ×"),
    ("an idle persistent room, among {n}", "rooms_heap", [{"n": "1000000"}], "{bytes} bytes", "400"),
    ("instructions of a message among {n} rooms, against 1,000", "rooms_instructions",
     [{"n": "1000000"}], "{ratio} ×", "1.1 ×"),
    ("what *room changed* hands out of {n} affiliations", "affiliations_delta",
     [{"n": "100000"}], "{items} entry", "1"),
]


def table(results):
    yield "| What | Measured | Bar |"
    yield "|---|---|---|"
    for what, load, places, figure, bar in ROWS:
        for place in places:
            result = find(results, load, **place)
            if result:
                values = {key: number(value) if key in ("bytes", "over") else value
                          for key, value in result.items()}
                missed = " **missed**" if result["verdict"] == "FAIL" else ""
                yield f"| {what.format(n=number(result['n']))} | {figure.format(**values)}{missed} | {bar} |"


def put(text, name, lines):
    """The text, with these lines between the marks of that name."""
    begin, end = (mark.format(name) for mark in MARKS)
    if begin not in text or end not in text:
        sys.exit(f"bench-table: there are no marks for {name}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    return f"{before}{begin}\n{chr(10).join(lines)}\n{end}{after}"


def main(readme, measured, peers=None, hosts=None):
    path = Path(readme)
    text = path.read_text(encoding="utf-8")
    lines = list(table(read(measured)))
    if len(lines) < 3:
        sys.exit(f"bench-table: nothing measured in {measured}; `make bench` first")
    text = put(text, "measured", lines + peer_lines(read(peers) if peers else []))
    if hosts and Path(hosts).exists():
        text = put(text, "hosts", Path(hosts).read_text(encoding="utf-8").splitlines())
    path.write_text(text, encoding="utf-8")


def peer_lines(results):
    shown = ("chat", "fanout", "join", "join_entry", "join_heap", "rooms_heap")
    rows = [r for r in results if r["bench"] == "peers" and "incremental_ratio" in r and r["load"] in shown]
    if not rows:
        return []
    return ["", "Beside the room code of an installed Prosody, in one run (`make bench-peers`):", "",
            "| Load | libmuc | that code with incremental GC | with generational GC |", "|---|---|---|---|"] + [
        f"| {r['load']}, n = {number(r['n'])} | {libmuc(r)} | {r['incremental_ratio']} × | "
        f"{r.get('generational_ratio', '')} × |" for r in rows]


def libmuc(result):
    return " ".join(f"{value} {key.removeprefix('libmuc_')}" for key, value in result.items()
                    if key.startswith("libmuc_"))


main(*sys.argv[1:])
