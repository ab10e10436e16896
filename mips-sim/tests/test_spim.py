#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--spim: SPIM's console and calls; programs for it, beside SPIM itself.

Builds what it runs with the commands of docs/spim.md, and tries every row of
the page's tables of instructions.
"""

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile

from simtest import MIPS_CC, SIM, Tap, need, need_sim

PAGE = "docs/spim.md"
PROGRAMS = "mips-sim/tests/spim"
ENGINES = (["--engine", "step"], ["--engine", "block"], ["--engine", "jit"],
           ["--engine", "jit", "--lockstep"])
SPIM = shutil.which("spim")
NO_SPIM = "no spim (Debian: spim)"
WHERE = None

with open(PAGE, encoding="utf-8") as page:
    TEXT = page.read()
# "mipsel-linux-gnu-as ... prog.s", as the page has them
COMMANDS = [line.split() for line in
            re.findall(r"^    (mipsel-linux-gnu-.*)$", TEXT, re.M)]
SED = re.search(r"^    (sed .*)$", TEXT, re.M).group(1).split()


def build(source):
    """(the ELF file, what the tools had to say); None when they refused."""
    names = {"prog.s": source, "prog.o": os.path.join(WHERE, "prog.o"),
             "prog.elf": os.path.join(WHERE, "prog.elf")}
    for command in COMMANDS:
        done = subprocess.run([names.get(word, word) for word in command],
                              stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            return None, done.stdout.decode(errors="replace")
    return names["prog.elf"], ""


def write(text):
    path = os.path.join(WHERE, "prog.s")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def run(args, stdin=b""):
    done = subprocess.run(args, input=stdin, timeout=60, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode, done.stdout, done.stderr.decode()


def sim(elf, *args, stdin=b""):
    """By every engine; the one answer, or all of them."""
    results = {run([SIM, *engine, "--spim", *args, elf], stdin)
               for engine in ENGINES}
    return results.pop() if len(results) == 1 else results


def after_banner(out):
    return re.sub(rb"\ASPIM Version.*?exceptions\.s\n", b"", out, flags=re.S)


def spim(source, stdin=b"", *args):
    status, out, err = run([SPIM, *args, "-file", source], stdin)
    return status, after_banner(out), err


# ---- programs ---------------------------------------------------------------

def programs(tap):
    numbers = f"{PROGRAMS}/numbers.s"
    typed = b"Ada\n3\n10\n-20\n7\nZ"
    want = (b"Your name? Hello, Ada\nHow many? 7 -20 10 Sum: -3\n")
    tap.same(sim(build(numbers)[0], stdin=typed), (ord("Z") % 64, want, ""),
             "numbers.s: print, read, sbrk, exit2")
    for typed in (typed, b"A very long name, longer than the room\n2\n1\n2\n\n",
                  b"\n0\n", b"x\nnone\n", b"y\n 2 \n0x10\n 99999999\n!", b""):
        if not SPIM:
            tap.skipped(f"numbers.s {typed}: as in SPIM", NO_SPIM)
            continue
        tap.same(sim(build(numbers)[0], stdin=typed)[1:],
                 spim(numbers, typed)[1:], f"numbers.s {typed}: as in SPIM")

    for name in "poll", "echo":
        source = f"{PROGRAMS}/{name}.s"
        elf = build(source)[0]
        end = b"" if name == "poll" else b"\nbytes: %d"
        for typed in (b"q", b"hello\nq", bytes(range(1, 110)) + b"q"):
            want = typed + (end % len(typed) if end else b"")
            tap.same(sim(elf, stdin=typed), (0, want, ""),
                     f"{name}.s: {len(typed)} bytes, every engine")
        typist(tap, f"{name}.s, typed by hand", [SIM, "--spim", elf], end)
        if SPIM:
            typist(tap, f"{name}.s, by hand in SPIM",
                   [SPIM, "-mapped_io", "-file", source], end)
        else:
            tap.skipped(f"{name}.s, by hand in SPIM", NO_SPIM)


def typist(tap, what, command, end):
    """Types a byte, sees it, types the next."""
    seen = b""
    typed = b"slow\nq"
    with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0,
                          stdout=subprocess.PIPE) as run_:
        for i, byte in enumerate(typed, 1):
            run_.stdin.write(bytes([byte]))
            while len(after_banner(seen)) < i and \
                    select.select([run_.stdout], [], [], 20)[0]:
                chunk = os.read(run_.stdout.fileno(), 4096)
                if not chunk:
                    break
                seen += chunk
        seen += run_.stdout.read()
        run_.stdin.close()
    want = typed + (end % len(typed) if end else b"")
    tap.same(after_banner(seen), want, what)


# ---- single things -----------------------------------------------------------

MAIN = "\t.text\n\t.globl main\nmain:\n"
PRINT = "\tli $v0, 1\n\tsyscall\n"
EXIT = "\tli $v0, 10\n\tsyscall\n"


def snippet(body, data=""):
    """@body, then $t0 and w are printed. A branch to `out` leaves $t0 at 1."""
    return (f"\t.data\nw:\t.word 5, 6\n{data}\n{MAIN}\tli $a0, 3\n"
            f"\tli $a1, 7\n\tli $a2, 17\n\tla $t1, w\n\tli $t0, 1\n"
            f"\t{body}\n\tadd $t0, $t0, 1\nout:\tmove $a0, $t0\n"
            f"{PRINT}\tlw $a0, w\n{PRINT}{EXIT}")


def rows(tap):
    pairs = re.findall(r"^\| `(.*)` \| `(.*)` \|$", TEXT, re.M)
    both = re.findall(r"^\| `([^`]*)` \|$", TEXT, re.M)
    tap.ok(len(pairs) > 5 and len(both) > 30,
           f"{len(pairs)} and {len(both)} rows are tried")
    for left, right in pairs:
        elf, said = build(write(snippet(left)))
        tap.ok(elf is None and "Error" in said, f"GNU as refuses {left}")
        elf, said = build(write(snippet(right)))
        if not tap.ok(elf is not None, f"  and takes {right}"):
            tap.say(said)
            continue
        out = sim(elf)
        if SPIM:
            tap.same(spim(write(snippet(left)))[:2], out[:2],
                     f"  which does what SPIM does with {left}")
        else:
            tap.skipped("  as SPIM", NO_SPIM)
    for code in both:
        source = write(snippet(code))
        elf, said = build(source)
        if not tap.ok(elf is not None, f"GNU as takes {code}"):
            tap.say(said)
            continue
        out = sim(elf)
        if not SPIM:
            tap.skipped("  as SPIM", NO_SPIM)
        elif code.startswith("la "):	# an address: what it is differs
            tap.ok(out[0] == 0 == spim(source)[0], "  and it runs on both")
        else:
            tap.same(spim(source), out, "  which does what it does in SPIM")


def commas(tap):
    bare = ("\t.data\nw:\t.word 5 -6\t7\nb0:\t.byte 1 2\n" + MAIN
            + "\tli $t1 0x10\n\tla $t2 w\n\tlw $t0 8($t2)  # $t0 is 7\n"
            "\tsub $t0 $t0 -3\n\tbeq $t0 10 even\n\tli $t0 0\n"
            "even:\tlb $t3 b0+1\n\tadd\t$t0\t$t0\t$t3\n\tmul $a0, $t0 3\n"
            + PRINT + EXIT)
    source = write(bare)
    if SPIM:
        tap.same(spim(source)[1], b"36", "a program without commas, in SPIM")
    else:
        tap.skipped("a program without commas, in SPIM", NO_SPIM)
    tap.ok(build(source)[0] is None, "  GNU as refuses it")
    done = subprocess.run([word if word != "prog.s" else source for word in
                           SED[:SED.index(">prog-commas.s")]],
                          stdout=subprocess.PIPE, check=True)
    elf, said = build(write(done.stdout.decode()))
    if tap.ok(elf is not None, "  and takes it with the page's commas"):
        tap.same(sim(elf), (0, b"36", ""), "  and it does the same")
    else:
        tap.say(said)
    done = subprocess.run([*SED[:3], f"{PROGRAMS}/echo.s"], check=True,
                          stdout=subprocess.PIPE)
    with open(f"{PROGRAMS}/echo.s", "rb") as source:
        tap.same(done.stdout, source.read(),
                 "  a program that has them stays as it is")


def levels(tap):
    """Cause.IP is no latch: it cannot be written away, and goes by itself."""
    body = ("\tli $t1, 2\n\tsw $t1, 0xffff0008\n\tmtc0 $zero, $13\n"
            "\tmfc0 $a0, $13\n" + PRINT + "\tli $t1, 46\n"
            "\tsw $t1, 0xffff000c\n\tmfc0 $a0, $13\n" + PRINT + EXIT)
    source = write(MAIN + body)
    tap.same(sim(build(source)[0]), (0, b"1024.0", ""),
             "an interrupt line is a level")
    if SPIM:
        tap.same(spim(source, b"", "-mapped_io")[1], b"0.0",
                 "  in SPIM it can be written away")
    else:
        tap.skipped("  in SPIM it can be written away", NO_SPIM)


def slots(tap):
    body = ("\tli $a0, 1\n\tb on\n\tadd $a0, $a0, 1\n\tadd $a0, $a0, 4\n"
            "on:" + PRINT + EXIT)
    for what, text, args, want in (
            ("the assembler fills delay slots", MAIN + body, [], b"1"),
            ("  with noreorder the program does", "\t.set noreorder\n" + MAIN
             + body, ["-delayed_branches"], b"2")):
        source = write(text)
        tap.same(sim(build(source)[0]), (0, want, ""), what)
        if SPIM:	# which warns of the directive; its own start has no slots
            tap.ok(spim(source, b"", *args)[1].endswith(want), "  as in SPIM")
        else:
            tap.skipped("  as in SPIM", NO_SPIM)
    handler = ("\t.ktext 0x80000180\n\tmfc0 $a0, $13\n\tmfc0 $k0, $14\n"
               "\tadd $k0, $k0, 4\n\tmtc0 $k0, $14\n\teret\n")
    body = "\tli $v0, 13\n\tsyscall\n" + PRINT + EXIT
    tap.same(sim(build(write(MAIN + body + handler))[0]), (0, b"32", ""),
             "call 13 is exception 8 for the program's handler")


def directives(tap):
    data = ("b0:\t.byte 1, 'c'\n\t.align 2\nh:\t.half 3\n"
            "s:\t.asciiz \"ab\"\nt:\t.ascii \"c\"\nv:\t.word 7:4\n"
            "\t.space 8\n\t.extern e0 4\n")
    body = ("lb $t0, b0+1\n\tlh $t1, h\n\tadd $t0, $t0, $t1\n\tlb $t1, s+1\n"
            "\tadd $t0, $t0, $t1\n\tlw $t1, v+12\n\tadd $t0, $t0, $t1\n"
            "\t.set noat\n\tmove $k1, $at\n\t.set at")
    source = write(snippet(body, data))
    tap.same(sim(build(source)[0]), (0, b"2085", ""),
             "directives")
    if SPIM:
        tap.same(spim(source)[1], b"2085", "  as in SPIM")
    else:
        tap.skipped("  as in SPIM", NO_SPIM)
    tap.same(sim(build(write("\t.data 0x10010000\nw:\t.word 7\n"
                             "\t.text 0x00400000\nmain:\tlw $a0, w\n" + PRINT
                             + EXIT))[0]), (0, b"7", ""),
             "  addresses behind .data and .text")
    elf, said = build(write("\t.ktext 0x80000080\n\tnop\n" + MAIN + EXIT))
    tap.ok(elf is None and "only there" in said, ".ktext elsewhere is refused")
    elf, said = build(write("\t.text\nmain:\trfe\n" + EXIT))
    tap.ok(elf is None and "rfe" in said, "rfe is refused")
    tap.same(sim(build(write("\t.text\n__start:\tli $a0, 4\n\tli $v0, 17\n"
                             "\tsyscall\n"))[0]), (4, b"", ""),
             "a __start of the program's own, without .globl")
    elf, said = build(write("\t.text\nbegin:\n" + EXIT))
    tap.ok(elf is None and "main" in said, "neither main nor __start: refused")
    tap.same(sim(build(write(MAIN + "\tli $a0, 5\n" + PRINT + "\tjr $ra\n"))
                 [0]), (0, b"5", ""), "jr $ra from main: status 0")


def stopped(tap, what, body, words, *args, data=""):
    status, out, err = sim(build(write(f"\t.data\nw:\t.word 5\n{data}{MAIN}"
                                       f"\t{body}\n{EXIT}"))[0], *args)
    good = status == 126 and not out and err.startswith("mips-sim: ") and \
        err.count("\n") == 1 and all(word in err for word in words)
    tap.ok(good, f"{what}: one line and 126", f"{status} {out} {err}")


def ends(tap):
    for number, name in ((2, "print_float"), (3, "print_double"),
                         (6, "read_float"), (7, "read_double")):
        stopped(tap, f"call {number}", f"li $v0, {number}\n\tsyscall",
                [f"SPIM's {name} at 0x801", "no floating point", "prog.s:7"])
    stopped(tap, "call 13", "li $v0, 13\n\tsyscall",
            ["exception Sys", "number $v0 = 13: nobody takes it;"])
    stopped(tap, "print_string of nothing",
            "li $a0, 0x10010000\n\tli $v0, 4\n\tsyscall",
            ["print_string", "no memory at 0x10010000"])
    stopped(tap, "read_string to nowhere",
            "li $a0, 0\n\tli $a1, 9\n\tli $v0, 8\n\tsyscall",
            ["read_string", "no memory at 0x00000000"])
    stopped(tap, "sbrk of too much", "li $a0, 0x7fffffff\n\tli $v0, 9\n"
            "\tsyscall", ["SPIM's sbrk", "no room for 2147483647 bytes"])
    stopped(tap, "sbrk of less", "li $a0, -4\n\tli $v0, 9\n\tsyscall",
            ["SPIM's sbrk", "no room for -4 bytes"])
    stopped(tap, "an address of SPIM's", "lui $t0, 0x1001\n\tlw $t1, 0($t0)",
            ["exception TLBL", "load from 0x10010000: KUSEG", "main+0x4"])
    stopped(tap, "division by zero", "li $t0, 0\n\tdiv $t1, $a1, $t0",
            ["exception Bp", "(division by zero)"])
    stopped(tap, "behind the console", "lw $t0, 0xffff0010",
            ["exception TLBL", "0xffff0010: KSEG3"])
    stopped(tap, "an unaligned word of it", "lw $t0, 0xffff0002",
            ["exception AdEL", "0xffff0002"])
    stopped(tap, "lwl from it", "la $t1, 0xffff0003\n\tlwl $t0, 0($t1)",
            ["exception TLBL", "0xffff0003"])
    quiet = "mfc0 $t0, $12\n\tori $t0, $t0, 1\n\t{}\n\tmtc0 $t0, $12\n\twait"
    none = "andi $t0, $t0, 0x7fff"	# the timer comes round: not that
    stopped(tap, "wait for a keyboard that gives no more",
            f"li $t1, 2\n\tsw $t1, 0xffff0000\n\t{quiet.format(none)}",
            ["IP3: the keyboard gives no more"])
    stopped(tap, "wait for a keyboard that may not interrupt",
            quiet.format(none),
            ["IP3: the keyboard's interrupt is not enabled"])
    keys = os.path.join(WHERE, "keys")
    with open(keys, "wb") as out:
        out.write(b"k")
    stopped(tap, "a key that nobody handles",
            "li $t1, 2\n\tsw $t1, 0xffff0000\n\tmfc0 $t0, $12\n"
            "\tori $t0, $t0, 1\n\tmtc0 $t0, $12\n\twait",
            ["exception Int", "IP3 is up and let through: SPIM's keyboard"],
            "--console-in", keys)
    elf = build(write(MAIN + "\tlw $t0, 0xffff0000\n" + EXIT))[0]
    status, _, err = run([SIM, elf])
    tap.ok(status == 126 and "KSEG3" in err, "without --spim nothing is there")
    elf = build(write(MAIN + "\tli $v0, 1\n\tsyscall\n"))[0]
    status, _, err = run([SIM, elf])
    tap.ok(status == 126 and "(SPIM's are there with --spim)" in err,
           "  and a call says so")


def registers(tap):
    """What reads and writes of the console give, with their ticks."""
    def value(body, stdin=b""):
        return sim(build(write(MAIN + f"\t{body}\n\tmove $a0, $t0\n" + PRINT
                               + EXIT))[0], stdin=stdin)[1]

    tap.same(value("lw $t0, 0xffff0008"), b"1", "ready after reset")
    tap.same(value("li $t1, 65\n\tsw $t1, 0xffff000c\n\tlw $t0, 0xffff0008"),
             b"A0", "busy with a byte")
    tap.same(value("li $t1, 65\n\tsw $t1, 0xffff000c\n\tli $t1, 66\n"
                   "\tsb $t1, 0xffff000c\n\tlbu $t0, 0xffff000c"),
             b"A65", "  what is written then is ignored")
    tap.same(value("li $t1, 255\n\tsw $t1, 0xffff0008\n\tlw $t0, 0xffff0008"),
             b"3", "only bit 1 of the control can be written")
    wait = "lui $s0, 0xffff\n\tli $t1, 65\n\tsw $t1, 12($s0)\n" \
           "\tmfc0 $t2, $9\n1:\tlw $t0, 8($s0)\n\tbeqz $t0, 1b\n" \
           "\tmfc0 $t0, $9\n\tsub $t0, $t0, $t2"
    ticks = int(value(wait)[1:]) * 2
    tap.ok(9990 < ticks <= 10010, f"busy for 10,000 instructions ({ticks})")
    wait = "lui $s0, 0xffff\n1:\tlw $t0, 0($s0)\n\tbeqz $t0, 1b\n" \
           "\tmfc0 $t0, $9"
    ticks = int(value(wait, b"a")) * 2
    tap.ok(9990 < ticks <= 10010, f"the first byte after 10,000 ({ticks})")
    wait = "lui $s0, 0xffff\n1:\tlw $t0, 0($s0)\n\tbeqz $t0, 1b\n" \
           "\tlw $t0, 4($s0)\n\tmfc0 $t2, $9\n2:\tlw $t0, 0($s0)\n" \
           "\tbeqz $t0, 2b\n\tmfc0 $t0, $9\n\tsub $t0, $t0, $t2"
    ticks = int(value(wait, b"ab")) * 2
    tap.ok(9990 < ticks <= 10010, f"the next byte after 10,000 ({ticks})")
    tap.same(value("lui $s0, 0xffff\n\tli $t2, 9000\n1:\tlw $t0, 0($s0)\n"
                   "\tsub $t2, $t2, 1\n\tbgtz $t2, 1b"), b"0",
             "no byte at the end of the input")
    tap.same(value("mfc0 $t0, $12"), b"%d" % 0xFF00, "Status after reset")
    if SPIM:
        tap.same(spim(write(MAIN + "\tmfc0 $a0, $12\n" + PRINT + EXIT))[1],
                 b"%d" % 0x3000FF10, "  in SPIM")
        tap.ok(b"Exception 9" in
               spim(write(MAIN + "\tli $t0, 0\n\tdiv $t1, $a1, $t0\n" + EXIT))
               [1], "division by zero is a break in SPIM, too")
    else:
        tap.skipped("Status and division by zero in SPIM", NO_SPIM)
    # the chip's line and the transmitter's are one
    both = ("lui $s0, 0xffff\n\tli $t1, 2\n\tsw $t1, 8($s0)\n\tmfc0 $t0, $13\n"
            "\tli $t2, 0xbf000000\n\tli $t1, 2\n\tsw $t1, 0x10($t2)\n"
            "\tsw $zero, 8($s0)\n\tmfc0 $t1, $13\n\tsll $t1, $t1, 1\n"
            "\tadd $t0, $t0, $t1\n\tsw $zero, 0x10($t2)\n\tmfc0 $t1, $13\n"
            "\tadd $t0, $t0, $t1")
    tap.same(value(both), b"%d" % (0x400 + 0x800),
             "IP2 is up for the transmitter, for the chip, then for none")


def main():
    global WHERE  # pylint: disable=global-statement
    need(MIPS_CC, "gcc-mipsel-linux-gnu")
    need_sim()
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        programs(tap)
        rows(tap)
        commas(tap)
        levels(tap)
        slots(tap)
        directives(tap)
        ends(tap)
        registers(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
