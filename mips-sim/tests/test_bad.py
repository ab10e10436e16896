#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad guests are told well: what, where, how it stood, how it came there.

bad/bad.S has the guests. Each runs by every engine, with one answer.
"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile

from simtest import BUILD, SIM, Tap, need_guests

MANUAL = "docs/mips-sim.1"
SOURCE = "mips-sim/tests/bad/bad.S"
ENGINES = (["--engine", "step"], ["--engine", "block"], ["--engine", "jit"],
           ["--engine", "jit", "--lockstep"])
MAP = "0x00000000 to 0x07ffffff RAM, 0x1f000000 to 0x1f00002f the chip"
TLB = "goes through the TLB, which holds nothing"
# guest: what its line must say besides place, registers and branches
TOLD = {
    "unaligned": ["exception AdEL", "load from 0x80200002",
                  "<word_at>", "lw      v0,2(a0)"],
    "in_slot": ["exception AdES", "store to 0x80200001", "<in_slot+0x10>",
                "(in a delay slot)"],
    "call": ["exception Sys", "number $v0 = 4"],
    "stop": ["exception Bp", "break 7 (division by zero)"],
    "division": ["exception Tr", "code 7 (division by zero)"],
    "overflow": ["exception Ov", "does not fit"],
    "reserved": ["exception RI", "no such instruction"],
    "floating": ["exception CpU", "no coprocessor 1 (floating point)"],
    "timer": ["exception Int", "IP7 is up and let through: Count"],
    "store_nowhere": ["exception DBE", "access to 0xbf100024",
                      "physical 0x1f100024", MAP],
    "load_nowhere": ["exception DBE", "access to 0x88000000",
                     "physical 0x08000000", MAP],
    "narrow": ["exception DBE", "access to 0xbf000014", "the chip (words)"],
    "physical": ["exception TLBL", f"load from 0x1f000008: KUSEG {TLB}",
                 MAP, "0xa0000000 + N"],
    "synced": ["exception TLBL", f"load from 0x00400004: KUSEG {TLB}"],
    "user": ["exception AdEL", "fetch from 0x8010", "not for user mode"],
    "nested": ["exception TLBS", "within the handler at 0x80100180",
               "store to 0x", "<handler>", "Sys 0x", ", 999 times"],
    "spin": ["jumps to itself and nothing can interrupt it (Status.IE is 0)"],
    "spin_counts": ["jumps to itself and nothing can interrupt it "
                    "(Status.IE is 0)"],
    "spin_register": ["jumps to itself and nothing can interrupt it "
                      "(Status.IE is 0)"],
    "spin_linked": ["jumps to itself and nothing can interrupt it "
                    "(Status.IE is 0)"],
    **{name: ["jumps to itself and nothing can interrupt it (Status.IE is 0)"]
       for name in ("spin_stores", "spin_stores_byte", "spin_polls",
                    "spin_sets")},
    "flag": ["the 3 instructions from 0x", "on go round, change nothing and "
             "nothing can interrupt them (Status.IE is 0)"],
    "wait_off": ["wait at 0x", "no interrupt can end it (Status.IE is 0)"],
    "wait_masked": ["no interrupt can end it (Status.IM is 0)"],
    "wait_quiet": ["(IP2: the chip's INT_EN is 0)"],
    "wait_all": ["IP2: nothing moves in the chip", "IP3: nothing is there",
                 "IP4: the UART gets no more input", "IP7: Count stands"],
}
# jumps to themselves once
GOES_ON = [f"spin_{does}_at_{at}" for at in ("jump", "slot")
           for does in ("overwrites", "replaces", "sets_off", "chases")]


def elf(name):
    return f"{BUILD}/guest/tests/bad-{name}.elf"


def sim(*args, **more):
    done = subprocess.run([SIM, *args], timeout=120, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **{"input": b"", **more})
    return done.returncode, done.stdout, done.stderr.decode()


def by_all(tap, what, status, args, **more):
    """Run it by each engine; the one answer's standard error."""
    results = [sim(*engine, *args, **more) for engine in ENGINES]
    good = all(result == results[0] for result in results)
    err = results[0][2]
    tap.ok(good and results[0][0] == status
           and err.startswith("mips-sim: ") and err.isascii()
           and err.count("\n") == 1 and err.endswith("\n"),
           f"{what}: one line and {status}, by every engine",
           repr(results)[:1500])
    return err


def says(tap, what, err, wanted):
    missing = [text for text in wanted if text not in err]
    tap.same(missing, [], f"  {what}")
    if missing:
        tap.say(err)


def line_of(name):
    with open(SOURCE, encoding="ascii") as source:
        for number, line in enumerate(source, 1):
            if re.search(rf"/\* {name} dies\b", line):
                return number
    raise ValueError(name)


def place(name):
    """What says where it dies, as far as the tools here know."""
    if shutil.which("mipsel-linux-gnu-addr2line"):
        return f" bad.S:{line_of(name)}: "
    return f"<{name}"


def told(tap):
    for name, wanted in TOLD.items():
        err = by_all(tap, name, 126, [elf(name)])
        says(tap, "and says what and where", err,
             [*wanted, place(name), "Cause=", "EPC=", "BadVAddr=", "Status=",
              "zero=00000000", "ra=", "hi=", "lo="])
    err = by_all(tap, "null_call", 126, [elf("null_call")])
    says(tap, "a fetch from nowhere", err,
         ["exception TLBL at 0x00000000", f"fetch from 0x00000000: KUSEG {TLB}",
          "no instruction is there", "branch 0x80", "<null_call+0x8>"])


def branches(tap):
    err = sim(elf("unaligned"))[2]
    says(tap, "a loop's branch has a count, then the call", err,
         [", 2 times, branch ", "<unaligned+0x14>"])
    tap.ok(re.search(r"branch 0x\w+ <unaligned\+0x14>[^,;]* to 0x\w+ "
                     r"<word_at>[^,;]*\n$", err),
           "  the call is the last one")
    err = by_all(tap, "slide", 126, ["--ram-mib", "16", elf("slide")])
    says(tap, "through 14 MiB of nops, from where", err,
         ["exception IBE at 0x81000000", "fetch from 0x81000000",
          "0x00000000 to 0x00ffffff RAM",
          "<slide+0x4>", "to 0x80200000"])
    err = by_all(tap, "long_run", 126, [elf("long_run")])
    says(tap, "and of the last of 72 million instructions", err,
         [place("long_run"), "branch 0x"])


def inputs(tap):
    """What was read is read again: files, and bytes from a pipe."""
    with tempfile.TemporaryDirectory() as where:
        names = {}
        for name, data in (("line", b"\x02"), ("console", b"\x03")):
            names[name] = os.path.join(where, name)
            with open(names[name], "wb") as out:
                out.write(data)
        for line, typed in (("file", b"\4"), ("file", b"\5"), ("-", b"\2\5"),
                            ("-", b"\3\4")):
            first = typed[0] if line == "-" else 2
            last = typed[-1]
            err = by_all(tap, f"inputs, line {line}, typed {typed}", 126,
                         ["--line-in", names["line"] if line == "file" else
                          line, "--console-in", names["console"],
                          elf("inputs")], input=typed)
            went = re.findall(r"<(even|odd)>[^,;]* to 0x", err)
            tap.same(went, [("even", "odd")[byte & 1]
                            for byte in (first, 3, last)],
                     "  and the branches are those that it took")


def not_wrong(tap):
    for name in "counted", "wait_long":
        results = {sim(*engine, elf(name)) for engine in ENGINES}
        tap.same(results, {(0, b"", "")}, f"{name} is not wrong")
    for name in GOES_ON:
        results = {sim(*engine, elf(name)) for engine in ENGINES}
        tap.same(results, {(0, b"", "")}, f"{name} goes on")
    # longer than it takes to be looked at
    with tempfile.NamedTemporaryFile() as line:
        line.write(b"x")
        line.flush()
        args = ["--line-in", line.name, "--period", "170000000",
                elf("flag_chip")]
        results = {sim(*engine, *args) for engine in ENGINES}
    tap.same(results, {(0, b"", "")}, "a loop that the chip ends is not")
    results = {sim(*engine, elf("flag_timer")) for engine in ENGINES}
    tap.same(results, {(0, b"", "")}, "a loop that the timer ends is not")
    err = by_all(tap, "flag, with --max-insns", 124,
                 ["--max-insns", "20000", elf("flag")])
    says(tap, "and says that it goes round", err,
         ["it goes round in 3 instructions from 0x",
          " on that change nothing, and nothing can interrupt it"])
    err = by_all(tap, "busy", 124, ["--max-insns", "3001", elf("busy")])
    tap.ok("round" not in err, "  and no word of going round")
    says(tap, "--max-insns: where it was", err,
         ["<busy+0x4>", "addiu   t0,t0,1", place("busy")])


def layout(tap):
    """On a terminal each part has its line, and nothing else differs."""
    leader, follower = pty.openpty()
    with subprocess.Popen([SIM, elf("unaligned")], stderr=follower,
                          stdin=subprocess.DEVNULL) as run:
        os.close(follower)
        data = b""
        try:
            while chunk := os.read(leader, 4096):
                data += chunk
        except OSError:		# the terminal's other end is closed
            pass
        run.wait(20)
    os.close(leader)
    lines = data.decode().splitlines()
    tap.ok(len(lines) > 8 and lines[0].startswith("mips-sim: exception AdEL")
           and all(line.startswith("  ") and len(line) < 130
                   for line in lines[1:]), "a line for each part on a terminal")
    words = sim(elf("unaligned"))[2].replace(";", " ").replace(",", " ")
    tap.same(data.decode().replace(",", " ").split(), words.split(),
             "  with the same words")
    with open(MANUAL, encoding="utf-8") as source:
        manual = source.read()
    shown = re.search(r"^mips-sim: exception .*?(?=^\.Ed)", manual,
                      re.M | re.S).group(0).splitlines()
    if place("unaligned").startswith(" bad.S"):
        tap.same([line for line in shown if line not in [*lines, "  ..."]],
                 [], "  and mips-sim(1) shows some of them")
    else:
        tap.skipped("  and mips-sim(1) shows some of them", "no addr2line")


def without_tools(tap):
    err = sim(elf("unaligned"), env={**os.environ, "PATH": "/nowhere"})[2]
    tap.ok("<word_at>: lw " in err and "bad.S" not in err,
           "without addr2line the symbol is there, and no line")
    with open(elf("unaligned"), "rb") as source:
        data = bytearray(source.read())
    with tempfile.NamedTemporaryFile(suffix=".elf") as bare:
        data[32:36] = bytes(4)		# e_shoff
        data[48:52] = bytes(4)		# e_shnum, e_shstrndx
        bare.write(data)
        bare.flush()
        status, _, err = sim(bare.name)
    tap.ok(status == 126 and "<" not in err and " 0x801" in err,
           "without symbols the address")


def changed(tap):
    """The program's file goes while it runs: less is told, nothing fails."""
    with tempfile.TemporaryDirectory() as where:
        path = shutil.copy(elf("inputs"), where)
        console = os.path.join(where, "console")
        with open(console, "wb") as out:
            out.write(b"1")
        with subprocess.Popen([SIM, "--line-in", "-", "--console-in", console,
                               path], bufsize=0, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as run:
            run.stdout.read(1)		# it waits for the line
            os.unlink(path)
            run.stdin.write(b"123")
            run.stdin.close()
            err = run.stderr.read().decode()
        tap.ok(run.returncode == 126 and err.count("\n") == 1
               and "the program has changed" in err,
               "a program whose file has gone: one line and 126")


def main():
    need_guests(*map(elf, [*TOLD, *GOES_ON, "null_call", "nested", "counted",
                     "busy"]))
    tap = Tap()
    told(tap)
    branches(tap)
    inputs(tap)
    not_wrong(tap)
    layout(tap)
    without_tools(tap)
    changed(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
