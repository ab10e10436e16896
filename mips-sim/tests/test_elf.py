#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that cannot be loaded: one line, status 125, whatever the file.

usage: test_elf.py            what is known to be wrong, and every length
       test_elf.py --random   headers spoilt at random, the same ones each time
"""

import os
import random
import struct
import subprocess
import sys
import tempfile

import tiny
from simtest import SIM, Tap, need_sim
from tiny import BASE, elf, header, leave, segment

PROGRAM = elf(leave(7), extra=[(0x80200000, [1, 2, 3])])
SEEDS = 4000


def run(path, limit="1000"):
    """(status, stdout, stderr); a crash has a negative status, a hang None."""
    try:
        done = subprocess.run([SIM, "--max-insns", limit, path], timeout=20,
                              stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return done.returncode, done.stdout, done.stderr


def one_line(err):
    return err.startswith(b"mips-sim: ") and err.count(b"\n") == 1 \
        and err.endswith(b"\n") and err.isascii()


class Files:
    """A place for the programs; `run` writes one and runs it."""

    def __init__(self, where):
        self.path = os.path.join(where, "program.elf")

    def run(self, data):
        with open(self.path, "wb") as out:
            out.write(data)
        return run(self.path)


def refused(result):
    status, out, err = result
    return status == 125 and not out and one_line(err)


def patched(offset, form, *values):
    data = bytearray(PROGRAM)
    struct.pack_into("<" + form, data, offset, *values)
    return bytes(data)


def one_segment(entry=BASE, **wrong):
    data = tiny.code(leave(7))
    fields = {"offset": 84, "address": BASE, "size": len(data)}
    fields.update(wrong)
    return header(entry) + segment(**fields) + data


# The top bits of e_flags: what runs on MIPS32 release 2, and what may not.
ARCHS = {"MIPS I": 0, "MIPS II": 1, "MIPS32": 5, "MIPS32 release 2": 7}
OTHER_ARCHS = {"MIPS III": 2, "MIPS IV": 3, "MIPS V": 4, "MIPS64": 6,
               "MIPS64 release 2": 8, "MIPS32 release 6": 9}


def known(tap, files, where):
    result = files.run(PROGRAM)
    tap.same(result, (7, b"", b""), "the program these are made from runs")

    p = 52		# the first program header
    bad = {
        "an empty file": b"",
        "one byte": b"\x7f",
        "four zeros": bytes(4),
        "a text": b"#!/bin/sh\nexit 0\n" * 20,
        "a kilobyte of zeros": bytes(1024),
        "no ELF magic": patched(0, "I", 0x464C457E),
        "a 64-bit ELF": patched(4, "B", 2),
        "an ELF of class 0": patched(4, "B", 0),
        "a big-endian ELF": patched(5, "B", 2),
        "an ELF of no byte order": patched(5, "B", 0),
        "an object file (ET_REL)": patched(16, "H", 1),
        "a shared object (ET_DYN)": patched(16, "H", 3),
        "a core file (ET_CORE)": patched(16, "H", 4),
        "a program for x86": patched(18, "H", 3),
        "a program for RISC-V": patched(18, "H", 243),
        "no program headers": patched(44, "H", 0),
        "65535 program headers": patched(44, "H", 65535),
        "program headers of 8 bytes": patched(42, "H", 8),
        "program headers behind the end": patched(28, "I", 100000),
        "program headers at 4 GiB - 1": patched(28, "I", 0xFFFFFFFF),
        "program headers at 4 GiB - 32": patched(28, "I", 0xFFFFFFE0),
        "an interpreter": patched(p, "I", 3),
        "a dynamic section": patched(p + 32, "I", 2),
        "a segment behind the end of the file": patched(p + 4, "I", 100000),
        "a segment at offset 4 GiB - 4": patched(p + 4, "I", 0xFFFFFFFC),
        "offset and size that wrap": patched(p + 4, "I8xII", 0xFFFFFFF0,
                                             0x20, 0x20),
        "more in the file than in memory": patched(p + 20, "I", 4),
        "a file size of 4 GiB - 1": patched(p + 16, "II", 0xFFFFFFFF,
                                            0xFFFFFFFF),
        "a memory size of 4 GiB - 1": patched(p + 20, "I", 0xFFFFFFFF),
        "a memory size that wraps": patched(p + 20, "I", 0xFFF00000),
        "a memory size of 128 MiB, 1 MiB up": patched(p + 20, "I",
                                                      128 << 20),
        "a segment in the chip": one_segment(address=0xBF000000),
        "a segment behind RAM": one_segment(address=0x88000000),
        "a segment over the end of RAM": one_segment(address=0x87FFFFF8),
        "nothing to load": one_segment(kind=4),
        "an entry in KUSEG": one_segment(entry=0x00100000),
        "an entry in KSEG2": one_segment(entry=0xC0100000),
        "an entry in KSEG3": one_segment(entry=0xE0100000),
        "an entry of 0": one_segment(entry=0),
        "an entry between two instructions": one_segment(entry=BASE + 2),
        **{f"a program for {name}": patched(36, "I", arch << 28 | 0x1000)
           for name, arch in OTHER_ARCHS.items()},
    }
    for what, data in bad.items():
        result = files.run(data)
        tap.ok(refused(result), f"{what}: one line and 125", repr(result))

    for what, cure in (
            ("an entry in KUSEG", b"link it with -T mips-sim/guest/guest.ld"),
            ("a shared object (ET_DYN)", b"link it with -static -no-pie")):
        tap.ok(files.run(bad[what])[2].endswith(b": " + cure + b"\n"),
               f"{what}, as plain gcc links: what to do")

    good = {
        "an entry in KSEG1": one_segment(entry=BASE | 0x20000000),
        "a segment at a physical address":
            header() + segment(84, BASE, 12, physical=0x00100000)
            + tiny.code(leave(7)),
        "a segment named by KSEG1": one_segment(address=BASE | 0x20000000),
        "a segment loaded elsewhere than it says to run":
            header(0x80300000) + segment(84, 0x00010000, 12,
                                         physical=0x80300000)
            + tiny.code(leave(7)),
        "a segment of no bytes": patched(p + 32 + 16, "II", 0, 0),
        "the last bytes of RAM": one_segment(entry=0x87FFFFF4,
                                             address=0x87FFFFF4),
        "a note beside": patched(p + 32, "I", 4),
        "no section headers": patched(46, "HHH", 0, 0, 0),
        **{f"a program for {name}": patched(36, "I", arch << 28 | 0x1000)
           for name, arch in ARCHS.items()},
    }
    for what, data in good.items():
        result = files.run(data)
        tap.ok(result == (7, b"", b""), f"{what}: runs", repr(result))

    # What is behind the file's bytes is zero.
    words = [tiny.lui(tiny.T0, 0x8010), tiny.lw(tiny.A0, 0x100, tiny.T0),
             tiny.addiu(tiny.T9, 0, 1), tiny.UHI]
    data = header() + segment(84, BASE, 16, memory=0x200) + tiny.code(words)
    tap.same(files.run(data)[0], 0, "memory behind the file's bytes is 0")

    for what, path in (("no such file", where + "/none"),
                       ("a directory", where), ("a device", "/dev/null"),
                       ("an empty name", ""),
                       ("a path through a file", files.path + "/x")):
        result = run(path)
        tap.ok(refused(result), f"{what}: one line and 125", repr(result))


def lengths(tap, files):
    wrong = []
    for length in range(len(PROGRAM)):
        result = files.run(PROGRAM[:length])
        if not refused(result):
            wrong.append((length, result))
    tap.ok(not wrong, f"cut at each of {len(PROGRAM)} lengths: one line, 125")
    for length, result in wrong[:5]:
        tap.say(f"{length}: {result!r}")


def spoil(rng):
    """Change a few bytes or fields of the headers; sometimes cut as well."""
    data = bytearray(PROGRAM)
    for _ in range(rng.randint(1, 6)):
        if rng.random() < 0.5:
            data[rng.randrange(116)] = rng.randrange(256)
        else:
            value = rng.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                0x07FFFFFF, 0x08000000, len(PROGRAM),
                                rng.getrandbits(32)))
            struct.pack_into("<I", data, 4 * rng.randrange(29), value)
    if rng.random() < 0.2:
        del data[rng.randrange(len(data)):]
    return bytes(data)


def at_random(tap, files):
    statuses = {}
    wrong = []
    for seed in range(SEEDS):
        data = spoil(random.Random(seed))
        status, out, err = files.run(data)
        statuses[status] = statuses.get(status, 0) + 1
        if status == 125:
            good = one_line(err) and not out
        elif status in (124, 126):
            good = one_line(err)
        else:	# it ran
            good = status == 7 and not err
        if not good:
            wrong.append((seed, status, err[:200]))
    tap.ok(not wrong, f"{SEEDS} spoilt files: 125 with one line, or a run")
    for case in wrong[:10]:
        tap.say(f"seed, status, stderr: {case!r}")
    tap.say(f"statuses {statuses}")
    tap.ok(statuses.get(125, 0) > SEEDS // 4 and statuses.get(7, 0) > 10,
           "some were refused and some ran")


def main(args):
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as where:
        files = Files(where)
        if args:
            at_random(tap, files)
        else:
            known(tap, files, where)
            lengths(tap, files)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
