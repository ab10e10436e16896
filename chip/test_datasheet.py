#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR MIT
"""docs/chip.md says what chip/slowchip_regs.h says. Prints TAP."""

import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TOP, "tools"))

# pylint: disable=wrong-import-position
from tap import Tap     # noqa: E402

# What the header knows that has no row in the datasheet's two tables.
NOT_IN_TABLES = {"ID_VALUE", "PERIOD_MIN", "PERIOD_RESET", "TRIG_RESET",
                 "REG_END", "FIFO_SIZE", "TIMEOUT_PERIODS"}


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as text:
        return text.read()


def macros():
    """{name without SLOWCHIP_: value} of the header."""
    found = re.findall(r"^#define\s+SLOWCHIP_(\w+)\s+(0x[0-9a-f]+|\d+)",
                       read("chip/slowchip_regs.h"), re.M)
    return {name: int(value, 0) for name, value in found}


def rows(columns):
    """The cells of each table row of @columns columns, heads left out."""
    for line in read("docs/chip.md").splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == columns:
            if set(line) - set("|-") and cells[1] not in ("name", "bits"):
                yield cells


def check_registers(regs, used):
    """Yield (name, problem or None) for each row of the register table."""
    resets = {"ID": regs["ID_VALUE"], "PERIOD": regs["PERIOD_RESET"],
              "TRIG": regs["TRIG_RESET"], "STATUS": 6, "INT": 2}
    for offset, name, _access, reset, _what in rows(5):
        used.add(name)
        problem = None
        if regs.get(name) != int(offset, 16):
            problem = f"offset {offset}, header has {regs.get(name)}"
        elif int(reset, 16) != resets.get(name, 0):
            problem = f"reset {reset}, header has {resets.get(name, 0):#x}"
        yield f"register {name}", problem


def header_bits(regs, register, name):
    """The bits of a field as the header has them, and the macros used."""
    field = f"{register}_{name}"
    if name in ("RX_LEVEL", "TX_LEVEL"):
        return (regs["STATUS_LEVEL_MASK"] << regs[field + "_SHIFT"],
                {field + "_SHIFT", "STATUS_LEVEL_MASK"})
    if field == "TRIG_RX_TRIG":
        return regs["TRIG_RX_MASK"], {"TRIG_RX_MASK"}
    if field == "TRIG_TX_TRIG":
        return (regs["TRIG_TX_MASK"] << regs["TRIG_TX_SHIFT"],
                {"TRIG_TX_MASK", "TRIG_TX_SHIFT"})
    return regs.get(field), {field}


def check_bits(regs, used):
    for registers, bits, name, _meaning in rows(4):
        register = registers.split(",")[0]
        high, _, low = bits.partition(":")
        low = low or high
        mask = (1 << (int(high) + 1)) - (1 << int(low))
        want, macro = header_bits(regs, register, name)
        used |= macro
        yield (f"{register} {name}", None if want == mask else
               f"bits {bits} are {mask:#x}, header has {want}")


def main():
    regs = macros()
    used = set()
    results = list(check_registers(regs, used))
    results += list(check_bits(regs, used))
    for count, what in ((12, "register "), (17, "")):
        n = sum(name.startswith("register ") == bool(what)
                for name, _ in results)
        results.append((f"{n} rows", None if n == count else
                        f"expected {count}"))
    missing = set(regs) - used - NOT_IN_TABLES
    results.append(("every macro of the header is in the datasheet",
                    ", ".join(sorted(missing)) or None))
    tap = Tap()
    for name, problem in results:
        tap.ok(not problem, name, problem)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
