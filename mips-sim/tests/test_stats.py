#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--stats, --timeline and --console-in, against figures worked out by hand.

At 100 MHz a tick is 10 ns. The first instruction of a program starts at tick
0, so the n-th of a straight line (from 0) starts at n * 10 ns; the comments
in the programs count.
"""

import json
import os
import subprocess
import sys
import tempfile

import tiny
from simtest import SIM, Tap, need_sim
from tiny import (A0, A1, ERET, NOP, T0, T1, T2, T9, UHI, V0, WAIT, ZERO,
                  addiu, andi, beq, bne, elf, jump, lbu, leave, lui, lw, mfc0,
                  mtc0, ori, reg, sb, srl, sw)

WHERE = None
FIELDS = ["insns", "ns", "idle_ns", "exit", "interrupts", "isr_insns",
          "poll_insns", "rx_bytes", "rx_lost", "tx_bytes", "latency_insns"]


def path(name):
    return os.path.join(WHERE, name)


def run(words, *args, line=None, extra=()):
    """(status, stats, timeline)"""
    with open(path("p.elf"), "wb") as out:
        out.write(elf(words, extra=extra))
    args = [*args, "--stats", path("stats"), "--timeline", path("timeline")]
    if line is not None:
        with open(path("line"), "wb") as out:
            out.write(line)
        args += ["--line-in", path("line")]
    done = subprocess.run([SIM, *args, path("p.elf")], timeout=30,
                          stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    with open(path("stats"), encoding="ascii") as text:
        stats = json.load(text)
    with open(path("timeline"), encoding="ascii") as text:
        events = [json.loads(text_line) for text_line in text]
    return done.returncode, stats, events


def some(stats, **want):
    return {name: stats.get(name) for name in want}, want


def only(events, *names):
    return [(e["ev"], e["t"]) for e in events if e["ev"] in names]


def plain(tap):
    status, stats, events = run(leave(5))
    tap.same(sorted(set(FIELDS) - set(stats)), [], "all fields are there")
    tap.same(sorted(stats["latency_insns"]), ["max", "min", "p50", "p99"],
             "latency_insns has its four")
    tap.same(*some(stats, insns=3, ns=30, idle_ns=0, exit=5, interrupts=0,
                   isr_insns=0, poll_insns=0, rx_bytes=0, rx_lost=0,
                   tx_bytes=0), "three instructions: 3 insns, 30 ns")
    tap.same(status, 5, "  and the status")
    stats = run(leave(5), "--clock-mhz", "1000")[1]
    tap.same(*some(stats, insns=3, ns=3), "at 1000 MHz 3 ns")
    stats = run(leave(5), "--clock-mhz", "7")[1]
    tap.same(*some(stats, insns=3, ns=428), "at 7 MHz floor(3000 / 7) ns")
    status, stats, _ = run([jump(tiny.BASE + 4), NOP], "--max-insns", "99")
    tap.same(*some(stats, insns=99, exit=124), "124: as many as allowed")
    status, stats, _ = run([NOP, NOP, tiny.SYSCALL])
    tap.same(*some(stats, insns=3, exit=126),
             "126: the instruction that raised it counts")
    # bnel not taken: its slot is not started
    bnel = 21 << 26 | 1
    tap.same(run([bnel, NOP, NOP, *leave(0)])[1]["insns"], 5,
             "a nullified slot is no instruction")


# lui, addiu, sw: EN = 1 at tick 2, that is at 20 ns.
ENABLE = [lui(T0, 0xBF00), addiu(T1, ZERO, 1), sw(T1, 4, T0)]


def polling(tap):
    # The first byte arrives at 1020 ns, tick 102. STATUS is read at ticks
    # 3, 7, 11, ..., 103: 26 times, and 103 is the first that sees it.
    # DATA is read at tick 107.
    loop = [lw(T1, 8, T0), andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
            lw(T1, 0x14, T0)]
    status, stats, events = run(ENABLE + loop + leave(0), "--period", "1000",
                                line=b"A")
    tap.same(*some(stats, insns=111, ns=1110, rx_bytes=1, rx_lost=0,
                   poll_insns=96, interrupts=0),
             "polling one byte: 24 turns of 4 between equal reads")
    tap.same(stats["latency_insns"], {"min": 5, "p50": 5, "p99": 5, "max": 5},
             "  5 instructions from its arrival to its load")
    tap.same(only(events, "arrive", "read"),
             [("arrive", 1020), ("read", 1070)], "  both are in the timeline")

    # Ten bytes: arrivals exactly a PERIOD apart, read in order.
    again = [*loop, addiu(4, 4, 1), tiny.bne(4, 5, -7), NOP]
    words = [addiu(4, ZERO, 0), addiu(5, ZERO, 10), *ENABLE, *again,
             *leave(0)]
    _, stats, events = run(words, "--period", "2000", line=bytes(10))
    arrived = [e for e in events if e["ev"] == "arrive"]
    tap.same([(e["t"], e["n"]) for e in arrived],
             [(40 + 2000 * (n + 1), n) for n in range(10)],
             "ten bytes arrive a PERIOD apart, from EN on")
    tap.same([e["n"] for e in events if e["ev"] == "read"], list(range(10)),
             "  and are read in order")
    tap.same(stats["rx_bytes"], 10, "  rx_bytes is 10")
    times = [e["t"] for e in events]
    tap.same(times, sorted(times), "the timeline is in order of time")

    # A PERIOD the clock does not divide: the time is exact all the same.
    _, _, events = run(words, "--period", "1003", "--clock-mhz", "7",
                       line=bytes(10))
    tap.same([e["t"] for e in events if e["ev"] == "arrive"],
             [4 * 1000 // 7 + 1003 * (n + 1) for n in range(10)],
             "  with times that are no multiple of the tick")


def lost(tap):
    # 20 bytes and nobody reads: 16 fit. 3000 turns of 2 last 60 us.
    words = [*ENABLE, addiu(T2, ZERO, 3000), tiny.bne(T2, ZERO, -1),
             addiu(T2, T2, -1), *leave(0)]
    _, stats, events = run(words, "--period", "1000", line=bytes(20))
    tap.same(*some(stats, rx_lost=4), "20 bytes, none read: 4 lost")
    tap.same([e["n"] for e in events if e["ev"] == "lost"],
             [16, 17, 18, 19], "  the last four, in the timeline")
    tap.same(only(events, "lost")[0][1], 20 + 17 * 1000, "  at their time")
    tap.same(stats["latency_insns"], dict.fromkeys(
        ["min", "p50", "p99", "max"]), "  no latency without a load")


def sending(tap):
    # DATA written at tick 4 (40 ns): leaves the shifter at 1040 ns.
    words = [*ENABLE, addiu(T1, ZERO, 65), sw(T1, 0x14, T0),
             lw(T1, 8, T0), andi(T1, T1, 4), beq(T1, ZERO, -3), NOP,
             *leave(0)]
    _, stats, events = run(words, "--period", "1000")
    tap.same(*some(stats, tx_bytes=1, rx_bytes=0), "one byte sent")
    tap.same([(e["t"], e["n"]) for e in events if e["ev"] == "sent"],
             [(1040, 0)], "  a PERIOD after it was written")


VECTOR = 0x80000200


def interrupt(tap):
    # Compare at tick 6: Count is 100 there at tick 200. IV = 1.
    start = [lui(T0, 0x0080), mtc0(T0, 13), addiu(T0, ZERO, 100),
             ori(T1, ZERO, 0x8001), lui(T2, 0x8010), NOP, mtc0(T0, 11),
             mtc0(T1, 12)]		# ticks 0 to 7
    handler = [(VECTOR, [mtc0(ZERO, 11), NOP, NOP, NOP, ERET])]
    nops = [NOP] * 300
    _, stats, events = run(start + nops + leave(0), extra=handler)
    tap.same(*some(stats, insns=8 + 300 + 3 + 5, interrupts=1, isr_insns=5,
                   idle_ns=0), "an interrupt: 5 instructions, eret included")
    tap.same(only(events, "isr_enter", "isr_exit"),
             [("isr_enter", 2000), ("isr_exit", 2040)],
             "  in at the tick it is due, out with its eret")

    # With wait, at tick 8: the clock jumps from 9 to 200.
    _, stats, events = run([*start, WAIT, *leave(0)], extra=handler)
    tap.same(*some(stats, insns=9 + 5 + 3, interrupts=1, idle_ns=1910,
                   ns=2000 + 80), "wait: 191 ticks nobody ran")
    tap.same(only(events, "wake", "isr_enter"),
             [("wake", 2000), ("isr_enter", 2000)], "  both at its tick")
    tap.same([e["idle_ns"] for e in events if e["ev"] == "wake"], [1910],
             "  the timeline has the time, too")
    tap.same(run([*start, WAIT, *leave(0)], "--max-insns", "17",
                 extra=handler)[0], 0, "  skipped ticks are no instructions")

    # At 7 MHz it jumps to the first tick at or after the arrival.
    words = [lui(T0, 0x0080), mtc0(T0, 13), lui(T0, 0xBF00),
             addiu(T1, ZERO, 1), sw(T1, 0x10, T0), sw(T1, 4, T0),
             addiu(T1, ZERO, 0x401), mtc0(T1, 12), WAIT, *leave(0)]
    handler = [(VECTOR, [lw(T1, 0x14, T0), ERET])]
    _, stats, events = run(words, "--clock-mhz", "7", "--period", "1003",
                           line=b"x", extra=handler)
    # EN at tick 5, 714 ns; arrival 1717 ns; tick 13 is 1857 ns.
    tap.same(only(events, "arrive", "irq_up"),
             [("arrive", 1717), ("irq_up", 1717)],
             "the chip's interrupt: arrival and line at once")
    tap.same(only(events, "isr_enter", "read"),
             [("isr_enter", 1857), ("read", 1857)],
             "  taken at the first tick behind it")
    tap.same(*some(stats, interrupts=1, isr_insns=2, rx_bytes=1),
             "  counted")
    tap.same([e["ev"] for e in events if e["ev"].startswith("irq")],
             ["irq_up", "irq_down"], "  and the load lowers the line")


def timeout(tap):
    # One byte below the trigger of 4: the line goes up 4 PERIODs behind its
    # arrival. EN at tick 7, 70 ns; wait; the handler empties the FIFO.
    words = [lui(T0, 0x0080), mtc0(T0, 13), lui(T0, 0xBF00),
             addiu(T1, ZERO, 4), sw(T1, 0x1C, T0), addiu(T1, ZERO, 1),
             sw(T1, 0x10, T0), sw(T1, 4, T0), addiu(T1, ZERO, 0x401),
             mtc0(T1, 12), WAIT, *leave(0)]
    handler = [(VECTOR, [lw(T1, 0x14, T0), ERET])]
    _, stats, events = run(words, "--period", "1000", line=b"x",
                           extra=handler)
    tap.same(only(events, "arrive", "irq_up", "isr_enter", "read",
                  "irq_down"),
             [("arrive", 1070), ("irq_up", 5070), ("isr_enter", 5070),
              ("read", 5070), ("irq_down", 5070)],
             "the receive time-out: 4 PERIODs behind the last arrival")
    tap.same(*some(stats, interrupts=1, idle_ns=5070 - 110, rx_bytes=1),
             "  the wait was idle")
    tap.same(stats["latency_insns"]["max"], 0,
             "  so no instruction is between arrival and load")


def together(tap):
    # EN at tick 8, the byte at tick 108; Count becomes 54 there as well. The
    # handler's exit status is Cause.IP.
    words = [lui(T0, 0x0080), mtc0(T0, 13), lui(T0, 0xBF00),
             addiu(T1, ZERO, 1), sw(T1, 0x10, T0), addiu(T2, ZERO, 54),
             mtc0(T2, 11), NOP, sw(T1, 4, T0), ori(T1, ZERO, 0x8401),
             mtc0(T1, 12), WAIT]
    srl_8 = 4 << 16 | 4 << 11 | 8 << 6 | 2	# srl a0, a0, 8
    handler = [(VECTOR, [mfc0(4, 13), srl_8, addiu(25, ZERO, 1), tiny.UHI])]
    status, _, events = run(words, "--period", "1000", line=b"a",
                            extra=handler)
    tap.same((status, only(events, "isr_enter")),
             (0x84, [("isr_enter", 1080)]),
             "the chip's and the timer's at one tick: one interrupt, both IP")
    tap.same([(e["ip"], e["epc"]) for e in events if e["ev"] == "isr_enter"],
             [(0x84, tiny.BASE + 4 * 12)], "  the timeline says so, and where")


def exception(tap):
    # A syscall at tick 1; its handler is three instructions and eret.
    handler = [(0x80000180, [mfc0(T0, 14), addiu(T0, T0, 4), mtc0(T0, 14),
                             ERET])]
    _, stats, events = run([mtc0(ZERO, 12), tiny.SYSCALL, *leave(0)],
                           extra=handler)
    tap.same(only(events, "exc_enter", "exc_exit", "isr_enter", "isr_exit"),
             [("exc_enter", 10), ("exc_exit", 50)],
             "an exception's way in and out")
    tap.same([(e["code"], e["epc"]) for e in events if "code" in e],
             [(8, tiny.BASE + 4)], "  its code, and who raised it")
    tap.same(*some(stats, insns=9, interrupts=0, isr_insns=0),
             "  is no interrupt")
    # to ErrorEPC, as after reset
    events = run([lui(T0, 0x8010), ori(T0, T0, 20), mtc0(T0, 30), ERET, NOP,
                  *leave(0)])[2]
    tap.same(events, [], "an eret out of nothing is no event")


def latencies(tap):
    # Arrivals at ticks 102, 202, 302; 251 turns of 2 from tick 4 on; the
    # loads at ticks 506, 507, 508.
    words = [*ENABLE, addiu(T2, ZERO, 250), tiny.bne(T2, ZERO, -1),
             addiu(T2, T2, -1), *[lw(T1, 0x14, T0)] * 3, *leave(0)]
    _, stats, events = run(words, "--period", "1000", line=b"abc")
    tap.same(stats["latency_insns"],
             {"min": 206, "p50": 305, "p99": 404, "max": 404},
             "three latencies: min, median, 99th percentile, max")
    tap.same(only(events, "read"),
             [("read", 5060), ("read", 5070), ("read", 5080)],
             "  the reads in the timeline")

    # 200 bytes, each taken two instructions later than the one before.
    again = [lw(T1, 8, T0), andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
             addiu(T2, A0, 0), bne(T2, ZERO, -1), addiu(T2, T2, -1),
             lw(T1, 0x14, T0), addiu(A0, A0, 1), bne(A0, A1, -10), NOP]
    words = [*ENABLE, addiu(A0, ZERO, 0), addiu(A1, ZERO, 200), *again,
             *leave(0)]
    _, stats, events = run(words, "--period", "5000", line=bytes(200))
    came = {e["n"]: e["t"] for e in events if e["ev"] == "arrive"}
    took = sorted((e["t"] - came[e["n"]]) // 10 for e in events
                  if e["ev"] == "read")
    tap.same(stats["latency_insns"],
             {"min": took[0], "p50": took[99], "p99": took[197],
              "max": took[199]}, "200 latencies: the 100th, the 198th")
    tap.ok(len(set(took[-4:])) == 4 and took[99] < took[100],
           "  which differ from their neighbours")

    # RST empties the FIFO: the next byte's arrival counts, not a lost one's.
    words = [*ENABLE, addiu(T2, ZERO, 250), bne(T2, ZERO, -1),
             addiu(T2, T2, -1), lui(T2, 0x8000), sw(T2, 4, T0),
             sw(T1, 4, T0), lw(T1, 8, T0), andi(T2, T1, 1),
             beq(T2, ZERO, -3), NOP, lw(T1, 0x14, T0), *leave(0)]
    _, stats, events = run(words, "--period", "1000", line=bytes(9))
    last = [e["t"] for e in events if e["ev"] in ("arrive", "read")][-2:]
    tap.same((stats["rx_bytes"], stats["latency_insns"]["max"]),
             (6, (last[1] - last[0]) // 10), "behind RST: of the next byte")
    tap.ok(last[1] - last[0] <= 80, "  which has just come")

    # The same polling loop with a store in it is work, not polling.
    loop = [lw(T1, 8, T0), sw(T1, -4, 29), andi(T2, T1, 1),
            beq(T2, ZERO, -4), NOP]
    words = [lui(29, 0x8020), *ENABLE, *loop, *leave(0)]
    stats = run(words, "--period", "1000", line=b"a")[1]
    tap.same(*some(stats, poll_insns=0), "with a store in between: no polling")


def waits(tap):
    # The loop of polling(): STATUS at ticks 3, 7, ..., 103, DATA at 107.
    loop = [lw(T1, 8, T0), andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
            lw(T1, 0x14, T0)]
    stats = run(ENABLE + loop + leave(0), "--period", "1000", line=b"A")[1]
    tap.same(stats["chip"], {"CTRL": {"loads": 0, "stores": 1},
                             "STATUS": {"loads": 26, "stores": 0},
                             "DATA": {"loads": 1, "stores": 0}},
             "accesses to each register of the chip")
    tap.same(stats["polls"], [{"at": "0x8010000c", "register": "STATUS",
                               "again": 24, "insns": 96}],
             "where it polled, how often in vain and for how long")
    tap.same(stats["chip_waits"], {"polled": 1, "slept": 0, "slept_ns": 0},
             "  which is one wait")
    # it arrived at 1020 ns
    tap.same(stats["latency_ns"], dict.fromkeys(
        ["min", "p50", "p99", "max"], 50), "  and 50 ns from arrival to load")

    again = [addiu(4, ZERO, 0), addiu(5, ZERO, 10), *ENABLE, *loop,
             addiu(4, 4, 1), tiny.bne(4, 5, -7), NOP, *leave(0)]
    stats = run(again, "--period", "2000", line=bytes(10))[1]
    tap.same(stats["chip_waits"]["polled"], 10, "ten bytes: ten waits")

    # Two loads in a loop, the second of which sees another value sooner.
    two = [*ENABLE, lw(T1, 0x20, T0), lw(T2, 8, T0), beq(T1, ZERO, -3), NOP,
           *leave(0)]
    stats = run(two, "--period", "1000", line=b"A")[1]
    # RX_COUNT at ticks 3, 7, ..., 103, of which all but the last are equal;
    # STATUS at 4, 8, ..., 100. In vain is all from 3 to 100: by RX_COUNT 3 of
    # each 4, and 4 the first time.
    tap.same(stats["polls"],
             [{"at": "0x8010000c", "register": "RX_COUNT", "again": 24,
               "insns": 73},
              {"at": "0x80100010", "register": "STATUS", "again": 24,
               "insns": 24}], "two loads in one loop share its cost")
    tap.same((stats["poll_insns"], stats["chip_waits"]["polled"]), (97, 1),
             "  which is counted once, as one wait")


def sleeps(tap):
    # As in interrupt(), at 7 MHz: `wait` at tick 8 sleeps from 1285 ns on; the
    # byte arrives at 1717 ns, and tick 13 is 1857 ns.
    words = [lui(T0, 0x0080), mtc0(T0, 13), lui(T0, 0xBF00),
             addiu(T1, ZERO, 1), sw(T1, 0x10, T0), sw(T1, 4, T0),
             addiu(T1, ZERO, 0x401), mtc0(T1, 12), WAIT, *leave(0)]
    handler = [(VECTOR, [lw(T1, 0x14, T0), ERET])]
    stats = run(words, "--clock-mhz", "7", "--period", "1003", line=b"x",
                extra=handler)[1]
    tap.same(stats["chip_waits"], {"polled": 0, "slept": 1, "slept_ns": 572},
             "a `wait` that the chip ends")
    tap.same((stats["latency_ns"]["max"], stats["latency_insns"]["max"]),
             (140, 0), "  its latency in ns, though none in instructions")
    tap.same(stats["exceptions"], {"Int": 1}, "  an exception by its name")

    # The timer's, as in interrupt().
    start = [lui(T0, 0x0080), mtc0(T0, 13), addiu(T0, ZERO, 100),
             ori(T1, ZERO, 0x8001), NOP, NOP, mtc0(T0, 11), mtc0(T1, 12)]
    stats = run([*start, WAIT, *leave(0)],
                extra=[(VECTOR, [mtc0(ZERO, 11), ERET])])[1]
    tap.same((stats["chip_waits"]["slept"], stats["idle_ns"]), (0, 1910),
             "a `wait` that the timer ends is none for the chip")
    # INT_EN.TX: the chip's line is up all the time, but not let through
    stats = run([lui(T2, 0xBF00), addiu(T1, ZERO, 2), sw(T1, 0x10, T2),
                 *start, WAIT, *leave(0)],
                extra=[(VECTOR, [mtc0(ZERO, 11), ERET])])[1]
    tap.same((stats["chip_waits"]["slept"], stats["idle_ns"]), (0, 1880),
             "  though its line be up")


def handlers(tap):
    # A syscall whose handler lets the timer interrupt it: 2 instructions to
    # get there, 4, then 250, then 4; the interrupt's are 3.
    inner = [mtc0(ZERO, 11), NOP, ERET]
    outer = [mfc0(T2, 14), addiu(T2, T2, 4), ori(T1, ZERO, 0x8001),
             mtc0(T1, 12), *[NOP] * 250, ori(T1, T1, 2), mtc0(T1, 12),
             mtc0(T2, 14), ERET]
    words = [lui(T0, 0x0080), mtc0(T0, 13), addiu(T0, ZERO, 100),
             mtc0(T0, 11), mtc0(ZERO, 12), tiny.SYSCALL, *leave(0)]
    stats = run(words, extra=[(0x80000180, [jump(0x80110000), NOP]),
                              (0x80110000, outer), (VECTOR, inner)])[1]
    tap.same(*some(stats, exceptions={"Int": 1, "Sys": 1}, interrupts=1,
                   isr_insns=3, exc_insns=260, insns=6 + 260 + 3 + 3),
             "an interrupt within an exception: each has its own")
    # The other way round: they are the interrupt's. (With EXL cleared, or it
    # would be nested and leave EPC alone.)
    skip = [mfc0(T2, 14), addiu(T2, T2, 4), mtc0(T2, 14), ERET]
    words = [lui(T0, 0x0080), mtc0(T0, 13), addiu(T0, ZERO, 100),
             ori(T1, ZERO, 0x8001), mtc0(T0, 11), mtc0(T1, 12), WAIT,
             *leave(0)]
    inner = [mtc0(ZERO, 11), mfc0(T0, 14), mtc0(ZERO, 12), tiny.SYSCALL,
             ori(T1, ZERO, 2), mtc0(T1, 12), mtc0(T0, 14), ERET]
    stats = run(words, extra=[(0x80000180, skip), (VECTOR, inner)])[1]
    tap.same(*some(stats, exceptions={"Int": 1, "Sys": 1}, isr_insns=12,
                   exc_insns=0), "an exception within an interrupt is its")
    # The end comes in a handler.
    stats = run([mtc0(ZERO, 12), tiny.SYSCALL],
                extra=[(0x80000180, [NOP, *leave(0)])])[1]
    tap.same(*some(stats, exc_insns=4, isr_insns=0, insns=6),
             "one that is never left")


def first_tick(tap):
    # Count, read by the instruction that starts at tick n, is n / 2.
    words = [mfc0(4, 9), addiu(25, ZERO, 1), tiny.UHI]
    for n in range(9):
        tap.same(run([NOP] * n + words)[0], n // 2,
                 f"Count at tick {n} is {n // 2}")


def console(tap):
    """How much of --console-in comes at once, and when more does."""
    poll = [lbu(T1, 5, T0), andi(T1, T1, 1), beq(T1, ZERO, -3), NOP]
    take = [lbu(V0, 0, T0), addiu(A0, A0, 1), lbu(T1, 5, T0),
            andi(T1, T1, 1), bne(T1, ZERO, -5), NOP]
    leave_a0 = [addiu(T9, ZERO, 1), UHI]

    def status(data, fifo, then=()):
        with open(path("console"), "wb") as out:
            out.write(data)
        return run([lui(T0, 0xBFD0), ori(T0, T0, 0x3F8),
                    addiu(T1, ZERO, fifo), sb(T1, 2, T0), addiu(A0, ZERO, 0),
                    *poll, *take, *then, *leave_a0], "--console-in",
                   path("console"))[0]
    for fifo, data, want in ((1, b"ab\ncd\n", 3), (1, b"x" * 40, 16),
                             (1, b"x" * 5, 5), (0, b"ab\n", 1)):
        tap.same(status(data, fifo), want,
                 f"of {data[:6]}, FIFO {fifo}: {want} at once")
    count = 9
    gap = [mfc0(T2, count), *poll, mfc0(A0, count), reg(35, A0, A0, T2),
           srl(A0, A0, 2)]
    # 10 us are 1000 ticks, 500 counts
    tap.same(status(b"a\nb\n", 1, gap), 500 // 4, "  more comes 10 us later")


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        plain(tap)
        polling(tap)
        lost(tap)
        sending(tap)
        interrupt(tap)
        timeout(tap)
        together(tap)
        exception(tap)
        latencies(tap)
        waits(tap)
        sleeps(tap)
        handlers(tap)
        first_tick(tap)
        console(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
