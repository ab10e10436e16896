#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Test which programs selftests/run chooses: what it leaves out nobody misses.
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(1, os.path.join(HERE, "../tools"))

# pylint: disable=wrong-import-position
from tap import Tap     # noqa: E402

RUN = os.path.join(HERE, "run")
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
    ("an option that is none", ["--bogus"], (2, "--bogus")),
    ("a number that is none", ["--cycles", "x"], (2, "'x'")),
]


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as build:
        where = os.path.join(build, "selftests", "6.1")
        os.makedirs(where)
        with open(os.path.join(where, "kselftest-list.txt"), "w",
                  encoding="ascii") as lines:
            lines.writelines(f"slowdev:{name}\n" for name in NAMES)
        for name, options, wanted in CASES:
            done = subprocess.run([RUN, "--list", *options],
                                  env={**os.environ, "B": build},
                                  capture_output=True, text=True, check=False)
            got = (done.returncode, done.stdout, done.stderr)
            if isinstance(wanted, list):
                well = done.stdout.split() == wanted and not done.returncode
            else:
                well = got[:2] == (wanted[0], "") and wanted[1] in got[2] and \
                    got[2].count("\n") == 1
            tap.ok(well, name, got)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
