#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Test that no silence, and no result out of place, counts as a pass."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../tools"))

# pylint: disable=wrong-import-position
import ktap             # noqa: E402
from tap import Tap     # noqa: E402

HEAD = "TAP version 13\n1..1\n# selftests: slowdev: read\n# TAP version 13\n"
OK = "# ok 1 slowdev.a\n# ok 2 slowdev.b\n"
END = "ok 1 selftests: slowdev: read\n"

# name, what the runner printed, programs, status; passed, failed, skipped
CASES = [
    ("all pass", HEAD + "# 1..2\n" + OK + END, 1, 0, (2, 0, 0)),
    ("one fails",
     HEAD + "# 1..2\n# ok 1 a\n# not ok 2 b\nnot ok 1 read # exit=1\n",
     1, 0, (1, 1, 0)),
    ("one is skipped",
     HEAD + "# 1..2\n# ok 1 a\n# ok 2 b # SKIP no ring\n" + END,
     1, 0, (1, 0, 1)),
    ("a program is skipped",
     HEAD + "ok 1 selftests: slowdev: read # SKIP\n", 1, 0, (0, 0, 1)),
    ("silence", "", 1, 0, (0, 1, 0)),
    ("silence and a dead VM", "", 1, 255, (0, 2, 0)),
    ("no plan in the program", HEAD + OK + END, 1, 0, (2, 1, 0)),
    ("a program without tests", HEAD + "# 1..0\n" + END, 1, 0, (0, 1, 0)),
    ("a program that says nothing",
     "TAP version 13\n1..1\nok 1 selftests: slowdev: read\n",
     1, 0, (0, 1, 0)),
    ("fewer results than planned",
     HEAD + "# 1..3\n" + OK + END, 1, 0, (2, 1, 0)),
    ("more results than planned",
     HEAD + "# 1..1\n" + OK + END, 1, 0, (2, 1, 0)),
    ("a result twice",
     HEAD + "# 1..2\n# ok 1 a\n# ok 1 a\n" + END, 1, 0, (2, 1, 0)),
    ("two plans",
     HEAD + "# 1..2\n# 1..2\n" + OK + END, 1, 0, (2, 1, 0)),
    ("a program that died after its tests",
     HEAD + "# 1..2\n" + OK + "not ok 1 read # exit=139\n",
     1, 0, (2, 1, 0)),
    ("a program that hid its failure",
     HEAD + "# 1..2\n# not ok 1 a\n# ok 2 b\n" + END, 1, 0, (1, 2, 0)),
    ("a program that took too long",
     HEAD + "# 1..2\n# ok 1 a\n#\nnot ok 1 read # TIMEOUT 120 seconds\n",
     1, 0, (1, 1, 0)),
    ("the VM died in a program",
     HEAD + "# 1..2\n# ok 1 a\n", 1, 255, (1, 3, 0)),
    ("the VM died between two programs",
     (HEAD + "# 1..2\n" + OK + END).replace("1..1", "1..2"),
     2, 255, (2, 2, 0)),
    ("fewer programs than asked for",
     HEAD + "# 1..2\n" + OK + END, 2, 0, (2, 1, 0)),
    ("the kernel complained", HEAD + "# 1..2\n" + OK + END, 1, 1, (2, 1, 0)),
    ("the kernel's words in between",
     HEAD + "# 1..2\n# ok 1 a\n[  1.0] slowdev: hello\n# # note\n# ok 2 b\n"
     + END, 1, 0, (2, 0, 0)),
]


def main():
    tap = Tap()
    for name, text, programs, status, want in CASES:
        reader = ktap.Reader()
        for line in text.splitlines():
            reader.line(line)
        got = reader.finish(programs, status)
        tap.ok(got == want, name,
               f"{got} instead of {want}: {reader.complaints}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
