#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random programs against QEMU: what single instructions do to each other.

usage: test_random.py [SEED...]

Each seed is a program of many sequences in insn/insn.h's form; the same object
runs under qemu-mipsel and on mips-sim. A sequence is a few dozen instructions
on all registers a test may use, HI, LO and the buffer, with short branches,
likely ones and loops among them, and shows a digest of all it changed.
Without arguments the same seeds each time. A difference prints the sequence.
"""

import os
import random
import subprocess
import sys
import tempfile

from simtest import BUILD, MIPS_CC, SIM, Tap, need, need_guests

SEEDS = range(1, 9)
SEQUENCES = 60
LENGTH = 60

OBJ = f"{BUILD}/guest/tests/obj/insn"
SHARED = [f"{OBJ}/{name}.o" for name in ("run", "call", "print")]
START = f"{BUILD}/guest/obj/start.o"
FLAGS = ["-mips32r2", "-msoft-float", "-G0", "-fno-pic", "-mno-abicalls",
         "-Imips-sim/tests/insn", "-Wa,-mno-fix-loongson3-llsc", "-nostdlib",
         "-static", "-no-pie", "-Wl,--build-id=none"]

# a0 is the buffer, s1 counts loops, fp keeps ra.
REGS = ["$t%d" % n for n in range(10)] + ["$v0", "$v1", "$a1", "$a2", "$a3",
                                          "$s2", "$s3", "$s4", "$at"]


class Writer:
    """Writes one sequence."""

    def __init__(self, name, rng):
        self.name = name
        self.rng = rng
        self.lines = []
        self.labels = 0

    def reg(self, zero=0.05):
        return "$0" if self.rng.random() < zero else self.rng.choice(REGS)

    def put(self, text):
        self.lines.append("\t" + text)

    def imm(self):
        return self.rng.choice((0, 1, -1, 0x7FFF, -0x8000,
                                self.rng.randint(-0x8000, 0x7FFF)))

    def plain(self):
        """One instruction that is no branch, as text."""
        rng, reg = self.rng, self.reg
        kind = rng.randrange(14)
        if kind < 3:
            op = rng.choice("addu subu and or xor nor slt sltu movn movz"
                            .split())
            return f"{op} {reg()}, {reg()}, {reg()}"
        if kind < 5:
            op = rng.choice("addiu slti sltiu".split())
            return f"{op} {reg()}, {reg()}, {self.imm()}"
        if kind == 5:
            op = rng.choice("andi ori xori".split())
            return f"{op} {reg()}, {reg()}, {self.imm() & 0xFFFF}"
        if kind == 6:
            op = rng.choice("sll srl sra rotr".split())
            return f"{op} {reg()}, {reg()}, {rng.randrange(32)}"
        if kind == 7:
            op = rng.choice("sllv srlv srav rotrv".split())
            return f"{op} {reg()}, {reg()}, {reg()}"
        if kind == 8:
            op = rng.choice("clz clo seb seh wsbh".split())
            return f"{op} {reg(0)}, {reg()}"
        if kind == 9:
            pos = rng.randrange(32)
            size = rng.randint(1, 32 - pos)
            op = rng.choice(("ext", "ins"))
            return f"{op} {reg()}, {reg()}, {pos}, {size}"
        if kind == 10:
            op = rng.choice("mult multu madd maddu msub msubu".split())
            return f"{op} {reg()}, {reg()}"
        if kind == 11:
            return f"{rng.choice(('mfhi', 'mflo', 'mthi', 'mtlo'))} {reg(0)}"
        if kind == 12:
            return f"lui {reg()}, {self.imm() & 0xFFFF}"
        op, align = rng.choice((("lb", 1), ("lbu", 1), ("lh", 2), ("lhu", 2),
                                ("lw", 4), ("lwl", 1), ("lwr", 1), ("sb", 1),
                                ("sh", 2), ("sw", 4), ("swl", 1),
                                ("swr", 1)))
        offset = rng.randrange(-16, 16, align)
        return f"{op} {reg()}, {offset}($a0)"

    def condition(self, target):
        reg = self.reg
        likely = self.rng.choice(("", "l"))
        if self.rng.random() < 0.5:
            op = self.rng.choice(("beq", "bne"))
            return f"{op}{likely} {reg()}, {reg(0.3)}, {target}"
        op = self.rng.choice(("blez", "bgtz", "bltz", "bgez"))
        return f"{op}{likely} {reg()}, {target}"

    def label(self):
        self.labels += 1
        return f".L{self.name}_{self.labels}"

    def skip(self):
        """A branch over a few instructions, taken or not."""
        target = self.label()
        self.put(self.condition(target))
        for _ in range(self.rng.randint(1, 5)):	# the first is the slot
            self.put(self.plain())
        self.lines.append(target + ":")

    def loop(self):
        top = self.label()
        self.put(f"li $s1, {self.rng.randint(1, 4)}")
        self.lines.append(top + ":")
        for _ in range(self.rng.randint(1, 5)):
            self.put(self.plain())
        self.put("addiu $s1, $s1, -1")
        self.put(f"{self.rng.choice(('bne', 'bnel'))} $s1, $0, {top}")
        self.put(self.plain())

    def divide(self):
        """By a number that is neither 0 nor -1."""
        divisor = self.rng.choice(REGS)
        self.put(f"ori {divisor}, {divisor}, 1")
        self.put(f"srl {divisor}, {divisor}, {self.rng.randint(1, 20)}")
        self.put(f"ori {divisor}, {divisor}, 2")
        op = self.rng.choice(("div", "divu"))
        self.put(f"{op} $0, {self.reg()}, {divisor}")

    def multiply(self):
        """mul, which leaves HI and LO undefined."""
        self.put(f"mul {self.reg(0)}, {self.reg()}, {self.reg()}")
        self.put(f"mthi {self.reg()}")
        self.put(f"mtlo {self.reg()}")

    def linked(self):
        offset = self.rng.randrange(-16, 16, 4)
        register = self.reg(0)
        self.put(f"ll {register}, {offset}($a0)")
        self.put(f"addiu {register}, {register}, {self.imm()}")
        self.put(f"sc {register}, {offset}($a0)")

    def call(self):
        target = self.label()
        op = self.rng.choice(("bal", "jal", "b", "j"))
        self.put(f"{op} {target}")
        self.put(self.plain())
        self.put("nor $t0, $t0, $0")
        self.lines.append(target + ":")

    def sequence(self):
        self.put("move $fp, $ra")
        for i, register in enumerate(REGS):
            if register not in ("$t0", "$t1", "$t2"):
                self.put(f"li {register}, {self.rng.randint(-9999, 9999)}"
                         if i % 2 else
                         f"lui {register}, {self.rng.randrange(65536)}")
        while len(self.lines) < LENGTH + len(REGS):
            shape = self.rng.random()
            if shape < 0.75:
                self.put(self.plain())
            else:
                self.rng.choice((self.skip, self.skip, self.skip, self.loop,
                                 self.divide, self.multiply, self.linked,
                                 self.call))()
        for register in REGS:
            if register not in ("$t0", "$t1", "$t2"):
                self.put("rotr $t2, $t2, 7")
                self.put(f"addu $t2, $t2, {register}")
        self.put("move $ra, $fp")
        return self.lines


def program(seed):
    """The sequences of one seed by name, as lines of assembly."""
    rng = random.Random(seed)
    names = [f"s{seed}_{n}" for n in range(SEQUENCES)]
    return {name: Writer(name, rng).sequence() for name in names}


def build(where, sequences):
    source = os.path.join(where, "random.S")
    with open(source, "w", encoding="ascii") as out:
        out.write('#include "insn.h"\n')
        for name, lines in sequences.items():
            out.write(f"\tTEST IN_ONE | OUT_HILO | OUT_MEMORY, {name}\n")
            out.write("\n".join(lines) + "\n\tEND\n")
    made, linux, bare = (os.path.join(where, name)
                         for name in ("random.o", "linux", "bare"))
    cc = [MIPS_CC, *FLAGS]
    subprocess.run([*cc, "-c", "-o", made, source], check=True)
    subprocess.run([*cc, "-Wl,-e,__start", "-o", linux, made, *SHARED,
                    f"{OBJ}/linux.o"], check=True)
    subprocess.run([*cc, "-T", "mips-sim/guest/guest.ld", "-o", bare, made,
                    *SHARED, f"{OBJ}/bare.o", START], check=True)
    return linux, bare


def compare(tap, where, seed):
    sequences = program(seed)
    linux, bare = build(where, sequences)
    want = subprocess.run(["qemu-mipsel", "-cpu", "24Kc", linux], timeout=60,
                          stdout=subprocess.PIPE, check=True)
    got = subprocess.run([SIM, bare], timeout=60, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    want, got = want.stdout.splitlines(), got.stdout.splitlines()
    count = sum(len(lines) for lines in sequences.values())
    wrong = [(w, g) for w, g in zip(want, got) if w != g]
    good = not wrong and len(want) == len(got) > SEQUENCES
    if tap.ok(good, f"seed {seed}: {SEQUENCES} sequences, {count} "
                    f"instructions, {len(want)} results as under QEMU"):
        return
    for w, g in wrong[:2]:
        tap.say("QEMU " + w.decode())
        tap.say("sim  " + g.decode(errors="replace"))
    if wrong:
        name = wrong[0][0].decode().split(":")[0]
        tap.say("\n".join(sequences.get(name, ["?"])))


def main(args):
    need("qemu-mipsel", "qemu-user")
    need_guests(START, *SHARED)
    tap = Tap()
    with tempfile.TemporaryDirectory() as where:
        for seed in map(int, args) if args else SEEDS:
            compare(tap, where, seed)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
