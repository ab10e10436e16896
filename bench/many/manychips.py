# SPDX-License-Identifier: MIT
"""Many descriptors: what a wake-up costs when N chips are watched.

In the VM, in counted time (1 ns is one instruction while the CPU is busy), a
slowcat watches N chips. Of these one brings bytes, or all do, at the same
moments (feed.c); then a pause that is long enough for anyone. guest.sh runs
it, here it is counted.

Called by bench/run and test_many.py. Writes build/bench/many.svg.
"""

import json
import os
import statistics
import subprocess

import draw

STRATEGIES = ["select", "poll", "epoll", "epollet", "uring", "sloop"]
SHAPES = [(1, 1), (16, 1), (256, 1), (16, 16), (256, 256)]
BYTES = 21          # a chip; the first ones warm up and do not count
PERIOD_US = 50000   # 256 wake-ups of the hardware module take 12.8 ms of it
HERE = os.path.dirname(os.path.abspath(__file__))
FEED = "build/bench/many-feed"
SVG = "build/bench/many.svg"
WHAT = """\
Instructions per wake-up: all that the CPU executed from the moment at which
bytes arrived until the client slept again (the interrupts, the switch to the
client, the end of its wait, its reads and writes, the beginning of its next
wait). The median of 20."""

IDLE = 0            # the idle task's pid


class Run:
    """One strategy, some watched and some active chips."""

    def __init__(self):
        self.summary = None
        self.client = None
        self.arrivals = []      # ns
        self.switches = []      # (pid that stops running, ns)

    def add(self, kind, line):
        """A line of a record of that @kind."""
        if kind == "json":
            self.summary = json.loads(line)
        elif kind == "client":
            self.client = int(line)
        elif kind == "stamps":
            self.arrivals.append(json.loads(line)["arrived_ns"])
        elif kind == "switches":
            pid, _, when, *_ = line.split()
            self.switches.append((int(pid), int(when)))

    def moments(self, active):
        """When bytes arrived, the first chip's each. None may be lost."""
        if None in self.arrivals or len(self.arrivals) != active * BYTES:
            raise RuntimeError(f"{self.summary['strategy']}: a byte was lost")
        self.arrivals.sort()
        return self.arrivals[::active]

    def work(self, start):
        """(ns the CPU was busy, wake-ups) because of what arrived at @start:
        until the client sleeps for the last time before the next bytes."""
        mine = [(pid, at) for pid, at in self.switches
                if start < at < start + PERIOD_US * 500]
        sleeps = [at for pid, at in mine if pid == self.client]
        if not sleeps:
            raise RuntimeError(f"{self.summary['strategy']}: no wake-up")
        # up to the first switch it is interrupts, though the task is idle
        idle = sum(after - before for (_, before), (pid, after) in
                   zip(mine, mine[1:]) if pid == IDLE and after < sleeps[-1])
        return sleeps[-1] - start - idle, len(sleeps)

    def per_wakeup(self, active):
        """The median of what a wake-up took."""
        works = [self.work(start) for start in self.moments(active)[1:]]
        return statistics.median(busy / count for busy, count in works)


def parse(text):
    """What guest.sh printed: {(strategy, (watched, active)): Run}."""
    runs = {}
    kind = run = None
    for line in text.splitlines():
        if line.startswith("@"):
            kind, *who = line[1:].split()
            if who:
                shape = tuple(map(int, who[1].split(":")))
                run = runs.setdefault((who[0], shape), Run())
        else:
            run.add(kind, line)
    if kind != "end":
        raise RuntimeError("guest.sh did not get to its end")
    return runs


def count(strategies, shapes):
    """{strategy: {(watched, active): instructions per wake-up}}."""
    argv = ["vm/run", "--exact", "--no-insmod", "--add",
            os.path.join(HERE, "guest.sh"), "--add", FEED, "--", "sh",
            "/extra/guest.sh", str(BYTES), str(PERIOD_US),
            ",".join(f"{watched}:{active}" for watched, active in shapes),
            *strategies]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode:
        raise RuntimeError(f"vm/run: status {done.returncode}: "
                           f"{done.stderr.strip()[-500:]}")
    runs = parse(done.stdout)
    return {strategy: {shape: runs[strategy, shape].per_wakeup(shape[1])
                       for shape in shapes} for strategy in strategies}


COLOURS = {"select": "#c80", "poll": "#e0b050", "epoll": "#888",
           "epollet": "#444", "uring": "#36a", "sloop": "#c33"}


def table(title, columns):
    """Lines for @columns, {head: {row: figure}}."""
    yield f"{title:18}" + "".join(f"{head:>11}" for head in columns), ""
    for row in next(iter(columns.values())):
        yield f"{row:18}" + "".join(f"{column[row]:11,.0f}" for column in
                                    columns.values()), ""


def measure():
    """What bench/run prints; the lines are a table."""
    built = [name for name in STRATEGIES
             if os.path.exists(f"build/bin/slowcat-{name}")]
    for name in STRATEGIES:
        if name not in built:
            yield f"(slowcat-{name} is not built and left out)", ""
    figures = count(built, SHAPES)
    for line in WHAT.splitlines():
        yield line, ""
    yield "", ""
    a_wakeup, a_byte = {}, {}
    for watched, active in SHAPES:
        head = f"{active} of {watched}"
        a_wakeup[head] = {name: figures[name][watched, active]
                          for name in built}
        a_byte[head] = {name: figure / active
                        for name, figure in a_wakeup[head].items()}
    yield from table("active of watched", a_wakeup)
    yield "", ""
    yield from table("the same per byte", {
        head: a_byte[head] for head in a_byte
        if a_byte[head] != a_wakeup[head]})
    yield "", ""
    draw.bars(a_byte, SVG,
              "Instructions a byte, by active chips of those watched",
              "instructions", {name: COLOURS[name] for name in built})
    yield "instructions a byte as a plot", SVG
