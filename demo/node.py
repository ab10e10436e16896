# SPDX-License-Identifier: MIT
"""The chapter on Node.js: one byte into a JavaScript callback, and its way."""

import json
import re
import subprocess

from commands import Failed, vm_run
from show import number, progress

FETCH = "userspace/node/fetch"
RUN = "userspace/node/run"
READ, EPOLL_PWAIT = 0, 281      # system call numbers, x86-64


class Trace:
    """The kernel's events in order, as (ns, task, event, rest)."""

    def __init__(self, text, raw):
        events = [line for line in text if not line.startswith("#")]
        times = [line for line in raw if not line.startswith("#")]
        if len(events) != len(times) or not events:
            raise Failed(f"{len(events)} events in the trace and "
                         f"{len(times)} times")
        self.events = []
        for event, when in zip(events, times):
            found = re.match(r" *(.*)-\d+ +\[\d+\] \S+ +[\d.]+: (\w+): (.*)",
                             event)
            if not found:
                raise Failed(f"the trace has a line like: {event}")
            self.events.append((int(when.split()[2]), *found.groups()))

    def first(self, after_ns, name, pattern):
        """The first event @name from @after_ns on that has @pattern."""
        for when, task, event, rest in self.events:
            if when >= after_ns and event == name and re.search(pattern, rest):
                return when, task
        raise Failed(f"no {name} with {pattern} in the trace")


def steps(said, trace):
    """The byte's way: (ns, who, what), each later than the one before."""
    at = said["arrived_ns"]
    rows = [(at, "chip", "the byte is due"),
            (said["raised_ns"], "slowdev_hw", "it is in the chip's FIFO; the "
             "interrupt line rises")]

    def then(who, what, event, pattern):
        nonlocal at
        at, task = trace.first(at, event, pattern)
        rows.append((at, who.format(task=task), what))

    then("interrupt", "the driver's handler begins (irq_handler_entry)",
         "irq_handler_entry", "name=slowdev0$")
    then("slowdev", "wakes who waits: epoll, and so node (sched_waking)",
         "sched_waking", "comm=node ")
    then("scheduler", "node gets the CPU (sched_switch)",
         "sched_switch", f"next_pid={said['pid']} ")
    then("libuv", "epoll_pwait() = 1: the loop's poll phase goes on",
         "sys_exit", rf"^NR {EPOLL_PWAIT} = 1$")
    then("addon", f"called by the loop, calls read({said['fd']})",
         "sys_enter", rf"^NR {READ} \({said['fd']:x},")
    then("addon", "read() = 1: the byte is in a Buffer",
         "sys_exit", rf"^NR {READ} = 1$")
    rows += [(said["data_ns"], "JavaScript", "the 'data' callback"),
             (said["tick_ns"], "JavaScript", "process.nextTick() from it"),
             (said["micro_ns"], "JavaScript", "a promise's then() from it")]
    for before, after in zip(rows, rows[1:]):
        if after[0] < before[0]:
            raise Failed(f"'{after[2]}' comes before '{before[2]}'")
    return rows


def parse(text):
    records = {}
    lines = []
    for line in text.splitlines():
        if line.startswith("@"):
            lines = records.setdefault(line[1:], [])
        else:
            lines.append(line)
    if "end" not in records:
        raise Failed("node.sh did not get to its end")
    return (json.loads(records["script"][0]),
            Trace(records["text"], records["raw"]))


def chapter(show):
    show.heading("One byte into a JavaScript callback")
    with progress("Node.js is fetched, if it is not here yet"):
        have = subprocess.run([FETCH, "image"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
    if have.returncode:
        show.say("Left out: " + have.stderr.strip().splitlines()[-1])
        return
    show.say("""Node.js reads the device by an addon that puts it into the
        epoll of Node's own loop: no thread sleeps in a read. This is the way
        of one byte, the hundredth, as the chip, the kernel's trace and the
        script saw it. All of it stands on one clock; +ns are instructions
        since the byte was due (the trace's own among them).""")
    with progress("a VM boots, with Node.js on a disk"):
        text = vm_run("node.sh", "the Node.js chapter", runner=RUN)
    said, trace = parse(text)
    rows = steps(said, trace)
    start = rows[0][0]
    show.line()
    show.line("  $ node path.mjs")
    for when, who, what in rows:
        show.line(f"  {'+' + number(when - start):>8}  {who:10}  {what}")
    show.keep("node.path_ns", {f"{who}: {what}": when - start
                               for when, who, what in rows})
    show.say("""docs/event-loop.md takes each of these steps apart, with the
        command that shows it.""")
