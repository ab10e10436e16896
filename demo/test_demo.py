#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo as a whole: the same figures twice, and nothing left running.

Prints TAP. Boots VMs, so it is for `make test`; overwrites build/demo/.
"""

import glob
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TOP, "tools"))

# pylint: disable=wrong-import-position
from tap import Tap     # noqa: E402

DEADLINE = 60
SVG = "{http://www.w3.org/2000/svg}"
tap = Tap()


def listen():
    """A shell's background job ignores SIGINT, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start():
    """The demo in a session of its own, as a terminal would start it."""
    return subprocess.Popen(["demo/run"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            start_new_session=True, preexec_fn=listen)


def session(sid):
    """The command lines of the processes in session @sid."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            with open(os.path.dirname(path) + "/cmdline",
                      encoding="utf-8", errors="replace") as cmdline:
                command = cmdline.read().replace("\0", " ")
        except OSError:
            continue
        # after the name: state, ppid, pgrp, session
        if int(fields[3]) == sid and fields[0] != "Z":
            found.append(command)
    return found


def until(condition):
    end = time.monotonic() + DEADLINE
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def run_whole():
    demo = start()
    out, err = demo.communicate()
    with open("build/demo/figures.json", encoding="utf-8") as figures:
        return demo.returncode, out, err, json.load(figures)


def differences(one, other):
    return [f"{key}: {one.get(key)} and {other.get(key)}"
            for key in sorted(set(one) | set(other))
            if one.get(key) != other.get(key)]


def twice():
    status, out, err, figures = run_whole()
    tap.ok(status == 0, "the demo runs to its end",
           f"status {status}\n{err.decode()[-2000:]}")
    rungs = [key for key in figures if key.startswith("ladder.")]
    tap.ok(len(rungs) >= 12 and
           all(figures[key]["delivered_insns"] > 0 for key in rungs),
           "the ladder has all its rungs", rungs)
    picture(len(rungs))
    with open("build/demo/ladder.svg", "rb") as kept:
        drawn = kept.read()
    with open("build/demo/output.txt", "rb") as kept:
        tap.ok(kept.read() == out, "what it printed is in output.txt")
    status, again, err, others = run_whole()
    tap.ok(status == 0 and others == figures,
           "a second run gives the same figures",
           "\n".join(differences(figures, others)) or err.decode()[-2000:])
    tap.ok(again == out, "and prints the same")
    with open("build/demo/ladder.svg", "rb") as kept:
        tap.ok(kept.read() == drawn, "and draws the same")


def picture(rungs):
    """Each rung's line has no gap, and what it is said to be made of."""
    root = ET.parse("build/demo/ladder.svg").getroot()
    lines = {}
    for rect in root.iter(SVG + "rect"):
        title = rect.find(SVG + "title")
        if title is not None:
            lines.setdefault(rect.get("y"), []).append(
                (float(rect.get("x")), float(rect.get("width")),
                 title.text.split(":")[0]))
    ends = {(spans[0][0], round(sum(spans[-1][:2]), 2))
            for spans in lines.values()}
    tap.ok(len(lines) == rungs and len(ends) == 1 and
           all(abs(a[0] + a[1] - b[0]) < 0.01 for spans in lines.values()
               for a, b in zip(spans, spans[1:])),
           "the picture has a line without gaps for each", lines)
    kinds = [[what for _, _, what in spans] for spans in lines.values()]
    asking = [what for what in kinds if len(set(what)) == 1]
    order = ["asleep", "interrupt", "until the program has the byte",
             "until it sleeps again", "asleep"]
    tap.ok(len(asking) == 2 and
           all(what == order for what in kinds if what not in asking),
           "who polls does nothing else, who waits does it all in order",
           kinds)


def interrupted(number):
    demo = start()
    seen = until(lambda: any("qemu-system" in c for c in session(demo.pid)) or
                 demo.poll() is not None)
    tap.ok(seen and demo.poll() is None, f"{number.name}: a VM is running")
    os.killpg(demo.pid, number)
    _, err = demo.communicate()
    lines = [line for line in err.decode().splitlines()
             if not line.startswith("[")]
    tap.ok(demo.returncode == 130 and len(lines) == 1,
           f"{number.name}: one line, status 130",
           f"status {demo.returncode}: {lines}")
    tap.ok(until(lambda: not session(demo.pid)),
           f"{number.name}: leaves nothing running", session(demo.pid))


def main():
    os.chdir(TOP)
    for number in signal.SIGINT, signal.SIGTERM:
        interrupted(number)
    twice()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
