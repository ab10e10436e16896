# SPDX-License-Identifier: MIT
"""What the demo prints, and where it keeps it.

Everything shown goes to standard output and to build/demo/output.txt; every
figure also to build/demo/figures.json. Progress goes to standard error, so
that two runs of the demo have the same output to the byte.
"""

import contextlib
import json
import os
import shutil
import sys
import textwrap
import threading
import time

WIDTH = 78


class Show:
    """The demo's page: prose, output of programs, tables, figures."""

    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.folder = folder
        self.figures = {}
        self._page = open(self.path("output.txt"), "w", encoding="utf-8")
        self._chapter = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def line(self, text=""):
        print(text, flush=True)
        self._page.write(text + "\n")
        self._page.flush()

    def heading(self, title):
        self._chapter += 1
        title = f"{self._chapter}. {title}"
        self.line()
        self.line(title)
        self.line("=" * len(title))

    def say(self, text):
        """A paragraph, filled to the page's width."""
        self.line()
        for line in textwrap.wrap(" ".join(text.split()), WIDTH,
                                  break_on_hyphens=False):
            self.line(line)

    def output(self, command, text, most=None):
        """A program's real output, indented, under its command line."""
        self.line()
        self.line("  $ " + command)
        lines = text.splitlines()
        for line in lines[:most]:
            self.line("  " + line)
        if most is not None and len(lines) > most:
            self.line(f"  ... ({len(lines) - most} more lines)")

    def table(self, head, rows):
        """Columns as wide as they need; the first is text, the rest right."""
        cells = [[str(c) for c in row] for row in [head] + rows]
        wide = [max(len(row[i]) for row in cells) for i in range(len(head))]
        self.line()
        for k, row in enumerate(cells):
            rest = (c.rjust(w) for c, w in zip(row[1:], wide[1:]))
            self.line("  " + "  ".join([row[0].ljust(wide[0]), *rest]))
            if k == 0:
                self.line("  " + "  ".join("-" * w for w in wide))

    def keep(self, name, value):
        """Add to the figures that end in figures.json."""
        self.figures[name] = value

    def close(self):
        with open(self.path("figures.json"), "w", encoding="utf-8") as out:
            json.dump(self.figures, out, indent=1, sort_keys=True)
            out.write("\n")
        self._page.close()


@contextlib.contextmanager
def progress(what):
    """Say on standard error that something is under way, and for how long:
    a running count on a terminal, one line elsewhere."""
    done = threading.Event()

    def tick(began):
        while not done.wait(1):
            seconds = int(time.monotonic() - began)
            print(f"\r[{what}: {seconds} s] ", end="", file=sys.stderr,
                  flush=True)

    ticker = None
    if sys.stderr.isatty():
        ticker = threading.Thread(target=tick, args=(time.monotonic(),))
        ticker.start()
    else:
        print(f"[{what}]", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        done.set()
        if ticker:
            ticker.join()
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def number(value):
    """A count with thousands set apart; a dash for None."""
    return "-" if value is None else f"{value:,.0f}"
