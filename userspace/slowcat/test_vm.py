#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every slowcat on /dev/slowdev0 in the VM: nothing lost, repeated or
reordered, arrival times, a signal, and a chip that goes away.

Prints TAP. vm_guest.sh does the work; here it is judged. Exact mode, so that
no byte is lost to a slow host.
"""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from tap import Tap     # noqa: E402

STRATEGIES = ["block", "nonblock", "select", "poll", "epoll", "epollet",
              "sigio", "uring", "uringcmd", "uv", "sloop"]
ONE_DEVICE = {"block", "uringcmd"}
tap = Tap()


class Run:
    """What a client did: status, out, err, stamps."""

    def __init__(self, records, strategy, name):
        def lines(what):
            return records.get((what, strategy, name), [])
        self.status = int((lines("status") or ["-1"])[0])
        self.out = bytes.fromhex("".join(s.strip() for s in lines("out")))
        self.err = "\n".join(lines("err"))
        self.stamps = [json.loads(line) for line in lines("stamps")]
        try:
            self.cost = json.loads(lines("err")[-1])
        except (ValueError, IndexError):
            self.cost = {}

    def __str__(self):
        return (f"status {self.status}, {len(self.out)} bytes, "
                f"{len(self.stamps)} stamps, {self.err}")


def parse(text):
    records = {}
    lines = []
    for line in text.splitlines():
        if line.startswith("@"):
            lines = records.setdefault(tuple(line[1:].split()), [])
        else:
            lines.append(line)
    return records


def counts_on(data):
    return all((a + 1) % 256 == b for a, b in zip(data, data[1:]))


def judge(records, strategy):
    run = Run(records, strategy, "counter")
    tap.ok(run.status == 0 and len(run.out) == 1000 and counts_on(run.out),
           f"{strategy}: copies 1000 counter bytes", run)
    stamps = run.stamps
    arrived = [s["arrived_ns"] for s in stamps]
    tap.ok(len(stamps) == 1000 and None not in arrived and
           all(s["arrived_ns"] <= s["raised_ns"] <= s["read_ns"]
               for s in stamps) and
           all(b - a == 100000 for a, b in zip(arrived, arrived[1:])) and
           all(b["n"] == a["n"] + 1 for a, b in zip(stamps, stamps[1:])),
           f"{strategy}: a byte a period arrives, is raised, is read",
           f"{run}\n{stamps[:3]}")
    latency = run.cost.get("latency_ns")
    if latency and None not in arrived:
        every = sorted(s["read_ns"] - s["arrived_ns"] for s in stamps)
        tap.ok((latency["p50"], latency["p99"], latency["max"]) ==
               (every[499], every[989], every[999]),
               f"{strategy}: latency is from arrival to read", run)
        print(f"# {strategy}: {json.dumps(run.cost)}")
    else:
        tap.ok(False, f"{strategy}: latency is from arrival to read", run)
    if strategy not in ONE_DEVICE:
        run = Run(records, strategy, "two")
        tap.ok(run.status == 0 and len(run.out) == 600 and
               run.cost.get("devices") == 2 and run.cost["latency_ns"] and
               {s["dev"] for s in run.stamps} == {0, 1},
               f"{strategy}: copies two devices", run)
    run = Run(records, strategy, "mixed")
    tap.ok(run.status == 1 and run.out == b"kept\n" and "\n" not in run.err
           and "standard output" in run.err,
           f"{strategy}: no stamps into standard output", run)
    run = Run(records, strategy, "interrupted")
    tap.ok(run.status == 130 and run.out == b"abc" and
           run.cost.get("bytes") == 3, f"{strategy}: SIGINT while asleep", run)
    run = Run(records, strategy, "gone")
    tap.ok(run.status == 1 and run.out == b"abc" and "\n" not in run.err and
           "No such device" in run.err, f"{strategy}: the chip goes away", run)
    run = Run(records, strategy, "left")
    tap.ok(run.status == 1 and run.out == b"abcdefgh" and
           "No such device" in run.err,
           f"{strategy}: the chip goes away, and bytes are left", run)


def main():
    built = [s for s in STRATEGIES if os.path.exists(
        os.path.join(os.environ.get("B", "build"), "bin", "slowcat-" + s))]
    done = subprocess.run(
        ["vm/run", "--exact", "--no-insmod", "--add",
         os.path.join(HERE, "vm_guest.sh"), "--", "sh", "/extra/vm_guest.sh",
         *built], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    records = parse(done.stdout.decode("utf-8", "replace"))
    tap.ok(done.returncode == 0 and ("end",) in records,
           "the VM ran them all to the end",
           f"status {done.returncode}\n{done.stderr.decode()[-2000:]}")
    for strategy in built:
        judge(records, strategy)
    run = Run(records, "sloop", "phases")
    tap.ok(run.status == 0 and len(run.out) == 6 and
           all(f" {p} " in run.err
               for p in ("idle", "poll", "timers", "closing")),
           "sloop: --show-phases beside the device", run)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
