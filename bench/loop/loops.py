# SPDX-License-Identifier: MIT
"""Event loops side by side: sloop, bare epoll, libuv, libev, libevent.

Each is a process of its own that has done its set-up and waits (main.c says
for what). They take turns, round by round, in an order that is drawn anew for
each round, so that what the machine does meanwhile hits all of them. Figures
are CPU time; a ratio is the median of the ratios within a round, never of two
medians.

Called by bench/run. Writes build/bench/loop.svg.
"""

import os
import random
import statistics
import subprocess

ROUNDS = 15
ROUNDS_OF_TIMERS = 9
WRITES = 20000
FOLDER = "build/bench"
SIZES = [(100, 1), (1000, 1), (10000, 1), (100, 100), (1000, 100),
         (10000, 100)]


class Loop:
    """A program that measures one event loop, round by round."""

    def __init__(self, name, *args):
        self.name = name
        self.rounds = []
        # closed by stop(), which the caller does in any case
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            [f"{FOLDER}/loop-{name}", *map(str, args)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

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
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def names():
    """Those that are built, ours first."""
    found = {name[len("loop-"):] for name in os.listdir(FOLDER)
             if name.startswith("loop-") and "." not in name}
    order = ["sloop", "epoll", "libuv", "libev", "libevent"]
    return [name for name in order if name in found]


def take_turns(loops, rounds):
    """Fill each loop's rounds; the first one warms up and does not count."""
    for turn in range(rounds + 1):
        for loop in random.sample(loops, len(loops)):
            figures = loop.round()
            if turn:
                loop.rounds.append(figures)


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
        try:
            for loop in loops:
                sizes[loop.name] = loop.read()[0]
            take_turns(loops, ROUNDS)
        finally:
            for loop in loops:
                loop.stop()
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
        try:
            take_turns(loops, ROUNDS_OF_TIMERS)
        finally:
            for loop in loops:
                loop.stop()
        for column, what in enumerate(("start", "stop", "fire")):
            yield (f"sloop, {what} one of {number:,} timers",
                   compare(loops, column))


COLOURS = {"sloop": "#c33", "epoll": "#888", "libuv": "#36a",
           "libev": "#393", "libevent": "#c80"}


def draw(plot, path):
    """Groups of bars, CPU ns an event, as SVG."""
    high = max(max(group.values()) for group in plot.values())
    bar, gap, height = 18, 24, 260
    x = 60
    out = []
    for number in range(0, int(high) + 1, 500):
        y = 20 + height * (1 - number / high)
        out.append(f'<path d="M55 {y:.0f}H900" stroke="#ddd"/><text x="50" '
                   f'y="{y + 4:.0f}" text-anchor="end">{number}</text>')
    for what, group in plot.items():
        begin = x
        for name, figure in group.items():
            size = height * figure / high
            out.append(f'<rect x="{x}" y="{20 + height - size:.1f}" '
                       f'width="{bar - 2}" height="{size:.1f}" '
                       f'fill="{COLOURS[name]}"><title>{name}: {figure:.0f} '
                       'ns</title></rect>')
            x += bar
        out.append(f'<text x="{(begin + x) // 2}" y="{height + 38}" '
                   f'text-anchor="middle">{what}</text>')
        x += gap
    for place, (name, colour) in enumerate(COLOURS.items()):
        out.append(f'<rect x="{60 + 90 * place}" y="{height + 52}" width="12" '
                   f'height="12" fill="{colour}"/><text x="{76 + 90 * place}" '
                   f'y="{height + 62}">{name}</text>')
    with open(path, "w", encoding="utf-8") as svg:
        svg.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{x + 20}" '
                  f'height="{height + 80}" font-family="sans-serif" '
                  'font-size="12"><text x="60" y="14">CPU ns an event, its '
                  'read and write included</text>'
                  + "\n".join(out) + "</svg>\n")


def measure():
    """What bench/run prints: pairs of what and figure."""
    plot = {}
    yield from pipes(plot)
    yield from timers()
    draw(plot, f"{FOLDER}/loop.svg")
    yield "the same as a plot", f"{FOLDER}/loop.svg"
