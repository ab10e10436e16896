#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What scripts/ show about Node's loop, on the device in the VM: every line of
it is expected here.

Prints TAP. scripts_guest.sh runs them; exact mode, so that nothing depends on
how fast the host is.
"""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from tap import Tap, skip_all     # noqa: E402

ADDON = os.path.join(os.environ.get("B", "build"), "node", "slowdev.node")
SCRIPTS = ["order.cjs", "order.mjs", "waits.mjs", "cost.mjs", "exit.mjs",
           "pool.mjs", "readfile.cjs", "http.cjs"]
FUTEX = "202"       # system call number, x86-64
tap = Tap()


def each(first, second):
    """Two callbacks of one phase, each followed by what it put off."""
    return ", ".join(word for name in (first, second) for word in
                     (name, f"tick of {name}", f"micro of {name}"))


def order(lines, kind, top):
    text = "\n".join(lines)
    said = dict(line.split(": ", 1) for line in lines)
    tap.ok(said.get("top") == "sync, sync 2, " + top,
           f"{kind}: the first turn's ticks and microtasks", text)
    tap.ok(said.get("timer") == each("timeout 1", "timeout 2"),
           f"{kind}: each timer's callback drains its own", text)
    tap.ok(said.get("check") == each("immediate 1", "immediate 2"),
           f"{kind}: each immediate drains its own", text)
    tap.ok(said.get("device") == each("device", "immediate") + ", timeout 0",
           f"{kind}: after the device: check, then timers", text)


def waits(lines):
    ways = {way["way"]: way for way in map(json.loads, lines)}
    for name in ("stack", "ticks", "microtasks"):
        way = ways.get(name, {})
        tap.ok(way and way["arrived"] >= 5 and way["callbacks"] == 0 and
               way["first_after"] >= 5 and
               (way["turns"] > 100 or name == "stack"),
               f"the device's callback waits for {name}", lines)
    # the last of them may have come in a pause of Node's own
    way = ways.get("immediates", {})
    tap.ok(way and way["callbacks"] >= 4 and way["first_after"] <= 2,
           "it does not wait for immediates", lines)


def cost(lines):
    """At 1000 us a byte, a CPU that never sleeps costs 1000000 ns a byte."""
    cases = [json.loads(line) for line in lines]
    if len(cases) != 3:
        tap.ok(False, "cost.mjs says three lines", lines)
        return
    addon, pooled, uring = cases
    for line in lines:
        print("# " + line)
    tap.ok(addon["switches_per_byte"] < 1.2 and
           pooled["switches_per_byte"] > 3,
           "a byte is one switch for the addon, over three by the pool", lines)
    tap.ok(addon["p50_ns"] < pooled["p50_ns"] and
           addon["cpu_ns_per_byte"] < pooled["cpu_ns_per_byte"],
           "and takes longer and more CPU by the pool", lines)
    tap.ok(uring["io_uring"] and uring["p50_ns"] < pooled["p50_ns"] and
           uring["cpu_ns_per_byte"] > 900000,
           "libuv's io_uring is quicker, and spins for it", lines)


def leaving(lines):
    cases = {case["who"]: case for case in map(json.loads, lines)}
    tap.ok(cases.get("addon", {}).get("status") == 7,
           "process.exit() beside the addon", lines)
    case = cases.get("fs", {})
    tap.ok(case and case["status"] is None and
           case["main_thread_in"] == FUTEX and case["after_a_byte"] == 7,
           "process.exit() hangs until the parked read ends", lines)
    tap.ok(cases.get("fs, UV_USE_IO_URING=1", {}).get("status") == 7,
           "process.exit() where the read is in io_uring", lines)


def pool(lines):
    cases = {case["who"]: case for case in map(json.loads, lines)}
    through = {"readFile": True, "lookup": True}
    for who, threads, free in (("addon, 5 devices", 0, True),
                               ("fs, 3 devices", 3, True),
                               ("fs, 1 more", 4, False)):
        case = cases.get(who, {})
        tap.ok(case and case["threads"] == threads and case["loop"] and
               (case["readFile"], case["lookup"]) == (free, free) and
               case["after_a_byte"] == through,
               f"{who}: {threads} threads parked, the pool is "
               f"{'free' if free else 'starved until a byte comes'}", lines)
    tap.ok(cases.get("fs, O_NONBLOCK", {}).get("error") == "EAGAIN",
           "fs with O_NONBLOCK just fails", lines)


def readfile(lines):
    """strace's lines: 'TID call(fd<path>, ...' and their halves."""
    main_thread = lines[0].split()[0] if lines else ""
    ours = [line for line in lines if "/etc/passwd" in line]
    jobs = {}
    for line in ours:
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            jobs.setdefault(found[2], set()).add(found[1])
    text = "\n".join(ours)
    tap.ok(set(jobs) == {"openat", "statx", "read", "close"} and
           not any(main_thread in threads for threads in jobs.values()),
           "readFile is open, stat, read, close, in threads of the pool", text)
    tap.ok(ours and not any("epoll_ctl" in line for line in ours),
           "readFile's file is never in epoll", text)
    threads = set().union(*jobs.values()) if jobs else set()
    woken = [line for line in lines if line.split()[0] in threads and
             re.match(r"\d+ +write\(\d+<anon_inode:\[eventfd\]>", line)]
    tap.ok(len(woken) == 4, "each job tells the loop by an eventfd",
           "\n".join(woken))


def request(lines):
    """The calls on the two sockets: (call, on what socket, rest)."""
    main_thread = lines[1].split()[0] if len(lines) > 1 else ""
    calls = []
    for line in lines[1:]:
        found = re.match(r"(\d+) +(\w+)\((.*)", line)
        if found and re.search(r"<socket:|<TCP:", found[3]):
            calls.append((found[1] == main_thread, found[2], found[3]))
    names = [name for _, name, _ in calls]
    text = "\n".join(line for line in lines if "socket" in line)
    tap.ok(lines[:1] == ["hello"] and all(ours for ours, _, _ in calls) and
           names[:5] == ["epoll_ctl", "accept4", "epoll_ctl", "read",
                         "writev"],
           "an HTTP request: listen, accept, read, write in one thread", text)
    tap.ok(sum("EPOLL_CTL_ADD" in rest for _, _, rest in calls) == 2,
           "both its sockets are in epoll", text)


def main():
    have = subprocess.run([os.path.join(HERE, "fetch"), "image"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if have.returncode:
        skip_all(have.stderr.strip().splitlines()[-1])
    if not os.path.exists(ADDON):
        skip_all(ADDON + " was not built")
    done = subprocess.run(
        [os.path.join(HERE, "run"), "--exact", "--no-insmod", "--add",
         os.path.join(HERE, "scripts_guest.sh"), "--", "sh",
         "/extra/scripts_guest.sh"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, check=False)
    said = {}
    for line in done.stdout.splitlines():
        if line.startswith("@"):
            lines = said.setdefault(line[1:], [])
        else:
            lines.append(line)
    tap.ok(done.returncode == 0 and [*SCRIPTS, "end"] == list(said),
           "the VM ran them all to the end",
           f"status {done.returncode}, {list(said)}\n{done.stderr[-2000:]}")
    order(said.get("order.cjs", []), "CommonJS", "tick, tick 2, micro, "
          "queueMicrotask, micro from tick, tick from micro")
    order(said.get("order.mjs", []), "ES module", "micro, queueMicrotask, "
          "tick, tick 2, tick from micro, micro from tick")
    waits(said.get("waits.mjs", []))
    cost(said.get("cost.mjs", []))
    leaving(said.get("exit.mjs", []))
    pool(said.get("pool.mjs", []))
    readfile(said.get("readfile.cjs", []))
    request(said.get("http.cjs", []))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
