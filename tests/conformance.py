#!/usr/bin/env python3
"""conformance.py [-v]: which requirements are proved by a test.

tests/conformance.list holds the requirements, one a line: ID, keyword and text, separated by tabs. A script names the
IDs that a step proves in a comment before that step:      #! proves 45-7.1-1 45-7.2.2-6
A unit test does it in a comment:                          /* proves 45-5.2-1 */

Prints the counts of each section; with -v each requirement with the places that prove it. An ID that is not in the list
is an error, and so is a line in the list that cannot be read; requirements without a proof are only counted.
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SCRIPT_PROOF = re.compile(r"#!\s*proves\b(.*)")
UNIT_PROOF = re.compile(r"/\*\s*proves\b(.*?)\*/", re.DOTALL)


def read_list(path):
    """ID -> (keyword, text), in the order of the list."""
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not all(fields) or fields[0] in rows:
            sys.exit(f"{path.relative_to(ROOT)}:{number}: not a new ID, a keyword and a text, separated by tabs")
        rows[fields[0]] = (fields[1], fields[2])
    return rows


def step_after(lines, number):
    """The line number of the step that a comment on line `number` belongs to: the next one, else that line itself."""
    for later, line in enumerate(lines[number:], number + 1):
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            return later
    return number


def proofs():
    """Yields (ID, file, line of the comment, line of the step or test) for every ID that a test names."""
    for path in sorted(TESTS.glob("scripts/**/*.scs")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if found := SCRIPT_PROOF.match(line.strip()):
                for name in re.split(r"[\s,]+", found[1].strip()):
                    yield name, path, number, step_after(lines, number)
    for path in sorted(TESTS.glob("unit/**/*.c")):
        source = path.read_text(encoding="utf-8")
        for found in UNIT_PROOF.finditer(source):
            number = source.count("\n", 0, found.start()) + 1
            for name in re.split(r"[\s,*]+", found[1].strip()):
                yield name, path, number, number


def section(name):
    """45-7.2.2-6 belongs to 45-7, 313-4 to 313, PT-1 to PT."""
    parts = name.split("-")
    return f"{parts[0]}-{parts[1].split('.')[0]}" if len(parts) == 3 else parts[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", "--verbose", action="store_true", help="each requirement and what proves it")
    verbose = parser.parse_args().verbose

    rows = read_list(TESTS / "conformance.list")
    places = defaultdict(list)
    unknown = 0
    for name, path, comment, line in proofs():
        if name in rows:
            places[name].append(f"{path.relative_to(ROOT)}:{line}")
        else:
            print(f"{path.relative_to(ROOT)}:{comment}: proves \"{name}\", which is not in tests/conformance.list")
            unknown += 1

    if verbose:
        for name, (keyword, text) in rows.items():
            print(f"{name}\t{keyword}\t{' '.join(places[name]) or '-'}\t{text}")

    covered = defaultdict(int)
    total = defaultdict(int)
    for name in rows:
        total[section(name)] += 1
        covered[section(name)] += bool(places[name])
    print(f"{'section':10} {'rows':>6} {'covered':>8} {'uncovered':>10}")
    for key, rows_there in total.items():
        print(f"{key:10} {rows_there:6} {covered[key]:8} {rows_there - covered[key]:10}")
    done, every = sum(covered.values()), sum(total.values())
    print(f"{'all':10} {every:6} {done:8} {every - done:10}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
