#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files that are not what an option is for: standard streams that are closed,
one file for two things, a standard stream's included. Nothing is lost by
either. Prints TAP."""

import json
import os
import subprocess
import sys
import tempfile

import tiny
from simtest import SIM, Tap, need_sim

SIM_PATH = os.path.abspath(SIM)
HELLO = b"hi"


def program():
    """Print HELLO on the test device."""
    words = [tiny.lui(tiny.T0, 0xBF00), tiny.ori(tiny.T0, tiny.T0, 0x1000)]
    for byte in HELLO:
        words += [tiny.addiu(tiny.T1, 0, byte), tiny.sw(tiny.T1, 0, tiny.T0)]
    return tiny.elf([*words, *tiny.leave(0)])


def sim(folder, *args, closed=()):
    def close():
        for fd in closed:
            os.close(fd)
    done = subprocess.run([SIM_PATH, *args], cwd=folder, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, preexec_fn=close)
    return done.returncode, done.stdout, done.stderr


def one_line(err):
    return err.startswith(b"mips-sim: ") and err.count(b"\n") == 1


def content(folder, name):
    with open(os.path.join(folder, name), "rb") as source:
        return source.read()


def closed_streams(tap, folder):
    for closed in ((0,), (1,), (0, 1), (0, 1, 2), (0, 2), (1, 2)):
        names = ["stats", "trace", "timeline", "chrome"]
        args = [word for name in names for word in ("--" + name, name)]
        got = sim(folder, "--line-in", "line", *args, "prog", closed=closed)
        stats = json.loads(content(folder, "stats"))
        others = [content(folder, name) for name in names[1:]]
        tap.ok(stats["exit"] in (0, 125) and
               not any(HELLO in text for text in others) and
               got[0] == (125 if 1 in closed else 0) and
               (2 in closed or 1 not in closed or
                one_line(got[2]) and b"standard output" in got[2]),
               f"closed: {closed}: files keep what is theirs", (got, stats))


def twice(tap, folder):
    kept = {name: content(folder, name) for name in ("prog", "line")}
    os.link(os.path.join(folder, "line"), os.path.join(folder, "link"))
    for args in (["--stats", "prog"], ["--trace", "./prog"],
                 ["--line-in", "line", "--line-out", "line"],
                 ["--line-in", "line", "--timeline", "link"],
                 ["--console-in", "line", "--chrome", "line"],
                 ["--trace", "one", "--stats", "one"],
                 ["--timeline", "one", "--chrome", "./one"]):
        got = sim(folder, *args, "prog")
        tap.ok(got[0] == 125 and one_line(got[2]) and
               b"not to be written" in got[2] and not got[1] and
               all(content(folder, name) == data
                   for name, data in kept.items()),
               f"{' '.join(args)}: one line and 125, nothing lost", got)
    got = sim(folder, "--line-in", "line", "--console-in", "line", "--stats",
              "/dev/null", "--trace", "/dev/null", "prog")
    tap.same(got, (0, HELLO, b""), "one file to read twice, one device")


def standard(tap, folder):
    """The same of what the shell has opened."""
    for stream, option in (("stdin", "line-out"), ("stdin", "stats"),
                           ("stdout", "trace"), ("stdout", "line-out"),
                           ("stderr", "timeline")):
        path = os.path.join(folder, "standard")
        with open(path, "wb") as out:
            out.write(b"kept")
        streams = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
        streams["stdin"] = subprocess.DEVNULL
        with open(path, "r+b") as opened:
            streams[stream] = opened
            done = subprocess.run([SIM_PATH, "--line-in", "-", f"--{option}",
                                   "standard", "prog"], cwd=folder,
                                  timeout=20, check=False, **streams)
        got = content(folder, "standard")
        if stream == "stderr":
            good = one_line(got)
        else:
            good = got == b"kept" and one_line(done.stderr)
        tap.ok(good and done.returncode == 125 and not done.stdout,
               f"--{option} of the file that {stream} is: one line and 125",
               (done, got))
    with open(path, "wb") as out:
        done = subprocess.run([SIM_PATH, "--line-out", "-", "--trace",
                               "trace", "prog"], cwd=folder, stdout=out,
                              stderr=subprocess.STDOUT, check=False,
                              stdin=subprocess.DEVNULL)
    tap.same((done.returncode, content(folder, "standard")), (0, HELLO),
             "--line-out - is standard output, in a file, too")


def main():
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="slowdev-files.") as folder:
        for name, data in (("prog", program()), ("line", b"ab")):
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)
        closed_streams(tap, folder)
        twice(tap, folder)
        standard(tap, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
