#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--gdb, by the remote protocol's own words; needs no GDB."""

import os
import socket
import subprocess
import sys
import tempfile
import time

import tiny
from simtest import SIM, Tap, need_sim
from tiny import (A0, BASE, NOP, T0, T1, T2, T9, UHI, ZERO, addiu, beq, elf,
                  jump, leave, lui, lw, sw)

WHERE = None
SECONDS = 10
STATUS, PC = 32, 37


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Session:
    """A simulator that waits for us, and the connection to it."""

    def __init__(self, words, *args):
        path = os.path.join(WHERE, "p.elf")
        with open(path, "wb") as out:
            out.write(elf(words))
        port = free_port()
        self.run = subprocess.Popen([SIM, "--gdb", str(port), *args, path],
                                    stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.socket.settimeout(SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def send(self, text):
        total = sum(text.encode()) & 255
        self.socket.sendall(f"${text}#{total:02x}".encode())

    def answer(self):
        byte = self.stream.read(1)
        while byte in (b"+", b"-"):
            byte = self.stream.read(1)
        if byte != b"$":
            return None
        text = b""
        while (byte := self.stream.read(1)) not in (b"#", b""):
            text += byte
        self.stream.read(2)
        self.socket.sendall(b"+")
        return text.decode()

    def ask(self, text):
        self.send(text)
        return self.answer()

    def reg(self, number):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")),
                              "little")

    def end(self):
        """(status, stdout, stderr)"""
        self.stream.close()
        self.socket.close()
        try:
            out, err = self.run.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.run.kill()
            out, err = self.run.communicate()
            return None, out, err
        return self.run.returncode, out, err


def one_line(err):
    return err.startswith(b"mips-sim: ") and err.count(b"\n") == 1


def looking(tap):
    s = Session([addiu(T0, 0, 5), *leave(7)])
    tap.same(s.ask("?"), "S05", "it waits before the first instruction")
    tap.same(s.reg(PC), BASE, "  pc is the entry")
    tap.same((s.reg(A0), s.reg(STATUS)), (0xFFFFFFFF, 0x00400004),
             "  a0 and Status as after reset")
    text = s.ask("g")
    tap.same((len(text) >= 38 * 8, text[PC * 8:PC * 8 + 8]),
             (True, "00001080"), "g gives all, pc among them")
    tap.same(s.ask("m80100000,4"), tiny.code([addiu(T0, 0, 5)]).hex(),
             "m reads memory")
    tap.same(s.ask("M80200000,4:78563412"), "OK", "M writes memory")
    tap.same(s.ask("ma0200001,2"), "5634", "  and KSEG1 shows it")
    tap.ok((s.ask("mbf000014,4") or "").startswith("E"),
           "m of the chip is an error: a look would take a byte")
    tap.ok((s.ask("mc0000000,4") or "").startswith("E"),
           "m of what is not mapped is an error")
    tap.same(s.ask("s"), "S05", "s steps")
    tap.same((s.reg(PC), s.reg(T0)), (BASE + 4, 5), "  one instruction")
    tap.same(s.ask(f"P{T0:x}=44332211"), "OK", "P writes a register")
    tap.same(s.reg(T0), 0x11223344, "  which then holds it")
    tap.same(s.ask("no such packet"), "", "an unknown packet: empty answer")
    s.socket.sendall(b"$g#00")
    tap.same(s.stream.read(1), b"-", "a wrong checksum is refused")
    tap.same(s.ask("c"), "W07", "c to the end gives the exit status")
    tap.same(s.end(), (7, b"", b""), "  and so does the program")


def slots(tap):
    words = [beq(0, 0, 2), addiu(T0, ZERO, 1), addiu(T1, ZERO, 1),
             addiu(T2, ZERO, 1), *leave(0)]
    s = Session(words)
    s.ask("s")
    tap.same(s.reg(PC), BASE + 4, "a step at a branch stops in its slot")
    s.ask("g")
    s.ask("s")
    tap.same((s.reg(PC), s.reg(T0), s.reg(T1)), (BASE + 12, 1, 0),
             "  the next at the target: the branch is not lost")
    s.ask("c")
    s.end()

    s = Session(words)
    tap.same(s.ask("Z0,80100004,4"), "OK", "a breakpoint in a slot")
    tap.same((s.ask("c"), s.reg(PC)), ("S05", BASE + 4), "  stops there")
    tap.same(s.ask("m80100004,4"), tiny.code(words[1:2]).hex(),
             "  and is not in memory")
    tap.same(s.ask("Z0,80100008,4"), "OK", "  one where it must not go")
    tap.same(s.ask("c"), "W00", "  the branch is not lost")
    s.end()

    # A loop of three turns: the breakpoint comes each time, until removed.
    s = Session([addiu(T0, ZERO, 3), addiu(T0, T0, -1),
                 tiny.bne(T0, ZERO, -2), NOP, *leave(0)])
    s.ask("Z0,80100004,4")
    tap.same([s.ask("c") for _ in range(4)], ["S05", "S05", "S05", "W00"],
             "a breakpoint in a loop comes at each turn")
    s.end()
    s = Session([addiu(T0, ZERO, 3), addiu(T0, T0, -1),
                 tiny.bne(T0, ZERO, -2), NOP, *leave(0)])
    s.ask("Z0,80100004,4")
    s.ask("c")
    tap.same(s.ask("z0,80100004,4"), "OK", "z removes it")
    tap.same(s.ask("c"), "W00", "  then it comes no more")
    s.end()


def same_run(tap):
    """Time stands while GDB looks: the figures are those of a run without."""
    words = [lui(T0, 0xBF00), addiu(T1, ZERO, 1), sw(T1, 4, T0),
             lw(T1, 8, T0), tiny.andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
             lw(T1, 0x14, T0), *leave(0)]
    line, plain, stepped = (os.path.join(WHERE, name)
                            for name in ("line", "plain", "stepped"))
    with open(line, "wb") as out:
        out.write(b"a")
    s = Session(words, "--period", "1000", "--line-in", line, "--stats",
                stepped)
    answers = {s.ask("s") for _ in range(60)}
    s.ask("g")
    tap.same((answers, s.ask("c")), ({"S05"}, "W00"), "60 steps, then go")
    s.end()
    subprocess.run([SIM, "--period", "1000", "--line-in", line, "--stats",
                    plain, os.path.join(WHERE, "p.elf")], check=True,
                   stdin=subprocess.DEVNULL, timeout=SECONDS)
    with open(plain, "rb") as a, open(stepped, "rb") as b:
        tap.same(b.read(), a.read(), "  the statistics of a run without GDB")


def endings(tap):
    loop = [addiu(T0, T0, 1), jump(BASE), NOP]
    s = Session(loop)
    s.send("c")
    s.socket.sendall(b"\x03")
    tap.same(s.answer(), "S02", "ctrl-C stops a loop")
    status, _, err = s.end()
    tap.ok(status == 125 and one_line(err),
           "GDB goes away: one line and 125")
    s = Session(loop)
    s.send("k")
    status, _, err = s.end()
    tap.ok(status == 125 and one_line(err), "GDB kills: one line and 125")
    s = Session([addiu(A0, ZERO, 3), addiu(T9, ZERO, 1), UHI])
    tap.same(s.ask("D"), "OK", "D detaches")
    tap.same(s.end(), (3, b"", b""), "  and the program goes on to its end")
    s = Session([tiny.SYSCALL])
    answer = s.ask("c")
    status, _, err = s.end()
    tap.ok(status == 126 and one_line(err) and answer == "W7e",
           f"126 under GDB too ({answer})")

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        done = subprocess.run([SIM, "--gdb", str(taken.getsockname()[1]),
                               os.path.join(WHERE, "p.elf")], check=False,
                              stdin=subprocess.DEVNULL, timeout=SECONDS,
                              stderr=subprocess.PIPE)
        tap.ok(done.returncode == 125 and one_line(done.stderr),
               "a port that is taken: one line and 125")


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        looking(tap)
        slots(tap)
        same_run(tap)
        endings(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
