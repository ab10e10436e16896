#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--chrome has the events of --timeline, each at its place and time."""

import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal

import tiny
from simtest import SIM, Tap, need_sim
from tiny import (ERET, NOP, SYSCALL, T0, T1, T2, WAIT, ZERO, addiu, bne, elf,
                  leave, lui, lw, mfc0, mtc0, sw)

CAUSE, EPC, STATUS = 13, 14, 12
EVENTS = {"arrive", "lost", "read", "sent", "irq_up", "irq_down", "isr_enter",
          "isr_exit", "exc_enter", "exc_exit", "wake"}
ROWS = {1: "chip: bytes", 2: "chip: interrupt line", 3: "processor"}
LINE, IRQ, CPU = ROWS
SYS = 8


def run(where, words, *args, extra=()):
    """(timeline, chrome)"""
    names = [os.path.join(where, name) for name in ("timeline", "chrome")]
    program, line = (os.path.join(where, name) for name in ("p.elf", "line"))
    with open(program, "wb") as out:
        out.write(elf(words, extra=extra))
    with open(line, "wb") as out:
        out.write(bytes(range(100, 140)))
    subprocess.run([SIM, "--timeline", names[0], "--chrome", names[1],
                    "--line-in", line, *args, program], timeout=30,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    with open(names[0], encoding="ascii") as text:
        timeline = [json.loads(row) for row in text]
    with open(names[1], encoding="ascii") as text:
        # a time has three digits behind the point: exact in Decimal alone
        return timeline, json.load(text, parse_float=Decimal)


def us(ns):
    return Decimal(ns) / 1000


def as_chrome(event):
    """What Chrome's trace must have for an event of the timeline."""
    kind, at = event["ev"], us(event["t"])
    if kind in ("irq_up", "irq_down"):
        return {"ph": "B" if kind == "irq_up" else "E", "name": "irq",
                "pid": 1, "tid": IRQ, "ts": at}
    if kind == "wake":
        return {"ph": "X", "name": "wait", "pid": 1, "tid": CPU,
                "ts": at - us(event["idle_ns"]), "dur": us(event["idle_ns"])}
    if kind in ("isr_exit", "exc_exit"):
        return {"ph": "E", "name": "", "pid": 1, "tid": CPU, "ts": at}
    if kind in ("isr_enter", "exc_enter"):
        name = "interrupt" if kind == "isr_enter" else \
            {SYS: "Sys"}[event["code"]]
        return {"ph": "B", "name": name, "pid": 1, "tid": CPU, "ts": at,
                "args": {"epc": f"{event['epc']:#010x}"}}
    return {"ph": "i", "name": kind, "pid": 1, "tid": LINE, "ts": at,
            "s": "t", "args": {key: event[key] for key in ("n", "byte")
                               if key in event}}


def compare(tap, what, timeline, chrome):
    names = [{"ph": "M", "name": "thread_name", "pid": 1, "tid": row,
              "args": {"name": name}} for row, name in ROWS.items()]
    tap.same((list(chrome), chrome["traceEvents"]),
             (["traceEvents"], [*names, *map(as_chrome, timeline)]), what)


def main():
    need_sim()
    tap = Tap()
    # bytes both ways by interrupt and `wait`, a system call, then none is taken
    words = [lui(T0, 0x0080), mtc0(T0, CAUSE), lui(T0, 0xBF00),
             addiu(T1, ZERO, 1), sw(T1, 0x10, T0), addiu(T1, ZERO, 65),
             sw(T1, 0x14, T0), addiu(T1, ZERO, 1), sw(T1, 4, T0),
             addiu(T1, ZERO, 0x401), mtc0(T1, STATUS), WAIT, SYSCALL, WAIT,
             mtc0(ZERO, STATUS), addiu(T2, ZERO, 300), bne(T2, ZERO, -1),
             addiu(T2, T2, -1), lw(T1, 0x14, T0), *leave(0)]
    skip = [mfc0(T2, EPC), addiu(T2, T2, 4), mtc0(T2, EPC), ERET]
    extra = [(0x80000180, skip), (0x80000200, [lw(T1, 0x14, T0), ERET])]
    with tempfile.TemporaryDirectory() as where:
        timeline, chrome = run(where, words, "--clock-mhz", "7", "--period",
                               "1003", extra=extra)
        tap.same({event["ev"] for event in timeline}, EVENTS,
                 "a run with every event")
        tap.ok(any(event["t"] % 1000 for event in timeline),
               "  at times that are no whole us")
        compare(tap, "  they are the same in both", timeline, chrome)
        # it ends within its handler
        timeline, chrome = run(where, [mtc0(ZERO, STATUS), SYSCALL],
                               extra=[(0x80000180, leave(0))])
        tap.same([event["ev"] for event in timeline], ["exc_enter"],
                 "a run that ends in a handler")
        compare(tap, "  is whole in both", timeline, chrome)
        tap.same(run(where, [NOP, *leave(0)]), ([], {"traceEvents": []}),
                 "a run without events has none")
        tap.same(run(where, [mtc0(ZERO, STATUS), tiny.jump(tiny.BASE + 4),
                             NOP], "--max-insns", "50")[1],
                 {"traceEvents": []}, "  nor one that is stopped")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
