#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is said of many descriptors: who pays for those that are silent.

Prints TAP. Counted time, so the figures are the same on any machine.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../tools")]

# pylint: disable=wrong-import-position
import manychips        # noqa: E402
from tap import Tap     # noqa: E402

GROWS = ["select", "poll"]
FLAT = ["epoll", "epollet", "uring", "sloop"]
ONE, MANY, ALL = (1, 1), (256, 1), (256, 256)
tap = Tap()


def result(ok, what, why):
    """Its figures are worth showing when it passes, too."""
    tap.ok(ok, what)
    tap.say(why)


def main():
    built = [name for name in GROWS + FLAT
             if os.path.exists(f"build/bin/slowcat-{name}")]
    try:
        figures = manychips.count(built, [ONE, MANY, ALL])
    except (OSError, RuntimeError) as problem:
        result(False, "the VM ran them all to the end", problem)
        figures = {}
    for name, figure in figures.items():
        one, many = figure[ONE], figure[MANY]
        why = f"{one:,.0f} with 1 watched, {many:,.0f} with 256"
        if name in GROWS:
            result(many > 4 * one, f"{name}: 255 silent chips cost more than "
                   "3 times the one that is not", why)
        else:
            result(many < 1.5 * one, f"{name}: 255 silent chips cost next to "
                   "nothing", why)
    if figures:
        a_byte = {name: figure[ALL] / 256 for name, figure in figures.items()}
        result(a_byte["poll"] < 1.5 * a_byte["epoll"],
               "poll: no dearer than epoll when all 256 bring bytes",
               f"a byte: poll {a_byte['poll']:,.0f}, "
               f"epoll {a_byte['epoll']:,.0f}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
