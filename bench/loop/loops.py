# SPDX-License-Identifier: MIT
"""Event loops side by side: sloop, bare epoll, libuv, libev, libevent.

Each is a process of its own that has done its set-up and waits (main.c says
for what). They take turns, round by round, in an order that is drawn anew for
each round, so that what the machine does meanwhile hits all of them. After some
rounds come new processes: where its memory lies in the caches is a process's
luck for life, and differs by a few per cent. Figures are CPU time; a ratio is
the median of the ratios within a round, never of two medians.

Called by bench/run. Writes build/bench/loop.svg.
"""

import os
import random
import statistics
import subprocess

import draw

LIVES = 5               # of a program, each of so many rounds
ROUNDS = 5
ROUNDS_OF_TIMERS = 2
WRITES = 20000
FOLDER = "build/bench"
SIZES = [(100, 1), (1000, 1), (10000, 1), (100, 100), (1000, 100),
         (10000, 100)]


class Loop:
    """A program that measures one event loop, round by round."""

    def __init__(self, name, *args):
        self.name = name
        self.argv = [f"{FOLDER}/loop-{name}", *map(str, args)]
        self.rounds = []
        self.process = None

    def start(self):
        # closed by stop(), which the caller does in any case
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            self.argv, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"loop-{self.name} ended early")
        return [float(word) for word in line.split()]

    def round(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.read()

    def stop(self):
        if self.process:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
            self.process = None


def names():
    """Those that are built, ours first."""
    found = [name for name in ("sloop", "epoll", "libuv", "libev", "libevent")
             if os.path.exists(f"{FOLDER}/loop-{name}")]
    if found[:1] != ["sloop"]:
        raise RuntimeError(f"no {FOLDER}/loop-sloop: make bench T=loop")
    return found


def take_turns(loops, rounds, prepare=lambda loop: None):
    """Fill each loop's rounds, life by life; the first round of a life warms
    up and does not count."""
    for _ in range(LIVES):
        try:
            for loop in random.sample(loops, len(loops)):
                loop.start()
                prepare(loop)
            for turn in range(rounds + 1):
                for loop in random.sample(loops, len(loops)):
                    figures = loop.round()
                    if turn:
                        loop.rounds.append(figures)
        finally:
            for loop in loops:
                loop.stop()


def ratio(ours, other, column=0):
    """How ours stands to the other, median of the rounds."""
    return statistics.median(a[column] / b[column] for a, b in
                             zip(ours.rounds, other.rounds))


def median(loop, column=0):
    return statistics.median(figures[column] for figures in loop.rounds)


def compare(loops, column=0):
    """'1034 ns; epoll 996 (1.04), ...': in brackets, ours / theirs."""
    ours = loops[0]
    parts = [f"{other.name} {median(other, column):.0f} "
             f"({ratio(ours, other, column):.2f})" for other in loops[1:]]
    return f"{median(ours, column):.0f} ns; {', '.join(parts)}"


def pipes(plot):
    """N pipes, A active, W writes; then what a watch takes of memory."""
    sizes = {}
    for number, active in SIZES:
        loops = [Loop(name, "pipes", number, active, WRITES)
                 for name in names()]
        take_turns(loops, ROUNDS,
                   lambda loop: sizes.update({loop.name: loop.read()[0]}))
        plot[f"N={number} A={active}"] = {
            loop.name: median(loop) for loop in loops}
        yield (f"sloop, CPU an event, N={number} A={active}", compare(loops))
    ours = sizes.pop("sloop")
    yield ("sloop, memory of an idle watch", f"{ours:.0f} bytes; " + ", ".join(
        f"{name} {size:.0f}" for name, size in sizes.items() if size))


def timers():
    """Start, stop and fire N timers."""
    for number in 100000, 1000000:
        loops = [Loop(name, "timers", number) for name in names()
                 if name != "epoll"]
        take_turns(loops, ROUNDS_OF_TIMERS)
        for column, what in enumerate(("start", "stop", "fire")):
            yield (f"sloop, {what} one of {number:,} timers",
                   compare(loops, column))


COLOURS = {"sloop": "#c33", "epoll": "#888", "libuv": "#36a",
           "libev": "#393", "libevent": "#c80"}


def measure():
    """What bench/run prints: pairs of what and figure."""
    plot = {}
    yield from pipes(plot)
    yield from timers()
    draw.bars(plot, f"{FOLDER}/loop.svg",
              "CPU ns an event, its read and write included", "ns", COLOURS)
    yield "the same as a plot", f"{FOLDER}/loop.svg"
