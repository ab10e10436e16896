#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every test of the simulator again, with its engines in lock step.

Each runs with ./lockstep as the simulator, which compares the engine in
question with the step engine at every block's end; where they disagree it ends with
status 125 and a line of its own, and the test fails. GDB's test is not here:
with GDB there is but the step engine.
"""

import os
import re
import subprocess
import sys

from simtest import Tap, need_sim

HERE = os.path.dirname(os.path.abspath(__file__))
ENGINES = ["block", "jit"]
TESTS = ["insn", "guests", "elf", "cli", "stats", "random", "twins", "both"]


def again(tap, name, engine):
    env = dict(os.environ, SIM=f"{HERE}/lockstep", ENGINE=engine)
    done = subprocess.run([f"{HERE}/test_{name}.py"], env=env,
                          stdout=subprocess.PIPE, check=False)
    text = done.stdout.decode(errors="replace")
    skipped = re.search(r"^1\.\.0 # SKIP (.*)", text)
    if skipped:
        tap.skipped(f"{engine}: test_{name}.py", skipped.group(1))
        return
    good = len(re.findall(r"^ok ", text, re.MULTILINE))
    plan = re.search(r"^1\.\.(\d+)$", text, re.MULTILINE)
    tap.ok(done.returncode == 0 and plan is not None
           and int(plan.group(1)) == good > 0,
           f"{engine}: test_{name}.py: {good} results, engines agree",
           "\n".join(re.findall(r"^(?:not ok|#).*", text, re.MULTILINE)[:20]))


def main():
    need_sim()
    tap = Tap()
    for engine in ENGINES:
        for name in TESTS:
            again(tap, name, engine)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
