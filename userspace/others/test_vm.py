#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slowcat-asyncio and slowcat-go on /dev/slowdev0 in the VM: judged as every
other slowcat, and where their waiting is done.

Prints TAP. The copying and its judgement are userspace/slowcat's; guest.sh
looks at the system calls. Exact mode, so that no byte is lost to a slow host.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SLOWCAT = os.path.join(os.path.dirname(HERE), "slowcat")
BIN = os.path.join(os.environ.get("B", "build"), "bin")
sys.path[:0] = [SLOWCAT, os.path.join(HERE, "../../tools")]

# pylint: disable=wrong-import-position
from tap import skip_all                  # noqa: E402
from test_vm import judge, parse, tap     # noqa: E402

READ, FUTEX, EPOLL_WAIT, EPOLL_PWAIT = "0", "202", "232", "281"    # x86-64
EPOLLET = 1 << 31


def run(script, *clients):
    """What @script printed in the VM, as records."""
    done = subprocess.run(
        [os.path.join(HERE, "run"), "python", "--exact", "--timeout", "900",
         "--no-insmod", "--add", script, "--", "sh",
         "/extra/" + os.path.basename(script), *clients],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    records = parse(done.stdout.decode("utf-8", "replace"))
    tap.ok(done.returncode == 0 and ("end",) in records,
           f"the VM ran {os.path.basename(script)} to the end",
           f"status {done.returncode}\n{done.stderr.decode()[-2000:]}")
    return records


class Trace:
    """strace's lines on the device: (thread, call, rest)."""

    def __init__(self, lines):
        self.main = lines[0].split()[0] if lines else ""
        self.calls = []
        for line in lines:
            found = re.match(r"(\d+) +(\w+)\((.*</dev/slowdev0>.*)", line)
            if found:
                self.calls.append(found.groups())

    def of(self, name):
        return [(who, rest) for who, call, rest in self.calls if call == name]

    def added(self):
        """The masks with which the device was put into an epoll."""
        return [re.search(r"events=([A-Z|]+)", rest)[1]
                for _, rest in self.of("epoll_ctl") if "_ADD" in rest]

    def __str__(self):
        return "\n".join(map(" ".join, self.calls))


class Parked:
    """A client that waits: its threads' system calls, its epoll's masks."""

    def __init__(self, lines):
        self.text = "\n".join(lines)
        self.threads = [line.split()[0] for line in lines
                        if re.match(r"\d+ 0x|running", line)]
        device = re.search(r"device: (\d+)", self.text)
        self.masks = [int(mask, 16) for fd, mask in re.findall(
            r"tfd: +(\d+) events: +([0-9a-f]+)", self.text)
            if device and fd == device[1]]


def asyncio(records):
    trace = Trace(records.get(("trace", "asyncio"), []))
    reads = trace.of("read")
    tap.ok(trace.added() == ["EPOLLIN"],
           "asyncio: add_reader() puts the device into epoll, once", trace)
    tap.ok(len(reads) == 3 and all(who == trace.main and rest.endswith("= 1")
                                   for who, rest in reads),
           "asyncio: a read a byte, by the main thread", trace)
    parked = Parked(records.get(("parked", "asyncio"), []))
    tap.ok(parked.threads == [EPOLL_WAIT] and len(parked.masks) == 1 and
           not parked.masks[0] & EPOLLET,
           "asyncio: its one thread waits in epoll_wait, level triggered",
           parked.text)
    lines = records.get(("file", "asyncio"), [])
    raised = records.get(("raised", "asyncio"), [])
    tap.ok(any("EPOLL_CTL_ADD" in line and "EPERM" in line
               for line in lines) and lines[-1:] == ["status 1"] and
           lines[-2] == "slowcat-asyncio: file: Operation not permitted" and
           raised[:1] == ["PermissionError: [Errno 1] Operation not "
                          "permitted"],
           "asyncio: a regular file is a PermissionError",
           "\n".join(lines + raised))


def go(records):
    trace = Trace(records.get(("trace", "go"), []))
    tap.ok(trace.added() == ["EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET"] and
           any("F_SETFL" in rest and "O_NONBLOCK" in rest
               for _, rest in trace.of("fcntl")),
           "go: OpenFile() puts the device into epoll and sets O_NONBLOCK",
           trace)
    reads = [rest for _, rest in trace.of("read")]
    tap.ok(sum(rest.endswith("= 1") for rest in reads) == 3 and
           any("EAGAIN" in rest for rest in reads),
           "go: it reads until EAGAIN before it parks", trace)
    parked = Parked(records.get(("parked", "go"), []))
    tap.ok(EPOLL_PWAIT in parked.threads and
           set(parked.threads) <= {FUTEX, EPOLL_PWAIT},
           "go: while it waits no thread is in read", parked.text)
    tap.ok(len(parked.masks) == 1 and parked.masks[0] & EPOLLET,
           "go: its epoll has the device, edge triggered", parked.text)
    lines = records.get(("file", "go"), [])
    tap.ok(any("EPOLL_CTL_ADD" in line and "EPERM" in line
               for line in lines) and lines[-1:] == ["the same"],
           "go: a regular file is refused by epoll, and copied all the same",
           "\n".join(lines))


def main():
    have = subprocess.run([os.path.join(HERE, "fetch"), "python"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if have.returncode:
        skip_all(have.stderr.strip().splitlines()[-1])
    clients = ["asyncio"]
    if os.path.exists(os.path.join(BIN, "slowcat-go")):
        clients.append("go")
    records = run(os.path.join(SLOWCAT, "vm_guest.sh"), *clients)
    for client in clients:
        judge(records, client)
    records = run(os.path.join(HERE, "guest.sh"), *clients)
    tap.ok(Parked(records.get(("parked", "block"), [])).threads == [READ],
           "slowcat-block, to compare: its thread is in read")
    asyncio(records)
    if "go" in clients:
        go(records)
    else:
        tap.skipped("go", "not built: no go (tools/deps others)")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
