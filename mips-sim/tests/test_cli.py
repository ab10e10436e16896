#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line: statuses, files, who prints what where and in which order.

Guests are a few words each (tiny.py); nothing here needs a compiler.
"""

import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time

import tiny
from simtest import SIM, Tap, need_sim
from tiny import (A0, A1, A2, NOP, T0, T1, T2, T9, UHI, V0, WAIT, ZERO, addiu,
                  andi, beq, elf, jump, lbu, leave, lui, lw, mtc0, ori, sb,
                  sdbbp, sw)

WHERE = None


def file(name, data=b""):
    path = os.path.join(WHERE, name)
    with open(path, "wb") as out:
        out.write(data)
    return path


def sim(*args, program=None, stdin=b"", stdout=subprocess.PIPE, **more):
    """Run it; (status, stdout, stderr). program: words or nothing."""
    command = [SIM, *args]
    if program is not None:
        command.append(file("program.elf", elf(program)))
    try:
        done = subprocess.run(command, input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE, timeout=20, check=False,
                              **more)
    except subprocess.TimeoutExpired:
        return None, b"", b"hangs"
    return done.returncode, done.stdout, done.stderr


def one_line(err):
    return err.startswith(b"mips-sim: ") and err.count(b"\n") == 1 \
        and err.endswith(b"\n")


def line_and(tap, status, result, what, out=b""):
    tap.ok(result[0] == status and result[1] in (out, None)
           and one_line(result[2]), f"{what}: one line and {status}",
           repr(result))


def test_device(register):
    """The first two instructions: its address."""
    return [lui(register, 0xBF00), ori(register, register, 0x1000)]


def statuses(tap):
    wrong = [n for n in range(256) if sim(program=leave(n)) != (n, b"", b"")]
    tap.same(wrong, [], "UHI exit gives each of 256 statuses, and no word")
    wrong = [n for n in (0, 1, 7, 63, 124, 126, 127, 128, 254, 255)
             if sim(program=[*test_device(T0), addiu(T1, 0, n),
                             sw(T1, 4, T0)]) != (n, b"", b"")]
    tap.same(wrong, [], "the test device ten of them")
    tap.same(sim(program=[lui(A0, 0x1234), ori(A0, A0, 0x5607),
                          addiu(T9, 0, 1), UHI])[0], 7,
             "of a longer status the low 8 bits (UHI)")
    tap.same(sim(program=[*test_device(T0), lui(T1, 0x1234),
                          ori(T1, T1, 0x5609), sw(T1, 4, T0)])[0], 9,
             "  and the test device")


def limits(tap):
    tap.same(sim("--max-insns", "3", program=leave(5)), (5, b"", b""),
             "--max-insns 3 lets a program of 3 end")
    line_and(tap, 124, sim("--max-insns", "2", program=leave(5)),
             "--max-insns 2 does not")
    loop = [addiu(T0, T0, 1), jump(tiny.BASE), NOP]
    line_and(tap, 124, sim("--max-insns", "1000000", program=loop),
             "an endless loop of three with --max-insns")
    tap.same([b"(in a delay slot)" in
              sim("--max-insns", str(n), program=loop)[2] for n in range(5)],
             [False, False, True, False, False],
             "  the line says when the next one is in a delay slot")
    printing = [*test_device(T0), addiu(T1, 0, ord("x")), sw(T1, 0, T0),
                jump(tiny.BASE + 12), NOP]
    line_and(tap, 124, sim("--max-insns", "10", program=printing),
             "what was printed before is there", out=b"xxx")


def options(tap):
    program = file("good.elf", elf(leave(3)))
    bad = [["--no-such-option", program], ["-x", program], [],
           [program, program], ["--max-insns", "10"]]
    for option in ("line-in", "line-out", "console-in", "period",
                   "clock-mhz", "ram-mib", "max-insns", "stats", "trace",
                   "timeline", "chrome", "gdb"):
        bad.append([program, "--" + option])
    for option in ("period", "clock-mhz", "ram-mib", "max-insns", "gdb"):
        for value in ("", "x", "12x", "-1", "1.5", " ", "0x",
                      "99999999999999999999999"):
            bad.append(["--" + option, value, program])
    bad += [["--clock-mhz", "0", program], ["--ram-mib", "0", program],
            ["--ram-mib", "100000", program], ["--gdb", "65536", program],
            ["--ram-mib", "497", program], ["--clock-mhz", "10001", program],
            ["--period", "4294967296", program]]
    for option in ("line-in", "console-in"):
        bad.append(["--" + option, WHERE + "/none", program])
        bad.append(["--" + option, WHERE, program])
    for option in ("line-out", "stats", "trace", "timeline", "chrome"):
        bad.append(["--" + option, WHERE + "/none/file", program])
        bad.append(["--" + option, WHERE, program])
    names = ["line-in", "line-out", "console-in", "stats", "trace",
             "timeline", "chrome"]
    tap.same([sim("--" + name, "", program) for name in names],
             [(125, b"", f"mips-sim: --{name}: no file name\n".encode())
              for name in names], "a file without a name: which option's")
    bad.append([""])
    for args in bad:
        line_and(tap, 125, sim(*args), " ".join(a.replace(WHERE, "DIR")
                                                or "''" for a in args))

    for args in (["--period", "5"], ["--period", "4294967295"],
                 ["--clock-mhz", "1"], ["--clock-mhz", "10000"],
                 ["--ram-mib", "2"], ["--ram-mib", "496"],
                 ["--max-insns", "18446744073709551615"]):
        tap.same(sim(*args, program), (3, b"", b""), " ".join(args) + " runs")


def stuck(tap):
    line = "126 "
    for what, words in (
            ("a syscall with BEV = 1", [tiny.SYSCALL]),
            ("a reserved instruction with BEV = 1", [NOP, sdbbp(0)]),
            ("sdbbp 2 is reserved", [sdbbp(2)]),
            ("sdbbp 0xfffff is reserved", [sdbbp(0xFFFFF)]),
            ("an empty vector", [mtc0(ZERO, 12), NOP, tiny.SYSCALL]),
            ("a jump into empty KSEG2", [mtc0(ZERO, 12), lui(T0, 0xC000),
                                         0x01000008, NOP]),
            ("a wait with IE = 0", [mtc0(ZERO, 12), WAIT]),
            ("a wait with BEV and ERL", [WAIT]),
            ("a wait for a chip that is quiet",
             [addiu(T0, 0, 0x401), mtc0(T0, 12), WAIT]),
            ("a wait with EXL", [lui(T0, 0x0040), ori(T0, T0, 0x8003),
                                 mtc0(T0, 12), WAIT]),
            ("a wait for a timer that Cause.DC stops",
             [ori(T0, ZERO, 0x8001), mtc0(T0, 12), lui(T1, 0x0800),
              mtc0(T1, 13), WAIT]),
            ("a jump to itself, the timer stopped",
             [ori(T0, ZERO, 0x8001), mtc0(T0, 12), lui(T1, 0x0800),
              mtc0(T1, 13), beq(0, 0, -1), NOP]),
            ("a jump to itself", [jump(tiny.BASE), NOP]),
            ("a branch to itself", [beq(0, 0, -1), NOP]),
            ("a jr to itself", [lui(T0, 0x8010), addiu(T0, T0, 8),
                                0x01000008, NOP]),
    ):
        result = sim("--max-insns", "1000000", program=words)
        line_and(tap, 126, result, what)
        line = result[2].decode(errors="replace")
    tap.ok("80100008" in line, "  the line says where")
    line_and(tap, 124, sim("--max-insns", "1000000",
                           program=[lui(T0, 0x8010), 0x01000008, NOP]),
             "a jr to the instruction before is no jump to itself")
    result = sim(program=[NOP, tiny.SYSCALL])
    text = result[2].decode(errors="replace").lower()
    tap.ok("80100004" in text, "an exception's line has EPC")

    # A line that never ends moves the chip, which may not interrupt.
    result = sim("--line-in", "/dev/zero", program=[
        lui(T1, 0xBF00), addiu(T0, 0, 1), sw(T0, 4, T1), addiu(T0, 0, 0x401),
        mtc0(T0, 12), WAIT])
    line_and(tap, 126, result, "a wait for a chip that moves in silence")

    # A handler's own exception, at one place, but it returns each time.
    nested = [tiny.bne(27, 0, 3), NOP, addiu(27, 0, 1), tiny.SYSCALL,
              addiu(27, 0, 0), tiny.mfc0(26, 14), addiu(26, 26, 4),
              mtc0(26, 14), tiny.ERET]
    path = file("nested.elf", elf(
        [mtc0(ZERO, 12), addiu(T0, 0, 1500), tiny.SYSCALL, addiu(T0, T0, -1),
         tiny.bne(T0, 0, -3), NOP, *leave(5)], extra=[(0x80000180, nested)]))
    tap.same(sim(path), (5, b"", b""), "1500 nested ones that return go on")

    # An interrupt ends it: the timer's, at the vector 0x180 of EBase.
    handler = [(0x80000180, leave(9))]
    timer = [addiu(T0, 0, 100), mtc0(T0, 11), ori(T0, 0, 0x8001),
             mtc0(T0, 12)]
    for what, words in (("a branch to itself", [beq(0, 0, -1), NOP]),
                        ("a wait", [WAIT])):
        path = file("timer.elf", elf(timer + words, extra=handler))
        tap.same(sim("--max-insns", "100000", path), (9, b"", b""),
                 f"{what} that the timer interrupts goes on")


    path = file("timer.elf", elf([*timer, WAIT, beq(0, 0, -2), NOP], extra=[
        (0x80000180, [mtc0(ZERO, 11), tiny.ERET])]))
    result = sim(path)
    line_and(tap, 126, result, "a million waits, 2^33 ticks each")
    tap.ok(b"the simulated clock ends here" in result[2], "  and why")


def write_call(fd, address, length):
    return [addiu(A0, 0, fd), lui(A1, address >> 16),
            ori(A1, A1, address & 0xFFFF), addiu(A2, 0, length),
            addiu(T9, 0, 5), UHI]


def text_at(address, text):
    data = text.encode().ljust(len(text) + 4 & ~3, b"\0")
    return (address, [int.from_bytes(data[i:i + 4], "little")
                      for i in range(0, len(data), 4)])


def uhi(tap):
    extra = [text_at(0x80200000, "hello\n")]
    result_status = [0x00402025, addiu(T9, 0, 1), UHI]	# or a0, v0, zero

    def run(words, **more):
        return sim(file("uhi.elf", elf(words + result_status, extra=extra)),
                   **more)

    tap.same(run(write_call(1, 0x80200000, 6)), (6, b"hello\n", b""),
             "UHI write to 1: standard output, result 6")
    tap.same(run(write_call(2, 0x80200000, 6)), (6, b"", b"hello\n"),
             "UHI write to 2: standard error")
    status, _, err = run([*write_call(2, 0x80200000, 5), tiny.SYSCALL])
    tap.ok(status == 126 and err.startswith(b"hello\n") and one_line(err[6:]),
           "  without a newline: the simulator's words begin a line", err)
    for fd in (0, 3, 7):
        tap.same(run(write_call(fd, 0x80200000, 6)), (255, b"", b""),
                 f"UHI write to {fd}: -1")
    tap.same(run(write_call(1, 0x80200000, 0)), (0, b"", b""),
             "UHI write of nothing: 0")
    status, out, err = run(write_call(1, 0xC0000000, 4))
    tap.ok(status in (255, 126) and not out, "UHI write from nowhere fails")
    if status == 126:
        tap.ok(one_line(err), "  with one line")
    else:
        tap.same(err, b"", "  and says nothing")

    read = [addiu(A0, 0, 0), lui(A1, 0x8030), addiu(A2, 0, 16),
            addiu(T9, 0, 4), UHI]
    tap.same(run(read, stdin=b"four")[0], 4, "UHI read: 4 bytes")
    tap.same(run(read, stdin=b"ab\ncdef")[0], 3, "UHI read: to a line's end")
    tap.same(run(read, stdin=b"")[0], 0, "UHI read at the end: 0")
    byte = [*read, lui(T0, 0x8030), lbu(V0, 2, T0)]
    tap.same(run(byte, stdin=b"abcd")[0], ord("c"), "  and they are there")

    tap.same(run([addiu(T9, 0, 9), UHI])[0], 1, "UHI argc: 1")
    name = len(os.path.join(WHERE, "uhi.elf"))
    tap.same(run([addiu(A0, 0, 0), addiu(T9, 0, 10), UHI])[0], name & 255,
             "UHI argnlen(0): the length of the program's name")
    tap.same(run([addiu(A0, 0, 1), addiu(T9, 0, 10), UHI])[0], 255,
             "UHI argnlen(1): -1")
    argn = [addiu(A0, 0, 0), lui(A1, 0x8030), addiu(T9, 0, 11), UHI,
            lui(T0, 0x8030)]
    tap.same(run([*argn, lbu(V0, name - 1, T0)])[0], ord("f"),
             "UHI argn(0): the name's last letter")
    tap.same(run([*argn, lbu(V0, name, T0)])[0], 0, "  and its end")
    plog = [lui(A0, 0x8020), addiu(A1, 0, 0), addiu(T9, 0, 13), UHI]
    status, out, err = run(plog)
    tap.same((status, out, err), (6, b"hello\n", b""),
             "UHI plog prints, and gives the length")
    for number in (0, 2, 3, 6, 7, 8, 12, 14, 15, 16, 22, 255, 1000):
        status, out, err = run([addiu(V0, 0, 5), addiu(T9, 0, number), UHI])
        tap.same((status, out), (255, b""), f"UHI {number}: -1")


def order(tap):
    """UART, test device, UHI, line-out in the order the guest used them."""
    words = [*test_device(T0), lui(T1, 0xBFD0), ori(T1, T1, 0x3F8)]
    want = b""
    for i in range(20):
        words += [addiu(T2, 0, 65 + i), sb(T2, 0, T1), sw(T2, 0, T0),
                  *write_call(1, 0x80200000, 2)]
        want += bytes([65 + i, 65 + i]) + b"-+"
    words += leave(0)
    program = file("order.elf", elf(words,
                                    extra=[text_at(0x80200000, "-+")]))
    tap.same(sim(program), (0, want, b""),
             "UART, test device and UHI come out in their order")
    with open(os.path.join(WHERE, "out"), "wb") as out:
        sim(program, stdout=out)
    with open(os.path.join(WHERE, "out"), "rb") as out:
        tap.same(out.read(), want, "  into a file too")

    # Send a and b by the chip, print x before, y between, z after.
    words = [*test_device(T0), lui(T1, 0xBF00), addiu(T2, 0, 1000),
             sw(T2, 0x18, T1), addiu(T2, 0, 1), sw(T2, 4, T1)]
    for letter in "ab":
        words += [addiu(T2, 0, ord(letter)), sw(T2, 0x14, T1),
                  addiu(T2, 0, ord(letter.upper())), sw(T2, 0, T0),
                  lw(T2, 8, T1), andi(T2, T2, 4), beq(T2, 0, -3), NOP]
    words += [addiu(T2, 0, ord("z")), sw(T2, 0, T0), *leave(0)]
    tap.same(sim("--line-out", "-", program=words), (0, b"AaBbz", b""),
             "--line-out - comes between, in order of time")
    path = os.path.join(WHERE, "line")
    tap.same(sim("--line-out", path, program=words), (0, b"ABz", b""),
             "--line-out FILE leaves standard output")
    with open(path, "rb") as out:
        tap.same(out.read(), b"ab", "  and holds the bytes")


def copy_line(count):
    """Print `count` bytes of the line, polling DATA."""
    words = [*test_device(T0), lui(T1, 0xBF00), addiu(T2, 0, 1),
             sw(T2, 4, T1), addiu(A1, 0, count)]
    loop = [lw(T2, 0x14, T1), andi(A0, T2, 0x100), beq(A0, 0, -3), NOP,
            sw(T2, 0, T0), addiu(A1, A1, -1), tiny.bne(A1, 0, -7), NOP]
    return words + loop + leave(0)


def inputs(tap):
    data = bytes(range(1, 201))
    tap.same(sim("--line-in", file("line", data), program=copy_line(200)),
             (0, data, b""), "--line-in FILE: every byte, in order")
    tap.same(sim("--line-in", "-", stdin=data, program=copy_line(200)),
             (0, data, b""), "--line-in - the same")
    line_and(tap, 124, sim("--line-in", file("line", b"abc"), "--max-insns",
                           "1000000", program=copy_line(4)),
             "behind the last byte the line is quiet", out=b"abc")
    line_and(tap, 124, sim("--max-insns", "100000", program=copy_line(1)),
             "without --line-in too")

    # What the guest does with a byte is seen before the next is given.
    program = file("line.elf", elf(copy_line(5)))
    with subprocess.Popen([SIM, "--line-in", "-", program], bufsize=0,
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as run:
        got = []
        for byte in b"abcde":
            run.stdin.write(bytes([byte]))
            if not select.select([run.stdout], [], [], 10)[0]:
                break
            got.append(os.read(run.stdout.fileno(), 10))
        run.stdin.close()
        if len(got) == 5:
            got.append(run.wait(10))
        run.kill()
        tap.same(got, [b"a", b"b", b"c", b"d", b"e", 0],
                 "--line-in - waits for each byte, and prints before it waits")

    # The console: LSR bit 0, then the byte, back out.
    console = [lui(T0, 0xBFD0), ori(T0, T0, 0x3F8), addiu(A1, 0, 100),
               lbu(T1, 5, T0), andi(T1, T1, 1), beq(T1, 0, -3), NOP,
               lbu(T2, 0, T0), sb(T2, 0, T0), addiu(A1, A1, -1),
               tiny.bne(A1, 0, -8), NOP, *leave(0)]
    data = bytes(range(100, 200))
    tap.same(sim("--console-in", file("console", data), program=console),
             (0, data, b""), "--console-in FILE feeds the UART")
    # IER.RDI, IM4; the handler at 0x180 ends with the byte.
    words = [lui(T0, 0xBFD0), ori(T0, T0, 0x3F8), addiu(T1, ZERO, 1),
             sb(T1, 1, T0), ori(T1, ZERO, 0x1001), mtc0(T1, 12), WAIT]
    handler = [(0x80000180, [lbu(A0, 0, T0), addiu(T9, 0, 1), UHI])]
    path = file("uart.elf", elf(words, extra=handler))
    tap.same(sim("--console-in", file("console", b"K"), path),
             (ord("K"), b"", b""), "  and its interrupt ends a wait")
    line_and(tap, 126, sim(path), "a wait for a console that has no input")


def full(tap):
    line_and(tap, 125, sim("--no-such", stdin=b""), "an unknown option")
    words = copy_line(3)
    line = file("line", b"abc")
    # sends what it got, for --line-out
    send = [lui(T1, 0xBF00), addiu(T2, 0, 1000), sw(T2, 0x18, T1),
            addiu(T2, 0, 1), sw(T2, 4, T1), sw(T2, 0x14, T1), lw(T2, 8, T1),
            andi(T2, T2, 4), beq(T2, 0, -3), NOP, *leave(0)]
    for option, program in (("stats", words), ("trace", words),
                            ("timeline", words), ("chrome", words),
                            ("line-out", send)):
        status, _, err = sim("--line-in", line, "--" + option, "/dev/full",
                             program=program)
        tap.ok(status and status > 0 and one_line(err)
               and b"/dev/full" in err,
               f"--{option} /dev/full: one line that names it",
               repr((status, err)))
        # `ulimit -f`: the signal that comes with it ends nobody
        out = os.path.join(WHERE, "short")
        status, _, err = sim("--line-in", line, "--" + option, out,
                             program=program, preexec_fn=lambda:
                             resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        tap.ok(status == 125 and one_line(err)
               and out.encode() + b": File too large" in err,
               f"--{option} to a file that must not grow: the same, and 125",
               repr((status, err)))
    with open("/dev/full", "wb") as out:
        status, _, err = sim("--line-in", line, program=words, stdout=out)
    tap.ok(status and status > 0 and one_line(err),
           "standard output on /dev/full: one line", repr((status, err)))


def cpu_time(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as text:
        return int(text.read().rsplit(")", 1)[1].split()[11])


def signals(tap):
    """Whoever is stopped has written down what it had."""
    loop = file("loop.elf", elf([addiu(T0, T0, 1), jump(tiny.BASE), NOP]))
    line = file("line.elf", elf([*test_device(T0), addiu(T1, 0, ord("r")),
                                 sw(T1, 0, T0), *copy_line(1)]))
    stats = os.path.join(WHERE, "stats")
    for number in (signal.SIGINT, signal.SIGTERM):
        for args in ([loop], ["--line-in", "-", line]):
            # a shell's background job ignores SIGINT, and so do its children
            with subprocess.Popen([SIM, "--stats", stats, *args],
                                  stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE,
                                  preexec_fn=lambda: signal.signal(
                                      signal.SIGINT, signal.SIG_DFL)) as run:
                # in the loop when it has burnt 50 ms; at the line when what
                # it printed before comes out
                deadline = time.monotonic() + 10
                while args[0] == loop and cpu_time(run.pid) < 5 \
                        and time.monotonic() < deadline:
                    time.sleep(0.01)
                if args[0] != loop:
                    select.select([run.stdout], [], [], 10)
                run.send_signal(number)
                try:
                    status = run.wait(10)
                except subprocess.TimeoutExpired:
                    status = None
                    run.kill()
            with open(stats, encoding="ascii") as text:
                written = text.read()
            where = "a loop" if args[0] == loop else "a wait for input"
            tap.ok(status in (-number, 128 + number)
                   and '"insns"' in written,
                   f"{number.name} in {where}: ends, stats written",
                   repr((status, written)))


def broken_pipe(tap):
    program = file("line.elf", elf(copy_line(100)))
    line = file("line", bytes(100))
    with subprocess.Popen([SIM, "--line-in", line, program],
                          stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        run.stdout.close()
        status, err = run.wait(20), run.stderr.read()
    tap.ok(status > 0 and one_line(err),
           "standard output that nobody reads: one line", repr((status, err)))


def ram(tap):
    # A load from the last word of the RAM there is, then from behind it.
    handler = [(0x80000180, leave(9))]
    for mib in (2, 32, 128, 256):
        load = [mtc0(ZERO, 12), lui(T0, 0xA000 + (mib << 4) & 0xFFFF)]
        args = [] if mib == 128 else ["--ram-mib", str(mib)]
        path = file("ram.elf", elf([*load, lw(T1, -4, T0), *leave(3)],
                                   extra=handler))
        inside = sim(*args, path)[0]
        path = file("ram.elf", elf([*load, lw(T1, 0, T0), *leave(3)],
                                   extra=handler))
        tap.same((inside, sim(*args, path)[0]), (3, 9),
                 f"{mib} MiB of RAM end there")


def same_again(tap):
    line = file("line", bytes(range(50)))
    results = []
    for i in range(2):
        names = [os.path.join(WHERE, f"{kind}{i}")
                 for kind in ("stats", "timeline", "trace", "chrome")]
        sim("--period", "2000", "--line-in", line, "--stats", names[0], "--timeline", names[1],
            "--trace", names[2], "--chrome", names[3],
            program=copy_line(50))
        results.append([open(name, "rb").read() for name in names])
    tap.ok(results[0] == results[1] and all(results[0]),
           "two runs write the same stats, timeline, trace and chrome")


def main():
    global WHERE
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        statuses(tap)
        limits(tap)
        options(tap)
        stuck(tap)
        uhi(tap)
        order(tap)
        inputs(tap)
        full(tap)
        signals(tap)
        broken_pipe(tap)
        ram(tap)
        same_again(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
