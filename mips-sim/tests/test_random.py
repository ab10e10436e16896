#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random sequences of instructions against QEMU's mipssim.

usage: test_random.py [--seed N] [--count N] [--size N] [--program N]
                      [--engine NAME]...

Sequences (generate.py) run --size to a program there and, with each engine,
here. All registers, HI and LO, the memory they reach and every exception they
raise must come out the same. The first that differs is made as short as
possible and printed. The same seed makes the same programs; --program runs one
of them alone.
"""

import argparse
import os
import sys
import tempfile

from compare import POINTER, QEMU, RUNNER, Runner, engines, run_in, sim, words
from generate import LEFT_OUT, Generator, rows
from shrink import Shrinker, describe
from simtest import Tap, need, need_guests


class Program:
    """Some sequences in one file."""

    def __init__(self, runner, where, sequences, addresses=None):
        self.runner = runner
        self.where = where
        self.sequences = sequences
        data, self.begins = runner.elf(sequences, addresses)
        self.path = os.path.join(where, "random.elf")
        with open(self.path, "wb") as file:
            file.write(data)

    def run(self, worlds):
        return run_in(worlds, self.path, 4 * (len(self.sequences) + 1))

    def part(self, first, end):
        return Program(self.runner, self.where, self.sequences[first:end],
                       self.begins[first:end])


def first_difference(program, want, got, worlds):
    """The index of the first sequence that differs; None: none does alone."""
    count = len(program.sequences)
    if not want.wrong and not got.wrong:
        different = (i for i, (a, b) in
                     enumerate(zip(words(want.out), words(got.out))) if a != b)
        return next(different, None)
    if count == 1:
        return 0
    for first, end in ((0, count // 2), (count // 2, count)):
        part = program.part(first, end)
        want, got = part.run(worlds)
        if want != got:
            found = first_difference(part, want, got, worlds)
            return None if found is None else first + found
    return None


def explain(tap, program, want, got, engine):
    worlds = [QEMU, sim(engine, len(program.sequences))]
    index = first_difference(program, want, got, worlds)
    if index is None:
        tap.say(f"together they differ: QEMU {want.wrong}, sim {got.wrong}")
        return
    shrinker = Shrinker(program.runner, engine, program.begins[index])
    shrunk = shrinker.shrink(program.sequences[index])
    if shrunk is None:
        tap.say(f"sequence {index} differs, but not alone")
        return
    tap.say(f"sequence {index}, shrunk in {shrinker.attempts} attempts:")
    tap.say("\n".join(describe(shrinker, shrunk)))


def compare(tap, options, runner, where, number):
    """One program. Gives the number of exceptions in it."""
    generator = Generator(f"{options.seed}/{number}", POINTER)
    first = number * options.size
    size = min(options.size, options.count - first)
    program = Program(runner, where,
                      [generator.sequence() for _ in range(size)])
    insns = sum(len(sequence.words) for sequence in program.sequences)
    want, *results = program.run([QEMU, *(sim(engine, size)
                                        for engine in options.engine)])
    exceptions = 0 if want.wrong else words(want.out)[-1]
    tap.ok(not want.wrong and all(got == want for got in results),
           f"program {number}: {size} sequences, {insns} instructions, "
           f"{exceptions} exceptions ({', '.join(options.engine)})")
    for engine, got in zip(options.engine, results):
        if got != want or want.wrong:
            tap.say(f"engine {engine}:")
            explain(tap, program, want, got, engine)
            break
    return exceptions


def parse(args):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--size", type=int, default=5000)
    parser.add_argument("--program", type=int)
    parser.add_argument("--engine", action="append")
    options = parser.parse_args(args)
    if options.count < 1 or not 1 <= options.size <= 10000:
        parser.error("--count from 1, --size from 1 to 10000")
    options.engine = options.engine or engines()
    return options


def main(args):
    options = parse(args)
    need("qemu-system-mipsel", "qemu-system-mips")
    need_guests(RUNNER)
    tap = Tap()
    names = {row.name for row in rows()}
    missing = sorted(set(LEFT_OUT) - names)
    left_out = Generator(0, POINTER).left_out
    tap.ok(not missing and len(names) - len(left_out) > 100,
           f"{len(names) - len(left_out)} of {len(names)} instructions are "
           "tried" + "".join(f"; none is called {name}" for name in missing))
    tap.say("not: " + " ".join(left_out))
    programs = range((options.count + options.size - 1) // options.size)
    if options.program is not None:
        programs = [options.program]
    runner = Runner()
    exceptions = 0
    with tempfile.TemporaryDirectory() as where:
        for number in programs:
            exceptions += compare(tap, options, runner, where, number)
    tap.ok(exceptions > 0, f"{exceptions} exceptions")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
