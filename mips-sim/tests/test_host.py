#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The host is not at the guest's mercy.

A guest that stores to every page of its 4 GiB, that jumps to each, that reads
bytes without end or writes into its own code for ever: it gets its exceptions,
and of the host no more memory than its RAM. Programs that claim to be larger
are refused (test_elf.py) without memory for them.
"""

import os
import struct
import subprocess
import sys
import tempfile

import tiny
from compare import engines
from simtest import SIM, Tap, need_sim
from tiny import (A0, BASE, ERET, K0, NOP, T0, T1, T2, T3, ZERO, addiu, addu,
                  andi, beq, bne, immediate, jr, leave, lui, lw, mfc0, mtc0,
                  ori, sb, sh, sll, srl, sw, swl, swr)

S0, S1, S3 = 16, 17, 19
EPC, STATUS = 14, 12
STRIDE = 4096
RAM_MIB = 2
# What a simulator with so little RAM may take, all told. Its engines' rooms
# are 16 MiB of blocks and 32 of code, and mostly stay empty.
MOST_MIB = 64
LITTLE_MIB = 20		# for what needs neither of them


def handler(*more):
    """Count in $s0; go on behind what raised it, or at $s3."""
    words = [addiu(S0, S0, 1), mfc0(K0, EPC), addiu(K0, K0, 4), *more,
             mtc0(K0, EPC), ERET]
    return [(0x80000000, words), (0x80000180, words)]


def start():
    return [mtc0(ZERO, STATUS)]


def stores():
    """One of each kind to every page but those of handler and program, and
    the test device's, where one could end the run."""
    loop = [
        sll(T1, T0, 3), srl(T1, T1, 15),	# the page, without KSEG's bits
        beq(T1, ZERO, 16), lui(T2, BASE >> 16 & 0x1FFF),
        srl(T2, T2, 12),
        beq(T1, T2, 13), lui(T2, 0x1F00), ori(T2, T2, 0x1000),
        srl(T2, T2, 12),
        beq(T1, T2, 9), NOP,
        sb(T0, 0x7F1, T0), sh(T0, 0x7F2, T0), sw(T0, 0x7F4, T0),
        swl(T0, 0x7F9, T0), swr(T0, 0x7FA, T0), sw(T0, 0x7FD, T0),
        immediate(56, T0, T1, 0x7F8),		# sc, which writes $t1
        NOP, addiu(T0, T0, STRIDE),
    ]
    loop += [bne(T0, ZERO, -len(loop) - 1), NOP]
    return start() + loop + leave_counted()


def leave_counted():
    """The status is the last byte of how many exceptions there were."""
    return [andi(A0, S0, 0xFF)] + leave(0)[1:]


def stores_fail():
    """How many of those do: all, and in RAM the one that is not aligned."""
    pages = 8 * ((1 << 29) // STRIDE - 3)
    ram = 2 * ((RAM_MIB << 20) // STRIDE - 2)
    return 7 * pages - 6 * ram


def jumps():
    """To a word in each page; the handler goes on at $s3."""
    body = start() + [lui(S3, 0x8010), ori(S3, S3, 0x0014), lui(T0, 0xC000),
                      NOP]
    # at BASE + 0x14
    body += [addiu(T0, T0, STRIDE), beq(T0, ZERO, 3), NOP, jr(T0), NOP]
    return body + leave_counted()


def bytes_without_end():
    """The chip's LOOP at its fastest, each byte read."""
    return start() + [
        lui(S1, 0xBF00), addiu(T0, ZERO, 1), sw(T0, 0x18, S1), NOP,
        addiu(T0, ZERO, 3), sw(T0, 0x04, S1), sw(T0, 0x14, S1),
        lw(T1, 0x14, S1), srl(T1, T1, 8), beq(T1, ZERO, -3), NOP,
        sw(T0, 0x14, S1), beq(ZERO, ZERO, -6), NOP]


def own_code():
    """Write an instruction that differs each time, and run it: for ever."""
    at = BASE + 0x100
    return start() + [
        lui(S1, at >> 16), ori(S1, S1, at & 0xFFFF), lui(T1, 0x2402),
        # a jr $ra there, and in its slot the instruction
        lui(T2, 0x03E0), ori(T2, T2, 8), sw(T2, 0, S1),
        andi(T3, T0, 0xFFFF), addu(T3, T3, T1), sw(T3, 4, S1),
        3 << 26 | at >> 2 & 0x03FFFFFF, addiu(T0, T0, 1),
        beq(ZERO, ZERO, -6), NOP]


def endless_names():
    """A symbol table whose names all go on for 16 MiB."""
    text, count = 1 << 24, 100000
    data = bytearray(tiny.elf([beq(ZERO, ZERO, -1), NOP]))
    names = len(data) + 4 * 40
    struct.pack_into("<I", data, 32, len(data))		# sections
    struct.pack_into("<HH", data, 46, 40, 4)
    for section in ((0,) * 10,
                    (0, 1, 6, BASE, 84, 8, 0, 0, 4, 0),
                    (0, 2, 0, 0, names + text, 16 * count, 3, 0, 4, 16),
                    (0, 3, 0, 0, names, text, 0, 0, 1, 0)):
        data += struct.pack("<10I", *section)
    data += b"a" * (text - 1) + b"\0"
    return data + b"".join(struct.pack("<IIIBBH", i, BASE, 8, 0x12, 0, 1)
                           for i in range(count))


def measured(argv):
    """Status, standard error and the most memory it had, in MiB."""
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    text = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, text, usage.ru_maxrss / 1024


def judge(tap, path, engine, what, words, want, insns, most, extra=()):
    with open(path, "wb") as file:
        file.write(tiny.elf(words, extra))
    status, text, mib = measured([SIM, "--engine", engine, "--ram-mib",
                                  str(RAM_MIB), "--max-insns", str(insns),
                                  path])
    tap.ok(status == want and mib < most,
           f"{engine}: {what}: status {status}, {mib:.0f} MiB", text)


def main():
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as where:
        path = os.path.join(where, "host.elf")
        for engine in engines():
            judge(tap, path, engine, "a store to everywhere", stores(),
                  stores_fail() & 0xFF, 10 ** 9, MOST_MIB, handler())
            judge(tap, path, engine, "a jump to everywhere in KSEG2 and 3",
                  jumps(), ((1 << 30) // STRIDE - 1) & 0xFF, 10 ** 9,
                  MOST_MIB, handler(addu(K0, S3, ZERO)))
            judge(tap, path, engine, "code that changes for ever",
                  own_code(), 124, 2 * 10 ** 7, MOST_MIB)
        # the chip is the same with all of them; this is the fastest
        judge(tap, path, engine, "bytes read without end",
              bytes_without_end(), 124, 2 * 10 ** 8, LITTLE_MIB)
        with open(path, "wb") as file:
            file.write(tiny.header() + tiny.segment(84, BASE, 12,
                                                    memory=0xFFFFFFFF)
                       + tiny.code(leave(7)))
        status, text, mib = measured([SIM, path])
        tap.ok(status == 125 and mib < LITTLE_MIB and text.count("\n") == 1,
               f"a segment of 4 GiB is refused, {mib:.0f} MiB")
        with open(path, "wb") as file:
            file.write(endless_names())
        status, text, _ = measured(["timeout", "-k", "1", "20", SIM, path])
        tap.ok(status == 126, "names without an end, in no time",
               f"status {status}: {text}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
