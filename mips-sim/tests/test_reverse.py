#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--gdb backward, by the remote protocol's own words; needs no GDB."""

import os
import subprocess
import sys
import tempfile

import tiny
from remote import PC, SECONDS, Session
from simtest import SIM, Tap, need_sim
from tiny import (A0, A1, A2, BASE, ERET, NOP, T0, T1, T2, T3, T9, UHI, WAIT,
                  ZERO, addiu, andi, beq, bne, leave, lui, lw, mtc0, ori, sb,
                  sw)

WHERE = None
BEGIN = "T05replaylog:begin;"
COUNT = 0x80200000	# where poller() and sleeper() count


def path(name):
    return os.path.join(WHERE, name)


def poller(turns):
    """Copies the line, a byte a turn: to the UART, the test device, by UHI,
    back to the line; and counts."""
    return [lui(T0, 0xBF00), lui(T3, 0x8020), addiu(T1, ZERO, 1),
            sw(T1, 4, T0),
            lw(T1, 8, T0), andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,	# 4
            lw(T1, 0x14, T0), sw(T1, 0x14, T0), sw(T1, 0x1000, T0),	# 8
            lui(T2, 0xBFD0), sb(T1, 0x3F8, T2),				# 11
            sb(T1, 8, T3), addiu(A0, ZERO, 1), addiu(A1, T3, 8),	# 13
            addiu(A2, ZERO, 1), addiu(T9, ZERO, 5), UHI,		# 16
            lw(T1, 0, T3), addiu(T1, T1, 1), sw(T1, 0, T3),		# 19
            addiu(T2, ZERO, turns), bne(T1, T2, -20), NOP,		# 22
            *leave(0)]


def sleeper(turns):
    """The same by interrupt and `wait`: the counting is in the handler."""
    main = [lui(T3, 0x8020), lui(T0, 0x8020), ori(T0, T0, 0x1000),
            mtc0(T0, 15, 1), lui(T0, 0xBF00), addiu(T1, ZERO, 1),
            sw(T1, 0x10, T0), ori(T2, ZERO, 0x401), mtc0(T2, 12),
            sw(T1, 4, T0),
            WAIT, lw(T1, 0, T3), addiu(T2, ZERO, turns),		# 10
            bne(T1, T2, -4), NOP, *leave(0)]
    handler = [lw(26, 0x14, T0), sw(26, 0x1000, T0), lw(26, 0, T3),
               addiu(26, 26, 1), sw(26, 0, T3), ERET]
    return main, [(0x80201180, handler)]


def typist(turns, fifos=1):
    """The same from the UART, whose FIFO takes more than one at a time;
    without it each is read again some time later."""
    again = [] if fifos else [addiu(A1, ZERO, 100), addiu(A1, A1, -1),
                              bne(A1, ZERO, -2), NOP,
                              tiny.lbu(A0, 0x3F8, T0)]
    return [lui(T0, 0xBFD0), lui(T3, 0x8020), addiu(T1, ZERO, fifos),
            sb(T1, 0x3FA, T0),
            tiny.lbu(T1, 0x3FD, T0), andi(T2, T1, 1), beq(T2, ZERO, -3),
            NOP,							# 4
            tiny.lbu(T1, 0x3F8, T0), lui(T2, 0xBF00), sw(T1, 0x1000, T2),
            lw(T1, 0, T3), *again, addiu(T1, T1, 1), sw(T1, 0, T3),	# 11
            addiu(T2, ZERO, turns), bne(T1, T2, -12 - len(again)), NOP,
            *leave(0)]


def spim(turns):
    """The same from SPIM's keyboard to its console, with --spim."""
    return [lui(T0, 0xFFFF), lui(T3, 0x8020),
            lw(T2, 0, T0), andi(T2, T2, 1), beq(T2, ZERO, -3), NOP,	# 2
            lw(T1, 4, T0),
            lw(T2, 8, T0), andi(T2, T2, 1), beq(T2, ZERO, -3), NOP,	# 7
            sw(T1, 12, T0),
            lw(T1, 0, T3), addiu(T1, T1, 1), sw(T1, 0, T3),		# 12
            addiu(T2, ZERO, turns), bne(T1, T2, -15), NOP, *leave(0)]


def program(name, words, extra=()):
    with open(path(name), "wb") as out:
        out.write(tiny.elf(words, extra))
    return path(name)


def line(name, data):
    with open(path(name), "wb") as out:
        out.write(data)
    return path(name)


def slurp(name):
    with open(path(name), "rb") as f:
        return f.read()


OUTPUTS = ("line-out", "trace", "timeline", "chrome", "stats")


def outputs(prefix):
    return [word for name in OUTPUTS
            for word in ("--" + name, path(prefix + name))]


def steps(tap):
    s = Session(WHERE, [addiu(T0, ZERO, 1), beq(0, 0, 2), addiu(T0, ZERO, 2),
                        addiu(T0, ZERO, 3), addiu(T1, ZERO, 4), *leave(0)])
    supported = s.ask("qSupported").split(";")
    tap.ok({"ReverseStep+", "ReverseContinue+"} <= set(supported),
           "it says that it can go back")
    tap.same((s.ask("bs"), s.ask("bc"), s.now()), (BEGIN, BEGIN, 0),
             "there is nothing before the first instruction")
    there = [(s.reg(PC) - BASE, s.reg(T0), s.state())]
    for _ in range(4):
        s.ask("s")
        there.append((s.reg(PC) - BASE, s.reg(T0), s.state()))
    tap.same([pc for pc, _, _ in there], [0, 4, 8, 16, 20],
             "four steps, one of them in a slot")
    back = [there[4]]
    for _ in range(4):
        tap.same(s.ask("bs"), "S05", "bs")
        back.append((s.reg(PC) - BASE, s.reg(T0), s.state()))
    tap.same(back, there[::-1], "the same backward, slot and all")
    tap.same(s.ask("bs"), BEGIN, "  up to the beginning")
    for _ in range(2):
        s.ask("s")
    s.ask("Z0,80100010,4")
    tap.same((s.ask("c"), s.reg(T0), s.state()),
             ("S05", there[3][1], there[3][2]),
             "on from the slot, the branch is not lost")
    tap.same((s.ask("bs"), s.ask("bc"), s.now()), ("S05", BEGIN, 0),
             "bc goes to the beginning")
    tap.same(s.ask("b"), "", "an unknown packet that begins like one")
    s.ask("z0,80100010,4")
    tap.same(s.ask("c"), "W00", "and on to the end")
    s.end()


def stops(tap):
    prog = program("sleeper", *sleeper(6))
    data = line("line", b"abcdef")
    s = Session(WHERE, prog, "--line-in", data)
    s.ask("Z0,80201184,4")		# in the handler
    moments = []
    while (answer := s.ask("c")) == "S05":
        moments.append((s.now(), s.state()))
        if len(moments) == 6:
            break
    tap.same((len(moments), answer), (6, "S05"), "six interrupts")
    back = []
    while s.ask("bc") == "S05":
        back.append((s.now(), s.state()))
    tap.same(back, moments[-2::-1],
             "bc from breakpoint to breakpoint: the same in each")
    s.ask("z0,80201184,4")
    s.ask("Z0,80100038,4")		# a slot of the main program
    forward = []
    for _ in range(6):
        s.ask("c")
        forward.append(s.now())
    s.ask("z0,80100038,4")

    # who wrote this?
    s.ask(f"Z2,{COUNT:x},1")
    got = []
    while (answer := s.ask("bc")) == f"T05watch:{COUNT:x};":
        pc, value = s.reg(PC), s.ask(f"m{COUNT:x},1")
        s.ask(f"z2,{COUNT:x},1")
        s.ask("bs")
        got.append((pc - s.reg(PC), s.reg(PC), value,
                    s.ask(f"m{COUNT:x},1")))
        s.ask(f"Z2,{COUNT:x},1")
    tap.same(got, [(4, 0x80201190, f"{n:02x}", f"{n - 1:02x}")
                   for n in range(6, 0, -1)],
             "bc to a watchpoint: behind the store that hit it")
    tap.same((answer, s.now()), (BEGIN, 0), "  and then to the beginning")

    # two stops at one moment: the breakpoint behind the store comes first
    s.ask(f"z2,{COUNT:x},1")
    s.ask("Z0,80100038,4")
    while s.now() < forward[-1]:
        s.ask("c")
    s.ask("z0,80100038,4")
    s.ask(f"Z2,{COUNT:x},1")
    s.ask("Z0,80201194,4")
    tap.same([s.ask("bc"), s.reg(PC), s.ask("bc"), s.reg(PC)],
             ["S05", 0x80201194, f"T05watch:{COUNT:x};", 0x80201194],
             "a breakpoint just behind a watched store")
    s.ask(f"z2,{COUNT:x},1")
    s.ask("z0,80201194,4")
    tap.same(s.ask("c"), "W00", "and on to the end")
    tap.same(s.end()[:2], (0, b"abcdef"), "  nothing was printed twice")


def twice(tap, words, extra, kind, option="--line-in", *more):
    """Back and forth; and all files as if nobody had been there."""
    prog = program("twice", words, extra)
    args = "--period", "20000", *more
    data = bytes(range(48, 60)) + b"\n"
    name = line("line", data)
    subprocess.run([SIM, option, name, *args, *outputs("plain-"), prog],
                   check=True, stdin=subprocess.DEVNULL, timeout=SECONDS,
                   stdout=subprocess.PIPE)
    plain = subprocess.run([SIM, option, name, *args, prog], check=True,
                           stdin=subprocess.DEVNULL, timeout=SECONDS,
                           stdout=subprocess.PIPE).stdout
    s = Session(WHERE, prog, option, "-" if kind == "pipe" else name,
                *args, *outputs("back-"),
                stdin=subprocess.PIPE if kind == "pipe" else
                subprocess.DEVNULL)
    if kind == "pipe":
        s.run.stdin.write(data)
        s.run.stdin.close()
    s.ask(f"Z4,{COUNT:x},4")
    states = {}
    for _ in range(14):
        s.ask("c")
        s.ask(f"z4,{COUNT:x},4")
        states[s.now()] = s.state()
        s.ask("s")
        states[s.now()] = s.state()
        s.ask(f"Z4,{COUNT:x},4")
    far = s.now()
    wrong = 0
    for turn in range(3):
        while s.ask("bc").startswith("T05awatch"):
            wrong += s.state() != states[s.now()]
            s.ask(f"z4,{COUNT:x},4")
            s.ask("bs")
            wrong += s.state() != states[s.now()]
            s.ask(f"Z4,{COUNT:x},4")
        while s.now() < far:
            s.ask("c")
            wrong += s.state() != states[s.now()]
            s.ask(f"z4,{COUNT:x},4")
            s.ask("s")
            wrong += s.state() != states[s.now()]
            s.ask(f"Z4,{COUNT:x},4")
            if turn == 1 and s.now() > far // 2:
                break
    tap.same((len(states), wrong), (28, 0),
             f"{' '.join((kind, option, *more))}: 28 moments, back and forth three times: the same state")
    s.ask("bc")
    s.ask(f"z4,{COUNT:x},4")
    tap.same(s.ask("c"), "W00", "  then to the end")
    tap.same(s.end(), (0, plain, b""), "  standard output as in a plain run")
    tap.same([name for name in OUTPUTS
              if slurp("plain-" + name) != slurp("back-" + name)], [],
             "  and so is " + ", ".join(OUTPUTS))


def changes(tap):
    """What is changed is part of the run; what was behind it is forgotten."""
    prog = program("poller", poller(8))
    data = line("line", b"abcdefgh")
    out = path("out")
    s = Session(WHERE, prog, "--line-in", data, "--line-out", out,
                "--timeline", path("timeline"))
    s.ask("Z0,8010004c,4")		# in front of the counting
    moments = []
    for _ in range(5):
        s.ask("c")
        moments.append(s.now())
    for _ in range(3):
        s.ask("bc")
    tap.same(s.now(), moments[1], "in the past")
    before = s.state()
    s.ask(f"m{COUNT:x},4")
    s.ask(f"M{COUNT:x},4:01000000")
    s.ask(f"P{T0:x}=000000bf")
    tap.ok(f"to {moments[4]}\n" in s.monitor("when"),
           "what is as it was has not been changed: the future is there")
    s.ask(f"M{COUNT:x},4:03000000")
    s.ask("s")
    tap.ok(f"to {moments[1] + 1}\n" in s.monitor("when"),
           "a change: what was behind it is forgotten")
    s.ask("c")
    after = s.now(), s.state()
    tap.same((s.ask("bc"), s.now(), s.ask(f"m{COUNT:x},4")),
             ("S05", moments[1], "03000000"), "back to it: it is there")
    tap.same((s.ask("bc"), s.now(), s.ask(f"m{COUNT:x},4")),
             ("S05", moments[0], "00000000"), "back behind it: it is not")
    s.ask("c")
    tap.same((s.now(), s.ask(f"m{COUNT:x},4"), s.state() != before),
             (moments[1], "03000000", True), "forward: it happens again")
    s.ask("c")
    tap.same((s.now(), s.state()), after, "  and so does what comes of it")
    s.ask("bs")
    s.ask("z0,8010004c,4")
    tap.same(s.ask("c"), "W00", "and on to the end")
    s.end()
    with open(out, "rb") as f:
        tap.same(f.read(), b"abcde",
                 "--line-out has what this history sent")
    times = [int(text.split(b'"t": ')[1].split(b",")[0])
             for text in slurp("timeline").splitlines()]
    tap.same(times, sorted(times), "  and a timeline is in order of time")

    # a register, at the very beginning
    s = Session(WHERE, [addiu(T0, T0, 1), addiu(T0, T0, 1), *leave(0)])
    s.ask(f"P{T0:x}=10000000")
    tap.same((s.ask("s"), s.ask("bs"), s.reg(T0), s.ask("bs")),
             ("S05", "S05", 0x10, BEGIN),
             "a change before the first instruction")
    s.ask("D")
    s.end()

    # many: history must begin later then
    s = Session(WHERE, [addiu(T0, T0, 1), beq(ZERO, ZERO, -2), NOP])
    for i in range(200):
        s.ask(f"P{T1:x}={i + 1:02x}000000")
        s.ask("s")
    first = int(s.monitor("when").split(" from ")[1].split()[0])
    tap.ok(50 < first < 150, f"200 changes: history begins later ({first})")
    tap.same((s.ask("bc"), s.now(), s.reg(T1)), (BEGIN, first, first + 1),
             "  there, it is as it was")
    s.go(200)
    tap.same(s.reg(T1), 200, "  and all the others happen again")
    s.ask("k")
    s.end()


def ends(tap):
    s = Session(WHERE, [addiu(T0, ZERO, 7), addiu(T1, ZERO, 1), tiny.SYSCALL])
    s.ask("c")
    tap.same(s.answer(), "S06", "the end of a program that cannot go on")
    tap.same((s.ask("bs"), s.reg(PC), s.reg(T1)), ("S05", BASE + 8, 1),
             "  one back: in front of what ended it")
    tap.same((s.ask("bc"), s.reg(PC), s.reg(T1)), (BEGIN, BASE, 0),
             "  and to the beginning")
    s.send("c")
    tap.same((s.answer()[0], s.answer(), s.ask("c")), ("O", "S06", "W7e"),
             "  it ends again")
    tap.same(s.end()[0], 126, "  with its status")

    s = Session(WHERE, [addiu(T0, T0, 1), beq(ZERO, ZERO, -2), NOP],
                "--max-insns", "1000000")
    s.ask("c")
    tap.same((s.answer(), s.now()), ("S06", 1000000), "--max-insns is an end")
    tap.same((s.ask("bs"), s.now()), ("S05", 999999), "  one can go back from")
    s.ask("D")
    status, _, err = s.end()
    tap.same((status, err.count(b"\n")), (124, 1),
             "  and a detached run comes there again")

    # detach in the past: what was written is not written again
    prog = program("poller", poller(8))
    data = line("line", b"abcdefgh")
    s = Session(WHERE, prog, "--line-in", data)
    s.ask("Z0,8010004c,4")
    for _ in range(6):
        s.ask("c")
    s.ask("bc")
    s.ask("bc")
    s.ask("D")
    tap.same(s.end()[:2], (0, b"".join(3 * bytes([c]) for c in b"abcdefgh")),
             "detach in the past: the output is whole, and nothing twice")


def far(tap):
    """More snapshots than there may be, of RAM that is written all the time,
    and interrupted on the way."""
    turns = 6 << 20
    # t0 counts; each turn it is stored to the next of 16 pages
    words = [lui(T3, 0x8030), ori(T1, ZERO, 0xF000), NOP,
             lui(A1, turns >> 16),
             addiu(T0, T0, 1),						# 4
             tiny.immediate(0, 0, T0, T2 << 11 | 12 << 6),	# sll
             tiny.immediate(0, T2, T1, T2 << 11 | 0x24),	# and
             tiny.immediate(0, T2, T3, T2 << 11 | 0x21),	# addu
             bne(T0, A1, -5), sw(T0, 0, T2),
             NOP, *leave(0)]						# 10
    s = Session(WHERE, words)
    s.ask("Z0,80100028,4")
    tap.same((s.ask("c"), s.now()), ("S05", 4 + 6 * turns),
             f"{6 * turns} instructions forward")
    end = s.now(), s.state()
    s.ask("Z2,80301000,4")
    tap.same((s.ask("bc"), s.now()),
             ("T05watch:80301000;", end[0] - 6 * 15), "back to the last store")
    s.ask("z2,80301000,4")
    tap.same([s.ask("bs"), s.ask("bs"), s.reg(PC)], ["S05", "S05", BASE + 32],
             "  and a step")
    s.ask("z0,80100028,4")
    s.ask("Z0,80100000,4")
    s.send("bc")
    s.socket.sendall(b"\x03")
    answer, stopped = s.answer(), s.now()
    tap.ok(answer == "S02" and 0 < stopped < end[0],
           f"ctrl-C on the way back ({answer}, at {stopped})")
    tap.same((s.ask("bc"), s.now(), s.reg(T0)), ("S05", 0, 0),
             "on to the first instruction")
    s.ask("Z0,80100028,4")
    tap.same((s.ask("c"), (s.now(), s.state())), ("S05", end),
             "forward again: the same state")
    s.ask("z0,80100028,4")
    tap.same(s.ask("c"), "W00", "and to the end")
    s.end()


def many_changes(tap):
    """More than can be kept: history begins later, and holds the others."""
    count = 140
    s = Session(WHERE, [addiu(T0, T0, 1), beq(ZERO, ZERO, -2), NOP])
    for i in range(1, count + 1):
        s.ask("s")
        s.ask(f"P{T1:x}={i:02x}000000")
    end = s.state()
    tap.same(s.ask("bc"), BEGIN, f"{count} changes: back to the first there is")
    first = s.now()
    tap.ok(0 < first < count and s.reg(T1) == first,
           f"  which is at instruction {first}")
    s.go(count)
    tap.same((s.reg(T1), s.state()), (count, end),
             "  forward again: all of the others")
    s.ask("k")
    s.end()


def host_writes(tap):
    """What the host has put in memory goes when one goes back."""
    put = [lui(A1, 0x8020), UHI]
    spim_put = [lui(A0, 0x8020), addiu(A1, ZERO, 9), addiu(2, ZERO, 8),
                tiny.SYSCALL]
    for what, words, args in (
            ("argn", [addiu(A0, ZERO, 0), addiu(T9, ZERO, 11), *put], ()),
            ("read", [addiu(A0, ZERO, 0), addiu(A2, ZERO, 9),
                      addiu(T9, ZERO, 4), *put], ()),
            ("SPIM's read_string", spim_put, ("--spim",))):
        s = Session(WHERE, [*words, NOP, *leave(0)], *args,
                    stdin=subprocess.PIPE)
        s.run.stdin.write(b"typed\n")
        s.run.stdin.close()
        s.go(len(words))
        there = s.ask("m80200000,4")
        s.go(len(words) - 1)
        before = s.ask("m80200000,4")
        s.go(len(words))
        tap.ok(there not in ("00000000", "E14") and
               (before, s.ask("m80200000,4")) == ("00000000", there),
               f"back over {what}: its bytes are gone, and there again",
               f"{there} {before}")
        s.ask("D")
        s.end()


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        steps(tap)
        stops(tap)
        for kind in "file", "pipe":
            twice(tap, poller(12), (), kind)
            twice(tap, *sleeper(12), kind)
            twice(tap, typist(12), (), kind, "--console-in")
            twice(tap, typist(12, fifos=0), (), kind, "--console-in")
            twice(tap, spim(12), (), kind, "--console-in", "--spim")
        changes(tap)
        ends(tap)
        far(tap)
        host_writes(tap)
        many_changes(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
