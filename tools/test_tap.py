#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tap-run and test: no silence counts as a pass, and no failure is lost on the
way to the last line. Prints TAP."""

import os
import subprocess
import sys
import tempfile

from tap import Tap

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..")

# what it is, what the program prints and its status; the sum, tap-run's status
CASES = [
    ("all pass", "ok 1 - a\nok 2 - b\n1..2", 0, "2 passed, 0 failed", 0),
    ("the plan first", "1..1\nok 1 - a", 0, "1 passed, 0 failed", 0),
    ("one fails", "ok 1 - a\nnot ok 2 - b\n1..2", 1,
     "1 passed, 1 failed", 1),
    ("one fails, and the status is 0", "not ok 1 - a\n1..1", 0,
     "0 passed, 1 failed", 1),
    ("one is skipped", "ok 1 - a\nok 2 - b # SKIP no b\n1..2", 0,
     "1 passed, 0 failed, 1 skipped", 0),
    ("nothing is said", "", 0, "0 passed, 1 failed", 1),
    ("no plan", "ok 1 - a", 0, "1 passed, 1 failed", 1),
    ("fewer than planned", "1..2\nok 1 - a", 0, "1 passed, 1 failed", 1),
    ("more than planned", "1..1\nok 1 - a\nok 2 - b", 0,
     "2 passed, 1 failed", 1),
    ("all pass, and the status is 1", "ok 1 - a\n1..1", 1,
     "1 passed, 1 failed", 1),
    ("all is skipped", "1..0 # SKIP no chip", 0,
     "0 passed, 0 failed, 1 skipped", 1),
    ("all is skipped, and the status is 1", "1..0 # SKIP no chip", 1,
     "0 passed, 1 failed", 1),
    ("nothing was tested, and no reason given", "1..0", 0,
     "0 passed, 1 failed", 1),
    ("one failed before it was skipped", "not ok 1 - a\n1..0 # SKIP", 0,
     "0 passed, 1 failed", 1),
    ("a result in a comment", "# ok 1 - a\n1..1", 0, "0 passed, 1 failed", 1),
    ("a result of a test's own test", "    ok 1 - a\nok 1 - b\n1..1", 0,
     "1 passed, 0 failed", 0),
]


def script(folder, name, text, status):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {status}\n")
    os.chmod(path, 0o755)
    return path


def call(program, *args):
    """What it says last, its status, all it says."""
    done = subprocess.run([os.path.join(HERE, program), *args], cwd=TOP,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return (done.stdout.splitlines() or [""])[-1], done.returncode, done.stdout


def one(tap, folder):
    for what, text, status, last, wanted in CASES:
        path = script(folder, "case", text, status)
        got = call("tap-run", path)
        tap.ok(got[:2] == (last, wanted), f"tap-run: {what}", got)


def several(tap, folder):
    good = script(folder, "good", "ok 1 - a\n1..1", 0)
    bad = script(folder, "bad", "not ok 1 - because\n1..1", 1)
    none = os.path.join(folder, "none")
    got = call("tap-run", "-j", "2", good, bad, good)
    tap.ok(got[:2] == ("2 passed, 1 failed", 1) and
           "not ok 1 - because" in got[2] and f"FAIL {bad}" in got[2],
           "tap-run: one of three fails, and why is shown", got)
    got = call("tap-run", none, good)
    tap.ok(got[:2] == ("1 passed, 1 failed", 1) and
           "Traceback" not in got[2] and none in got[2],
           "tap-run: a program that is not there", got)
    for args in (["-j"], ["-j", "0", good], ["-j", "two", good], ["-v"],
                 ["-j", "2"], ["-x", good]):
        got = call("tap-run", *args)
        tap.ok(got[1] == 2 and got[2].count("\n") == 1 and
               got[2].startswith("tap-run: "),
               f"tap-run {' '.join(args[:2])[:8]}: one line and 2", got)


def whole(tap, folder):
    """tools/test, whose steps are commands."""
    os.environ["B"] = os.path.join(folder, "build")
    good, bad = "echo 2 passed, 0 failed", "echo 1 passed, 1 failed; false"
    for what, args, last, wanted in (
            ("all steps pass", [f"a={good}", f"b={good}"],
             "4 passed, 0 failed", 0),
            ("one fails", [f"a={bad}", f"b={good}"], "3 passed, 1 failed", 1),
            ("one of those side by side fails",
             ["-j", "2", f"a={good}", "--", f"b={bad}", f"c={good}"],
             "5 passed, 1 failed", 1),
            ("a step that dies before its sum",
             [f"a={good}", "--", "b=kill -9 $$"], "2 passed, 1 failed", 1)):
        got = call("test", *args)
        tap.ok(got[:2] == (last, wanted), f"test: {what}", got)
    got = call("tap-run", "--sum", os.path.join(folder, "none"))
    tap.ok(got[:2] == ("0 passed, 1 failed", 1) and
           "Traceback" not in got[2], "tap-run --sum: no such file", got)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="slowdev-tap.") as folder:
        one(tap, folder)
        several(tap, folder)
        whole(tap, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
