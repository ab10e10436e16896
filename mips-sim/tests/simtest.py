# SPDX-License-Identifier: MIT
"""What the simulator's tests share: finding it and its guests, results.

Imported by the test_*.py here; each of those is run from the project's root.
"""

import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from tap import Tap, skip_all   # noqa: E402

__all__ = ["BUILD", "MIPS_CC", "SIM", "Tap", "need", "need_guests", "need_sim",
           "skip_all"]

BUILD = os.environ.get("B", "build")
SIM = os.environ.get("SIM", f"{BUILD}/bin/mips-sim")
MIPS_CC = os.environ.get("MIPS_CC", "mipsel-linux-gnu-gcc")


def need(program, package):
    if not shutil.which(program):
        skip_all(f"no {program} (Debian: {package})")


def need_sim():
    if not os.access(SIM, os.X_OK):
        skip_all(f"no {SIM}: make builds it")


def need_guests(*paths):
    """Guests that make has built, and a simulator to run them."""
    need(MIPS_CC, "gcc-mipsel-linux-gnu")
    need_sim()
    for path in paths:
        if not os.path.exists(path):
            skip_all(f"no {path}: make builds it")
