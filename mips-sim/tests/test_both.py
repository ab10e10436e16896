#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the guests are made of, on the simulator and on QEMU's mipssim.

The sleep, the cures of the race and the switch of threads use nothing that is
ours alone; with the timer for the chip (both/) they must do the same on
another's machine, as must the registers of the UART and COP0. And a guest that
wants the chip says, without it, what is wrong.
"""

import re
import subprocess
import sys

from simtest import BUILD, SIM, Tap, need, need_guests

RX_IRQ = f"{BUILD}/guest/rx-irq.elf"
GOOD = ["cures-di", "cures-llsc", "switch", "uart", "cp0"]
BAD = "cures-none"
QEMU = ["timeout", "-k", "1", "60",     # a hung guest ignores SIGTERM
        "qemu-system-mipsel", "-M", "mipssim", "-cpu", "24Kc", "-nographic",
        "-semihosting-config", "enable=on,target=native",
        "-icount", "shift=0,sleep=off", "-kernel"]
WORLDS = {"mips-sim": [SIM, "--max-insns", "100000000"], "QEMU": QEMU}


def elf(name):
    return f"{BUILD}/guest/tests/{name}.elf"


def run(argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def judge(tap, world, name):
    """Pass the program's own results on."""
    status, text = run([*WORLDS[world], elf(name)])
    results = re.findall(r"^(not ok|ok) \d+ - (.*?)\r?$", text, re.M)
    plan = re.search(r"^1\.\.(\d+)", text, re.M)
    for word, what in results:
        tap.ok(word == "ok", f"{world}: {name}: {what}")
    tap.ok(status == 0 and plan and int(plan.group(1)) == len(results) > 0,
           f"{world}: {name}: runs to its end (status {status})")


def main():
    need_guests(RX_IRQ, elf(BAD), *map(elf, GOOD))
    need("qemu-system-mipsel", "qemu-system-mips")
    tap = Tap()
    for world in WORLDS:
        for name in GOOD:
            judge(tap, world, name)
    # QEMU looks for interrupts between blocks of instructions: there the race
    # is lost now and then, here in each run
    status, text = run([*WORLDS["mips-sim"], elf(BAD)])
    tap.ok(status == 1 and "not ok 3 - and no count is lost" in text,
           "mips-sim: without a cure counts are lost")
    status, text = run([*QEMU, RX_IRQ])
    tap.ok(status == 1 and
           re.match(r"unexpected exception: Cause 0080001c, EPC 80", text),
           "QEMU: without the chip rx-irq ends with a bus error")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
