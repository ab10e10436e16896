# SPDX-License-Identifier: MIT
"""What the simulator's tests share: finding it and its guests, TAP.

Imported by the test_*.py here; each of those is run from the project's root.
"""

import os
import shutil
import sys

BUILD = os.environ.get("B", "build")
SIM = os.environ.get("SIM", f"{BUILD}/bin/mips-sim")
MIPS_CC = os.environ.get("MIPS_CC", "mipsel-linux-gnu-gcc")


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def need(program, package):
    if not shutil.which(program):
        skip(f"no {program} (Debian: {package})")


def need_sim():
    if not os.access(SIM, os.X_OK):
        skip(f"no {SIM}: make builds it")


def need_guests(*paths):
    """Guests that make has built, and a simulator to run them."""
    need(MIPS_CC, "gcc-mipsel-linux-gnu")
    need_sim()
    for path in paths:
        if not os.path.exists(path):
            skip(f"no {path}: make builds it")


class Tap:
    """Results as they come; the plan at the end."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, good, what):
        self.count += 1
        self.failed += not good
        what = what.replace("\n", "\\n").replace("#", "\\#")
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")
        return good

    def skipped(self, what, reason):
        self.count += 1
        print(f"ok {self.count} - {what} # SKIP {reason}")

    def same(self, got, want, what):
        """Pass when both are equal; say how they differ when not."""
        if not self.ok(got == want, what):
            self.say(f"got  {got!r}"[:2000])
            self.say(f"want {want!r}"[:2000])

    @staticmethod
    def say(text):
        for line in text.splitlines():
            print(f"# {line}")

    def done(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
