# SPDX-License-Identifier: MIT
"""Tiny guests without a compiler: a few instructions, an ELF file around them.

For tests that count instructions by hand: what stands in the list is what
runs, a word each.
"""

import struct

ZERO, V0, V1, A0, A1, A2, A3 = 0, 2, 3, 4, 5, 6, 7
T0, T1, T2, T3, T9, K0, RA = 8, 9, 10, 11, 25, 26, 31

BASE = 0x80100000
CHIP_HIGH, TEST_LOW, UART_HIGH, UART_LOW = 0xBF00, 0x1000, 0xBFD0, 0x03F8

NOP = 0
SYSCALL = 0x0000000C
ERET = 0x42000018
WAIT = 0x42000020
UHI = 0x7000007F		# sdbbp 1


def immediate(op, rs, rt, value):
    return op << 26 | rs << 21 | rt << 16 | value & 0xFFFF


def lui(rt, value):
    return immediate(15, 0, rt, value)


def ori(rt, rs, value):
    return immediate(13, rs, rt, value)


def andi(rt, rs, value):
    return immediate(12, rs, rt, value)


def addiu(rt, rs, value):
    return immediate(9, rs, rt, value)


def lw(rt, offset, base):
    return immediate(35, base, rt, offset)


def lbu(rt, offset, base):
    return immediate(36, base, rt, offset)


def sw(rt, offset, base):
    return immediate(43, base, rt, offset)


def sb(rt, offset, base):
    return immediate(40, base, rt, offset)


def sh(rt, offset, base):
    return immediate(41, base, rt, offset)


def swl(rt, offset, base):
    return immediate(42, base, rt, offset)


def swr(rt, offset, base):
    return immediate(46, base, rt, offset)


def reg(function, rd, rs, rt, sa=0):
    return rs << 21 | rt << 16 | rd << 11 | sa << 6 | function


def sll(rd, rt, by):
    return reg(0, rd, 0, rt, by)


def srl(rd, rt, by):
    return reg(2, rd, 0, rt, by)


def addu(rd, rs, rt):
    return reg(33, rd, rs, rt)


def jr(rs):
    return reg(8, 0, rs, 0)


def beq(rs, rt, offset):
    """offset in instructions, from the delay slot on."""
    return immediate(4, rs, rt, offset)


def bne(rs, rt, offset):
    return immediate(5, rs, rt, offset)


def jump(target):
    return 2 << 26 | target >> 2 & 0x03FFFFFF


def mtc0(rt, rd, sel=0):
    return 0x40800000 | rt << 16 | rd << 11 | sel


def mfc0(rt, rd, sel=0):
    return 0x40000000 | rt << 16 | rd << 11 | sel


def sdbbp(code):
    return 0x7000003F | code << 6


def leave(status):
    """UHI exit: three instructions."""
    return [addiu(A0, ZERO, status), addiu(T9, ZERO, 1), UHI]


def header(entry=BASE, phoff=52, phnum=1, **change):
    f = {"magic": b"\x7fELF\1\1\1", "type": 2, "machine": 8, "version": 1,
         "shoff": 0, "flags": 0x70001000, "ehsize": 52, "phentsize": 32}
    f.update(change)
    return (f["magic"].ljust(16, b"\0")
            + struct.pack("<HHIIIIIHHHHHH", f["type"], f["machine"],
                          f["version"], entry, phoff, f["shoff"], f["flags"],
                          f["ehsize"], f["phentsize"], phnum, 40, 0, 0))


def segment(offset, address, size, kind=1, memory=None, physical=None):
    return struct.pack("<IIIIIIII", kind, offset, address,
                       address if physical is None else physical, size,
                       size if memory is None else memory, 7, 4)


def code(words):
    return b"".join(struct.pack("<I", w & 0xFFFFFFFF) for w in words)


def elf(words, extra=(), entry=BASE, **change):
    """An executable with `words` at BASE; extra: (address, words) more."""
    parts = [(BASE, words), *extra]
    offset = 52 + 32 * len(parts)
    headers = body = b""
    for address, part in parts:
        data = code(part)
        headers += segment(offset + len(body), address, len(data))
        body += data
    return header(entry, phnum=len(parts), **change) + headers + body
