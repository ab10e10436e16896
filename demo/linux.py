# SPDX-License-Identifier: MIT
"""The chapters on Linux: the interrupt, every way to wait, the loop."""

from commands import vm_run
from records import parse
from show import number, progress

STRATEGIES = ["nonblock", "block", "select", "poll", "epoll", "epollet",
              "sigio", "uring", "uringcmd", "uv", "sloop"]
BYTES = 1000
PERIOD_US = 100


def interrupt(show):
    show.heading("Linux: the interrupt")
    show.say("""Two modules are loaded in a virtual machine. slowdev_hw.ko is
        the chip, with a real interrupt of its own; slowdev.ko is its driver
        and knows only registers and an interrupt number.""")
    show.say("""Watch the chip's line in /proc/interrupts: its count before
        any byte was read, and after twelve. The driver's log says what each
        interrupt found and whom it woke.""")
    with progress("a VM boots and loads the modules"):
        text = vm_run("interrupt.sh", "the interrupt chapter")
    show.output("vm/run --exact -- (the commands below)", text)


def strategies(show):
    """Run every slowcat; returns the runs for the ladder."""
    show.heading("Linux: every way to wait")
    show.say(f"""{len(STRATEGIES)} programs copy {BYTES} bytes from the same
        device, one every {PERIOD_US} us. They differ only in how they wait.
        Time is counted: 1 ns is one instruction while the CPU is busy, so the
        same run gives the same figures.""")
    show.say("""Median and 99th percentile are from the byte's arrival at the
        chip to the moment the program has it. "CPU" is what the machine
        executed for each byte, idle time left out. The non-blocking program
        spins: it executes as many instructions as there are nanoseconds.""")
    with progress(f"a VM boots and runs {len(STRATEGIES)} programs twice"):
        runs = parse(vm_run("strategies.sh", "the strategies chapter",
                            [BYTES, PERIOD_US, *STRATEGIES]))
    rows = []
    for name in STRATEGIES:
        plain, traced = runs[name, "plain"], runs[name, "traced"]
        plain.check(BYTES)
        traced.check(BYTES)
        s = plain.summary
        cpu = traced.cpu_per_byte()
        rows.append([name, s["bytes"], number(s["syscalls"]),
                     s["vol_switches"], number(cpu),
                     number(s["latency_ns"]["p50"]),
                     number(s["latency_ns"]["p99"])])
        show.keep(f"strategy.{name}", dict(s, cpu_insns_per_byte=cpu))
    show.table(["strategy", "bytes", "system calls", "vol. switches",
                "CPU/byte", "median", "99 %"], rows)
    return runs


def loop(show):
    show.heading("The event loop")
    show.say("""slowcat-sloop watches the device with slowdev's own loop,
        built after libuv. A timer and an idle callback run beside it. All of
        it is one thread; each line says which phase of the loop called
        what.""")
    with progress("a VM boots and runs the loop"):
        text = vm_run("loop.sh", "the event loop chapter")
    show.output("slowcat-sloop --show-phases -n 6", text, most=40)
