#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Test that a line that did not run is found, and needs a reason, and that a
reason needs such a line."""

import os
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../tools"))

# pylint: disable=wrong-import-position
import gcov             # noqa: E402
from tap import Tap     # noqa: E402

SOURCE = """\
static int half(int n)
{
	if (n & 1)
		return -1;
	return n / 2;
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 2)
		return 0;
	return half(argc) == -1 ? 0 : 1;
}
"""
HALF = "a.c half"

# the file's text; what is wrong with it, or the lines without a reason and the
# reasons without a line when `return n / 2;` and `return 0;` did not run
CASES = [
    ("nothing is listed", "", (2, 0)),
    ("a comment is none", "# a.c half\n", (2, 0)),
    ("both are listed", f"{HALF}\n\tWhy.\n\t> return n / 2;\n\n"
     "a.c main\n\tWhy,\n\tat length.\n\t> return 0;\n", (0, 0)),
    ("one in another function", f"{HALF}\n\tWhy.\n\t> return n / 2;\n"
     "\t> return 0;\n", (1, 1)),
    ("one that ran", f"{HALF}\n\tWhy.\n\t> return -1;\n", (2, 1)),
    ("one that is not there", f"{HALF}\n\tWhy.\n\t> return 5;\n", (2, 1)),
    ("two reasons in one function", "a.c main\n\tOne.\n\t> return 0;\n"
     "\tTwo.\n\t> return 1;\n", (1, 1)),
    ("no reason", f"{HALF}\n\t> return n / 2;\n",
     "2: a line without a reason"),
    ("the reason of another", f"{HALF}\n\tWhy.\n\t> x\nb.c f\n\t> y\n",
     "5: a line without a reason"),
    ("no function", "a.c\n\tWhy.\n\t> x\n", "1: not a file and a function"),
    ("nowhere", "\tWhy.\n", "1: a reason without a file and a function"),
    ("no line", f"{HALF}\n\tWhy.\n{HALF}\n", "3: a reason without a line"),
    ("no line at the end", f"{HALF}\n\tWhy.\n", ": a reason without a line"),
    ("twice", f"{HALF}\n\tWhy.\n\t> x\n\t> x\n", "4: listed before"),
]


def run(work, arguments):
    """A tar of what ran of SOURCE, as a VM would send it."""
    subprocess.run([os.path.join(work, "a.out"), *arguments], check=True)
    path = os.path.join(work, "tar")
    with tarfile.open(path, "w") as archive:
        archive.add(os.path.join(work, "a.gcda"), "./a.gcda")
    os.unlink(os.path.join(work, "a.gcda"))
    return path


def measured(work, *runs):
    """The coverage of SOURCE over runs with these arguments."""
    coverage = gcov.Coverage(work)
    for arguments in runs:
        with tempfile.TemporaryDirectory() as place:
            for report in gcov.take(run(work, arguments), work, place):
                coverage.add(report)
    return coverage


def build(work):
    with open(os.path.join(work, "a.c"), "w", encoding="utf-8") as out:
        out.write(SOURCE)
    subprocess.run(["gcc", "--coverage", "-c", "a.c"], cwd=work, check=True)
    subprocess.run(["gcc", "--coverage", "a.o"], cwd=work, check=True)


def verdict(work, text, unreached):
    path = os.path.join(work, "unreached")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    try:
        return tuple(map(len, gcov.judge(unreached,
                                         gcov.read_reasons(path))))
    except gcov.Wrong as error:
        return str(error)


def results(work):
    """(name, whether it is so, what was found)."""
    build(work)
    one = measured(work, [])
    found = [(number, text) for _, number, _, text in one.unreached()]
    yield ("a line that did not run is found",
           found == [(5, "return n / 2;"), (12, "return 0;")], found)
    table = one.table()
    yield ("and counted", table == [("a.c", 8, 6), ("total", 8, 6)], table)
    two = measured(work, [], ["x", "y"]).unreached()
    yield ("it ran in another run", [line[1] for line in two] == [5], two)
    with tarfile.open(os.path.join(work, "none"), "w"):
        pass
    try:
        wrong = gcov.take(os.path.join(work, "none"), work, work)
    except gcov.Wrong as error:
        wrong = str(error)
    yield ("a VM that counted nothing", "nothing in the VM" in wrong, wrong)
    for name, text, wanted in CASES:
        got = verdict(work, text, one.unreached())
        yield (name, got == wanted or
               isinstance(got, str) and str(wanted) in got, got)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="slowdev-gcov.") as work:
        for name, ok, found in results(work):
            tap.ok(ok, name, found)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
