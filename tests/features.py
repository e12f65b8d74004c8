#!/usr/bin/env python3
"""features.py MUC-SCS [--write]: which requirements depend on which feature.

Every script is played once without each feature of the library. A requirement turns red when no script proves it any
more: each of those that name it fails at or before the step that does. tests/features.list says which requirements that
may be, and must be, for each feature: its name on a line, then the IDs on lines that begin with a blank. A requirement
that only unit tests prove is not looked at.

--write writes the list anew, to be read before it is committed: a requirement that has nothing to do with the feature
wants a script of its own.
"""

import re
import subprocess
import sys
import textwrap
from collections import defaultdict

from conformance import ROOT, TESTS, proofs, read_list

LIST = TESTS / "features.list"
FAILURE = re.compile(r"^(tests/scripts/[^:\n]+\.scs)(?::(\d+))?: ", re.MULTILINE)
HEAD = """# What depends on which feature: the requirements that nothing proves any more without it, and no others. One
# that is about several features stands at each of them; a feature at which none stands is about what no
# specification asks for. Held by `make conformance-features`.
"""


def script_proofs():
    """ID -> its proofs in scripts, as (path, line of the step)."""
    found = defaultdict(list)
    for name, path, _, line in proofs():
        if path.suffix == ".scs":
            found[name].append((str(path.relative_to(ROOT)), line))
    return found


def failures(player, feature):
    """Path -> the line of the step at which the script fails; unexpected stanzas at the end are no step."""
    command = [player, "--mode", "bytes", "--without", feature, "-q", "tests/scripts"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    failed = {}
    for found in FAILURE.finditer(output):
        failed.setdefault(found[1], int(found[2]) if found[2] else sys.maxsize)
    return failed


def red(player, feature, proved):
    failed = failures(player, feature)
    return [
        name
        for name, places in proved.items()
        if all(failed.get(path, sys.maxsize) <= line for path, line in places)
    ]


def read_features():
    wanted = defaultdict(list)
    feature = None
    for line in LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []:
        if line[:1].isspace():
            wanted[feature] += line.split()
        elif line and not line.startswith("#"):
            feature = line
            wanted[feature] = []
    return wanted


def write_features(found):
    wrap = textwrap.TextWrapper(width=118, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    lines = [line for feature, names in sorted(found.items()) for line in [feature, *wrap.wrap(" ".join(names))]]
    LIST.write_text(HEAD + "".join(line + "\n" for line in lines), encoding="utf-8")


def main():
    player = sys.argv[1]
    order = list(read_list(TESTS / "conformance.list"))
    proved = script_proofs()
    features = subprocess.run([player, "--features"], capture_output=True, text=True, check=True).stdout.split()
    found = {feature: sorted(red(player, feature, proved), key=order.index) for feature in features}
    if "--write" in sys.argv[2:]:
        write_features(found)
        return 0
    wanted = read_features()
    wrong = 0
    for feature in sorted(set(found) | set(wanted)):
        now, then = set(found.get(feature, [])), set(wanted.get(feature, []))
        print(f"without {feature:16} {len(now):4} red" + ("" if now == then else "  FAIL"))
        for name in sorted(now - then, key=order.index):
            print(f"  {name} is red and should not be")
        for name in sorted(then - now, key=lambda n: order.index(n) if n in order else -1):
            print(f"  {name} should be red and is not")
        wrong += now != then
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
