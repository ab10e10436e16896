#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs whose output takes nothing or is closed, that are interrupted, or
called wrongly: one line at most, and a status. Prints TAP."""

import os
import signal
import subprocess
import sys
import tempfile
import time

from tap import Tap

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
# and the status that each has for this
PROGRAMS = [("vm/run", 125), ("demo/run", 1), ("demo/sim", 1),
            ("bench/run", 1), ("tools/tap-run", 1), ("selftests/run", 1),
            ("selftests/coverage", 1),
            ("userspace/others/slowcat_asyncio.py", 1)]
# what is wrong in the call, and the status that each has for it
WRONG = [("tools/deps", [], 2), ("tools/deps", ["lunch"], 2),
         ("tools/deps", ["-n", "lunch", "build"], 2),
         ("userspace/others/run", ["lunch", "--", "true"], 125),
         ("userspace/others/run", [], 125),
         ("selftests/stress", ["0"], 125),
         ("mips-sim/fuzz/run", ["1", "lunch"], 2)]


def call(argv, **more):
    """Its status and its words."""
    done = subprocess.run(argv, cwd=TOP, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False,
                          **more)
    return done.returncode, done.stderr


def one_line(err):
    return err.count("\n") == 1 and "Traceback" not in err


def outputs(tap, program, status):
    with open("/dev/full", "wb") as full:
        got = call([program, "-h"], stdout=full)
    tap.ok(got[0] == status and one_line(got[1]) and "No space left" in got[1],
           f"{program} -h to a full disk: one line and {status}", got)
    ours, theirs = os.pipe()
    os.close(ours)
    got = call([program, "-h"], stdout=theirs)
    os.close(theirs)
    tap.ok(got[0] == status and one_line(got[1]) and "Broken pipe" in got[1],
           f"{program} -h to nobody: one line and {status}", got)


def closed(tap, program, status):
    got = call(["sh", "-c", 'exec "$0" -h >&-', program])
    tap.ok(got[0] == status and one_line(got[1]) and
           "standard output" in got[1],
           f"{program} -h to a closed output: one line and {status}", got)
    done = subprocess.run(["sh", "-c", 'exec "$0" --bogus 2>&-', program],
                          cwd=TOP, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=False)
    tap.ok(done.returncode > 0 and not done.stdout,
           f"{program} --bogus without an error output: a status, no word",
           (done.returncode, done.stdout))


def wrong(tap, program, arguments, status):
    """Whoever is called says so, not one that it calls."""
    got = call([program, *arguments], stdout=subprocess.DEVNULL)
    tap.ok(got[0] == status and one_line(got[1]) and program in got[1],
           f"{' '.join([program, *arguments])}: one line and {status}", got)


def interrupted(tap, folder):
    """Ctrl-C goes to all that the terminal runs."""
    begun = os.path.join(folder, "begun")
    path = os.path.join(folder, "sleeper")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"#!/bin/sh\n: >{begun}\nexec sleep 60\n")
    os.chmod(path, 0o755)
    with subprocess.Popen(
            ["tools/tap-run", path], cwd=TOP, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=lambda: signal.signal(
                signal.SIGINT, signal.SIG_DFL)) as run:
        end = time.monotonic() + 20
        while not os.path.exists(begun) and time.monotonic() < end:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate()
    tap.ok(run.returncode == 130 and not err,
           "tap-run and Ctrl-C: no word, status 130",
           (run.returncode, out, err))


def main():
    tap = Tap()
    for program, status in PROGRAMS:
        outputs(tap, program, status)
        closed(tap, program, status)
    for program, arguments, status in WRONG:
        wrong(tap, program, arguments, status)
    with tempfile.TemporaryDirectory(prefix="slowdev-entry.") as folder:
        interrupted(tap, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
