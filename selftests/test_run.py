#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Test which programs selftests/run chooses: what it leaves out nobody misses.
"""

import os
import subprocess
import sys
import tempfile

RUN = os.path.join(os.path.dirname(os.path.realpath(__file__)), "run")
NAMES = ["arrivals", "badbuf", "read", "readers", "slowcats.sh"]

# name, options; the names, or the status and the error
CASES = [
    ("all of them", [], NAMES),
    ("those with a name", ["--test", "read"], ["read", "readers"]),
    ("the first part", ["--part", "1/2"],
     ["arrivals", "read", "slowcats.sh"]),
    ("the second part", ["--part", "2/2"], ["badbuf", "readers"]),
    ("a part that is all", ["--part", "1/1"], NAMES),
    ("a part of those with a name", ["--test", "read", "--part", "2/2"],
     ["readers"]),
    ("no such name", ["--test", "wrote"], (1, "no test's name holds 'wrote'")),
    ("an empty part", ["--part", "6/6"], (1, "no test is in this part")),
    ("part 0", ["--part", "0/2"], (2, "'0/2' is not like 1/2")),
    ("a part beyond", ["--part", "3/2"], (2, "'3/2' is not like 1/2")),
    ("half a part", ["--part", "1"], (2, "'1' is not like 1/2")),
    ("words", ["--part", "a/b"], (2, "'a/b' is not like 1/2")),
]


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory() as build:
        where = os.path.join(build, "selftests", "6.1")
        os.makedirs(where)
        with open(os.path.join(where, "kselftest-list.txt"), "w",
                  encoding="ascii") as lines:
            lines.writelines(f"slowdev:{name}\n" for name in NAMES)
        for number, (name, options, wanted) in enumerate(CASES, 1):
            done = subprocess.run([RUN, "--list", *options],
                                  env={**os.environ, "B": build},
                                  capture_output=True, text=True, check=False)
            if isinstance(wanted, list):
                well = done.stdout.split() == wanted and not done.returncode
            else:
                well = (done.returncode, done.stdout) == (wanted[0], "") and \
                    wanted[1] in done.stderr
            if not well:
                failed += 1
                print(f"# status {done.returncode}: "
                      f"{done.stdout.split()} {done.stderr}")
            print(f"{'ok' if well else 'not ok'} {number} - {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
