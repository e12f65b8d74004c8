#!/usr/bin/env python3
"""conformance.py [-v] [--strict]: which requirements are proved by a test.

tests/conformance.list holds the requirements, one a line: ID, keyword and text, separated by tabs. A script names the
IDs that a step proves in a comment before that step:      #! proves 45-7.1-1 45-7.2.2-6
A unit test does it in a comment:                          /* proves 45-5.2-1 */

tests/conformance.argued says of those that nothing proves why, one a line: ID, a tab, the reason. What XEP-0045 demands
or recommends can only be argued with by an open point of the specification that is settled another way, named by its
number (A-8).

Prints the counts of each section and what is argued of XEP-0045; with -v each requirement with the places that prove
it, or the reason. An ID that is not in the list is an error, and so is a line that cannot be read, a reason for what is
proved, and with --strict a row of XEP-0045 that is neither proved nor argued.
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


def read_rows(path, fields):
    """The lines of a list, split at tabs, with their numbers; each begins with an ID that no line before has."""
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != fields or not all(row) or row[0] in seen:
            sys.exit(f"{path.relative_to(ROOT)}:{number}: not a new ID with what belongs to it, {fields} fields")
        seen.add(row[0])
        yield row


def read_list(path):
    """ID -> (keyword, text), in the order of the list."""
    return {name: (keyword, text) for name, keyword, text in read_rows(path, 3)}


def step_after(lines, number):
    """The line number of the step that a comment on line `number` belongs to: the next step or question, else that line
    itself."""
    for later, line in enumerate(lines[number:], number + 1):
        if line.startswith("#! ?") or (line.strip() and not line[0].isspace() and not line.startswith("#")):
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


def wrong_reasons(rows, argued, proved):
    """What is wrong with the reasons."""
    for name, reason in argued.items():
        if name not in rows:
            yield f"tests/conformance.argued: {name} is not in tests/conformance.list"
        elif name in proved:
            yield f"tests/conformance.argued: {name} is proved: {proved[name][0]}"
        elif name.startswith("45-") and not rows[name][0].startswith("MAY") and not re.search(r"\bA-\d+\b", reason):
            yield f"tests/conformance.argued: {name} is {rows[name][0]}: only an open point (A-1) can speak against it"


def missing(rows, argued, proved):
    """What is left of XEP-0045."""
    for name, (keyword, text) in rows.items():
        if name.startswith("45-") and name not in proved and name not in argued:
            yield f"{name} ({keyword}) is neither proved nor argued: {text}"


def print_counts(rows, argued, proved):
    counts = defaultdict(lambda: [0, 0, 0])
    for name in rows:
        for key in (section(name), "all"):
            counts[key][0] += 1
            counts[key][1] += name in proved
            counts[key][2] += name in argued
    counts["all"] = counts.pop("all")
    print(f"{'section':10} {'rows':>6} {'proved':>8} {'argued':>8} {'left':>6}")
    for key, (every, done, reasoned) in counts.items():
        print(f"{key:10} {every:6} {done:8} {reasoned:8} {every - done - reasoned:6}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", "--verbose", action="store_true", help="each requirement and what proves it")
    parser.add_argument("--strict", action="store_true", help="what XEP-0045 says must be proved or argued")
    options = parser.parse_args()

    rows = read_list(TESTS / "conformance.list")
    argued = dict(read_rows(TESTS / "conformance.argued", 2))
    proved = defaultdict(list)
    wrong = []
    for name, path, comment, line in proofs():
        if name in rows:
            proved[name].append(f"{path.relative_to(ROOT)}:{line}")
        else:
            wrong.append(f'{path.relative_to(ROOT)}:{comment}: proves "{name}", which is not in tests/conformance.list')
    wrong += wrong_reasons(rows, argued, proved)
    if options.strict:
        wrong += missing(rows, argued, proved)

    if options.verbose:
        for name, (keyword, text) in rows.items():
            print(f"{name}\t{keyword}\t{' '.join(proved.get(name, [])) or argued.get(name, '-')}\t{text}")
    print_counts(rows, argued, proved)
    for name, reason in argued.items():
        if name.startswith("45-") and name in rows:
            print(f"{name} ({rows[name][0]}) is argued: {reason}")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
