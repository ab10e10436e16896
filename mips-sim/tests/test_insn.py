#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every instruction against QEMU, operand by operand.

The same objects are linked into a Linux program and into one for the bare
board (insn/). qemu-mipsel runs the first and says what is right; mips-sim
runs the second and must print the same lines. One result an instruction.
"""

import collections
import subprocess
import sys

from simtest import BUILD, SIM, Tap, need, need_guests

LINUX = f"{BUILD}/guest/tests/insn-linux"
BARE = f"{BUILD}/guest/tests/insn-bare.elf"

# The names that must have come up: every integer instruction of MIPS32r2
# that is not privileged and whose result does not depend on the world.
EXPECTED = """
    add addi addiu addu clo clz div divu madd maddu msub msubu mul mult multu
    seb seh slt slti sltiu sltu sub subu
    b bal beq bgez bgezal bgtz blez bltz bltzal bne j jal jalr jalr.hb jr
    jr.hb beql bgezall bgezl bgtzl blezl bltzall bltzl bnel
    ehb nop ssnop
    lb lbu lh lhu ll lw lwl lwr pref sb sc sh sw swl swr sync synci
    and andi lui nor or ori xor xori
    ext ins wsbh mfhi mflo movn movz mthi mtlo
    rotr rotrv sll sllv sra srav srl srlv
    break teq teqi tge tgei tgeiu tgeu tlt tlti tltiu tltu tne tnei
    rdhwr reserved
""".split()


def by_instruction(text):
    """The lines of each instruction, in the order the program ran them."""
    lines = collections.OrderedDict()
    for line in text.splitlines():
        lines.setdefault(line.replace(":", " ").split(" ")[0], []).append(line)
    return lines


def compare(tap, name, want, got):
    wrong = [(w, g) for w, g in zip(want, got) if w != g]
    if len(want) == len(got) and not wrong:
        tap.ok(True, f"{name}: {len(want)} lines as under QEMU")
        return
    tap.ok(False, f"{name}: {len(wrong)} of {len(want)} lines differ, "
                  f"{len(got)} there")
    for w, g in wrong[:3]:
        tap.say(f"QEMU {w}")
        tap.say(f"sim  {g}")


def main():
    need("qemu-mipsel", "qemu-user")
    need_guests(LINUX, BARE)
    want = subprocess.run(["qemu-mipsel", "-cpu", "24Kc", LINUX], timeout=60,
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    want = by_instruction(want)
    del want["end"]
    tap = Tap()
    missing = sorted(set(EXPECTED) ^ set(want))
    tap.ok(not missing, f"the {len(EXPECTED)} instructions were all tried"
           + "".join(f" (not as listed: {name})" for name in missing))

    sim = subprocess.run([SIM, BARE], timeout=120, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    got = by_instruction(sim.stdout.decode(errors="replace"))
    tap.ok(sim.returncode == 0 and "end" in got and not sim.stderr,
           f"the program ends with status 0 (status {sim.returncode}, "
           f"stderr {sim.stderr[:200]!r})")
    for name, lines in want.items():
        compare(tap, name, lines, got.get(name, []))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
