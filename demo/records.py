# SPDX-License-Identifier: MIT
"""What demo/guest/strategies.sh prints, read back and checked."""

import json
from statistics import median

from commands import Failed
from picture import Moment

IDLE = 0    # the idle task's pid


class Run:
    """One copy by one strategy: its summary, its bytes, its stamps."""

    def __init__(self, strategy, kind):
        self.strategy = strategy
        self.kind = kind
        self.summary = {}
        self.data = b""
        self.stamps = []
        self.switches = []

    def check(self, count):
        """A counter shows loss, repetition and reordering. Raises Failed."""
        if len(self.data) != count or len(self.stamps) != count:
            raise Failed(f"slowcat-{self.strategy}: {len(self.data)} bytes "
                         f"and {len(self.stamps)} stamps instead of {count}")
        for k in range(1, count):
            if self.data[k] != (self.data[k - 1] + 1) % 256:
                raise Failed(f"slowcat-{self.strategy}: byte {k} is "
                             f"{self.data[k]} after {self.data[k - 1]}")

    def delivered(self):
        """Median ns from a byte's being in the chip to the client that has
        it in its hands."""
        return median(s["read_ns"] - s["raised_ns"] for s in self.stamps)

    def busy(self):
        """For each byte but the last, the ns from its delivery to the next
        one's arrival in which the CPU did not run the idle task."""
        idle = self._idle()
        spans = []
        for this, after in zip(self.stamps, self.stamps[1:]):
            start, end = this["read_ns"], after["arrived_ns"]
            while idle and idle[0][1] <= start:
                idle.pop(0)
            slept = sum(min(end, b) - max(start, a)
                        for a, b in idle[:64] if a < end and b > start)
            spans.append(max(0, end - start) - slept)
        return spans

    def burnt(self):
        return median(self.busy())

    def cpu_per_byte(self):
        """Median ns of busy CPU from one delivery to the next."""
        spans = self.busy()
        return median(after["read_ns"] - after["arrived_ns"] + span
                      for after, span in zip(self.stamps[1:], spans))

    def moment(self, name):
        """The byte that took as long as the median one, for the picture."""
        by_delay = sorted(self.stamps,
                          key=lambda s: s["read_ns"] - s["arrived_ns"])
        this = by_delay[len(by_delay) // 2]
        came = this["arrived_ns"]
        return Moment(name, this["read_ns"] - came,
                      [(a - came, b - came) for a, b in self._idle()])

    def _idle(self):
        """The idle task's spans. A switch names the task that stops, so who
        ran up to a switch is in it, and who runs after it in the next."""
        return [(before[1], after[1])
                for before, after in zip(self.switches, self.switches[1:])
                if after[0] == IDLE]


def parse(text):
    """All runs in @text: {(strategy, kind): Run}. Raises Failed when the
    script did not get to its end."""
    runs = {}
    name = run = None
    for line in text.splitlines():
        if line.startswith("@"):
            name, *who = line[1:].split()
            if who:
                run = runs.setdefault(tuple(who), Run(*who))
        elif name == "json":
            run.summary = json.loads(line)
        elif name == "bytes":
            run.data += bytes.fromhex(line.strip())
        elif name == "stamps":
            run.stamps.append(json.loads(line))
        elif name == "switches":
            pid, _, when, *_ = line.split()
            run.switches.append((int(pid), int(when)))
    if name != "end":
        raise Failed("strategies.sh did not get to its end")
    return runs
