#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many descriptors: select's end, and edges that were not drained.

Prints TAP. traps.sh does the work in the VM; here it is judged. A client that
hangs is ended by the script after 5 s of counted time and says 143 (SIGTERM).
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from tap import Tap     # noqa: E402

ENDED = 143
OTHERS = ["poll", "epoll", "epollet", "uring", "sloop"]
tap = Tap()


def built(strategy):
    return os.path.exists(os.path.join(os.environ.get("B", "build"), "bin",
                                       "slowcat-" + strategy))


def parse(text):
    """[(section, command, [what was said after it])], in order."""
    section = None
    runs = []
    for line in text.splitlines():
        if line.startswith("== "):
            section = line[3:]
        elif line.startswith("$ "):
            runs.append((section, line[2:], []))
        elif runs:
            runs[-1][2].append(line)
    return runs


def copied(what, status):
    return [f"copied '{what}', status {status}"]


def main():
    done = subprocess.run(
        ["vm/run", "--exact", "--no-insmod", "--add",
         os.path.join(HERE, "traps.sh"), "--", "sh", "/extra/traps.sh"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, check=False)
    runs = parse(done.stdout)
    tap.ok(done.returncode == 0 and runs, "the VM ran them all to the end",
           f"status {done.returncode}\n{done.stdout}\n{done.stderr[-2000:]}")

    said = {command.split()[0]: words for section, command, words in runs
            if "1100 times" in section}
    words = said.pop("slowcat-select", [])
    tap.ok(words[:1] == copied("", 1) and len(words) == 2 and
           words[1].startswith("slowcat-select: /dev/slowdev0: ") and
           "1024" in words[1] and "FD_SETSIZE" in words[1],
           "select: a descriptor it has no bit for gets one line", words)
    for strategy in filter(built, OTHERS):
        words = said.get("slowcat-" + strategy)
        tap.ok(words == copied("abc", 0),
               f"{strategy}: copies a device opened 1100 times", words)

    edges = [(section, "--one-byte" in command, words)
             for section, command, words in runs if "edges" in section]
    for device, expected in (
            ("two devices", [
                (True, copied("a", ENDED) +
                 ["left in the drivers: 0 and 1"], "hangs"),
                (False, copied("b", 0), "the byte was there"),
                (False, copied("ab", 0), "reading to EAGAIN does not hang")]),
            ("a FIFO", [
                (True, copied("a", ENDED), "hangs"),
                (False, copied("bc", 0), "the bytes were there"),
                (False, copied("abc", 0), "reading to EAGAIN does not hang")]),
            ("a device that wakes", [
                (True, copied("abc", 0), "who leaves bytes is told again")])):
        seen = [run[1:] for run in edges if device in run[0]]
        for number, (one_byte, words, what) in enumerate(expected):
            tap.ok(seen[number:number + 1] == [(one_byte, words)] and
                   len(seen) == len(expected),
                   f"edges, {device}: {what}", seen)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
