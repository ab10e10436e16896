#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--gdb with the real GDB, in batch mode: forward and backward."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from remote import free_port
from simtest import BUILD, MIPS_CC, SIM, Tap, need, need_guests

GDB = "gdb-multiarch"
STORY = f"{BUILD}/guest/tests/story.elf"
DOCUMENT = "docs/gdb.md"
COMPILER = "12"		# the major version that its addresses are of
LINE = b"whom,why"
SECONDS = 60
WHERE = None

# What each script begins with.
PROLOGUE = """
set confirm off
set pagination off
set width 0
set style enabled off
define insn
x/i $pc
end
"""


def start(stdin, *args, elf=STORY):
    """The simulator with a program, and its port."""
    port = free_port()
    run = subprocess.Popen([SIM, "--gdb", str(port), "--period", "100000",
                            *args, elf], stdin=stdin,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run, port


def gdb_command(script, port):
    path = os.path.join(WHERE, "script")
    with open(path, "w", encoding="ascii") as out:
        out.write(PROLOGUE)
        if port:
            out.write(f"target remote :{port}\n")
        out.write(script)
    return [GDB, "-nx", "-batch", "-x", path, STORY]


def connectable(run, port):
    """GDB tries once; the simulator listens when the kernel says so."""
    deadline = time.monotonic() + SECONDS
    want = f":{port:04X} 00000000:0000 0A"
    while run.poll() is None and time.monotonic() < deadline:
        with open("/proc/net/tcp", encoding="ascii") as table:
            if want in table.read():
                return
        time.sleep(0.01)


def gdb(script, *args, kind="file"):
    """Run script; (GDB's output, status, stdout, stderr)"""
    line = os.path.join(WHERE, "line")
    with open(line, "wb") as out:
        out.write(LINE)
    pipe = kind == "pipe"
    run, port = start(subprocess.PIPE if pipe else subprocess.DEVNULL,
                      "--line-in", "-" if pipe else line, *args)
    if pipe:
        run.stdin.write(LINE)
        run.stdin.close()
        run.stdin = None
    connectable(run, port)
    done = subprocess.run(gdb_command(script, port), check=False,
                          stdin=subprocess.DEVNULL, timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        out, err = run.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        run.kill()
        out, err = run.communicate()
    return done.stdout.decode(), run.returncode, out, err


def part(text, name):
    """What GDB printed from `echo [name]` on, up to the next such."""
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[\w+\]$|\Z)", text, re.M | re.S)
    return found.group(1).strip() if found else None


def check(tap, text, name, pattern, what):
    got = part(text, name)
    good = got is not None and re.search(pattern, got, re.M | re.S)
    tap.ok(bool(good), what, f"want {pattern}\n"
           f"got  {got if got is not None else text[-500:]}")


def looks(tap):
    text, status, out, err = gdb("""
echo [cp0]\\n
print $status
print/x $prid
info registers epc ebase count
echo [chip]\\n
x/1xw 0xbf000000
echo [slot]\\n
break work
continue
delete
reverse-stepi
insn
print $slot
reverse-stepi
insn
stepi
insn
print/x $next_pc
echo [call]\\n
print work(5)
print $slot
print/x $next_pc
stepi
insn
echo [access]\\n
rwatch worked
continue
insn
delete
awatch *(int *)0xbf000014
continue
delete
echo [set]\\n
tbreak work
continue
set var worked = 1000
set $a0 = 3
finish
print worked
echo [end]\\n
detach
""")
    check(tap, text, "cp0", r"ERL.*BEV.*= 0x19300.*epc: 0x0.*ebase: 0x8",
          "CP0's registers, Status by its bits")
    check(tap, text, "chip", "0x534c4f57", "the chip's ID")
    check(tap, text, "slot", r"li\s+a0,10.*= 1.*jal\s+0x\w+ <work>.*li\s+a0",
          "reverse-stepi into a delay slot, and out of it; stepi into it")
    check(tap, text, "slot", r"= 0x80100300\Z", "  whose branch goes to work()")
    check(tap, text, "call", r"= 15.*= 1.*= 0x80100300.*<work>",
          "work() called by hand there: the branch is not lost")
    check(tap, text, "access", r"read watchpoint.*Value = \d+\n.*"
          r"access \(read/write\) watchpoint.*Value = \d+\n.* isr ",
          "rwatch of a variable; awatch of the chip's DATA")
    check(tap, text, "set", r"Value returned is \$\d+ = 6.*= 1000\Z",
          "registers and variables can be set")
    tap.same((status, out, err), (0, LINE + b"\n", b""),
             "detached, the program goes on to its end")


BACKWARD = """
echo [vector]\\n
tbreak *(char *)vectors + 0x200
continue
set $back = $epc
reverse-stepi
stepi
insn
echo [eret]\\n
tbreak *$back
continue
print $pc == $back
reverse-stepi
insn
stepi
print $pc == $back
echo [forward]\\n
break put if byte == 'w'
continue
print taken
echo [back]\\n
break isr
reverse-continue
reverse-continue
print taken
echo [who]\\n
delete
break guest_exit
continue
watch box[3]
reverse-continue
bt
insn
print taken
reverse-continue
print taken
echo [again]\\n
continue
continue
print taken
print box
echo [lines]\\n
delete
tbreak put if taken == 6
reverse-continue
reverse-finish
reverse-step
info line
reverse-next
info line
next
next
print taken
echo [begin]\\n
break _start
reverse-continue
delete
reverse-continue
monitor when
print taken
echo [state]\\n
monitor state
break put if taken == 3
continue
monitor state
reverse-continue
monitor state
continue
monitor state
reverse-stepi
reverse-stepi
stepi
stepi
monitor state
echo [rest]\\n
delete
break guest_exit
continue
reverse-stepi
detach
"""


def backward(tap, kind):
    plain, stats = (os.path.join(WHERE, name) for name in ("plain", "stats"))
    text, status, out, err = gdb(BACKWARD, "--stats", stats, kind=kind)
    subprocess.run([SIM, "--period", "100000", "--line-in",
                    os.path.join(WHERE, "line"), "--stats", plain, STORY],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   check=True, timeout=SECONDS)
    check(tap, text, "vector", r"vectors\+512.*j\s",
          f"{kind}: reverse-stepi from a handler to what was interrupted")
    check(tap, text, "eret", r"= 1\n.*eret.*= 1\Z",
          "  back into the handler behind its eret, and out again")
    check(tap, text, "forward", r"byte=119 'w'.*= 5\Z", "  some bytes on")
    check(tap, text, "back", r"isr \(\).*isr \(\).*= 4\Z",
          "  reverse-continue to a breakpoint, twice")
    check(tap, text, "who", r"Old value = 121 'y'\nNew value = 109 'm'\n.*"
          r"#0 .* put .*byte=121 'y'.*#1 .* isr .*#2 .*interrupt.*"
          r"=> .*sb\s+a0.*= 7\n.*"
          r"Old value = 109 'm'\nNew value = 0 .*= 3\Z",
          "  who wrote this byte: reverse-continue to a watchpoint")
    check(tap, text, "again", r"Old value = 0 .*New value = 109 'm'.*"
          r"Old value = 109 'm'\nNew value = 121 'y'.*= 7\n.*,why",
          "  and the same forward")
    check(tap, text, "lines", r"isr \(\).*^Line 26 .*^25\s.*^26\s.*^25\s.*"
          r"= 7\Z", "  reverse-finish, reverse-step, reverse-next")
    check(tap, text, "begin", r"No more reverse-execution history.*"
          r"instruction 0 at 0 ns; history from 0 to \d+\n\$\d+ = 0\Z",
          "  to the beginning of history")
    states = re.findall(r"^state (\w+)$", part(text, "state") or "", re.M)
    tap.same([states.index(state) for state in states], [0, 1, 0, 1, 1],
             "  there and back: the same state")
    tap.same((status, out, err), (0, LINE + b"\n", b""),
             "  and nothing was printed twice")
    with open(plain, "rb") as want, open(stats, "rb") as got:
        tap.same(got.read(), want.read(), "  nor counted twice")
    return text


def changed(tap):
    """A variable is set: from there on it is another run."""
    text, status, out, err = gdb("""
echo [set]\\n
tbreak story.c:18
continue
set var box[0] = 'X'
break guest_exit
continue
echo [back]\\n
tbreak story.c:18 if taken == 0
reverse-continue
print box[0]
reverse-stepi
print box[0]
echo [forward]\\n
stepi
print box[0]
continue
print box
echo [again]\\n
tbreak story.c:18 if taken == 4
reverse-continue
set var box[0] = 'Y'
monitor when
continue
print box
detach
""")
    check(tap, text, "back", r"= 88 'X'.*= 0 '\\000'\Z",
          "set var, and back: it is there, and before it is not")
    check(tap, text, "forward", r"= 88 'X'.*= \",why\"\Z",
          "  forward again, it is there again")
    check(tap, text, "again", r"history from 0 to (\d+).*= \"Ywhy\"\n",
          "  set in the past: what comes is another run")
    tap.same((status, err), (0, b""), "  which goes on to its end")
    tap.same(out, b"Xhom,why\n" + b"Ywhy\n",
             "  and prints what is new after what was printed")


def interrupted(tap):
    """Ctrl-C, forward and with the real signal."""
    run, port = start(subprocess.DEVNULL)
    connectable(run, port)
    script = "continue\necho [stopped]\\n\nreverse-stepi\nstepi\nkill\n"
    with subprocess.Popen(gdb_command(script, port), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as debugger:
        deadline = time.monotonic() + SECONDS
        ticks = 0
        while ticks < 10 and time.monotonic() < deadline:
            time.sleep(0.02)
            with open(f"/proc/{run.pid}/stat", encoding="ascii") as stat:
                ticks = int(stat.read().rpartition(")")[2].split()[11])
        debugger.send_signal(signal.SIGINT)
        text = debugger.communicate(timeout=SECONDS)[0].decode()
    _, err = run.communicate(timeout=SECONDS)
    tap.ok("received signal SIGINT" in text and "[stopped]" in text,
           "ctrl-C stops a loop")
    tap.same((run.returncode, err), (125, b"mips-sim: killed by GDB\n"),
             "  and kill ends it")


def stuck(tap):
    """A program that cannot go on: GDB says why, and one can go back."""
    text, status, _, err = gdb("""
echo [end]\\n
break guest_exit
continue
set $pc = 0x7ffffffc
continue
echo [why]\\n
reverse-stepi
print/x $pc
continue
continue
""", "--max-insns", "50000000")
    check(tap, text, "end", r"mips-sim: .*TLBL.*SIGABRT",
          "a program that cannot go on: why")
    check(tap, text, "why", r"= 0x7ffffffc\n.*mips-sim: .*SIGABRT.*"
          r"exited with code 0176", "  back from there, and there again")
    tap.ok(status == 126 and err.startswith(b"mips-sim: ")
           and b"GDB has changed something" in err, "  and its end")


def documented(tap):
    """Every command of docs/gdb.md prints what stands there."""
    what = f"{DOCUMENT}: its commands print what it shows"
    version = subprocess.run([MIPS_CC, "-dumpversion"], check=True,
                             stdout=subprocess.PIPE).stdout.decode().strip()
    if version.split(".", maxsplit=1)[0] != COMPILER:
        tap.skipped(what, f"it was gcc {COMPILER}, this is {version}")
        return
    with open(DOCUMENT, encoding="utf-8") as text:
        lines = [line[4:].rstrip() for line in text if line[:4] == "    "]
    options = next(line.split()[2:-3] for line in lines
                   if line.startswith("$ mips-sim "))
    elf = next(line.split()[-1] for line in lines if line.startswith("$ gdb"))
    shown = [line for line in lines if not line.startswith("$ ")]
    run, port = start(subprocess.DEVNULL, *options,
                      elf=f"{BUILD}/guest/{elf}")
    connectable(run, port)
    script = ""
    for line in shown:
        if line.startswith("(gdb) "):
            command = line[6:].replace(":1234", f":{port}")
            script += f"echo {line}\\n\n{command}\n"
    done = subprocess.run([*gdb_command(script, None)[:-1], "-readnow",
                           f"{BUILD}/guest/{elf}"], check=False,
                          stdin=subprocess.DEVNULL, timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    run.communicate(timeout=SECONDS)
    got = [line.rstrip() for line in done.stdout.decode().splitlines()
           if line and not line.startswith("[Inferior")]
    tap.same(got, shown, what)


def main():
    global WHERE
    need(GDB, GDB)
    need_guests(STORY)
    tap = Tap()
    with tempfile.TemporaryDirectory() as WHERE:
        looks(tap)
        text = backward(tap, "file")
        tap.same(backward(tap, "pipe"), text, "GDB says the same of both")
        changed(tap)
        interrupted(tap)
        stuck(tap)
        documented(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
