#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--trace: what a line says, and which lines --trace-only leaves.

Words by hand for what one instruction changes; the guests for names, beside
objdump's listing; and for every filter: the lines of a whole trace that an
independent look at their text would pick.
"""

import bisect
import glob
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

import tiny
from simtest import BUILD, SIM, Tap, need_sim
from tiny import (ERET, NOP, SYSCALL, T0, T1, T2, ZERO, addiu, beq, elf,
                  immediate, leave, lui, lw, mfc0, mtc0, ori, sb, sw)

WHERE = None
LINE = re.compile(r" *(\d+) ([0-9a-f]{8}) (\S+) +(?:([0-9a-f]{8})|-{8}) "
                  r"(.*?) *;(.*)")
DAMAGED = 200
BYTES = b"Slow devices teach\npatience, byte by byte.\n\n"


def path(name):
    return os.path.join(WHERE, name)


def run(program, *args, line=b""):
    """(status, standard error, the trace's lines)"""
    with open(path("line"), "wb") as out:
        out.write(line)
    if os.path.exists(path("trace")):
        os.unlink(path("trace"))
    done = subprocess.run([SIM, "--line-in", path("line"), "--trace",
                           path("trace"), *args, program], timeout=60,
                          stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    lines = []
    if os.path.exists(path("trace")):
        with open(path("trace"), encoding="ascii") as text:
            lines = text.read().splitlines()
    return done.returncode, done.stderr.decode(), lines


def traced(words, *args, extra=(), line=b""):
    """The trace of a few words: (tick, address, symbol, word, instruction,
    what changed) each."""
    with open(path("p.elf"), "wb") as out:
        out.write(elf(words, extra=extra))
    _, _, lines = run(path("p.elf"), *args, line=line)
    return [LINE.fullmatch(text).groups() for text in lines]


def changes(tap):
    swl, swr, sh, ll, sc = 0x2A, 0x2E, 0x29, 0x30, 0x38
    words = [lui(T0, 0x8020), lui(T1, 0x1122), ori(T1, T1, 0x3344),
             sw(T1, 0, T0), immediate(sh, T0, T1, 6), sb(T1, 9, T0),
             immediate(swl, T0, T1, 1), immediate(swr, T0, T1, 15),
             immediate(ll, T0, T2, 0), immediate(sc, T0, T2, 0),
             immediate(sc, T0, T2, 0), addiu(T1, T1, 0), NOP,
             0x01290018, mtc0(T1, 11), mtc0(T0, 9), *leave(3)]
    got = traced(words)
    tap.same([(tick, int(at, 16)) for tick, at, *_ in got],
             [(str(n), tiny.BASE + 4 * n) for n in range(len(words))],
             "a line for each instruction, with tick and address")
    tap.same([int(word, 16) for _, _, _, word, _, _ in got], words,
             "  and its word")
    tap.same({symbol for _, _, symbol, *_ in got}, {"-"},
             "  a - where the program has no symbols")
    square = 0x11223344 ** 2
    want = {
        "lui": [" t0=80200000", " t1=11220000"],
        "ori": [" t1=11223344"],
        "sw": [" [80200000]=11223344"],
        "sh": [" [80200006]=3344"],
        "sb": [" [80200009]=44"],
        "swl": [" [80200000]=11221122"],
        "swr": [" [8020000c]=44000000"],
        "ll": [" t2=11221122 LLAddr="],
        "sc": [" t2=00000001 [80200000]=11221122", " t2=00000000"],
        "addiu": [""], "nop": [""],
        "mult": [f" hi={square >> 32:08x} lo={square & 0xFFFFFFFF:08x}"],
        "mtc0": [" Compare=11223344", " Count=80200000"],
    }
    for name, texts in want.items():
        lines = [change for *_, text, change in got
                 if text.split()[0] == name]
        good = len(lines) == len(texts) and all(
            line == text or text.endswith("=") and line.startswith(text)
            for line, text in zip(lines, texts))
        tap.ok(good, f"what {name} changes: {texts}", repr(lines))


def devices(tap):
    words = [lui(T0, 0xBF00), addiu(T1, ZERO, 1), sw(T1, 4, T0),
             lw(T2, 8, T0), ori(T0, T0, 0x1000), addiu(T1, ZERO, 65),
             sw(T1, 0, T0), *leave(0)]
    got = [change for *_, change in traced(words)]
    tap.same(got[2], " chip.CTRL=00000001", "a store to the chip, by name")
    tap.same(got[3], " t2=00000006 chip.STATUS", "a load from it")
    tap.same(got[6], " [bf001000]=00000041", "a store to another device")
    words = [lui(T0, 0xFFFF), addiu(T1, ZERO, 65), sw(T1, 12, T0), *leave(0)]
    got = [change for *_, change in traced(words, "--spim")]
    tap.same(got[2], " [ffff000c]=00000041", "  and to SPIM's console")


def exceptions(tap):
    handler = [mfc0(T0, 14), addiu(T0, T0, 4), mtc0(T0, 14), ERET]
    words = [mtc0(ZERO, 12), SYSCALL, lw(T1, 1, ZERO), sw(T1, 2, ZERO),
             *leave(0)]
    extra = [(0x80000180, handler)]
    got = traced(words, extra=extra)
    raised = [(text.split()[0], change.rsplit(" ", 1)[1])
              for *_, text, change in got if "!" in change]
    tap.same(raised, [("syscall", "!Sys"), ("lw", "!AdEL"), ("sw", "!AdES")],
             "an exception, by name, in the line of who raised it")
    tap.ok(not any("[" in change for *_, change in got),
           "  a store that raised one stores nothing")
    only = traced(words, "--trace-only", "exceptions", extra=extra)
    tap.same([text.split()[0] for *_, text, _ in only],
             ["syscall", "eret", "lw", "eret", "sw", "eret"],
             "--trace-only exceptions: ways in and ways out")
    tap.same(only, [g for g in got if g in only], "  the lines of the whole")

    # to KSEG2, where no instruction is
    got = traced([mtc0(ZERO, 12), lui(T0, 0xC000), 0x01000008, NOP],
                 extra=[(0x80000000, leave(4))])
    tap.same([(word, text) for _, _, _, word, text, change in got
              if "!" in change], [(None, "(no instruction here)")],
             "where there is no instruction")


def listing(elf_path):
    done = subprocess.run(["mipsel-linux-gnu-objdump", "-d", "-z", elf_path],
                          check=True, stdout=subprocess.PIPE)
    found = re.findall(r"^\s*([0-9a-f]+):\t[0-9a-f]{8} \t?(.*)$",
                       done.stdout.decode(), re.M)
    return {int(at, 16): " ".join(text.split()) for at, text in found}


def symbols(elf_path):
    """{name: (first, last)} of code, by nm."""
    done = subprocess.run(["mipsel-linux-gnu-nm", "-n", elf_path], check=True,
                          stdout=subprocess.PIPE)
    found = [(int(at, 16) & 0xFFFFFFFF, name) for at, kind, name in
             (text.split() for text in done.stdout.decode().splitlines())
             if kind in "tTwW"]
    ends = [at for at, _ in found[1:]] + [1 << 32]
    return {name: (at, end - 1) for (at, name), end in zip(found, ends)}


def filters(tap, elf_path, *args):
    name = os.path.basename(elf_path)
    _, _, whole = run(elf_path, *args, line=BYTES)
    split = [LINE.fullmatch(text) for text in whole]
    if not tap.ok(whole and all(split), f"{name}: {len(whole)} lines"):
        return
    at = [int(line[2], 16) for line in split]
    known, places = listing(elf_path), symbols(elf_path)

    wrong = [text for text, line, a in zip(whole, split, at)
             if " ".join(line[5].split()) != known.get(a)]
    tap.same(wrong[:3], [], "  each as objdump lists it")

    starts = sorted(first for first, _ in places.values())

    def symbol(a):      # those of its address: any will do
        first = starts[bisect.bisect_right(starts, a) - 1]
        return [name if a == first else f"{name}+{a - first:#x}"
                for name, (start, _) in places.items() if start == first]
    wrong = [text for text, line, a in zip(whole, split, at)
             if line[3] not in symbol(a)]
    tap.same(wrong[:3], [], "  with its symbol")

    chip = ["chip." in text for text in whole]
    event = ["!" in text or line[5] == "eret"
             for text, line in zip(whole, split)]
    tap.ok(any(chip) and any(event), "  chip and exceptions are in it")
    main = [places["main"][0] <= a <= places["main"][1] for a in at]
    isr = [places["isr"][0] <= a <= places["isr"][1] for a in at]
    first, last = at[len(at) // 2], at[len(at) // 2] + 40
    near = [first <= a <= last for a in at]
    for what, want in (
            (["exceptions"], event), (["chip"], chip), (["main"], main),
            ([f"{first:#x}-{last:#x}"], near),
            ([f"{first:x}"], [a == first for a in at]),
            ([f"{first:X}-{last:x}"], near),
            (["chip", "exceptions"], [a or b for a, b in zip(chip, event)]),
            (["main", "isr"], [a or b for a, b in zip(main, isr)]),
            (["chip", "isr"], [a and b for a, b in zip(chip, isr)]),
            (["isr", "main", "chip", "exceptions"],
             [(a or b) and (c or d) for a, b, c, d in
              zip(main, isr, chip, event)])):
        options = [word for one in what for word in ("--trace-only", one)]
        _, _, lines = run(elf_path, *args, *options, line=BYTES)
        picked = [text for text, yes in zip(whole, want) if yes]
        tap.same(lines, picked, f"  --trace-only {' '.join(what)}: "
                                f"{len(picked)} lines")


def guests(tap):
    for name in "echo-irq", "slow-isr":
        elf_path = f"{BUILD}/guest/{name}.elf"
        if not glob.glob(elf_path):
            tap.skipped(name, f"no {elf_path}: make builds it")
            continue
        filters(tap, elf_path, "--period", "5000", "--max-insns", "60000")


def damaged(tap):
    """A symbol table full of nonsense gives other names, or none."""
    elf_path = f"{BUILD}/guest/rx-poll.elf"
    if not os.path.exists(elf_path):
        tap.skipped("damaged symbols", f"no {elf_path}: make builds it")
        return
    with open(elf_path, "rb") as source:
        good = source.read()
    sections, = struct.unpack_from("<I", good, 32)
    chance = random.Random(3)
    wrong = []
    for n in range(DAMAGED):
        bad = bytearray(good)
        # sections and their headers; the segments stay
        for _ in range(chance.choice((1, 3, 30, 300))):
            at = chance.randrange(sections - 0x200, len(bad))
            bad[at] = chance.choice((0, 0xFF, chance.randrange(256)))
        if chance.random() < 0.3:
            del bad[chance.randrange(sections - 0x200, len(bad)):]
        with open(path("bad.elf"), "wb") as out:
            out.write(bad)
        status, said, lines = run(path("bad.elf"), "--max-insns", "200")
        if (status, len(lines)) != (124, 200) or not all(
                LINE.fullmatch(text) for text in lines):
            wrong.append((n, status, said))
    tap.same(wrong, [], f"{DAMAGED} damaged symbol tables do no harm")


def mistakes(tap):
    with open(path("p.elf"), "wb") as out:
        out.write(elf(leave(3)))
    for text in ("", "nothing", "0x", "0x80100000-", "-0x80100000", "1-0",
                 "0x80100000-0x80100004-0x80100008", "0x100000000",
                 "chip,exceptions", "Exceptions", "12x", "1 ", "0x0x1"):
        status, said, lines = run(path("p.elf"), "--trace-only", text)
        tap.ok(status == 125 and said.count("\n") == 1 and
               said.startswith("mips-sim: --trace-only: ") and not lines,
               f"--trace-only '{text}': one line and 125")
    args = ["--trace-only", "chip"] * 33
    status, said, _ = run(path("p.elf"), *args)
    tap.ok(status == 125 and said.count("\n") == 1, "33 of them: too many")
    tap.same(run(path("p.elf"), *args[2:])[0], 3, "32 are not")
    done = subprocess.run([SIM, "--trace-only", "chip", path("p.elf")],
                          stderr=subprocess.PIPE, check=False)
    tap.same((done.returncode, done.stderr),
             (125, b"mips-sim: --trace-only: needs --trace\n"),
             "without --trace: one line and 125")


def nothing(tap):
    """A filter that nothing fits: said in the end, on the line there is."""
    nop = [NOP, NOP, NOP]
    for what, text, words, status, ending in (
            (["80100008-8010000c", "80200000"],
             "80100008-8010000c (0x80100008 to 0x8010000c), 80200000 "
             "(0x80200000)", [beq(0, 0, 3), NOP, *nop, *leave(3)], 3, None),
            (["chip", "exceptions"], "exceptions, chip", leave(3), 3, None),
            (["chip"], "chip", [*nop, mtc0(ZERO, 12), tiny.WAIT], 126, "wait"),
            (["chip", "80100000"], "80100000 (0x80100000), chip",
             [NOP, beq(0, 0, -2), NOP], 124, "stopped after")):
        with open(path("p.elf"), "wb") as out:
            out.write(elf(words))
        args = [word for one in what for word in ("--trace-only", one)]
        got, said, lines = run(path("p.elf"), *args, "--max-insns", "100")
        note = f"{path('trace')} is empty: nothing fitted --trace-only {text}"
        tap.ok((got, lines) == (status, []) and said.count("\n") == 1 and
               said.startswith(f"mips-sim: {ending or note}") and
               said.endswith(note + "\n"),
               f"{' and '.join(what)}: nothing fits, status {status}: one line",
               repr((got, said, lines)))
    with open(path("p.elf"), "wb") as out:
        out.write(elf([NOP, *leave(3)]))
    tap.same(run(path("p.elf"), "--trace-only", "80100000")[:2], (3, ""),
             "something fits: no word")
    done = subprocess.run([SIM, "--trace", "/dev/full", "--trace-only", "chip",
                           path("p.elf")], stderr=subprocess.PIPE, check=False)
    tap.same((done.returncode, done.stderr.count(b"\n")), (3, 1),
             "  nor is it an error")


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        changes(tap)
        devices(tap)
        exceptions(tap)
        guests(tap)
        damaged(tap)
        mistakes(tap)
        nothing(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
