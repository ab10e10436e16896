# SPDX-License-Identifier: MIT
"""The chapter that sums up: all rungs, from a polling loop to an event loop,
in one unit."""

from linux import BYTES, PERIOD_US, STRATEGIES
from mips import rungs as mips_rungs
from picture import draw
from show import number


def ladder(show, runs):
    show.heading("The ladder")
    show.say(f"""Every rung below had the same work: {BYTES} counter bytes,
        one every {PERIOD_US} us, an interrupt for each (RX_TRIG 1), at 1 ns =
        1 instruction. So nanoseconds and instructions are the same thing
        here, and one column compares them all.""")
    show.say("""Delivered: median instructions from the byte's being in the
        chip to the first instruction of the program that has it, the
        interrupt handler included. On Linux the chip itself is software: its
        module begins some 3000 instructions before that moment, to be done
        by then.""")
    show.say("""Burnt: median instructions executed by or for the waiter from
        one byte's delivery to the next one's arrival: the polling loop, system
        calls, going to sleep. Idle time and the program's own work are not
        in it. (On MIPS every byte costs the same, and the mean is shown. On
        Linux it is read from the scheduler's switches, whose recording costs
        some hundred instructions a switch and is in it.)""")
    rows = mips_rungs(show, BYTES, PERIOD_US * 1000)
    for name in STRATEGIES:
        rows.append((f"Linux: slowcat-{name}",
                     runs[name, "plain"].delivered(),
                     runs[name, "traced"].burnt(),
                     runs[name, "traced"].moment(f"slowcat-{name}")))
    for name, delivered, burnt, _ in rows:
        show.keep(f"ladder.{name}", {"delivered_insns": delivered,
                                     "burnt_insns": burnt})
    show.table(["rung", "delivered", "burnt"],
               [[name, number(d), number(b)] for name, d, b, _ in rows])
    draw(show.path("ladder.svg"), [moment for *_, moment in rows])
    show.say("""One byte at each rung, drawn to scale from the traces (on
        Linux the recording of a switch is in it, so it comes later than in
        the table): build/demo/ladder.svg.""")
