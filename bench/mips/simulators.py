# SPDX-License-Identifier: MIT
"""MIPS simulators side by side: mips-sim's engines, QEMU, GXemul, SPIM.

All run the same work (mix.c; SPIM, which takes no ELF file, a loop of its own)
and must print the same checksum. Figures are user + system CPU time with the
start-up, the same program with 0 rounds, taken off. The runners take turns, in
an order drawn anew for each round; a ratio is the median of the ratios within a
round. `bench/run mips-long` goes to 10^10 instructions.

Called by bench/run.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile

ROUNDS = 400			# of mix.c: 440 million instructions
TURNS = 11
SLOW_TURNS = 3			# of what takes its time
GROWTH = [1, 10, 100, 1000]	# rounds of 1.1 million
SPIM_INSNS = 10 * 300000
SIM = "build/bin/mips-sim"
QEMU = ["qemu-system-mipsel", "-M", "mipssim", "-nographic", "-monitor",
        "none", "-serial", "stdio", "-semihosting"]
ICOUNT = ["-icount", "shift=0,sleep=off"]


def elf(rounds, timer=0, chip=0, board="mix"):
    path = f"build/bench/{board}-{rounds}-{timer}-{chip}.elf"
    subprocess.run(["make", "-s", path], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def cpu_time(*argv):
    """Run it; (CPU seconds, the line with the checksum or None)."""
    with subprocess.Popen(argv, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as child:
        # standard input stays open: GXemul stops at its end
        out = child.stdout.read().decode("utf-8", "replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{' '.join(argv)}: status {child.returncode}")
    lines = [line.strip() for line in out.splitlines()
             if line.startswith("checksum ")]
    return usage.ru_utime + usage.ru_stime, lines[0] if lines else None


def count(path, *args):
    """Instructions, and the checksum, by mips-sim."""
    with tempfile.NamedTemporaryFile() as stats:
        _, checksum = cpu_time(SIM, *args, "--stats", stats.name, path)
        return json.load(stats)["insns"], checksum


class Runner:
    """Something that runs mix.c, and its times."""

    def __init__(self, name, *argv, board="mix", turns=TURNS):
        self.name = name
        self.argv = argv
        self.board = board
        self.turns = turns
        self.rates = []		# instructions a second, turn by turn

    def run(self, rounds):
        took, checksum = cpu_time(*self.argv, elf(rounds, board=self.board))
        return took, checksum

    def turn(self, insns, want):
        start, _ = self.run(0)
        took, checksum = self.run(ROUNDS)
        if checksum != want:
            raise RuntimeError(f"{self.name} printed {checksum}, not {want}")
        self.rates.append(insns / (took - start))


def spread(values, form):
    """Median and range, as text."""
    return (f"{format(statistics.median(values), form)} "
            f"({format(min(values), form)} to {format(max(values), form)}, "
            f"{len(values)} runs)")


def runners():
    yield Runner("mips-sim --engine jit", SIM, "--engine", "jit")
    yield Runner("mips-sim --engine block", SIM, "--engine", "block")
    yield Runner("mips-sim --engine step", SIM, "--engine", "step",
                 turns=SLOW_TURNS)
    if shutil.which(QEMU[0]):
        yield Runner("QEMU -icount shift=0,sleep=off", *QEMU, *ICOUNT,
                     "-kernel")
        yield Runner("QEMU without icount", *QEMU, "-kernel")
    if shutil.which("gxemul"):
        yield Runner("GXemul", "gxemul", "-q", "-E", "testmips", "-C",
                     "4KEc", board="gxemul", turns=SLOW_TURNS)


def speeds():
    """All of them, and their ratios."""
    insns, checksum = count(elf(ROUNDS))
    insns -= count(elf(0))[0]
    found = list(runners())
    for turn in range(TURNS):
        now = [runner for runner in found if turn < runner.turns]
        for runner in random.sample(now, len(now)):
            runner.turn(insns, checksum)
    yield f"mix.c, {insns / 1e6:.0f} million instructions", checksum
    for runner in found:
        yield (runner.name, spread([rate / 1e6 for rate in runner.rates],
                                   ".0f") + " million insns/s")
    peers = [runner for runner in found if "mips-sim" not in runner.name]
    for peer in peers:
        for ours in found[:2]:
            ratios = [a / b for a, b in zip(ours.rates, peer.rates)]
            yield f"{ours.argv[2]} / {peer.name}", spread(ratios, ".2f")
    if shutil.which("spim"):
        rates = [SPIM_INSNS / cpu_time("spim", "-file",
                                       "bench/mips/spim.s")[0]
                 for _ in range(SLOW_TURNS)]
        yield "SPIM", spread([rate / 1e6 for rate in rates],
                             ".2f") + " million insns/s"
        for ours in found[:2]:
            yield (f"{ours.argv[2]} / SPIM",
                   f"{statistics.median(ours.rates) / statistics.median(rates):.0f}")


def growth(sizes):
    """ns an instruction of longer and longer runs."""
    for engine in "jit", "block":
        argv = SIM, "--engine", engine
        begin, _ = count(elf(0))
        for rounds in sizes:
            insns = count(elf(rounds))[0] - begin
            costs = []
            # short runs need many, for the start-up's own noise
            for _ in range(max(3, min(41, 2000 // rounds | 1))):
                start = cpu_time(*argv, elf(0))[0]
                costs.append((cpu_time(*argv, elf(rounds))[0] - start)
                             * 1e9 / insns)
            yield (f"--engine {engine}, {insns:.1e} instructions",
                   spread(costs, ".2f") + " ns each")


def dearer(turns, base, insns, other, more):
    """By how many % an instruction costs more: pairs of runs, of the command
    @base with @insns instructions and of @other with @more."""
    for _ in range(turns):
        first = cpu_time(*base)[0] / insns
        yield 100 * (cpu_time(*other)[0] / more / first - 1)


def overhead():
    """What makes an instruction dearer."""
    plain, timer = elf(ROUNDS), elf(ROUNDS, timer=500)
    insns = count(plain)[0]
    interrupts = "a timer interrupt every 1,000 instructions"
    disturbed = [
        (interrupts, timer, []),
        ("the chip's, with a byte each time",
         elf(ROUNDS, chip=1), ["--line-in", "/dev/zero"]),
        ("--stats", plain, ["--stats", "/dev/null"]),
    ]
    for engine in "jit", "block", "step":
        argv = SIM, "--engine", engine
        turns = SLOW_TURNS if engine == "step" else TURNS
        for name, path, args in disturbed:
            costs = list(dearer(turns, [*argv, plain], insns,
                                [*argv, *args, path], count(path, *args)[0]))
            yield f"{engine}: {name}", spread(costs, "+.1f") + " % CPU time"
    if shutil.which(QEMU[0]):
        # Its Count runs at 6 MHz (half of mipssim's 12), an instruction takes
        # 1 ns: so often come as many interrupts, and so many instructions.
        argv = *QEMU, *ICOUNT, "-kernel"
        costs = list(dearer(SLOW_TURNS, [*argv, plain], insns,
                            [*argv, elf(ROUNDS, timer=6)], count(timer)[0]))
        yield f"QEMU -icount: {interrupts}", spread(costs, "+.0f") + \
            " % CPU time"


def measure(long):
    yield from speeds()
    yield from growth(GROWTH + [10000] if long else GROWTH)
    yield from overhead()
