# SPDX-License-Identifier: MIT
"""Results in TAP, as tools/tap-run and tools/test read them, for every test
that is written in Python."""

import sys

MOST_LINES = 60     # of the reason why a test failed


def skip_all(reason):
    """Leave: nothing here can be tested, and why."""
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


class Tap:
    """Results as they come; the plan at the end."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def ok(self, good, what, why=""):
        """Pass when @good; else say @why, which may have many lines."""
        self.count += 1
        self.failed += not good
        what = what.replace("\n", "\\n").replace("#", "\\#")
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}",
              flush=True)
        if not good:
            self.say(why)
        return good

    def skipped(self, what, reason):
        self.count += 1
        print(f"ok {self.count} - {what} # SKIP {reason}", flush=True)

    def same(self, got, want, what):
        """Pass when both are equal; say how they differ when not."""
        self.ok(got == want, what,
                f"got  {got!r}"[:2000] + "\n" + f"want {want!r}"[:2000])

    @staticmethod
    def say(text):
        for line in str(text).splitlines()[:MOST_LINES]:
            print(f"# {line}")

    def done(self):
        """The plan, and the status to leave with."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
