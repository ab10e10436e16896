#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a block engine gets wrong: code that changes, blocks that are left in
their middle, pages' ends, modes, a full cache; and random words as code.

usage: test_engine.py [SEED...]

Each guest (tiny.py) runs by every engine, alone and in lock step; status, output
and statistics must be one. What the status must be is said here. (Where the
host lets no code be made jit is block again.)
"""

import os
import random
import subprocess
import sys
import tempfile

import tiny
from simtest import SIM, Tap, need_sim
from tiny import (A0, A1, A2, ERET, K0, NOP, RA, T0, T1, T2, T3, T9, UHI, V0,
                  V1, WAIT, ZERO, addiu, addu, beq, bne, elf, jr, jump, lbu,
                  leave, lui, lw, mfc0, mtc0, ori, reg, sb, sw)

ENGINES = (["--engine", "step"], ["--engine", "block"], ["--engine", "jit"],
           ["--engine", "block", "--lockstep"],
           ["--engine", "jit", "--lockstep"])
SEEDS = range(1, 41)
WHERE = None
STATUS, CAUSE, EPC, COMPARE, COUNT = 12, 13, 14, 11, 9

EXIT_V0 = [ori(A0, V0, 0), addiu(T9, ZERO, 1), UHI]
# The handler counts in k1 and goes on behind the instruction, or behind the
# branch when that was in a slot.
K1 = 27
SKIP = [(0x80000180, [mfc0(K0, EPC), addiu(K1, K1, 1), addiu(K0, K0, 4),
                      mtc0(K0, EPC), ERET, NOP])]


def one(args, program, stdin):
    done = subprocess.run([SIM, *args, program],
                          input=stdin, timeout=120, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr


def counted(args, program, stdin):
    """The same with --stats, for which the blocks are others."""
    stats = os.path.join(WHERE, "stats")
    result = one([*args, "--stats", stats], program, stdin)
    with open(stats, encoding="ascii") as source:
        return *result, source.read()


def check(tap, what, words, status, *args, stdin=b"", **more):
    """The guest ends with @status (None: any) and does so with each engine."""
    program = os.path.join(WHERE, "p.elf")
    with open(program, "wb") as out:
        out.write(elf(words, **more))
    by = [counted([*engine, *args], program, stdin) for engine in ENGINES]
    good = all(result == by[0] for result in by) and status in (None, by[0][0])
    by += [one([*engine, *args], program, stdin) for engine in ENGINES]
    good &= all(result == by[0][:3] for result in by[len(ENGINES):])
    if not tap.ok(good, what):
        for engine, result in zip(ENGINES * 2, by):
            tap.say(f"{' '.join(engine)}: {result}"[:600])


def add(rd, rs, rt):
    return reg(32, rd, rs, rt)


def jalr(rd, rs):
    return reg(9, rd, rs, 0)


def la(rt, address):
    return [lui(rt, address >> 16), ori(rt, rt, address & 0xFFFF)]


def at(index):
    """The address of the guest's word @index."""
    return tiny.BASE + 4 * index


def loops(body, turns=20):
    """@body, @turns times; t3 counts."""
    return [addiu(T3, ZERO, turns), *body, addiu(T3, T3, -1),
            bne(T3, ZERO, -len(body) - 2), NOP]


def patch(where, word, base=0):
    """Store @word over the guest's word @where: six instructions."""
    return [*la(T0, at(where) - base), *la(T1, word), sw(T1, 0, T0), NOP]


def changing_code(tap):
    start = [addiu(V0, ZERO, 0)]
    plus, target = addiu(V0, V0, 1), addiu(V0, V0, 5)
    body = [*patch(2 + 6, target), plus]
    check(tap, "a store over the next instruction but one counts at once",
          [*start, *loops(body), *EXIT_V0], 100)
    body = [*la(T0, at(2 + 5)), *la(T1, target), sw(T1, 0, T0), plus]
    check(tap, "  over the very next one", [*start, *loops(body), *EXIT_V0],
          100)
    body = [plus, *patch(2, target)]
    check(tap, "  over one that has run: the next time",
          [*start, *loops(body), *EXIT_V0], 1 + 19 * 5)
    body = [*la(T0, at(2 + 4)), addiu(T1, ZERO, 5), sb(T1, 0, T0), plus]
    check(tap, "  a byte of one", [*start, *loops(body), *EXIT_V0], 100)
    for name, base in (("KSEG1", -0x20000000), ("KUSEG, ERL being 1",
                                                0x80000000)):
        body = [*patch(2 + 6, target, base), plus]
        check(tap, f"  through {name}", [*start, *loops(body), *EXIT_V0],
              100)
    # a store in a slot over the branch's target
    body = [*la(T0, at(2 + 7)), *la(T1, target), beq(ZERO, ZERO, 2),
            sw(T1, 0, T0), NOP, plus]
    check(tap, "  from a delay slot", [*start, *loops(body), *EXIT_V0], 100)
    # turn by turn the one and the other
    body = [plus, lw(T1, 0, A1), reg(38, T1, T1, A2), sw(T1, 0, A1)]
    check(tap, "code that changes at every turn",
          [*start, *la(A1, at(6)), *la(A2, plus ^ target), *loops(body),
           *EXIT_V0], 10 + 50)
    # data beside code: on its page, between its blocks
    body = [sw(T3, 0, A1), lw(T1, 0, A1), addu(V0, V0, T1)]
    data = 1 + 2 + 1 + 3 + 3 + 3
    check(tap, "data on a page with code",
          [*start, *la(A1, at(data)), *loops(body), *EXIT_V0, NOP], 210)
    # what is read in by UHI
    read = [addiu(A0, ZERO, 0), *la(A1, at(20)), addiu(A2, ZERO, 4),
            addiu(T9, ZERO, 4), UHI]
    words = [*start, *la(T2, at(20)), jalr(RA, T2), NOP, *read,
             jalr(RA, T2), NOP, *read, jalr(RA, T2), NOP][:20]
    words = [*start, *la(T2, at(20)), jalr(RA, T2), NOP, *read, jalr(RA, T2),
             NOP, *EXIT_V0]
    words += [NOP] * (20 - len(words)) + [plus, jr(RA), NOP]
    # v0 is what the reading gave: 4
    check(tap, "code that UHI reads in", words, 4 + 7,
          stdin=tiny.code([addiu(V0, V0, 7)]))


def edges(tap):
    page = 1024		# instructions on one
    for place in range(page - 3, page + 1):
        # a call at the page's end, its slot perhaps on the next
        words = [addiu(V0, ZERO, 0), addiu(T3, ZERO, 9), jump(at(place)),
                 NOP]
        back = len(words)
        words += [addiu(T3, T3, -1), bne(T3, ZERO, 2), NOP,
                  beq(ZERO, ZERO, 2), NOP, jump(at(place)), NOP, *EXIT_V0]
        words += [NOP] * (place - len(words))
        words += [jump(at(back)), addiu(V0, V0, 3), NOP]
        check(tap, f"a jump {page - place} before the page's end", words, 27)
    words = [addiu(V0, ZERO, 0), jump(at(page - 8)), NOP]
    words += [NOP] * (page - 8 - len(words)) + [addiu(V0, V0, 1)] * 20
    check(tap, "straight on into the next page", [*words, *EXIT_V0], 20)
    top = 0x80000000 + (2 << 20) - 16
    check(tap, "straight on to RAM's end, and off it",
          [mtc0(ZERO, STATUS), *la(T0, top), jr(T0), NOP], 5,
          "--ram-mib", "2", extra=[
              (0x80000180, [mfc0(A0, CAUSE), reg(2, A0, 0, A0, 2),
                            addiu(A0, A0, -1), addiu(T9, ZERO, 1), UHI]),
              (top, [NOP, NOP, NOP, NOP])])
    # likely branches, taken and not, with what comes of their slots
    for turns in (0, 1, 2, 9):
        words = [addiu(V0, ZERO, 0), addiu(T3, ZERO, turns),
                 tiny.immediate(20, T3, ZERO, -1) & ~0xFFFF | 3,
                 addiu(V0, V0, 1), *EXIT_V0[:0], addiu(V0, V0, 16),
                 addiu(T3, T3, -1),
                 tiny.immediate(21, T3, ZERO, -2), addiu(V0, V0, 2)]
        check(tap, f"likely branches, {turns} turns", [*words, *EXIT_V0],
              None, "--max-insns", "1000")


def left_in_the_middle(tap):
    clear = [mtc0(ZERO, STATUS), addiu(K1, ZERO, 0), addiu(V0, ZERO, 0)]
    big = [lui(T1, 0x7FFF), lui(T2, 0x7FFF)]
    bad = {"add that overflows": add(V1, T1, T2), "syscall": tiny.SYSCALL,
           "unaligned lw": lw(V1, 1, T1), "unaligned sw": sw(V1, 2, T1),
           "lw from nowhere": lw(V1, 0, T1), "a reserved word": 0x7C00003F,
           "trap": reg(52, 0, T1, T2), "FPU": 0x46000000,
           "ext that leaves the word": 0x7C000000 | T1 << 21 | V1 << 16
                                       | 31 << 11 | 9 << 6,
           "a branch": beq(ZERO, ZERO, 1)}
    for name, word in bad.items():
        body = [addiu(V0, V0, 1), word, addiu(V0, V0, 1)]
        check(tap, f"{name} in a block's middle",
              [*clear, *big, *loops(body), addu(V0, V0, K1), *EXIT_V0],
              None, "--max-insns", "5000", extra=SKIP)
        body = [addiu(V0, V0, 1), bne(V0, ZERO, 2), word, addiu(V0, V0, 3),
                addiu(V0, V0, 1)]
        check(tap, f"{name} in a delay slot",
              [*clear, *big, *loops(body), addu(V0, V0, K1), *EXIT_V0],
              None, "--max-insns", "5000", extra=SKIP)

    # A timer that is due at each place of a loop in turn.
    every = [(0x80000180, [addiu(K1, K1, 1), mfc0(K0, COUNT),
                           addiu(K0, K0, 23), mtc0(K0, COMPARE), ERET])]
    body = [addiu(V0, V0, 1), bne(ZERO, ZERO, 1), addiu(V0, V0, 1), NOP,
            beq(ZERO, ZERO, 1), NOP, sw(V0, 0x400, A1), lw(T1, 0x400, A1)]
    timer = [*clear, *la(A1, 0x80200000), addiu(T0, ZERO, 40),
             mtc0(T0, COMPARE), ori(T0, ZERO, 0x8001), mtc0(T0, STATUS)]
    check(tap, "interrupts in blocks", [*timer, *loops(body, 2000), addu(
        V0, K1, ZERO), *EXIT_V0], None, extra=every)
    check(tap, "  and waits", [*timer, *loops([*body, WAIT], 50), addu(
        V0, K1, ZERO), *EXIT_V0], None, extra=every)
    check(tap, "  a branch to itself that one ends",
          [*timer, beq(ZERO, ZERO, -1), NOP], 9,
          extra=[(0x80000180, leave(9))])

    program = [*clear, *la(A1, 0x80200000), *loops(body, 3), *EXIT_V0]
    for limit in range(1, 50):
        check(tap, f"--max-insns {limit}", program, None, "--max-insns",
              str(limit))

    # ll, run by cpu_step() in a slot, then jumped to
    program = [*la(A1, 0x80200000), beq(ZERO, ZERO, 1),
               tiny.immediate(48, A1, T1, 0), addiu(V0, V0, 1),
               jump(at(3)), NOP]
    for limit in range(3, 10):
        check(tap, f"--max-insns {limit}, with a slot that is stepped",
              program, 124, "--max-insns", str(limit))

    for name, words in (
            ("j", [NOP, jump(at(1)), NOP]),
            ("jr", [*la(T0, at(3)), NOP, jr(T0), NOP]),
            ("jr at a block's start", [*la(T0, at(4)), jr(T0), NOP, jr(T0),
                                       NOP]),
            ("jalr", [*la(T0, at(2)), jalr(RA, T0), NOP]),
            ("bne", [addiu(T0, ZERO, 1), bne(T0, ZERO, -1), NOP])):
        check(tap, f"a jump to itself: {name}", words, 126, "--max-insns",
              "100000")
    check(tap, "a jump to itself whose slot counts",
          [addiu(T0, ZERO, 100), bne(T0, ZERO, -1), addiu(T0, T0, -1),
           *leave(7)], 7)


def interrupted(tap):
    """By the timer, sooner or later before every instruction, but in no slot.

    The handler notes the place, a byte for each; in the end they are added up.
    """
    table, period = 0x80200100, 37
    never = ori(T2, ZERO, 1)
    # (instruction, in a slot?)
    body = [(mfc0(T0, COUNT), 0), (lw(T1, 0, A1), 0), (NOP, 0),
            (addu(T1, T1, T0), 0), (sw(T1, 0, A1), 0), (lw(T2, 4, A1), 0),
            (reg(26, 0, T1, K1), 0),			# div
            (beq(ZERO, ZERO, 1), 0), (addiu(V1, V1, 1), 1),
            (bne(T3, T3, 5), 0), (addu(T1, T3, V1), 1),
            (tiny.immediate(21, ZERO, ZERO, 5), 0), (never, 1),	# bnel
            (tiny.immediate(20, ZERO, ZERO, 1), 0), (NOP, 1),	# beql
            (mtc0(T1, 4), 0), (0x41606000, 0), (0x41606020, 0),	# di, ei
            (NOP, 0), (beq(T3, T1, 5), 0), (mfc0(T1, CAUSE), 1),
            (jump(at(15)) | 1 << 26, 0), (sw(T1, 4, A1), 1), (NOP, 0),
            (mtc0(T0, 4), 0), (reg(24, 0, T1, T0), 0), (NOP, 0)]	# mult
    words = [mtc0(ZERO, STATUS), *la(A1, 0x80200000),
             *la(A2, (table - at(0) // 4) & 0xFFFFFFFF),
             addiu(K1, ZERO, 1), addiu(T0, ZERO, 3 * period),
             mtc0(ZERO, COUNT), mtc0(T0, COMPARE), *la(T0, 0x8001),
             beq(ZERO, ZERO, 4), mtc0(T0, STATUS), NOP, NOP,
             jr(RA), addu(T2, T1, T0),
             *loops([word for word, _ in body], 2000)]
    want = sum(not slot for _, slot in body) + len("jr addiu bne".split())
    # not between di and ei, but behind the latter
    want -= 1
    count = [mtc0(ZERO, STATUS), addiu(V0, ZERO, 0), *la(T0, table),
             *la(T1, table + len(words)), lbu(T2, 0, T0), addiu(T0, T0, 1),
             bne(T0, T1, -3), addu(V0, V0, T2)]
    handler = [mfc0(K0, EPC), reg(2, K0, 0, K0, 2), addu(K0, K0, A2),
               sb(K1, 0, K0), mfc0(K0, COMPARE), addiu(K0, K0, period),
               mtc0(K0, COMPARE), ERET]
    check(tap, "an interrupt before each instruction", [*words, *count,
          *EXIT_V0], want, extra=[(0x80000180, handler)])


def devices(tap):
    """Reached within blocks, and in slots, which run before their branch."""
    chip, uart, tester = (0xBF000000, 0xBFD003F8, 0xBF001000)
    check(tap, "the run ends by a store in a slot",
          [*la(A1, tester), addiu(T0, ZERO, 7), NOP, beq(ZERO, ZERO, 1),
           sw(T0, 4, A1), addiu(T1, ZERO, 1)], 7)
    check(tap, "  and in the midst of a block",
          [*la(A1, tester), addiu(T0, ZERO, 7), sw(T0, 4, A1),
           addiu(T1, ZERO, 1), *leave(3)], 7)
    where = [(0x80000180, [mfc0(A0, EPC), reg(2, A0, 0, A0, 2),
                           *EXIT_V0[1:]])]
    uart_on = [mtc0(ZERO, STATUS), *la(A1, uart), addiu(T0, ZERO, 2),
               ori(T1, ZERO, 0x1001), mtc0(T1, STATUS)]
    check(tap, "a store in a slot interrupts at the branch's target",
          [*uart_on, beq(ZERO, ZERO, 3), sb(T0, 1, A1), NOP, NOP, NOP,
           *leave(0)], 10, extra=where)
    check(tap, "  behind a branch by register, which it does not depend on",
          [*uart_on, *la(T2, at(12)), jalr(RA, T2), sb(T0, 1, A1), NOP, NOP,
           NOP, *leave(0)], 12, extra=where)
    check(tap, "  and by itself behind itself",
          [*uart_on, sb(T0, 1, A1), NOP, *leave(0)], 7, extra=where)
    check(tap, "the chip's time within a block and in a slot",
          [mtc0(ZERO, STATUS), *la(A1, chip), addiu(T0, ZERO, 3),
           sw(T0, 4, A1), addiu(V0, ZERO, 0),			# EN, LOOP
           *loops([sw(T3, 0x14, A1), lw(T0, 0x28, A1), NOP,	# TX_COUNT
                   addu(V0, V0, T0), beq(T0, T3, 1), lw(T1, 0x20, A1),
                   addu(V0, V0, T1), mfc0(T2, COUNT), addu(V0, V0, T2)],
                  200), *EXIT_V0], None, "--period", "1000",
          "--clock-mhz", "7")
    check(tap, "bytes and halves where only words are",
          [mtc0(ZERO, STATUS), *la(A1, chip),
           *loops([lbu(T0, 8, A1), sb(T0, 8, A1), lw(T0, 9, A1),
                   tiny.swl(T0, 8, A1), lw(T0, 0x30, A1), lw(T0, 8, A1)], 3),
           ori(V0, K1, 0), *EXIT_V0], 15, extra=SKIP)


def spans(tap):
    """Words at distances from one base, of which the first looks up the page."""
    def moved(base, offsets, between=()):
        """Words of numbers stored and added up; they lie anywhere."""
        body = [*la(A1, base), addiu(T1, ZERO, 0)]
        for i, offset in enumerate(offsets):
            body += [addiu(T0, V1, i), sw(T0, offset, A1)]
        body += [*between]
        for offset in offsets:
            body += [lw(T2, offset, A1), addu(T1, T1, T2)]
        return [addiu(V1, ZERO, 1), *loops([*body, addiu(V1, V1, 1)], 5),
                ori(V0, T1, 0), *EXIT_V0]

    def want(offsets):
        return sum(5 + i for i, _ in enumerate(offsets))

    near, far = [0, 4, -8, 12, 32], [-4, 0, -2048, 2044]
    for what, base, offsets in (
            ("in a page", 0x80200000 + 64, near),
            ("over a page's end", 0x80201000 - 12, near),
            ("all of a page", 0x80200800, far),
            ("over a page's end, far", 0x80200804, far),
            ("over RAM's beginning", 0x80000000, near[:2]),
            ("further than a page", 0x80208000, [-30000, 30000, 0]),
            ("beside code", 0x80100800, near)):
        check(tap, f"words of one base: {what}", moved(base, offsets),
              want(offsets))
    check(tap, "  between them a division",
          moved(0x80200040, near, [reg(26, 0, A1, V1), NOP]), want(near))
    check(tap, "  between them the base moves",
          moved(0x80200040, near, [addiu(A1, A1, 4), addiu(A1, A1, -4)]),
          want(near))
    check(tap, "  a load of the base itself",
          [*la(A1, 0x80200040), addiu(V1, A1, 64), addiu(T0, ZERO, 7),
           *loops([sw(V1, 4, A1), sw(T0, 64, A1), sw(ZERO, 8, A1),
                   lw(T1, 8, A1), ori(T2, A1, 0), lw(A1, 4, A1),
                   lw(V0, 0, A1), lw(T1, 4, A1), ori(A1, T2, 0)]), *EXIT_V0],
          7)
    check(tap, "  one of them unaligned, behind the others",
          [mtc0(ZERO, STATUS), *la(A1, 0x80200040),
           *loops([lw(T0, 0, A1), lw(T1, 4, A1), lw(T2, 6, A1),
                   lw(T2, 8, A1)]), ori(V0, K1, 0),
           *EXIT_V0], 20, extra=SKIP)
    check(tap, "  all of them unaligned",
          [mtc0(ZERO, STATUS), *la(A1, 0x80200041),
           *loops([lw(T0, 0, A1), lw(T1, 4, A1), sw(T2, 8, A1),
                   sw(T2, 12, A1)]), ori(V0, K1, 0),
           *EXIT_V0], 80, extra=SKIP)
    plus = addiu(V0, V0, 1)
    for what, more in (("", []), (", from the page before",
                                  [sw(ZERO, -16, A1)])):
        check(tap, f"  over the next instructions{what}",
              [addiu(V0, ZERO, 0), *la(T1, addiu(V0, V0, 5)), *la(A1, at(0)),
               *loops([sw(T1, 40, A1), sw(ZERO, 44, A1), *more,
                       *[NOP] * (1 - len(more)), plus, plus, plus,
                       addiu(T1, T1, 1)], 4),
               *EXIT_V0], 4 * (1 + 0) + 5 + 6 + 7 + 8)


def odd_jumps(tap):
    """To where there can be no instruction; the slot runs once."""
    out = [(0x80000180, leave(3))]
    for address in (1, 2, 3, 0x80100001, 0xFFFFFFFF):
        check(tap, f"jr to {address:#x}, a store in its slot",
              [mtc0(ZERO, STATUS), *la(A1, 0x80200000), *la(T0, address),
               NOP, jr(T0), sw(A1, 0, A1)], 3, extra=out)


def modes(tap):
    # eret to user mode at an address of the kernel's, whose block is known
    user = [*la(T0, 0x80000180 + 4 * 40), jalr(RA, T0), NOP,
            mtc0(T0, EPC), addiu(T1, ZERO, 0x12), mtc0(T1, STATUS), ERET, NOP]
    handler = [mfc0(A0, CAUSE), addiu(T9, ZERO, 1), UHI]
    handler += [NOP] * (40 - len(handler)) + [jr(RA), NOP]
    check(tap, "user mode does not run the kernel's blocks", user, 4 << 2,
          extra=[(0x80000180, handler)])
    # the same code at three addresses: physical (ERL), KSEG0, KSEG1
    words = [addiu(V0, ZERO, 0)]
    for address in (at(20), at(20) - 0x80000000, at(20) + 0x20000000):
        words += [*la(T0, address), jalr(RA, T0), NOP]
    words += EXIT_V0
    words += [NOP] * (20 - len(words))
    words += [addu(V1, RA, ZERO), 0x04110001, NOP,		# bal
              reg(2, RA, 0, RA, 28), addu(V0, V0, RA), jr(V1), NOP]
    check(tap, "code in three segments", words, 8 + 0 + 10)


def many_blocks(tap):
    """More than there is room for, twice."""
    count = 140000
    body = []
    for i in range(count):
        body += [beq(ZERO, ZERO, 1), addiu(V0, V0, i & 3)]
    words = [addiu(V0, ZERO, 0), addiu(T3, ZERO, 2), *body,
             addiu(T3, T3, -1), *la(T0, at(2)), beq(T3, ZERO, 2), NOP,
             jr(T0), NOP]
    want = 2 * sum(i & 3 for i in range(count)) & 255
    check(tap, f"{count} blocks, twice", [*words, *EXIT_V0], want)


def random_words(rng):
    """Code of any kind, on bases that point at data or at the code."""
    regs = [V0, V1, A0, T0, T1, T2, RA, ZERO]
    words = []
    for _ in range(300):
        r, s, t = (rng.choice(regs) for _ in range(3))
        shape = rng.randrange(12)
        if shape < 4:
            words.append(reg(rng.choice((0, 2, 3, 4, 6, 7, 10, 11, 16, 18, 24,
                                         25, 32, 33, 34, 35, 36, 37, 38, 39,
                                         42, 43, 48, 52)),
                             r, s, t, rng.choice((0, 0, rng.randrange(32)))))
        elif shape < 6:
            words.append(tiny.immediate(rng.randrange(8, 16), s, r,
                                        rng.randrange(65536)))
        elif shape < 8:
            words.append(tiny.immediate(
                rng.choice((32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, 46,
                            48, 56)), rng.choice((A1, A2, A2, s)), r,
                rng.randrange(-64, 1100)))
        elif shape < 10:
            op = rng.choice((1, 4, 5, 6, 7, 20, 21, 22, 23))
            words.append(tiny.immediate(
                op, s, rng.choice((0, 1, 2, 3, 16, 17)) if op == 1 else
                r if op in (4, 5, 20, 21) else 0, rng.randrange(-9, 12)))
        elif shape == 10:
            words.append(rng.choice((
                jump(at(rng.randrange(400))), jump(at(rng.randrange(400)))
                | 1 << 26, jr(RA), jalr(RA, A0), 0x70000000 | s << 21
                | t << 16 | r << 11 | rng.choice((0, 1, 2, 4, 5, 32, 33)),
                mfc0(r, COUNT), tiny.SYSCALL, mtc0(r, COMPARE))))
        else:
            words.append(rng.randrange(1 << 32))
    return words


def fuzz(tap, seeds):
    every = [(0x80000180, [
        mfc0(K0, EPC), addiu(K1, K1, 1), addiu(K0, K0, 4),
        *la(A1, 0x80200000), *la(A2, at(0)), *la(A0, at(60)),
        mtc0(K0, EPC), mfc0(K0, CAUSE), reg(0, K0, 0, K0, 25),
        bne(K0, ZERO, 4), NOP, mfc0(K0, COUNT), addiu(K0, K0, 200),
        mtc0(K0, COMPARE), ERET])]
    for seed in seeds:
        rng = random.Random(seed)
        words = [*la(A1, 0x80200000), *la(A2, at(0)), *la(A0, at(60)),
                 addiu(T0, ZERO, 300), mtc0(T0, COMPARE),
                 ori(T0, ZERO, 0x8001), mtc0(T0, STATUS),
                 *random_words(rng)]
        # behind the end, back to the beginning
        words += [jump(at(10)), NOP]
        check(tap, f"random words, seed {seed}", words, None, "--max-insns",
              "30000", extra=every)


def main(args):
    global WHERE  # pylint: disable=global-statement
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        if args:
            fuzz(tap, map(int, args))
            return tap.done()
        changing_code(tap)
        edges(tap)
        left_in_the_middle(tap)
        interrupted(tap)
        devices(tap)
        spans(tap)
        odd_jumps(tap)
        modes(tap)
        many_blocks(tap)
        fuzz(tap, SEEDS)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
