# SPDX-License-Identifier: MIT
"""Random sequences of instructions, all of insn.h that a program may use.

The rows of ../insn.h say what there is: the bits that a row leaves open are
chosen at random, within what follows.

  - Loads and stores reach the area (256 bytes): by the register that points at
    its middle, or by an address made of any value. One in eight is unaligned.
  - Branches, by condition, likely or not, with and without a link, and jumps
    lead forwards; loops back, a few times. Any instruction may be in the slot;
    now and then it is a branch.
  - Two registers are left alone by all others: the pointer, the loop counter.
"""

import collections
import random
import re

INSN_H = "mips-sim/insn.h"

# Rows that are not tried here, by name, and why.
LEFT_OUT = {
    "sdbbp": "semihosting; else for EJTAG",
    "cache": "privileged", "synci": "QEMU: never misses",
    "cop2": "QEMU: RI for some, CpU for others",
    "lwc2": "QEMU: as cop2", "swc2": "QEMU: as cop2",
    "ldc2": "QEMU: as cop2", "sdc2": "QEMU: as cop2",
}

Row = collections.namedtuple("Row", "name mask match operands kind exec")

# The register an instruction writes, as the shift of its field, by the first
# word of its operands; those that write none, or are no register's.
WRITES = {"RD": 11, "COUNT": 11, "RT": 16, "EXT": 16, "INS": 16}
WRITES_NONE = ("NONE RS BASE OP FT CODE20 CODE26 CODES WORD STYPE "
               "DIVISION").split()
WIDTHS = {"lh": 2, "lhu": 2, "sh": 2, "lw": 4, "sw": 4, "ll": 4}
EDGES = (0, 1, 2, 4, 31, 32, 0x7F, 0x80, 0xFF, 0x7FFE, 0x7FFF, 0x8000, 0x8001,
         0xFF80, 0xFFFE, 0xFFFF)
VALUES = (0, 1, 2, 31, 32, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
          0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFF8000,
          0xFFFFFF80, 0xFFFFFFFE, 0xFFFFFFFF)
NEVER_OF_ITSELF = "bne", "bgtz", "bltz"
AREA_HALF = 128		# bytes on each side of where the pointer points
PLAIN, IMMEDIATE, MEMORY, HARDWARE, FLOATING = range(5)
# The rest of words that QEMU, too, knows as an FPU's before it looks for one:
# mfc1, mtc1, arithmetic; lwxc1, madd and theirs.
COP1 = (0x00000000, 0x00800000, 0x02000000, 0x02000001, 0x02200002,
        0x02200003)
COP1X = (0x00, 0x01, 0x08, 0x09, 0x20, 0x21, 0x28, 0x29)
NOP = 0
ADDIU, ORI, LUI, ADDU, ANDI = 9 << 26, 13 << 26, 15 << 26, 0x21, 12 << 26


def rows(path=INSN_H):
    with open(path, encoding="ascii") as text:
        found = re.findall(r'INSN\("([^"]+)",\s*0x(\w+),\s*0x(\w+),\s*(\w+),'
                           r"\s*(\w+),\s*(\w+)\)", text.read())
    return [Row(name, int(mask, 16), int(match, 16), *rest)
            for name, mask, match, *rest in found]


class Sequence:
    """What is in it, to be placed, shortened and run.

    words    the instructions, those that `fixes` names without their target
    fixes    (index, how, index of the target): how is b, j, h or l
    atoms    tuples of indices that go together or not at all
    slots    indices of delay slots
    values   $0 to $31, HI and LO at its beginning ($0 is not used)
    """

    def __init__(self, words, fixes, atoms, slots, values):
        self.words = words
        self.fixes = fixes
        self.atoms = atoms
        self.slots = slots
        self.values = values

    def at(self, address):
        """Its words when it begins there."""
        words = self.words.copy()
        for index, how, target in self.fixes:
            target = min(target, len(words))
            to = address + 4 * target
            if how == "b":
                words[index] |= target - index - 1 & 0xFFFF
            elif how == "j":
                words[index] |= to >> 2 & 0x03FFFFFF
            else:
                words[index] |= to >> 16 if how == "h" else to & 0xFFFF
        return words


class Generator:
    """Sequences without end, the same for the same seed."""

    def __init__(self, seed, pointer_value, length=20):
        self.rng = random.Random(seed)
        self.bits = self.rng.getrandbits
        self.length = length
        self.pointer_value = pointer_value
        self.left_out = []
        self.used = []
        self.pool = []
        self.branches = []
        self.jumps = []
        self.registers = []
        self.sc = None
        for row in rows():
            self.take(row)
        self.pool = [self.pool[i * len(self.pool) // 4096]
                     for i in range(4096)]

    # ---- the rows --------------------------------------------------------

    def take(self, row):
        if row.name in LEFT_OUT or row.match >> 26 == 0x10:
            self.left_out.append(row.name)
            return
        self.used.append(row.name)
        if row.operands.endswith("_OFF"):
            self.branches.append(row)
        elif row.kind == "JUMP":
            self.jumps.append(row)
        elif row.kind == "REGISTER":
            self.registers.append(row)
        elif row.name == "sc":
            self.sc = row
        else:
            self.pool += [self.recipe(row)] * self.weight(row)

    @staticmethod
    def weight(row):
        if row.kind == "STEP" and row.name != "ll":
            return 1			# it always raises an exception
        if row.exec[0] == "t" and "RS" in row.operands:
            return 2			# it does in half of all cases
        return 12 if row.operands == "RT_BASE" else 8

    @staticmethod
    def recipe(row):
        """(match, open bits, shift of what it writes or 0, how, more)"""
        free = row.mask ^ 0xFFFFFFFF
        first = row.operands.split("_")[0]
        if first not in WRITES and first not in WRITES_NONE:
            raise LookupError(f"{INSN_H}: what does {row.name} write, whose "
                              f"operands are {row.operands}?")
        writes = WRITES.get(first, 0)
        if row.operands == "RT_BASE":
            if row.name[0] == "s":
                writes = 0
            align = WIDTHS.get(row.name, 1)
            return row.match, 0x001F0000, writes, MEMORY, align
        if row.name in ("cop1", "cop1x"):
            return (row.match, 0x001FF800, 0, FLOATING,
                    COP1X if row.name == "cop1x" else COP1)
        if row.operands == "RT_HWR":
            return row.match, free, writes, HARDWARE, 0
        if row.operands.endswith("IMM"):
            return row.match, free, writes, IMMEDIATE, 0
        return row.match, free, writes, PLAIN, 0

    # ---- pieces ----------------------------------------------------------

    def plain(self):
        """One instruction that goes on behind itself."""
        r = self.bits(64)
        match, free, shift, how, more = self.pool[r & 4095]
        word = match | r >> 12 & free
        if how == IMMEDIATE:
            if r >> 62:
                word = word & 0xFFFF0000 | EDGES[r >> 44 & 15]
        elif how == MEMORY:
            offset = (r >> 32 & 255) - AREA_HALF
            if r >> 61:
                offset &= -more
            word |= self.pointer << 21 | offset & 0xFFFF
        elif how == HARDWARE and word >> 11 & 31 in (2, 29):
            word ^= 1 << 11	# Count, and UserLocal that only QEMU has
        elif how == FLOATING:
            word |= more[(r >> 44) % len(more)]
        if shift:
            register = word >> shift & 31
            word ^= (register ^ self.writable[register]) << shift
        return word

    def put(self, word):
        self.words.append(word)

    def slot(self):
        self.slots.add(len(self.words))
        if self.bits(6):
            self.put(self.plain())
        else:
            self.put(self.conditional(len(self.words), 1))

    def some(self, most):
        for _ in range(1 + self.bits(8) % most):
            self.put(self.plain())

    def conditional(self, index, over):
        """A branch at @index, leading @over instructions behind its slot."""
        row = self.branches[self.bits(16) % len(self.branches)]
        self.fixes.append((index, "b", index + 2 + over))
        word = row.match | self.bits(32) & ~row.mask & 0x03FF0000
        # behind one that is never taken QEMU sees no delay slot
        if row.name in NEVER_OF_ITSELF:
            rt = word >> 16 & 31 if row.name == "bne" else 0
            if word >> 21 & 31 == rt:
                word ^= 1 << 21
        return word

    def register(self):
        return self.writable[self.bits(5)] or self.spare

    def skip(self):
        """Over a few instructions, or not."""
        over = self.bits(8) % 4
        self.put(self.conditional(len(self.words), over))
        self.slot()
        for _ in range(over):
            self.put(self.plain())

    def jump(self):
        over = self.bits(8) % 4
        row = self.jumps[self.bits(1)]
        index = len(self.words)
        self.fixes.append((index, "j", index + 2 + over))
        self.put(row.match)
        self.slot()
        for _ in range(over):
            self.put(self.plain())

    def jump_by_register(self):
        over = self.bits(8) % 4
        row = self.registers[self.bits(2) % len(self.registers)]
        index = len(self.words)
        register = self.register()
        self.put(LUI | register << 16)
        self.put(ORI | register << 21 | register << 16)
        word = row.match | register << 21
        if row.operands == "RD_RS":
            word |= self.register() << 11
        self.put(word)
        self.fixes += [(index, "h", index + 4 + over),
                       (index + 1, "l", index + 4 + over)]
        self.atoms.append((index, index + 1, index + 2))
        self.slot()
        for _ in range(over):
            self.put(self.plain())

    def loop(self):
        """One to four times; the counter is tested in one of these ways."""
        first = len(self.words)
        self.put(ADDIU | self.counter << 16 | 1 + self.bits(2))
        self.some(4)
        last = len(self.words)
        self.put(ADDIU | self.counter << 21 | self.counter << 16 | 0xFFFF)
        self.fixes.append((last + 1, "b", first + 1))
        self.put(self.counter << 21 | self.rng.choice((
            5 << 26, 21 << 26, 7 << 26, 23 << 26,	# bne, bgtz, likely
            0x04010000, 0x04030000, 0x04110000, 0x04130000)))	# bgez...
        self.atoms.append((first, last, last + 1))
        self.slot()

    def computed(self):
        """Memory at an address that a register made."""
        while True:
            word = self.plain()
            if word >> 31 and word >> 21 & 31 == self.pointer:
                break
        index = len(self.words)
        address = self.register()
        mask = 0x7C if self.bits(2) else 0x7F
        self.put(ANDI | self.bits(5) << 21 | address << 16 | mask)
        self.put(ADDU | address << 21 | self.pointer << 16 | address << 11)
        self.put(word & 0xFC1F0000 | address << 21 |
                 (word & 0x7F) - AREA_HALF & 0xFFFF)
        self.atoms.append((index, index + 1, index + 2))

    def linked(self):
        """ll and sc of one word, and something between them."""
        index = len(self.words)
        offset = self.bits(8) - AREA_HALF & 0xFFFC
        base = self.pointer << 21
        self.put(0xC0000000 | base | self.register() << 16 | offset)
        between = self.register()
        self.put(ADDIU | between << 21 | between << 16 | self.bits(16))
        self.put(self.sc.match | base | self.register() << 16 | offset)
        self.atoms.append((index, index + 1, index + 2))

    # ---- sequences -------------------------------------------------------

    def choose_registers(self):
        """The pointer, the counter (neither of them $31, which links write)
        and, for every number, what is written instead."""
        usable = [*range(1, 26), 28, 29, 30]
        self.pointer, self.counter = self.rng.sample(usable, 2)
        others = [n for n in range(32)
                  if n not in (26, 27, self.pointer, self.counter)]
        self.spare = others[1]		# not $0, which is the first
        self.writable = list(range(32))
        for taken in 26, 27, self.pointer, self.counter:
            self.writable[taken] = others[self.bits(5) % len(others)]

    def sequence(self):
        self.words, self.fixes, self.atoms = [], [], []
        self.slots = set()
        self.choose_registers()
        values = [VALUES[self.bits(8) % len(VALUES)] if self.bits(1)
                  else self.bits(32) for _ in range(34)]
        values[self.pointer] = self.pointer_value
        while len(self.words) < self.length:
            shape = self.bits(6)
            if shape < 48:
                self.put(self.plain())
            elif shape < 54:
                self.skip()
            elif shape < 57:
                self.loop()
            elif shape < 60:
                self.computed()
            elif shape < 61:
                self.linked()
            elif shape < 62:
                self.jump_by_register()
            else:
                self.jump()
        return Sequence(self.words, self.fixes, self.atoms, self.slots,
                        values)
