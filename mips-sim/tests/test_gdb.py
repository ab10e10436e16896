#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--gdb, by the remote protocol's own words; needs no GDB."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from xml.etree import ElementTree

import tiny
from remote import EPC, PC, SECONDS, STATUS, Session, one_line
from simtest import SIM, Tap, need_sim
from tiny import (A0, BASE, NOP, T0, T1, T2, T9, UHI, ZERO, addiu, beq,
                  jump, leave, lui, lw, sw)

WHERE = None


def ll(rt, offset, base):
    return tiny.immediate(48, base, rt, offset)


def sc(rt, offset, base):
    return tiny.immediate(56, base, rt, offset)


def looking(tap):
    s = Session(WHERE, [addiu(T0, 0, 5), *leave(7)])
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
    tap.same([s.ask("M80200000," + text) for text in
              ("4:7856", "2:785634", "2:7g56", "2", "2;7856")], ["E22"] * 5,
             "  but not more nor less than it says")
    tap.same(s.ask("mbf000000,8"), "574f4c5300000000",
             "m reads the chip's registers")
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
    s = Session(WHERE, words)
    s.ask("s")
    tap.same(s.reg(PC), BASE + 4, "a step at a branch stops in its slot")
    s.ask("g")
    s.ask("s")
    tap.same((s.reg(PC), s.reg(T0), s.reg(T1)), (BASE + 12, 1, 0),
             "  the next at the target: the branch is not lost")
    s.ask("c")
    s.end()

    s = Session(WHERE, words)
    tap.same(s.ask("Z0,80100004,4"), "OK", "a breakpoint in a slot")
    tap.same((s.ask("c"), s.reg(PC)), ("S05", BASE + 4), "  stops there")
    tap.same(s.ask("m80100004,4"), tiny.code(words[1:2]).hex(),
             "  and is not in memory")
    tap.same(s.ask("Z0,80100008,4"), "OK", "  one where it must not go")
    tap.same(s.ask("c"), "W00", "  the branch is not lost")
    s.end()

    # A loop of three turns: the breakpoint comes each time, until removed.
    s = Session(WHERE, [addiu(T0, ZERO, 3), addiu(T0, T0, -1),
                 tiny.bne(T0, ZERO, -2), NOP, *leave(0)])
    s.ask("Z0,80100004,4")
    tap.same([s.ask("c") for _ in range(4)], ["S05", "S05", "S05", "W00"],
             "a breakpoint in a loop comes at each turn")
    s.end()
    s = Session(WHERE, [addiu(T0, ZERO, 3), addiu(T0, T0, -1),
                 tiny.bne(T0, ZERO, -2), NOP, *leave(0)])
    s.ask("Z0,80100004,4")
    s.ask("c")
    tap.same(s.ask("z0,80100004,4"), "OK", "z removes it")
    tap.same(s.ask("c"), "W00", "  then it comes no more")
    s.end()


def described(tap):
    """The registers' description, and those that it adds."""
    s = Session(WHERE, [lui(T0, 0x8765), tiny.mtc0(T0, 14),
                        beq(0, 0, 2), NOP, NOP, *leave(0)])
    supported = s.ask("qSupported:xmlRegisters=i386").split(";")
    tap.ok("qXfer:features:read+" in supported, "there is a description")
    xml = ""
    while (part := s.ask(f"qXfer:features:read:target.xml:{len(xml):x},400")
           )[0] == "m":
        xml += part[1:]
    root = ElementTree.fromstring(xml + part[1:])
    features = {f.get("name"): f for f in root.iter("feature")}
    tap.same([name for name in ("cpu", "cp0", "fpu")
              if "org.gnu.gdb.mips." + name not in features], [],
             "  with the features that GDB knows of MIPS")
    regs = {r.get("name"): int(r.get("regnum")) for r in root.iter("reg")}
    tap.same((regs["r31"], regs["status"], regs["pc"], regs["epc"]),
             (31, STATUS, PC, EPC), "  and their numbers")
    tap.same((sorted(regs.values()), len(s.ask("g"))),
             (list(range(len(regs))), 8 * len(regs)),
             "  all there are, once, and g has as many")
    tap.same(s.ask(f"p{regs['f0']:x}"), "xxxxxxxx", "  no floating point")
    for _ in range(3):
        s.ask("s")
    tap.same((s.reg(EPC), s.reg(regs["prid"])), (0x87650000, 0x00019300),
             "CP0's registers can be read")
    tap.same((s.ask(f"P{EPC:x}=04030201"), s.reg(EPC)), ("OK", 0x01020304),
             "  and written")
    tap.same([s.reg(regs[name]) for name in ("pc", "next_pc", "slot")],
             [BASE + 12, BASE + 20, 1], "next_pc and slot: a branch on its way")
    s.ask(f"P{PC:x}=00001080")
    tap.same([s.reg(regs[name]) for name in ("pc", "next_pc", "slot")],
             [BASE, BASE + 4, 0], "  a new pc drops it")
    for name, value in (("pc", "0c001080"), ("next_pc", "14001080"),
                        ("slot", "01000000")):
        s.ask(f"P{regs[name]:x}={value}")
    s.ask("s")
    tap.same(s.reg(PC), BASE + 20, "  and it can be put back")
    s.ask("c")
    s.end()


def watches(tap):
    words = [lui(T0, 0xA020), addiu(T1, ZERO, 7), sw(T1, 0, T0),
             lw(T2, 0, T0), tiny.sb(T1, 5, T0), tiny.lbu(T2, 6, T0),
             tiny.swl(T1, 17, T0), tiny.swr(T1, 22, T0),
             sc(T1, 32, T0), ll(T2, 36, T0), sc(T2, 36, T0), *leave(0)]

    def stops(*packets):
        s = Session(WHERE, words)
        got = [s.ask("Z" + packet) for packet in packets]
        while (answer := s.ask("c")) != "W00":
            at = (s.reg(PC) - BASE) // 4
            got.append((answer, at))
            if answer.startswith("T"):
                for packet in packets:
                    s.ask("z" + packet)
                s.ask("s")
                for packet in packets:
                    s.ask("Z" + packet)
        s.end()
        return got

    tap.same(stops("2,80200000,4"), ["OK", ("T05watch:80200000;", 2)],
             "a watchpoint for writing, by another segment's address")
    tap.same(stops("3,80200000,4"), ["OK", ("T05rwatch:80200000;", 3)],
             "  for reading")
    tap.same(stops("4,80200000,4"), ["OK", ("T05awatch:80200000;", 2),
                                     ("T05awatch:80200000;", 3)],
             "  for either")
    tap.same(stops("2,80200005,1", "3,80200004,2"),
             ["OK", "OK", ("T05watch:80200005;", 4)], "  for a byte alone")
    tap.same(stops("4,80200004,8"), ["OK", ("T05awatch:80200004;", 4),
                                     ("T05awatch:80200004;", 5)],
             "  for a range")

    # swl stores to bytes 0 and 1 of its word, swr to 2 and 3
    tap.same(stops("2,80200011,1", "2,80200016,1"),
             ["OK", "OK", ("T05watch:80200011;", 6),
              ("T05watch:80200016;", 7)], "  for parts of words")
    tap.same(stops("2,80200012,2", "2,80200014,2"), ["OK", "OK"],
             "  and not for the others")

    tap.same(stops("2,80200020,4", "2,80200024,4"),
             ["OK", "OK", ("T05watch:80200024;", 10)],
             "  for an sc that stores, and for no other")

    # A string read by UHI: the host writes, and the watchpoint sees it.
    s = Session(WHERE, [addiu(A0, ZERO, 0), lui(tiny.A1, 0x8020),
                        addiu(tiny.A2, ZERO, 16), addiu(T9, ZERO, 4), UHI,
                        *leave(0)])
    s.ask("Z2,8020000f,1")
    tap.same((s.ask("c"), s.reg(PC)), ("T05watch:8020000f;", BASE + 16),
             "  for what UHI reads")
    tap.same((s.ask("z2,8020000f,1"), s.ask("c")), ("OK", "W00"),
             "  and z removes it")
    s.end()


def refused(tap):
    s = Session(WHERE, [NOP, *leave(0)])
    tap.same([s.ask(packet) for packet in
              ("Z2,80200000,0", "Z2,80200000", "Z0", "Z5,80200000,4")],
             ["E22", "E22", "E22", ""], "what is no break- or watchpoint")
    for kind, what in ((0, "breakpoints"), (2, "watchpoints")):
        packets = [f"Z{kind},{0x80200000 + 4 * i:x},4" for i in range(65)]
        tap.same([s.ask(packet) for packet in packets],
                 ["OK"] * 64 + ["E28"], f"64 {what} and no more")
        tap.same((s.ask(packets[5]), s.ask("z" + packets[7][1:]),
                  s.ask(packets[64])), ("OK", "OK", "OK"),
                 "  one that is there, and one for one that was")
    s.ask("D")
    s.end()


def chip(tap):
    """Looking at the chip changes nothing; a watchpoint there works, too."""
    words = [lui(T0, 0xBF00), addiu(T1, ZERO, 1), sw(T1, 4, T0),
             lw(T1, 8, T0), tiny.andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
             lw(T1, 0x14, T0), *leave(0)]
    line = os.path.join(WHERE, "line")
    with open(line, "wb") as out:
        out.write(b"ab")
    s = Session(WHERE, words, "--period", "1000", "--line-in", line)
    s.ask("Z3,bf000014,4")
    tap.same((s.ask("c"), s.reg(PC)), ("T05rwatch:bf000014;", BASE + 28),
             "a watchpoint at the chip's DATA")
    tap.same([s.ask("mbf000014,4") for _ in range(2)], ["61010000"] * 2,
             "  a look at it takes no byte")
    tap.same(s.ask("mbf000009,2"), "0100", "  nor one at a part of STATUS")
    tap.ok((s.ask("Mbf000014,4:00000000") or "").startswith("E"),
           "  and it cannot be written")
    tap.same(s.ask("mbfd003f8,8"), "0000010008" + "60b000",
             "the UART's registers")
    s.ask("z3,bf000014,4")
    s.ask("s")
    tap.same(s.reg(T1), 0x161, "the program has the byte")
    s.ask("c")
    s.end()


def spim(tap):
    """SPIM's console is looked at, and watched, as any other device."""
    words = [lui(T0, 0xFFFF), addiu(T1, ZERO, 65), lw(T2, 0, T0),
             sw(T1, 12, T0), lw(T2, 8, T0), lw(T2, 4, T0), *leave(0)]
    s = Session(WHERE, [*[NOP] * 10000, *words],
                "--spim", stdin=subprocess.PIPE)
    s.run.stdin.write(b"k")
    s.run.stdin.close()
    s.ask("Z2,ffff000c,4")
    tap.same(s.ask("c"), "T05watch:ffff000c;", "a watchpoint at SPIM's console")
    tap.same(s.ask("mffff0000,10"), "010000006b000000" "0100000000000000",
             "  its registers, the key not taken")
    s.ask("z2,ffff000c,4")
    s.ask("s")
    tap.same(s.ask("mffff0008,8"), "0000000041000000",
             "  the transmitter is busy then")
    s.ask("Z3,ffff0006,1")
    tap.same(s.ask("c"), "T05rwatch:ffff0006;", "  one at a byte of it")
    s.ask("z3,ffff0006,1")
    s.ask("s")
    tap.same((s.reg(T2), s.ask("mffff0000,1")), (107, "00"),
             "  and the program has the key")
    tap.ok((s.ask("Mffff000c,4:41000000") or "").startswith("E"),
           "  it cannot be written")
    s.ask("c")
    tap.same(s.end(), (0, b"A", b""), "  and the run is the same")
    s = Session(WHERE, [NOP, *leave(0)])
    tap.ok(s.ask("mffff0000,4").startswith("E"), "without --spim none is there")
    s.ask("c")
    s.end()


def waiting(tap):
    """Ctrl-C while the simulator waits for input, within an instruction."""
    words = [addiu(A0, ZERO, 0), lui(tiny.A1, 0x8020),
             addiu(tiny.A2, ZERO, 8), addiu(T9, ZERO, 4), UHI,
             tiny.lbu(A0, 0, tiny.A1), addiu(T9, ZERO, 1), UHI]
    s = Session(WHERE, words, "--trace", os.path.join(WHERE, "trace"),
                stdin=subprocess.PIPE)
    s.run.stdin.write(b"*")
    s.run.stdin.flush()
    s.send("c")
    s.socket.sendall(b"\x03")
    tap.same((s.answer(), s.reg(PC)), ("S02", BASE + 16),
             "ctrl-C where input is waited for: in front of that instruction")
    tap.same(s.ask("m80200000,1"), "00", "  which has done nothing yet")
    s.send("c")
    s.run.stdin.write(b"\n")
    s.run.stdin.close()
    tap.same(s.answer(), "W2a", "  and does it when it is run again")
    tap.same(s.end(), (42, b"", b""), "  as if nothing had been")
    with open(os.path.join(WHERE, "trace"), encoding="ascii") as trace:
        tap.same([line.split()[0] for line in trace],
                 [str(i) for i in range(8)], "  the trace says so, too")


def same_run(tap):
    """Time stands while GDB looks: the figures are those of a run without."""
    words = [lui(T0, 0xBF00), addiu(T1, ZERO, 1), sw(T1, 4, T0),
             lw(T1, 8, T0), tiny.andi(T2, T1, 1), beq(T2, ZERO, -3), NOP,
             lw(T1, 0x14, T0), *leave(0)]
    line, plain, stepped = (os.path.join(WHERE, name)
                            for name in ("line", "plain", "stepped"))
    with open(line, "wb") as out:
        out.write(b"a")
    s = Session(WHERE, words, "--period", "1000", "--line-in", line, "--stats",
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
    s = Session(WHERE, loop)
    s.send("c")
    s.socket.sendall(b"\x03")
    tap.same(s.answer(), "S02", "ctrl-C stops a loop")
    status, _, err = s.end()
    tap.ok(status == 125 and one_line(err),
           "GDB goes away: one line and 125")
    s = Session(WHERE, loop)
    s.send("k")
    status, _, err = s.end()
    tap.ok(status == 125 and one_line(err), "GDB kills: one line and 125")
    s = Session(WHERE, [addiu(A0, ZERO, 3), addiu(T9, ZERO, 1), UHI])
    tap.same(s.ask("D"), "OK", "D detaches")
    tap.same(s.end(), (3, b"", b""), "  and the program goes on to its end")
    s = Session(WHERE, [*leave(1), *leave(2)])
    tap.same((s.ask(f"s{BASE + 12:x}"), s.reg(PC)), ("S05", BASE + 16),
             "s with an address steps there")
    tap.same(s.ask(f"C05;{BASE + 12:x}"), "W02", "  C goes on there")
    s.end()
    s = Session(WHERE, [tiny.SYSCALL])
    why, answer = s.ask("c"), s.answer()
    why = bytes.fromhex(why[1:])
    tap.same(answer, "S06", "the program cannot go on: a stop")
    tap.same((s.reg(PC), s.reg(EPC)), (0xBFC00380, BASE),
             "  where one can look round")
    tap.ok((s.ask("P8=01000000") or "").startswith("E") and s.reg(T0) == 0,
           "  but change nothing")
    tap.same(s.ask("C06"), "W7e", "  on from there is the end, 126")
    status, _, err = s.end()
    tap.ok(status == 126 and one_line(err) and err.startswith(why[:-1]),
           "  and so does the program")

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
        described(tap)
        watches(tap)
        refused(tap)
        chip(tap)
        spim(tap)
        waiting(tap)
        same_run(tap)
        endings(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
