#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--stats: instructions by class and by symbol, with every engine.

The count is made again from the trace, which has a line for each instruction:
by the names of the instructions and the symbols in it. For guests, for code
that changes, for what is no instruction; each engine must say the same.
"""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile

import tiny
from simtest import BUILD, SIM, Tap, need_sim
from tiny import (A0, ERET, K0, NOP, SYSCALL, T0, T1, T2, T9, UHI, ZERO, addiu,
                  beq, bne, elf, immediate, jump, leave, lui, lw, mfc0, mtc0,
                  ori, sw)

WHERE = None
LINE = re.compile(r" *\d+ [0-9a-f]{8} (\S+) +(?:[0-9a-f]{8}|-{8}) (\S+).*")
ENGINES = (["step"], ["block"], ["jit"], ["block", "--lockstep"],
           ["jit", "--lockstep"])
LIMIT = "300000"
BYTES = b"Slow devices teach\npatience, byte by byte.\n\n"
CLASSES = {
    "alu": "sll srl ror sra sllv srlv rorv srav movz movn add addu sub subu "
           "and or xor nor slt sltu addi addiu slti sltiu andi ori xori lui "
           "clz clo ext ins wsbh seb seh move neg negu li pause",
    "muldiv": "mfhi mthi mflo mtlo mult multu div divu madd maddu mul msub "
              "msubu",
    "load": "lb lh lwl lw lbu lhu lwr ll",
    "store": "sb sh swl sw swr sc",
    "branch": "bltz bgez bltzl bgezl bltzal bgezal bltzall bgezall beq bne "
              "blez bgtz beql bnel blezl bgtzl b bal beqz bnez beqzl bnezl",
    "jump": "j jal jr jr.hb jalr jalr.hb",
    "trap": "syscall break sdbbp tge tgeu tlt tltu teq tne tgei tgeiu tlti "
            "tltiu teqi tnei",
    "cp0": "mfc0 mtc0 rdpgpr wrpgpr di ei tlbr tlbwi tlbwr tlbp eret deret "
           "wait rdhwr",
    "sync": "sync sync_wmb sync_mb sync_acquire sync_release sync_rmb synci "
            "cache pref",
    "nop": "nop ssnop ehb",
    "none": ".word (no movf movt lwc1 lwc2 ldc1 ldc2 swc1 swc2 sdc1 sdc2",
}
CLASS_OF = {name: kind for kind, names in CLASSES.items()
            for name in names.split()}


def path(name):
    return os.path.join(WHERE, name)


def run(program, engine, *args, line=b""):
    with open(path("line"), "wb") as out:
        out.write(line)
    done = subprocess.run([SIM, "--engine", *engine, "--stats", path("stats"),
                           "--line-in", path("line"), *args, program],
                          timeout=120, stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with open(path("stats"), encoding="ascii") as text:
        return done.returncode, json.load(text)


def recount(program, *args, line=b""):
    """Classes and symbols by the trace's text."""
    status, stats = run(program, ["step"], "--trace", path("trace"), *args,
                        line=line)
    classes, symbols = collections.Counter(), collections.Counter()
    with open(path("trace"), encoding="ascii") as text:
        for found in map(LINE.fullmatch, text.read().splitlines()):
            symbols[found[1].partition("+")[0]] += 1
            classes[CLASS_OF[found[2]]] += 1
    return status, stats, classes, symbols


def check(tap, what, program, *args, line=b""):
    status, stats, classes, symbols = recount(program, *args, line=line)
    tap.same((stats["classes"], stats["symbols"]), (classes, symbols),
             f"{what}: {stats['insns']} instructions, as in the trace")
    wrong = [engine for engine in ENGINES
             if run(program, engine, *args, line=line) != (status, stats)]
    tap.same(wrong, [], "  the same with every engine")
    tap.ok(sum(stats["classes"].values()) == stats["insns"] ==
           sum(stats["symbols"].values()), "  and the sums are all of them")
    return stats


def words(tap, what, code, *args, extra=(), line=b""):
    with open(path("p.elf"), "wb") as out:
        out.write(elf(code, extra=extra))
    return check(tap, what, path("p.elf"), "--max-insns", LIMIT, *args,
                 line=line)


def by_hand(tap):
    stats = words(tap, "three", leave(5))
    tap.same(stats["classes"], {"alu": 2, "trap": 1}, "  2 alu, 1 trap")
    tap.same(stats["symbols"], {"-": 3}, "  without a name: -")
    loop = [addiu(T0, ZERO, 100), addiu(T0, T0, -1), bne(T0, ZERO, -2), NOP,
            *leave(0)]
    stats = words(tap, "a loop", loop)
    tap.same(stats["classes"], {"alu": 103, "branch": 100, "nop": 100,
                                "trap": 1}, "  100 turns")
    stats = words(tap, "cut short", loop, "--max-insns", "50")
    tap.same(stats["classes"], {"alu": 18, "branch": 16, "nop": 16},
             "  in the midst of a turn")


# The handler goes on behind the instruction.
EPC = 14
SKIP = [(0x80000180, [mfc0(K0, EPC), addiu(K0, K0, 4), mtc0(K0, EPC), ERET])]


def every_row(tap):
    """Each row of insn.h once, and its class."""
    with open("mips-sim/insn.h", encoding="ascii") as source:
        rows = re.findall(r'INSN\("([^"]+)",\s*0x(\w+), 0x(\w+), \w+, +(\w+),',
                          source.read())
    # wait sleeps and eret leads away; branches are below
    some = [int(match, 16) for name, _, match, kind in rows
            if name != "wait" and
            kind in ("STRAIGHT", "SYSTEM", "STEP") and not name.startswith("b")]
    some += [0x0000000D, 0xFC000000, 0x00000001, 0x7C00000A]
    words(tap, "every row", [mtc0(ZERO, 12), *some, *leave(0)], extra=SKIP)


def likely(tap):
    bnel, beql, bgezall = (lambda rs, rt, off: immediate(21, rs, rt, off),
                           lambda rs, rt, off: immediate(20, rs, rt, off),
                           lambda rs, off: immediate(1, rs, 0x13, off))
    loop = [addiu(T0, ZERO, 500), addiu(T1, ZERO, 1),
            # taken every other time; its slot raises an exception
            immediate(12, T0, T2, 1), bnel(T2, ZERO, 2), SYSCALL, NOP,
            # never taken; taken always, with a load from nowhere in its slot
            bnel(ZERO, ZERO, 5), SYSCALL, beql(ZERO, ZERO, 1),
            lw(T2, 0, ZERO), addiu(T0, T0, -1), bne(T0, ZERO, -10), NOP,
            bgezall(ZERO, 1), addiu(T0, T0, 1), *leave(0)]
    # an exception in a slot goes on behind that
    handler = [(0x80000000 + offset,
                [mfc0(K0, EPC), addiu(K0, K0, 8), mtc0(K0, EPC), ERET])
               for offset in (0, 0x180)]
    words(tap, "branches likely", [mtc0(ZERO, 12), *loop], extra=handler)


def devices(tap):
    # a block that is left at each load from the chip, and interrupted
    code = [lui(T0, 0x0080), mtc0(T0, 13), lui(T0, 0xBF00),
            addiu(T1, ZERO, 1), sw(T1, 0x10, T0), sw(T1, 4, T0),
            addiu(T1, ZERO, 0x401), mtc0(T1, 12),
            lw(T1, 8, T0), addiu(T2, T2, 1), lw(T1, 0x20, T0),
            addiu(A0, T1, -20), bne(A0, ZERO, -5), sw(T2, 0x1C, T0),
            *leave(0)]
    handler = [(0x80000200, [lui(K0, 0xBF00), lw(K0, 0x14, K0), ERET])]
    stats = words(tap, "a chip and its interrupts", code, "--period", "1000",
                  line=bytes(20), extra=handler)
    tap.ok(stats["classes"]["cp0"] - 2 == stats["interrupts"] > 15,
           "  an eret each")


def changing(tap):
    """The word in a block is another every time: each is counted as what it
    was."""
    code = [lui(T0, 0x8010), addiu(T1, ZERO, 40), ori(T9, ZERO, 1),
            # here are mult and addiu in turn
            lui(A0, 0x2508), ori(A0, A0, 0),
            jump(tiny.BASE + 4 * 8), NOP, NOP,
            addiu(T0, T0, 0),                       # 8: changes
            lw(T2, 4 * 8, T0), lui(A0, 0x0109), ori(A0, A0, 0x18),
            bne(T2, A0, 2), NOP,
            lui(A0, 0x2508), sw(A0, 4 * 8, T0),     # 14, 15
            addiu(T1, T1, -1), bne(T1, ZERO, -10), NOP, *leave(0)]
    code[15] = sw(A0, 4 * 8, T0)
    stats = words(tap, "code that changes", code)
    tap.ok(stats["classes"]["muldiv"] > 10, "  into a mult and back")


def no_code(tap):
    words(tap, "where no instruction is",
          [mtc0(ZERO, 12), lui(T0, 0xC000), 0x01000008, NOP],
          extra=[(0x80000000, leave(4))])
    words(tap, "a page's end", [
        lui(T0, 0x8011), ori(T0, T0, 0x0FF0), 0x01000008, NOP],
          extra=[(0x80110FF0, [NOP, addiu(T1, T1, 1), addiu(T1, T1, 1),
                               beq(ZERO, ZERO, 1), NOP, NOP, *leave(6)])])
    # more code than the room for blocks holds: all are forgotten
    many = []           # of 160 bytes each, in 16 MiB
    for n in range(120000):
        many += [jump(0x80200000 + 16 * n + 16), addiu(T1, T1, 1), NOP, NOP]
    words(tap, "more blocks than there is room for",
          [lui(T0, 0x8020), 0x01000008, NOP],
          extra=[(0x80200000, [*many, addiu(A0, ZERO, 7),
                               addiu(T9, ZERO, 1), UHI])])


def guests(tap):
    for name, *args in (["rx-poll"], ["rx-irq"], ["line-irq"],
                        ["thread-sleep"], ["race-llsc"], ["wake-safe"],
                        ["both-irq"]):
        program = f"{BUILD}/guest/{name}.elf"
        if not os.path.exists(program):
            tap.skipped(name, f"no {program}: make builds it")
            continue
        check(tap, name, program, "--period", "2000", "--max-insns", "100000",
              *args, line=BYTES)


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        by_hand(tap)
        every_row(tap)
        likely(tap)
        devices(tap)
        changing(tap)
        no_code(tap)
        guests(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
