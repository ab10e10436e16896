#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The trace's instructions are those of GNU objdump, to the character.

For each row of insn.h words with every field at its bounds and at random, the
short forms (move, li, b, ...) among them, every CP0 register, and the code of
all guests, with the names of what is branched to. White space aside, all must
be the same. So must what is no instruction of this processor; where objdump
knows more, or less, it is listed here.
"""

import glob
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

from simtest import BUILD, Tap, need, skip_all

OBJDUMP = "mipsel-linux-gnu-objdump"
OURS = f"{BUILD}/test/disasm"
BASE = 0x80100000
RANDOM_OF_A_ROW = 2000
RANDOM_WORDS = 300000
FIELDS = [(21, 5), (16, 5), (11, 5), (6, 5), (0, 6), (0, 16), (0, 26), (6, 10),
          (6, 20), (0, 3), (0, 11), (18, 3), (16, 2)]

# What objdump's mips32r2 has and this processor has not: the FPU, coprocessor
# 2 and the extensions (DSP, MT, MCU, EVA, virtualization, MSA, SmartMIPS and
# EJTAG's registers). For us these are .word.
ABSENT = {
    0x10: "what COP0 does not have (MT, virtualization)",
    0x11: "the FPU, and MSA's branches",
    0x12: "coprocessor 2",
    0x13: "the FPU",
    0x1C: "SmartMIPS",
    0x1D: "jalx: MIPS16e",
    0x1E: "MSA",
    0x1F: "DSP, MT, EVA",
}
# By opcode 0: DSP's accumulators, the FPU's moves.
ABSENT_SPECIAL = {0x01, 0x05, 0x0A, 0x0E, 0x10, 0x11, 0x12, 0x13, 0x18, 0x19,
                  0x28, 0x29}


def rows():
    """(mnemonic, mask, match) of each row."""
    with open("mips-sim/insn.h", encoding="ascii") as source:
        found = re.findall(r'INSN\("([^"]+)",\s*0x(\w+), 0x(\w+), \w+,',
                           source.read())
    return [(name, int(mask, 16), int(match, 16))
            for name, mask, match in found]


def pack(words):
    return b"".join(struct.pack("<I", word) for word in words)


def normal(text):
    return " ".join(text.split())


def ours(words, *args):
    done = subprocess.run([OURS, *args], input=pack(words), check=True,
                          stdout=subprocess.PIPE)
    return [normal(line) for line in done.stdout.decode().splitlines()]


def dumped(command):
    """(address, word, text) of each instruction that objdump prints."""
    done = subprocess.run([OBJDUMP, "-z", *command], check=True,
                          stdout=subprocess.PIPE)
    for line in done.stdout.decode().splitlines():
        found = re.match(r"\s*([0-9a-f]+):\t([0-9a-f]{8}) \t?(.*)", line)
        if found:
            yield (int(found[1], 16), int(found[2], 16), normal(found[3]))


def theirs(words):
    with tempfile.NamedTemporaryFile() as raw:
        raw.write(pack(words))
        raw.flush()
        return [text for _, _, text in
                dumped(["-D", "-EL", "-b", "binary", "-m", "mips:isa32r2",
                        f"--adjust-vma={BASE:#x}", raw.name])]


def words_of(mask, match, chance):
    """A row's words: all fields at their bounds, and at random."""
    free = ~mask & 0xFFFFFFFF
    found = {match, match | free}
    for shift, width in FIELDS:
        for value in (0, 1, 2, 31, (1 << width) - 1, 1 << (width - 1)):
            for others in 0, free, chance.getrandbits(32):
                field = ((1 << width) - 1) << shift
                word = others & ~field | value << shift & field
                found.add(match | word & free)
    for _ in range(RANDOM_OF_A_ROW):
        # half of them with registers that are $zero, or one and the same
        word = chance.getrandbits(32)
        if chance.random() < 0.5:
            for shift in 21, 16, 11:
                if chance.random() < 0.4:
                    word &= ~(31 << shift)
                if chance.random() < 0.2:
                    word |= 31 << shift
        found.add(match | word & free)
    return sorted(found)


def hinted(word):
    """A jr or jalr with a hint that means nothing: objdump does not know it,
    the processor, which ignores hints, does."""
    return (word >> 26 == 0 and word & 0x3F in (8, 9) and
            word >> 6 & 31 not in (0, 16))


def compare(tap, what, words, accept=lambda word, us, them: False):
    got = ours(words, f"{BASE:x}")
    want = theirs(words)
    bad = [f"{w:08x}: {g!r}, objdump has {t!r}"
           for w, g, t in zip(words, got, want)
           if g != t and not accept(w, g, t)]
    bad += ["not as many lines"] * (not len(words) == len(got) == len(want))
    tap.ok(not bad, f"{what}: {len(words)} words", "\n".join(bad[:10]))
    return list(zip(words, got, want))


def instructions(tap):
    chance = random.Random(1)
    for name, mask, match in rows():
        if name.startswith("cop"):
            continue
        first = [(m, v) for n, m, v in rows()]
        first = first[:first.index((mask, match))]
        words = [w for w in words_of(mask, match, chance)
                 if not any(w & m == v for m, v in first) and not hinted(w)]
        compare(tap, name, words)
    words = [0x40000000 | 4 << 16 | write << 23 | n << 11 | select
             for write in (0, 1) for n in range(32) for select in range(8)]
    compare(tap, "every CP0 register", words)
    compare(tap, "every hardware register",
            [0x7C00003B | 4 << 16 | n << 11 for n in range(32)])
    jumps = [(w, g) for w, g, _ in compare(
        tap, "jr and jalr with hints", [
            n << 21 | hint << 6 | 8 for n in (0, 31) for hint in range(32)],
        lambda w, us, them: hinted(w) and them == f".word {w:#x}")]
    tap.ok(all(g.startswith("jr") for _, g in jumps), "  are jumps for us")


def absent(word, us, them):
    """Is it right to differ?"""
    if us != f".word {word:#x}":
        return hinted(word) and them == f".word {word:#x}"
    opcode = word >> 26
    return (opcode in ABSENT or
            opcode == 0 and word & 0x3F in ABSENT_SPECIAL or
            opcode == 1 and word >> 16 & 31 in (7, 0x1C))   # MCU, DSP


def anything(tap):
    chance = random.Random(2)
    words = [chance.getrandbits(32) for _ in range(RANDOM_WORDS)]
    # and each opcode and function with small fields, where there is most
    words += [op << 26 | function | chance.getrandbits(26) & ~0x3F
              for op in (0, 1, 0x10, 0x1C, 0x1F) for function in range(64)
              for _ in range(200)]
    words += [1 << 26 | rt << 16 | chance.getrandbits(26) & ~(31 << 16)
              for rt in range(32) for _ in range(50)]
    words += [0x41 << 24 | chance.getrandbits(24) for _ in range(5000)]
    known = compare(tap, "any words", words, absent)
    none = sum(us == them == f".word {word:#x}" for word, us, them in known)
    both = sum(us == them for _, us, them in known) - none
    tap.say(f"{both} are instructions for both, {none} for none")
    tap.ok(both > len(words) / 4 and none > len(words) / 20,
           "  of which there are enough of each kind")


def runs(lines):
    """The same in lists of instructions that follow each other."""
    found = []
    for line in lines:
        if not found or found[-1][-1][0] + 4 != line[0]:
            found.append([])
        found[-1].append(line)
    return found


def nameless(text, known):
    """What objdump prints, but for the name of a place that is in no section:
    it gives the last symbol, however far away."""
    found = re.match(r"(.*[ ,])([0-9a-f]+) <\S+>$", text)
    if found and int(found[2], 16) not in known:
        return f"{found[1]}0x{found[2]}"
    return text


def guests(tap):
    paths = sorted(glob.glob(f"{BUILD}/guest/*.elf") +
                   glob.glob(f"{BUILD}/guest/tests/*.elf"))
    if not paths:
        tap.skipped("the guests", "none are built")
    for path in paths:
        lines = list(dumped(["-d", path]))
        known = {address for address, _, _ in lines}
        wrong = []
        for run in runs(lines):
            got = ours([word for _, word, _ in run], f"{run[0][0]:x}", path)
            want = [nameless(text, known) for _, _, text in run]
            wrong += [f"{address:x}: {us!r}, objdump has {text!r}"
                      for us, text, (address, word, _) in zip(got, want, run)
                      if us != text and not absent(word, us, text)]
        tap.ok(lines and not wrong, os.path.basename(path) +
               f": {len(lines)} instructions, with names",
               "\n".join(wrong[:10]))


def main():
    need(OBJDUMP, "binutils-mipsel-linux-gnu")
    if not os.access(OURS, os.X_OK):
        skip_all(f"no {OURS}: make builds it")
    tap = Tap()
    instructions(tap)
    anything(tap)
    guests(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
