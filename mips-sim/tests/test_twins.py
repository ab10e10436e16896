#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What each guest is there to show, and that it does.

Figures are exact where the contract makes them so (interrupts, a byte's wait
in whole PERIODs, an interrupt between two given instructions), and relations
between twins where the compiler has a say.
"""

import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile

from simtest import BUILD, MIPS_CC, SIM, Tap, need, need_guests

GUESTS = [*(f"{kind}-{how}" for kind in ("rx", "tx", "line", "echo", "both")
            for how in ("poll", "irq")),
          "idle-spin", "idle-wait", "trig-1", "trig-8", "trig-16", "slow-isr",
          "slow-main", "thread-spin", "thread-sleep", "race-none", "race-di",
          "race-llsc", "wake-lost", "wake-di", "wake-safe", "ladder-poll",
          "ladder-irq"]
README = "mips-sim/guest/README.md"
MS = 1000000        # ns
BYTES = bytes(range(0x41, 0x61))
LINES = b"Slow devices teach\npatience, byte by byte.\n\n"
MESSAGE = b"Slow devices teach patience, byte by byte.\n"
SYS = 8             # Cause.ExcCode of a system call
NM = MIPS_CC[:-len("gcc")] + "nm"


class Run:
    """One run of a guest, and all that is known of it."""

    where = None        # a directory for the files

    def __init__(self, name, line=b"", **options):
        self.name = name
        file = {key: os.path.join(self.where, key)
                for key in ("line", "sent", "stats", "timeline")}
        with open(file["line"], "wb") as out:
            out.write(line)
        argv = [SIM, "--max-insns", "50000000", "--line-in", file["line"],
                "--line-out", file["sent"], "--stats", file["stats"],
                "--timeline", file["timeline"]]
        for key, value in options.items():
            argv += ["--" + key, str(value)]
        done = subprocess.run([*argv, f"{BUILD}/guest/{name}.elf"],
                              stdin=subprocess.DEVNULL, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)
        self.status = done.returncode
        self.text = done.stdout.decode()
        self.error = done.stderr.decode()
        with open(file["sent"], "rb") as sent:
            self.sent = sent.read()
        with open(file["stats"], encoding="ascii") as stats:
            self.stats = json.load(stats)
        with open(file["timeline"], encoding="ascii") as timeline:
            self.events = [json.loads(row) for row in timeline]

    def of(self, event):
        return [e for e in self.events if e["ev"] == event]

    def found(self, pattern):
        match = re.search(pattern, self.text)
        return int(match.group(1)) if match else None

    def tested(self):
        return (self.found(r"primes below (\d+)") or 2) - 2

    def waits(self):
        """Of each byte, from arrival to load, in ns."""
        came = {e["n"]: e["t"] for e in self.of("arrive")}
        return {e["n"]: e["t"] - came[e["n"]] for e in self.of("read")}

    def interrupted(self):
        """The instructions before which interrupts were taken."""
        return [e["epc"] for e in self.of("isr_enter")]


def address(name, symbol):
    listed = subprocess.run([NM, f"{BUILD}/guest/{name}.elf"],
                            stdout=subprocess.PIPE, check=True).stdout.decode()
    found = re.search(rf"^(\w+) \w {symbol}$", listed, re.M)
    return int(found.group(1), 16) & 0xFFFFFFFF


def ended(tap, run, status=0):
    tap.ok(run.status == run.stats["exit"] == status,
           f"{run.name} ends with status {status}",
           f"status {run.status}\n{run.text}{run.error}")


def first_lines(run, count):
    return run.text.splitlines()[:count]


def receive(tap):
    poll, irq = Run("rx-poll", BYTES), Run("rx-irq", BYTES)
    for run in poll, irq:
        ended(tap, run)
    tap.same(bytes.fromhex("".join(first_lines(poll, 2))), BYTES,
             "rx-poll prints the bytes that came")
    tap.same(first_lines(irq, 2), first_lines(poll, 2), "  and rx-irq, too")
    tap.ok(poll.stats["poll_insns"] > 0.99 * poll.stats["insns"] and
           poll.stats["interrupts"] == 0, "rx-poll does nothing but ask")
    tap.same((irq.stats["interrupts"], irq.stats["poll_insns"]),
             (len(BYTES), 0), "rx-irq: an interrupt a byte, and no asking")
    tap.ok(irq.stats["isr_insns"] < 0.01 * irq.stats["insns"] and
           irq.tested() > 10000, "  the handler takes little, work gets done")
    tap.ok(max(poll.waits().values()) < min(irq.waits().values()),
           "polling is the quicker one to see a byte")
    poll, irq = Run("tx-poll"), Run("tx-irq")
    for run in poll, irq:
        ended(tap, run)
        tap.same(run.sent, MESSAGE, f"{run.name} sends the message")
    tap.ok(poll.stats["poll_insns"] > 0.99 * poll.stats["insns"] and
           irq.stats["poll_insns"] == 0 and irq.tested() > 10000,
           "tx-poll does nothing but ask, tx-irq works")


def lines(tap):
    text = LINES[:-1] + b"x" * 100 + b"\n\n"
    poll, irq = Run("line-poll", text), Run("line-irq", text)
    for run in poll, irq:
        ended(tap, run)
    want = ["18 bytes: Slow devices teach",
            "23 bytes: patience, byte by byte.", "80 bytes: " + "x" * 80]
    tap.same(first_lines(poll, 3), want, "line-poll says the lines, cut at 80")
    tap.same(first_lines(irq, 3), want, "  and line-irq, too")
    tap.same(irq.stats["interrupts"], len(text), "  with an interrupt a byte")
    tap.ok(irq.tested() > 10000 and irq.stats["poll_insns"] == 0 and
           poll.stats["poll_insns"] > 0.99 * poll.stats["insns"],
           "line-poll asks, line-irq works")


def echo(tap):
    want = LINES[:-1]
    runs = {name: Run(name, LINES) for name in
            ("echo-poll", "echo-irq", "both-poll", "both-irq")}
    for run in runs.values():
        ended(tap, run)
        tap.same(run.sent, want, f"{run.name} sends back what came")
    tap.ok(runs["echo-poll"].stats["poll_insns"] >
           0.99 * runs["echo-poll"].stats["insns"], "echo-poll asks")
    tap.ok(runs["echo-irq"].stats["idle_ns"] >
           0.99 * runs["echo-irq"].stats["ns"], "echo-irq sleeps")
    tap.ok(runs["both-poll"].tested() > 10000 and
           runs["both-irq"].tested() > 10000, "both-* work")
    tap.ok(max(runs["both-poll"].waits().values()) > MS >
           1000 * max(runs["both-irq"].waits().values()),
           "a byte waits for the piece in both-poll, not in both-irq")
    poll, irq = (Run(name, LINES, period=20000) for name in
                 ("both-poll", "both-irq"))
    ended(tap, poll, 1)
    tap.ok(poll.stats["rx_lost"] > 0 and want.startswith(poll.sent),
           "at 20 us both-poll sends less, and says so")
    ended(tap, irq)
    tap.same((irq.sent, irq.stats["rx_lost"]), (want, 0),
             "  both-irq sends it all")


def idle(tap):
    spin, wait = Run("idle-spin", BYTES), Run("idle-wait", BYTES)
    for run in spin, wait:
        ended(tap, run)
        tap.same(bytes.fromhex(run.text), BYTES, f"{run.name} prints the bytes")
    tap.ok(100 * wait.stats["insns"] < spin.stats["insns"],
           "`wait` instead of a loop: not a hundredth of the instructions")
    tap.ok(spin.stats["idle_ns"] == 0 and
           wait.stats["idle_ns"] > 0.99 * wait.stats["ns"],
           "  the rest of the time is idle")
    tap.ok(max(wait.waits().values()) <= max(spin.waits().values()),
           "  and no byte waits longer")


def trigger(tap):
    """Byte k of a batch waits for its last; what fills none, 4 PERIODs."""
    count = 100
    for trig in 1, 8, 16:
        run = Run(f"trig-{trig}", bytes(count))
        ended(tap, run)
        whole, rest = divmod(count, trig)
        tap.same(run.stats["interrupts"], whole + (rest > 0),
                 f"RX_TRIG {trig}: so many interrupts for {count} bytes")
        want = [trig - 1 - k for k in range(trig)] * whole
        want += [4 + rest - 1 - k for k in range(rest)]
        waits = run.waits()
        tap.same([waits[n] // MS for n in range(count)], want,
                 "  each byte waits that many PERIODs")
        tap.ok(max(ns % MS for ns in waits.values()) < 10000,
               "  and the handler")


def overrun(tap):
    line = bytes(n % 256 for n in range(1024))
    for period, lost in (11000, True), (12500, False):
        isr = Run("slow-isr", line, period=period)
        ended(tap, isr, int(lost))
        tap.ok((isr.stats["rx_lost"] > 0) == lost,
               f"20,000 instructions in a handler at {period} ns a byte: "
               + ("some are lost" if lost else "none is"))
        if lost:
            before = isr.events[:isr.events.index(isr.of("lost")[0])]
            last = max(n for n, e in enumerate(before) if e["ev"] == "read")
            tap.same(sum(e["ev"] == "arrive" for e in before[last:]), 16,
                     "  the first is the 17th that nobody takes")
        main = Run("slow-main", line, period=period)
        ended(tap, main)
        tap.same(main.stats["rx_lost"], 0, "  in the main program: none is")
    ended(tap, Run("slow-main", line, period=6000), 1)


def threads(tap):
    spin, sleep = Run("thread-spin", BYTES), Run("thread-sleep", BYTES)
    for run in spin, sleep:
        ended(tap, run)
        tap.same(bytes.fromhex("".join(first_lines(run, 2))), BYTES,
                 f"{run.name} prints the bytes")
    worst = r"(\d+) at most"
    tap.ok(sleep.found(worst) < 500 and spin.found(worst) > 100000,
           "who sleeps has the byte at once, who spins a slice later")
    tap.ok(sleep.tested() > 1.5 * spin.tested(),
           "and leaves the worker more to work with")
    # to sleep and to wake, for each byte; the first switch is to the worker
    tap.same(sleep.found(r"(\d+) switches"), 2 * len(BYTES),
             "thread-sleep: two switches a byte")
    calls = [e for e in sleep.of("exc_enter") if e["code"] == SYS]
    tap.same((len(calls), len({e["epc"] for e in calls})),
             (2 * len(BYTES), 1),
             "  its one syscall runs twice a byte: none yet, here it is")
    tap.same(len(spin.of("exc_enter")), 0, "thread-spin has no system call")
    ways = [[e["ev"] for e in sleep.events
             if e["t"] >= came["t"]][:11] for came in sleep.of("arrive")[:-1]]
    tap.ok(all(way == ["arrive", "irq_up", "isr_enter", "read", "irq_down",
                       "isr_exit", "exc_enter", "exc_exit", "exc_enter",
                       "exc_exit", "arrive"] for way in ways),
           "  a byte's way: interrupt, the call again, the next call")


def race(tap):
    line = bytes(n % 256 for n in range(1000))
    periods = [2500, 2600, 2750, 3000, 3500, 4000]
    runs = {name: [Run(name, line, period=p) for p in periods]
            for name in ("race-none", "race-di", "race-llsc")}
    forgotten = r"(\d+) forgotten"

    down = address("race-none", "race_down")
    hits = [sum(epc in (down + 4, down + 8) for epc in run.interrupted())
            for run in runs["race-none"]]
    tap.same([run.found(forgotten) for run in runs["race-none"]], hits,
             "race-none forgets as many as interrupts came in its window")
    tap.ok(sum(hits) > 0 and hits[0] > 0, "  which they did")
    tap.same([run.status for run in runs["race-none"]],
             [int(hit > 0) for hit in hits], "  and its status says so")
    for name in "race-di", "race-llsc":
        tap.same([(run.status, run.found(forgotten)) for run in runs[name]],
                 [(0, 0)] * len(periods), f"{name} forgets none")
    down = address("race-di", "race_down")
    window = range(down + 4, down + 24, 4)
    tap.same(sum(epc in window for run in runs["race-di"]
                 for epc in run.interrupted()), 0,
             "  none can come between di and ei")
    down = address("race-llsc", "race_down")
    tap.ok(sum(epc in (down + 4, down + 8) for run in runs["race-llsc"]
               for epc in run.interrupted()) > 0,
           "  some came between ll and sc")
    again = Run("race-none", line, period=periods[0])
    first = runs["race-none"][0]
    tap.same((again.text, again.stats, again.events),
             (first.text, first.stats, first.events),
             "  the same race is lost in the same way")


def wake(tap):
    """Where the interrupt came says if the run hangs, to the instruction."""
    # instructions from wake_sleep on before which it is fatal
    fatal = {"wake-lost": (1, 2, 3), "wake-di": (6, 7), "wake-safe": ()}
    periods = range(1000, 1400, 10)
    hung = {}
    for name, places in fatal.items():
        start = address(name, "wake_sleep")
        runs = [Run(name, period=p) for p in periods]
        hung[name] = [run.status for run in runs].count(126)
        tap.same([run.status for run in runs],
                 [126 if {start + 4 * n for n in places}
                  & set(run.interrupted()) else 0 for run in runs],
                 f"{name} sleeps for ever in {hung[name]} of {len(runs)} "
                 "runs, those where the interrupt came between")
        if hung[name]:
            tap.ok(all(run.error.startswith("mips-sim:") and
                       "wait" in run.error for run in runs if run.status),
                   "  said in a line")
        else:
            tap.ok(any({start + 4, start + 8, start + 12} &
                       set(run.interrupted()) for run in runs),
                   "  though it did come between")
    # each round's window is an instruction's time per instruction long
    tap.ok(hung["wake-di"] > hung["wake-lost"] > 0 == hung["wake-safe"],
           "disabled interrupts make it worse, the rollback cures it")


def starved(tap):
    """Fewer bytes than they need: who does what, README.md says."""
    with open(README, encoding="utf-8") as source:
        said = re.search(r"With fewer bytes(.*?)are ended(.*?)"
                         r"wait for ever", " ".join(source.read().split()))
    ended, ever = ([name for pattern in re.findall("`([a-z*-]+)`", part)
                    for name in fnmatch.filter(GUESTS, pattern)]
                   for part in said.groups())
    short = os.path.join(Run.where, "short")
    with open(short, "wb") as out:
        out.write(b"hi\n")
    seen = {}
    for name in GUESTS:
        # only without --max-insns does it look for loops
        limit = [] if name in ended else ["--max-insns", "50000000"]
        done = subprocess.run([SIM, *limit, "--line-in", short,
                               f"{BUILD}/guest/{name}.elf"], check=False,
                              stdin=subprocess.DEVNULL, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        result = done.returncode, b"it goes round" in done.stderr
        seen.setdefault(result, []).append(name)
    tap.same(seen, {(126, False): sorted(ended, key=GUESTS.index),
                    (124, False): sorted(ever, key=GUESTS.index),
                    (0, False): [name for name in GUESTS
                                 if name[:3] in ("tx-", "wak")]},
             "with too few bytes they end, or wait for ever, as README.md says")


def main():
    need_guests(*(f"{BUILD}/guest/{name}.elf" for name in GUESTS))
    need(NM, "binutils-mipsel-linux-gnu")
    tap = Tap()
    with tempfile.TemporaryDirectory() as Run.where:
        for chapter in (receive, lines, echo, idle, trigger, overrun, threads,
                        race, wake, starved):
            chapter(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
