#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_random.py finds mistakes, and tells them in a few instructions.

Each of these simulators has one (room.mk says which): the random test must
fail with it, and what it prints must be as short as it can be and show the
instruction that is wrong.
"""

import os
import re
import subprocess
import sys

from simtest import BUILD, SIM, Tap, need, need_guests

HERE = os.path.dirname(os.path.abspath(__file__))

# What is planted: engine, instructions and registers that do for it, what one
# of the instructions is, what comes out differently.
MISTAKES = {
    "nor": ("step", 1, 2, "nor|not", r"\$"),
    "sra": ("step", 1, 1, "sra", r"\$"),
    "swl": ("step", 1, 2, "swl", "memory"),
    "tltu": ("step", 1, 2, "tltu", "the number of exceptions"),
    "bgezl": ("step", 4, 2, "bgezl", "."),
    # that loop never ends
    "bgezall": ("step", 4, 2, "bgezall", "."),
    # no Cause.BD
    "slot": ("step", 4, 2, "j|b", "exception 0: Cause"),
    # a jump that links behind its slot, which reads the link
    "link": ("block", 4, 2, "j", r"\$"),
}


def planted(name):
    return f"{BUILD}/guest/tests/planted/{name}/mips-sim"


def judge(tap, name):
    engine, insns, registers, mnemonic, what = MISTAKES[name]
    env = dict(os.environ, SIM=planted(name))
    done = subprocess.run([f"{HERE}/test_random.py", "--engine", engine,
                           "--count", "2000"], env=env,
                          stdout=subprocess.PIPE, check=False)
    text = done.stdout.decode(errors="replace")
    code = re.findall(r"^# 8[0-9a-f]{7}: [0-9a-f]{8} +(\S.*)$", text, re.M)
    values = re.findall(r"^# li \$", text, re.M)
    rest = text[text.rfind("# 808"):].splitlines()[1:]
    good = tap.ok(done.returncode == 1 and "not ok" in text,
                  f"{name}: the random test fails")
    good &= tap.ok(1 <= len(code) <= insns and len(values) <= registers,
                   f"{name}: shrunk to {len(code)} instructions, "
                   f"{len(values)} registers")
    good &= tap.ok(any(re.match(mnemonic, line) for line in code),
                   f"{name}: of which one is {mnemonic}")
    good &= tap.ok(any(re.match("# " + what, line) for line in rest),
                   f"{name}: and what differs is said")
    if not good:
        tap.say(text)


def main():
    need("qemu-system-mipsel", "qemu-system-mips")
    need_guests(f"{BUILD}/guest/tests/random.elf", SIM, *map(planted, MISTAKES))
    tap = Tap()
    for name in MISTAKES:
        judge(tap, name)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
