# SPDX-License-Identifier: MIT
"""The chapters on bare metal: a MIPS processor polls, then is interrupted."""

import re
from statistics import median

from commands import Failed, mips_sim
from picture import Moment
from show import number, progress

MESSAGE = b"a byte every millisecond, one by one...\n"[:32]
WRAP = 1 << 32      # the guests' ticks are 32 bits


def chapters(show):
    show.heading("MIPS: the processor asks (polling)")
    show.say("""A MIPS processor, 100 million instructions a second, and a
        chip that brings a byte every millisecond. The program reads the
        chip's STATUS register until it says that a byte is there. Between two
        bytes it executes a hundred thousand instructions that find
        nothing.""")
    rows = [guest(show, "rx-poll", "receive, polling")]
    show.say("""Sending is the same wait: the program asks until the chip has
        room for another byte.""")
    rows.append(guest(show, "tx-poll", "send, polling"))

    show.heading("MIPS: the processor is told (interrupts)")
    show.say("""The same bytes. Now the chip raises its interrupt line, the
        processor leaves the main program for a handler that puts the byte in
        a ring, and goes back. The main program looks for prime numbers
        meanwhile, and prints how far it came.""")
    rows.append(guest(show, "rx-irq", "receive, interrupts"))
    show.say("And sending: the handler refills the chip when it has room.")
    rows.append(guest(show, "tx-irq", "send, interrupts"))

    show.say("""What it cost, in instructions a byte: spent waiting (asking
        again and getting the same answer), spent in the handler; and the work
        that got done meanwhile.""")
    show.table(["program", "bytes", "waiting/byte", "handler/byte",
                "numbers tested meanwhile"], rows)


def guest(show, name, title):
    """Run one guest, show what it printed, give its row of the table."""
    line = MESSAGE if name.startswith("rx") else b""
    with progress(name):
        text, stats, _ = mips_sim(show, name, line)
    show.output(f"mips-sim {'--line-in FILE ' if line else ''}"
                f"build/guest/{name}.elf", text)
    count = stats["rx_bytes"] if line else stats["tx_bytes"]
    if not count or stats["exit"] != 0:
        raise Failed(f"{name}: exit {stats['exit']} after {count} bytes")
    work = re.search(r"primes below (\d+)", text)
    show.keep(f"mips.{name}", stats)
    return [title, count, number(stats["poll_insns"] / count),
            number(stats["isr_insns"] / count),
            number(int(work.group(1)) - 2) if work else "none"]


def rungs(show, count, period_ns):
    """The ladder's two rungs of bare metal: (name, delivered, burnt, what
    happened around the middle byte)."""
    rows = []
    line = bytes(n % 256 for n in range(count))
    for name, title in (("ladder-poll", "MIPS: polling loop"),
                        ("ladder-irq", "MIPS: interrupt and wait")):
        with progress(name):
            text, stats, timeline = mips_sim(show, name, line, clock_mhz=1000,
                                             period=period_ns)
        start = int(re.search(r"^start (\d+)$", text, re.M).group(1))
        ticks = [int(t) for t in re.findall(r"^tick (\d+)$", text, re.M)]
        came = [e["t"] for e in timeline if e["ev"] == "arrive"]
        if len(ticks) != count or len(came) < count or stats["rx_lost"]:
            raise Failed(f"{name}: {len(ticks)} of {count} bytes delivered")
        delivered = [(t - a) % WRAP for t, a in zip(ticks, came)]
        ran = (ticks[-1] - start) % WRAP - stats["idle_ns"]
        rows.append((title, median(delivered),
                     (ran - sum(delivered)) / count,
                     moment(title, timeline, count // 2,
                            delivered[count // 2])))
    return rows


def moment(title, timeline, n, delivered):
    """Byte @n, for the picture."""
    came = next(e["t"] for e in timeline
                if e["ev"] == "arrive" and e["n"] == n)
    asleep = [(e["t"] - e["idle_ns"] - came, e["t"] - came)
              for e in timeline if e["ev"] == "wake"]
    ends = [e["t"] - came for e in timeline
            if e["ev"] == "isr_exit" and e["t"] > came]
    return Moment(title, delivered, asleep, ends[0] if ends else None)
