#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exceptions, interrupts, the board and the clock, judged by guests.

bare/*.c print TAP on the UART; this runs each on the simulator and passes
their results on, with the numbers in one row. A program that ends before its
plan, or with another status than its results say, is a failure of its own.
"""

import re
import subprocess
import sys

from simtest import BUILD, SIM, Tap, need_guests

PROGRAMS = ["exceptions", "interrupts", "board", "ticks"]


def run(tap, name, elf):
    try:
        done = subprocess.run([SIM, "--max-insns", "50000000", elf],
                              stdin=subprocess.DEVNULL, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
    except subprocess.TimeoutExpired:
        tap.ok(False, f"{name}: hangs")
        return
    results = failed = plan = 0
    for line in done.stdout.decode(errors="replace").splitlines():
        found = re.match(r"(not ok|ok) \d+ - (.*)", line)
        if found:
            results += 1
            failed += found.group(1) != "ok"
            tap.ok(found.group(1) == "ok", f"{name}: {found.group(2)}")
        elif line.startswith("1.."):
            plan = int(line[3:])
        else:
            tap.say(line.lstrip("# "))
    whole = tap.ok(results == plan > 0 and done.returncode == (failed > 0)
                   and not done.stderr,
                   f"{name}: runs to its end ({results} of {plan} results)")
    if not whole:
        tap.say(f"status {done.returncode}, stderr "
                + done.stderr.decode(errors="replace"))


def main():
    elfs = {name: f"{BUILD}/guest/tests/{name}.elf" for name in PROGRAMS}
    need_guests(*elfs.values())
    tap = Tap()
    for name, elf in elfs.items():
        run(tap, name, elf)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
