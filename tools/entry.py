# SPDX-License-Identifier: MIT
"""How a Python program of ours begins and ends: its options, its main(), and
one line for what is wrong with them or what the system refused."""

import argparse
import errno
import os
import sys

INTERRUPTED = 130


class Options(argparse.ArgumentParser):
    """-h is main()'s: it prints the file's own words."""

    def __init__(self, name):
        super().__init__(name, add_help=False)

    def error(self, message):
        complain(f"{self.prog}: {message}")
        sys.exit(2)


def open_standard():
    """What is closed of standard input, output and error would be some file
    of ours, or of a program that we run: open it. Says which was."""
    closed = set()
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            closed.add(fd)
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if 2 in closed:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    return closed


def enter(name, main, cannot=1):
    """Leave with @main's status: @cannot for an output that takes nothing, or
    any file that @main did not expect to fail; 130 for Ctrl-C."""
    if 1 in open_standard():
        complain(f"{name}: standard output: {os.strerror(errno.EBADF)}")
        sys.exit(cannot)
    try:
        try:
            status = main()
        except SystemExit as leaving:
            status = leaving.code
        sys.stdout.flush()
    except OSError as problem:
        where = problem.filename or "standard output"
        complain(f"{name}: {where}: {problem.strerror}")
        status = cannot
    except KeyboardInterrupt:
        status = INTERRUPTED
    # what is left in it would be tried again on the way out
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(status)


def complain(line):
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        pass            # the status must do
