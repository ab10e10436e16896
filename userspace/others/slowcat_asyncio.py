#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slowcat-asyncio: wait in Python's asyncio, by loop.add_reader().

add_reader() puts any descriptor into the loop's epoll, a character device
too; what Node.js needs an addon for is one call here. Options, output and the
line of cost are those of docs/slowcat.1. Built as build/bin/slowcat-asyncio;
in the VM: userspace/others/run python -- slowcat-asyncio -n 26

One thread. A byte is stamped when os.read() has returned. cpu_ns has the
interpreter's own start in no part.
"""

import asyncio
import collections
import contextlib
import errno
import getopt
import os
import resource
import select
import signal
import stat
import struct
import sys
import time

ME = "slowcat-asyncio"
BUFFER = 4096       # bytes a read takes at most
KEPT = 8192         # as many arrivals as the driver keeps
NO_LIMIT = 2**64 - 1
USAGE = (f"usage: {ME} [-n BYTES] [-d DEVICE]... [--json] [--stamps FILE] "
         "[-h]")
HELP = f"""{USAGE}
Copy a device to standard output, waiting by asyncio, and say what the \
waiting cost.
  -n BYTES       stop after so many, and read no more
  -d DEVICE      instead of /dev/slowdev0; may be repeated
  --json         the cost as one line of JSON
  --stamps FILE  a line of JSON for each byte's way
"""


class Failure(Exception):
    """What is to be said in one line, before status 1."""

    def __init__(self, what, why):
        if isinstance(why, OSError):
            why = os.strerror(why.errno)
        super().__init__(f"{ME}: {what}: {why}\n")


class Device:
    """A device, what was read of it when, and its arrivals in sysfs."""

    def __init__(self, path):
        self.path = path
        self.bytes = 0
        self.reads = collections.deque(maxlen=KEPT)     # (n, count, ns)
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
        try:
            self.fd = os.open(path, flags)
        except OSError as error:
            raise Failure(path, error) from error
        info = os.fstat(self.fd)
        self.sysfs = None
        self.first = 0
        if stat.S_ISCHR(info.st_mode):
            self.sysfs = (f"/sys/dev/char/{os.major(info.st_rdev)}:"
                          f"{os.minor(info.st_rdev)}")
            try:
                self.first, self.lost = self._state()
            except OSError:
                self.sysfs = None           # no slowdev

    def _state(self):
        """Which byte is the next, and how many were lost so far."""
        def number(name):
            with open(f"{self.sysfs}/{name}", "rb") as source:
                return int(source.read())
        return (number("next"),
                number("stats/dropped") + number("stats/overruns"))

    def read(self, room):
        """The bytes that are there; b"" at the end."""
        data = os.read(self.fd, room)
        now = time.monotonic_ns()
        self.reads.append((self.first + self.bytes, len(data), now))
        self.bytes += len(data)
        return data

    def _arrivals(self):
        """The arrival file, if all we read was ours and nothing was lost."""
        try:
            if self.sysfs and self._state() == (
                    (self.first + self.bytes) % 2**32, self.lost):
                return open(f"{self.sysfs}/device/arrivals", "rb",
                            buffering=0)
        except OSError:
            pass                            # the chip has gone
        return contextlib.nullcontext()

    def ways(self):
        """Each byte's: n, when it arrived and was raised (or None), read."""
        with self._arrivals() as arrivals:
            for first, count, read_ns in self.reads:
                for n in range(first, first + count):
                    n %= 2**32
                    record = b""
                    if arrivals:
                        record = os.pread(arrivals.fileno(), 16, n * 16)
                    times = (struct.unpack("=QQ", record)
                             if len(record) == 16 else (0, 0))
                    yield n, *(times if times[0] else (None, None)), read_ns


class Cat:
    """The copying: called by the loop when a device is readable."""

    def __init__(self, limit):
        self.loop = asyncio.get_running_loop()
        self.devices = []
        self.limit = limit
        self.bytes = 0
        self.running = 0
        self.status = self.loop.create_future()
        for number in signal.SIGINT, signal.SIGTERM:
            self.loop.add_signal_handler(number, self._end, 128 + number)

    def _end(self, status):
        if not self.status.done():
            self.status.set_result(status)

    def watch(self, device):
        """From now on epoll has it, level triggered."""
        self.running += 1
        try:
            self.loop.add_reader(device.fd, self._readable, device)
        except OSError as error:            # EPERM: it cannot be waited for
            raise Failure(device.path, error) from error

    def _readable(self, device):
        if self.status.done():
            return      # another's callback of the same turn was the last
        try:
            self._copy(device)
        except Failure as failure:
            self.status.set_exception(failure)

    def _copy(self, device):
        try:
            data = device.read(min(BUFFER, self.limit - self.bytes))
        except BlockingIOError:
            return
        except OSError as error:
            raise Failure(device.path, error) from error
        self.bytes += len(data)
        try:
            write_all(1, data)
        except OSError as error:
            raise Failure("standard output", error) from error
        if not data:
            self.loop.remove_reader(device.fd)
            self.running -= 1
        if self.bytes == self.limit or not self.running:
            self._end(0)


class Cost:
    """What it cost from here on."""

    def __init__(self):
        self.switches, self.cpu_ns, self.wall_ns = self._now()

    @staticmethod
    def _now():
        return (resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw,
                time.process_time_ns(), time.monotonic_ns())

    def end(self):
        switches, cpu_ns, wall_ns = self._now()
        self.switches = switches - self.switches
        self.cpu_ns = cpu_ns - self.cpu_ns
        self.wall_ns = wall_ns - self.wall_ns


def write_all(fd, data):
    while data:
        try:
            data = data[os.write(fd, data):]
        except BlockingIOError:
            # whoever gave it to us made it non-blocking
            select.select([], [fd], [])


def look_up(devices, stamps):
    """Every byte's latency, sorted; their lines to @stamps, if any."""
    found = []
    for dev, device in enumerate(devices):
        for n, arrived, raised, read in device.ways():
            if arrived:
                found.append(read - arrived)
            if stamps:
                stamps.write(f'{{"dev": {dev}, "n": {n}, '
                             f'"arrived_ns": {arrived or "null"}, '
                             f'"raised_ns": {raised or "null"}, '
                             f'"read_ns": {read}}}\n')
    return sorted(found)


def summary(cat, cost, found, as_json):
    # nearest rank: the smallest that so many do not exceed
    p50, p99, top = (found[(len(found) * percent + 99) // 100 - 1]
                     if found else None for percent in (50, 99, 100))
    if as_json:
        latency = (f'{{"p50": {p50}, "p99": {p99}, "max": {top}}}'
                   if found else "null")
        return (f'{{"strategy": "asyncio", "devices": {len(cat.devices)}, '
                f'"bytes": {cat.bytes}, "syscalls": null, '
                f'"vol_switches": {cost.switches}, "cpu_ns": {cost.cpu_ns}, '
                f'"wall_ns": {cost.wall_ns}, "latency_ns": {latency}}}\n')
    latency = (f"; from arrival {p50 / 1e3:.1f} us median, {p99 / 1e3:.1f} us "
               f"99 %, {top / 1e3:.1f} us at most" if found else "")
    return (f"{ME}: {cat.bytes} bytes in {cost.wall_ns / 1e9:.3f} s: "
            f"{cost.switches} voluntary switches, {cost.cpu_ns / 1e6:.3f} "
            f"ms CPU{latency}\n")


async def run(options):
    # the open may start the line: what takes long is done before
    cat = Cat(options["limit"])
    cat.devices = [Device(path) for path in options["devices"]]
    cost = Cost()
    for device in cat.devices:
        cat.watch(device)
    status = await cat.status if cat.limit else 0
    cost.end()
    stamps = options["stamps"]
    try:
        found = look_up(cat.devices, stamps)
        if stamps:
            stamps.close()
    except OSError as error:
        raise Failure(stamps.name, error) from error
    if status == 0 and cat.bytes < cat.limit != NO_LIMIT:
        raise Failure(cat.devices[0].path, f"ended after {cat.bytes} of "
                      f"{cat.limit} bytes")
    write_all(2, summary(cat, cost, found, options["json"]).encode())
    return status


def open_stamps(path, devices):
    """Empty, but not what is another file of ours: that would be lost."""
    stamps = open(path, "a", encoding="ascii")
    if not stat.S_ISREG(os.fstat(stamps.fileno()).st_mode):
        return stamps
    for other, use in ((1, "standard output"), (2, "standard error"),
                       *((device, "what is to be read")
                         for device in devices)):
        if os.path.exists(other) and os.path.samefile(path, other):
            raise Failure(path, f"no file for stamps: it is {use}")
    stamps.truncate(0)
    return stamps


def parse(argv):
    options = {"limit": NO_LIMIT, "devices": [], "json": False,
               "stamps": None}
    path = None
    try:
        given, rest = getopt.gnu_getopt(argv, "n:d:h",
                                        ["json", "stamps=", "help"])
    except getopt.GetoptError as error:
        raise Failure(error.msg, USAGE) from error
    if rest:
        raise Failure(rest[0], f"unexpected; {USAGE}")
    for option, value in given:
        if option == "-n":
            digits = value.isascii() and value.isdigit()
            if not digits or int(value) >= NO_LIMIT:
                raise Failure(f"-n {value}", "not a number of bytes")
            options["limit"] = int(value)
        elif option == "-d":
            options["devices"].append(value)
        elif option == "--json":
            options["json"] = True
        elif option == "--stamps":
            path = value
        else:
            try:
                write_all(1, HELP.encode())
            except OSError as error:
                raise Failure("standard output", error) from error
            sys.exit(0)
    options["devices"] = options["devices"] or ["/dev/slowdev0"]
    if path is not None:
        try:
            options["stamps"] = open_stamps(path, options["devices"])
        except OSError as error:
            raise Failure(path, error) from error
    return options


def main():
    try:
        if sys.stdout is None:
            raise Failure("standard output", os.strerror(errno.EBADF))
        return asyncio.run(run(parse(sys.argv[1:])))
    except Failure as failure:
        write_all(2, str(failure).encode(errors="surrogateescape"))
        return 1


if __name__ == "__main__":
    sys.exit(main())
