# SPDX-License-Identifier: MIT
"""A sequence that runs differently here, made as short as possible.

Leaves out what can be left out (generate.Sequence's atoms, many at a time,
then one by one), then makes registers 0 at the start. Each attempt runs, alone
and where it stood, on QEMU and here; it is kept when they still differ. A delay
slot whose instruction goes becomes a nop.
"""

import os
import subprocess
import tempfile

from compare import (AREA, COUNT, GPRS, HI, LO, LOG, LOG_ENTRIES, POINTER, QEMU,
                     STATE_SIZE, run_in, sim, words)
from generate import NOP, Sequence
from simtest import MIPS_CC

REGISTERS = ("zero at v0 v1 a0 a1 a2 a3 t0 t1 t2 t3 t4 t5 t6 t7 s0 s1 s2 s3 "
             "s4 s5 s6 s7 t8 t9 k0 k1 gp sp fp ra hi lo").split()


def without(sequence, gone):
    """The sequence without the instructions of the indices in @gone."""
    old = sequence.words
    where, kept, slots = [], [], set()
    for i, word in enumerate(old):
        where.append(len(kept))
        slot = i in sequence.slots and i - 1 not in gone
        if i in gone:
            if not slot:
                continue
            word = NOP
        elif i in sequence.slots and not slot and word == NOP:
            continue			# it was only there for its branch
        if slot:
            slots.add(len(kept))
        kept.append(word)
    where.append(len(kept))
    fixes = [(where[i], how, where[min(target, len(old))])
             for i, how, target in sequence.fixes if i not in gone]
    atoms = [tuple(where[i] for i in atom) for atom in sequence.atoms
             if not gone.intersection(atom)]
    return Sequence(kept, fixes, atoms, slots, sequence.values)


def with_values(sequence, values):
    return Sequence(sequence.words, sequence.fixes, sequence.atoms,
                    sequence.slots, values)


def pieces(sequence):
    """What can be left out, as sets of indices."""
    together = {i for atom in sequence.atoms for i in atom}
    single = [{i} for i, word in enumerate(sequence.words)
              if i not in together
              and not (word == NOP and i in sequence.slots)]
    return sorted([set(atom) for atom in sequence.atoms] + single, key=min)


class Shrinker:
    """Shortens one sequence, at its address."""

    def __init__(self, runner, engine, address):
        self.runner = runner
        self.worlds = [QEMU, sim(engine, 1)]
        self.address = address
        self.attempts = 0

    def states(self, sequence):
        with tempfile.NamedTemporaryFile(suffix=".elf") as file:
            file.write(self.runner.elf([sequence], [self.address],
                                       whole=True)[0])
            file.flush()
            return run_in(self.worlds, file.name, STATE_SIZE)

    def differs(self, sequence):
        """Do they, where QEMU comes to its end?"""
        self.attempts += 1
        want, got = self.states(sequence)
        return not want.wrong and want != got

    def shorten(self, sequence):
        """Sequences of pieces, from many to one, as often as it helps."""
        size = len(sequence.words)
        while size:
            found = pieces(sequence)
            for at in range(0, len(found), size):
                shorter = without(sequence,
                                  set().union(*found[at:at + size]))
                if self.differs(shorter):
                    sequence = shorter
                    break
            else:
                size //= 2
        return sequence

    def clear(self, sequence):
        """Registers that are 0 without a difference to the difference."""
        values = sequence.values
        free = [n for n in range(1, 34) if values[n] and values[n] != POINTER]
        size = len(free)
        while size:
            for at in range(0, len(free), size):
                less = [0 if n in free[at:at + size] else value
                        for n, value in enumerate(sequence.values)]
                if less != sequence.values and \
                        self.differs(with_values(sequence, less)):
                    sequence = with_values(sequence, less)
            size //= 2
        return sequence

    def shrink(self, sequence):
        """The shortest found, or None when alone it makes no difference."""
        if not self.differs(sequence):
            return None
        return self.shorten(self.clear(self.shorten(sequence)))


# ---- telling ---------------------------------------------------------------

def disassembly(code, address):
    """By GNU's objdump: one line an instruction."""
    if not code:
        return ["no instruction at all"]
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "code")
        with open(path, "wb") as file:
            for word in code:
                file.write(word.to_bytes(4, "little"))
        objdump = MIPS_CC.replace("gcc", "objdump")
        text = subprocess.run([objdump, "-D", "-z", "-b", "binary", "-m",
                               "mips:isa32r2", "-EL",
                               f"--adjust-vma={address}", path],
                              stdout=subprocess.PIPE, check=True).stdout
    return [line.replace("\t", " ") for line in text.decode().splitlines()
            if line.startswith(f"{address:x}"[:2]) and ":\t" in line]


def field(offset):
    """What a word of struct state is (random/run.S)."""
    if offset < GPRS:
        return f"memory at pointer{offset - AREA - 128:+d}"
    if offset < HI:
        return f"${REGISTERS[(offset - GPRS) // 4]}"
    if offset in (HI, LO):
        return "HI" if offset == HI else "LO"
    if offset == COUNT:
        return "the number of exceptions"
    number, word = divmod((offset - LOG) // 4, 4)
    return f"exception {number % LOG_ENTRIES}: " + (
        "Cause", "EPC", "BadVAddr", "Status")[word]


def differences(want, got):
    if got.wrong:
        return [got.wrong]
    return [f"{field(4 * i)}: {a:08x} under QEMU, {b:08x} here"
            for i, (a, b) in enumerate(zip(words(want.out), words(got.out)))
            if a != b]


def describe(shrinker, sequence):
    """The program and what it does differently, as lines."""
    code = sequence.at(shrinker.address)
    memory = any(word >> 31 for word in code)
    lines = [f"li ${REGISTERS[n]}, 0x{value:08x}"
             for n, value in enumerate(sequence.values)
             if n and value and (memory or value != POINTER)]
    lines += disassembly(code, shrinker.address)
    return lines + differences(*shrinker.states(sequence))
