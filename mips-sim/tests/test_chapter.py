#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/mips.md shows what its commands print, to the digit.

Runs demo/sim, then every command of the chapter in build/guest as it tells its
readers to, and compares. Instructions are counted, so there is one right
answer, for one compiler: with another, figures differ and this is skipped.
What it names of the driver is looked up there.
"""

import json
import os
import re
import subprocess
import sys

from simtest import BUILD, MIPS_CC, Tap, need_guests, skip_all

CHAPTER = "docs/mips.md"
COMPILER = "12"         # the major version that the chapter's figures are of
SAID_ELSEWHERE = ("make ", "cd ", "PATH=")
TYPED = b"hello\n\n"    # for the commands that read what is typed


def blocks(text):
    """The indented blocks: each a list of lines."""
    for block in re.findall(r"(?:^    .*\n)+", text, re.M):
        yield [line[4:] for line in block.splitlines()]


def commands(block):
    """(command, lines shown below it), of one block."""
    found = []
    for line in block:
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def shell(command):
    path = os.environ["PATH"] + ":" + os.path.abspath(f"{BUILD}/bin")
    done = subprocess.run(["sh", "-c", command], cwd=f"{BUILD}/guest",
                          env={**os.environ, "PATH": path}, timeout=120,
                          input=TYPED, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace").splitlines()


def driver(tap, text):
    """The functions in the table of what Linux has: each in its file, or in
    the last that was named before it."""
    table = text[text.index("## The same in Linux"):]
    where, count = None, 0
    for row in re.findall(r"^\|.*?\|(.*)\|$", table, re.M):
        where = (re.findall(r"`(kmod/\w+\.c)`", row) or [where])[0]
        for name in re.findall(r"`(\w+)\(\)`", row):
            with open(where, encoding="utf-8") as source:
                tap.ok(re.search(rf"\b{name}\(", source.read()),
                       f"{name}() is in {where}")
            count += 1
    tap.ok(count > 5, f"{count} functions of the driver were looked up")


def main():
    need_guests(f"{BUILD}/guest/rx-poll.elf")
    version = subprocess.run([MIPS_CC, "-dumpversion"], check=True,
                             stdout=subprocess.PIPE).stdout.decode().strip()
    if version.split(".", maxsplit=1)[0] != COMPILER:
        skip_all(f"the figures are those of gcc {COMPILER}, this is {version}")
    tap = Tap()
    done = subprocess.run(["demo/sim"], stdin=subprocess.DEVNULL, timeout=600,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    tap.ok(done.returncode == 0, "demo/sim runs to its end",
           done.stderr.decode()[-2000:])
    with open(CHAPTER, encoding="utf-8") as chapter:
        text = chapter.read()
    hangs = re.search(r"^    mips-sim: wait at 0x\w+: (.*) \(", text, re.M)
    tap.ok(hangs.group(1) in " ".join(done.stdout.decode().split()),
           f"  and says of who sleeps for ever: {hangs.group(1)}")
    printed = {line.strip() for line in done.stdout.decode().splitlines()}
    rows = 0
    for block in blocks(text):
        for command, shown in commands(block):
            if command.startswith(SAID_ELSEWHERE):
                continue
            got = shell(command)
            if shown:
                tap.same(got, shown, command)
        for line in block:
            # a row of a table: a program's name, then figures
            if re.match(r" +[a-z]+-[a-z0-9]+ +[\d,]+ +\d", line):
                rows += 1
                tap.ok(line.strip() in printed, f"row: {line.strip()}")
    tap.ok(rows > 10, f"{rows} rows of tables were looked up")
    with open(f"{BUILD}/sim/figures.json", encoding="utf-8") as source:
        figures = json.load(source)
    driver(tap, text)
    for name in "slow-isr", "slow-main":
        limit = f"{figures[name + '.limit_ns'] / 1000:g} us"
        tap.ok(limit in " ".join(text.split()), f"{name}'s limit: {limit}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
