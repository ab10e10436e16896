# SPDX-License-Identifier: MIT
"""What the driver costs, beside what the kernel has of the like.

In the VM, in counted time (1 ns is one instruction while the CPU is busy):
from a byte's arrival to the program that waited for it, beside a timerfd; and
what a byte of a bulk read costs, beside a pty. wakeup.c and bulk.c say how.

Called by bench/run.
"""

import os
import statistics
import subprocess

EVENTS = 400
BYTES = 65536
EVERY = 1024        # bytes; a bulk read takes what came meanwhile
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = ["build/bench/driver-wakeup", "build/bench/driver-bulk",
            "build/bench/driver-bare/slowdev.ko"]
ROWS = [("read", "read", 0), ("epoll_wait", "epoll", 0),
        ("epoll_wait and read", "epoll", 1), ("io_uring read", "uring", 1)]


def run(kernel):
    """guest.sh's records: {(name, argument...): [line split in words]}."""
    added = [word for name in PROGRAMS for word in ("--add", name)]
    done = subprocess.run(
        ["vm/run", "--kernel", kernel, "--exact", "--no-insmod", *added,
         "--add", f"{HERE}/guest.sh", "--timeout", "1200", "--", "sh",
         "/extra/guest.sh", str(EVENTS), str(BYTES), str(EVERY)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"driver/guest.sh: status {done.returncode}: "
                           f"{done.stderr.strip()[-200:]}")
    records = {}
    lines = []
    for line in done.stdout.splitlines():
        if line.startswith("@"):
            lines = records.setdefault(tuple(line[1:].split()), [])
        else:
            lines.append(line.split())
    if ("end",) not in records:
        raise RuntimeError("driver/guest.sh did not get to its end")
    return records


def delays(lines, source, column):
    """ns from the moment to the program, sorted; column 0 awake, 1 has it."""
    found = sorted(int(words[1 + column]) for words in lines
                   if words[0] == source)
    if len(found) != EVENTS:
        raise RuntimeError(f"driver/wakeup: {len(found)} events of {source}, "
                           f"not {EVENTS}")
    return found


def median(lines, source, column=1):
    return statistics.median(delays(lines, source, column))


def spread(found):
    return (f"{statistics.median(found):,.0f} "
            f"({found[0]:,} to {found[len(found) * 99 // 100 - 1]:,} at 99 %)")


def wakeups(records):
    """Medians and ratios, from the due moment to the program."""
    for what, strategy, column in ROWS:
        again = records["wakeup", strategy, "interval"]
        once = records["wakeup", strategy, "once"]
        theirs = median(again, "timerfd", column)
        anew = median(once, "timerfd", column)
        yield (f"byte arrives: {what} returns",
               spread(delays(again, "slowdev", column)))
        yield ("  a timerfd with an interval",
               f"{theirs:,.0f}; ratio "
               f"{median(again, 'slowdev', column) / theirs:.3f}")
        yield ("  a timerfd set anew for each",
               f"{anew:,.0f}; ratio "
               f"{median(once, 'slowdev', column) / anew:.3f}")
    read = median(records["wakeup", "uring", "interval"], "slowdev")
    command = records["wakeup", "uringcmd", "interval"]
    yield ("byte arrives: io_uring command returns",
           spread(delays(command, "slowdev", 1)))
    yield ("  io_uring read", f"{read:,.0f}; ratio "
           f"{median(command, 'slowdev') / read:.3f}")
    yield ("the floor: clock_nanosleep",
           spread(delays(records["wakeup", "sleep", "once"], "sleep", 1)))


def busy(line):
    """Busy ns a byte, of the whole machine."""
    return int(line[2]) / int(line[0])


def off(records):
    """Tracepoints and the ISR log, present but off."""
    bare, ours = (busy(records["each", driver][0])
                  for driver in ("bare", "whole"))
    yield ("a byte, no tracepoints, no isr_log built in",
           f"{bare:,.1f}; with both, and off: {ours:,.1f} "
           f"({(ours - bare) / bare:+.2%})")


def bulk(records):
    """Bytes by eight, on their way through driver and pty."""
    for every, what in ((EVERY, f"{EVERY} bytes a read"),
                        (0, "read as they come, 8")):
        ours, pty, feed = (busy(records["bulk", source, str(every)][0])
                           for source in ("slowdev", "pty", "feed"))
        yield (f"a byte, RX_TRIG 8, {what}", f"{ours:,.0f}, the chip in it")
        yield ("  a pty, and who feeds it", f"{pty:,.0f}; ratio "
               f"{ours / pty:.2f}")
        yield ("  a pty, without who feeds it", f"{pty - feed:,.0f}; ratio "
               f"{ours / (pty - feed):.2f}")


def measure(kernel="6.1"):
    """What bench/run prints: pairs of what and figure."""
    records = run(kernel)
    yield from wakeups(records)
    yield from bulk(records)
    yield from off(records)
