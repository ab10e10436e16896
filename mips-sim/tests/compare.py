# SPDX-License-Identifier: MIT
"""Running sequences on QEMU's mipssim and on mips-sim, and comparing.

One ELF holds many: random/run.S, which runs them, and behind it the job: what
each begins with, and its code. What comes back is a word for each sequence,
or the whole state that a single one left (random/run.S has the layout).
"""

import collections
import os
import struct
import subprocess

from generate import AREA_HALF, NOP
from simtest import BUILD, SIM
from tiny import header, segment

RUNNER = f"{BUILD}/guest/tests/random.elf"

# Addresses of random/run.S
STATE = 0x80200000
JOB = 0x80400000
SUMS = 0x80600000
CODE = 0x80800000
POINTER = STATE + AREA_HALF
AREA, GPRS, HI, LO, COUNT, LOG = 0, 256, 384, 388, 392, 396
LOG_ENTRIES = 64
STATE_SIZE = LOG + 16 * LOG_ENTRIES

QEMU = ["timeout", "-k", "1", "20",	# a hung guest ignores SIGTERM
        "qemu-system-mipsel", "-M", "mipssim", "-cpu", "24Kc", "-nographic",
        "-semihosting-config", "enable=on,target=native", "-kernel"]
# No sequence runs longer with all around it, but one that never ends.
MOST_INSNS = 6000

# What a world made of a job: its words or its state, as bytes, and what went
# wrong instead.
Result = collections.namedtuple("Result", "out wrong")


def engines():
    """All, or the one that ./lockstep compares with another."""
    if "ENGINE" in os.environ:
        return [os.environ["ENGINE"]]
    return ["step", "block", "jit"]


def sim(engine, count):
    """For @count sequences."""
    return [SIM, "--engine", engine, "--max-insns", str(MOST_INSNS * count)]


class Runner:
    """random/run.S as make built it."""

    def __init__(self):
        with open(RUNNER, "rb") as file:
            data = file.read()
        self.entry, phoff = struct.unpack_from("<II", data, 24)
        count, = struct.unpack_from("<H", data, 44)
        self.parts = []
        for i in range(count):
            kind, offset, _, address, size, memory = struct.unpack_from(
                "<6I", data, phoff + 32 * i)
            if kind == 1:
                self.parts.append((address, data[offset:offset + size],
                                   memory))
        self.finish = self.symbol(data, b"finish")

    @staticmethod
    def symbol(data, name):
        shoff, = struct.unpack_from("<I", data, 32)
        count, = struct.unpack_from("<H", data, 48)
        sections = [struct.unpack_from("<10I", data, shoff + 40 * i)
                    for i in range(count)]
        for section in sections:
            if section[1] != 2:		# a symbol table
                continue
            strings = sections[section[6]][4]
            for at in range(section[4], section[4] + section[5], 16):
                text, value = struct.unpack_from("<II", data, at)
                text += strings
                if data[text:data.index(b"\0", text)] == name:
                    return value
        raise LookupError(f"{RUNNER}: no symbol {name.decode()}")

    def elf(self, sequences, addresses=None, whole=False):
        """The program, and where each sequence begins in it."""
        table, code, begins = [], [], []
        leave = [0x08000000 | self.finish >> 2 & 0x03FFFFFF, NOP]
        address = CODE
        for i, sequence in enumerate(sequences):
            if addresses:
                address = addresses[i]
            begins.append(address)
            words = sequence.at(address) + leave
            table.append(address)
            table += sequence.values[1:]
            code += words
            address += 4 * len(words)
        size = 4 * (len(sequences) + 1)
        job = [len(sequences), JOB + 32, SUMS, STATE if whole else SUMS,
               STATE_SIZE if whole else size, 0, 0, 0]
        parts = self.parts + [
            (JOB, struct.pack(f"<{8 + len(table)}I", *job, *table), None),
            (SUMS, b"", size), (STATE, b"", STATE_SIZE),
            (begins[0], struct.pack(f"<{len(code)}I", *code), None)]
        offset = 52 + 32 * len(parts)
        headers = body = b""
        for address, data, memory in parts:
            headers += segment(offset + len(body), address, len(data),
                               memory=memory)
            body += data
        return header(self.entry, phnum=len(parts)) + headers + body, begins


def start(argv, path):
    return subprocess.Popen([*argv, path], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def result(process, size):
    out = process.communicate()[1]
    if process.returncode == 0 and len(out) == size:
        return Result(out, None)
    text = out[-200:].decode(errors="replace").strip()
    return Result(b"", f"status {process.returncode}, {len(out)} bytes of "
                       f"{size}, {text!r}")


def run_in(worlds, path, size):
    """The results of each world, a list of argv, side by side: two at once."""
    first = start(worlds[0], path)
    rest = [result(start(world, path), size) for world in worlds[1:]]
    return [result(first, size), *rest]


def words(data):
    return struct.unpack(f"<{len(data) // 4}I", data)
