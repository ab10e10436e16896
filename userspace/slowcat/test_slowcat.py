#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every slowcat, over FIFOs, terminals and files instead of a device.

Prints TAP. Needs no root and no module: what only the device has (arrival
times, ENODEV) is tested in the VM. A test waits for events with a deadline,
never for time to pass.
"""

import errno
import fcntl
import json
import os
import pty
import random
import resource
import select
import signal
import sys
import tempfile
import tty

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from cats import BIN, DEADLINE, Cat, Fifo, counter, one_line   # noqa: E402
from tap import Tap     # noqa: E402

STRATEGIES = ["block", "nonblock", "select", "poll", "epoll", "epollet",
              "sigio", "uring", "uv", "sloop"]
# epoll refuses regular files
NO_FILES = {"epoll", "epollet", "uv", "sloop", "asyncio"}
UNCOUNTED = {"uv", "asyncio", "go"}     # a library makes the calls
FIELDS = {"strategy", "devices", "bytes", "syscalls", "vol_switches",
          "cpu_ns", "wall_ns", "latency_ns"}
tap = Tap()


def copy(strategy, folder):
    """Odd chunks, the next only when the last is through; then the end."""
    fifo = Fifo(folder)
    cat = Cat(strategy, "-d", fifo.path, "--json")
    data = counter(1500)
    sent = 0
    chunk = 0
    while sent < len(data):
        chunk = chunk % 13 + 1
        fifo.write(data[sent:sent + chunk])
        sent = min(len(data), sent + chunk)
        cat.read_out(sent)
    fifo.close()
    status, out, err = cat.end()
    tap.ok(status == 0 and out == data, f"{strategy}: copies 1500 bytes "
           "in odd chunks to the end", f"{status} {len(out)} {err}")
    try:
        cost = json.loads(err)
        fine = (one_line(err) and FIELDS <= set(cost) and
                cost["strategy"] == strategy and cost["devices"] == 1 and
                cost["bytes"] == 1500 and cost["latency_ns"] is None and
                cost["cpu_ns"] > 0 and cost["wall_ns"] > 0 and
                (cost["syscalls"] is None if strategy in UNCOUNTED
                 else cost["syscalls"] > 100))
    except ValueError:
        fine = False
    tap.ok(fine, f"{strategy}: JSON has all fields", err)


def exact(strategy, folder):
    fifo = Fifo(folder)
    fifo.write(counter(1500))
    status, out, err = Cat(strategy, "-d", fifo.path, "-n", "1000").end()
    tap.ok(status == 0 and out == counter(1000) and one_line(err),
           f"{strategy}: -n 1000 copies 1000", f"{status} {len(out)} {err}")
    rest = fifo.rest()
    tap.ok(rest == counter(500, 1000), f"{strategy}: and leaves the others",
           len(rest))
    fifo.write(b"x")
    status, out, err = Cat(strategy, "-d", fifo.path, "-n", "0").end()
    tap.ok(status == 0 and out == b"" and fifo.rest() == b"x",
           f"{strategy}: -n 0 reads nothing", f"{status} {out} {err}")
    fifo.close()


def early_end(strategy, folder):
    fifo = Fifo(folder)
    cat = Cat(strategy, "-d", fifo.path, "-n", "9", "--json")
    fifo.write(b"abc")
    cat.read_out(3)
    fifo.close()
    status, out, err = cat.end()
    tap.ok(status == 1 and out == b"abc" and one_line(err) and "3 of 9" in err,
           f"{strategy}: an end before -n is an error", f"{status} {err}")


def interrupted(strategy, folder, number, expected):
    fifo = Fifo(folder)
    cat = Cat(strategy, "-d", fifo.path, "--json")
    fifo.write(counter(10))
    cat.read_out(10)
    cat.process.send_signal(number)
    status, out, err = cat.end()
    tap.ok(status == expected and out == counter(10) and one_line(err) and
           json.loads(err)["bytes"] == 10,
           f"{strategy}: signal {number} ends it with {expected} and summary",
           f"{status} {out} {err}")
    fifo.close()


def raced(strategy, folder):
    """Bytes and signal at once, again and again: none lost, none twice, and
    it always ends."""
    dice = random.Random(strategy)
    wrong = []
    for k in range(20):
        fifo = Fifo(folder)
        cat = Cat(strategy, "-d", fifo.path, "--json")
        fifo.write(b"\0")
        cat.read_out(1)
        for i in range(1, dice.randrange(2, 30)):
            fifo.write(bytes([i]))
        cat.process.send_signal(signal.SIGINT)
        fifo.write(b"\xff")
        status, out, err = cat.end()
        both = out + fifo.rest()
        if status != 130 or both != counter(len(both) - 1) + b"\xff" or \
           json.loads(err)["bytes"] != len(out):
            wrong.append((k, status, out, both, err))
        fifo.close()
    tap.ok(not wrong, f"{strategy}: a signal among bytes loses none", wrong)


def no_file():
    """As ulimit -f 0: no file may have a byte."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))


def bad_output(strategy, folder):
    fifo = Fifo(folder)
    fifo.write(b"abc")
    ours, theirs = os.pipe()
    os.close(ours)
    status, _, err = Cat(strategy, "-d", fifo.path, stdout=theirs).end()
    os.close(theirs)
    tap.ok(status == 1 and one_line(err) and "Broken pipe" in err,
           f"{strategy}: nobody reads its output", f"{status} {err}")
    fifo.write(b"abc")
    with open("/dev/full", "wb") as full:
        status, _, err = Cat(strategy, "-d", fifo.path, stdout=full).end()
    tap.ok(status == 1 and one_line(err) and "No space left" in err,
           f"{strategy}: its output is full", f"{status} {err}")
    fifo.write(b"abc")
    with open(os.path.join(folder, "limited"), "wb") as limited:
        status, _, err = Cat(strategy, "-d", fifo.path, stdout=limited,
                             preexec_fn=no_file).end()
    tap.ok(status == 1 and one_line(err) and "File too large" in err,
           f"{strategy}: its output is at the limit of files",
           f"{status} {err}")
    fifo.close()


def no_output(strategy, folder):
    fifo = Fifo(folder)
    fifo.write(b"abc")
    status, _, err = Cat(strategy, "-d", fifo.path, stdout=None,
                         preexec_fn=lambda: os.close(1)).end()
    tap.ok(status == 1 and one_line(err) and "standard output" in err,
           f"{strategy}: it has no output", f"{status} {err}")
    fifo.close()


def slow_output(strategy, folder):
    """A non-blocking, small pipe as output: short writes, EAGAIN."""
    fifo = Fifo(folder)
    data = counter(40000)
    fifo.write(data)
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(theirs, False)
    cat = Cat(strategy, "-d", fifo.path, "-n", "40000", stdout=theirs)
    os.close(theirs)
    out = b""
    with open(ours, "rb", buffering=0) as source:
        while True:
            if not select.select([source], [], [], DEADLINE)[0]:
                break
            got = source.read(777)
            if not got:
                break
            out += got
    status, _, err = cat.end()
    tap.ok(status == 0 and out == data, f"{strategy}: a slow, non-blocking "
           "output gets all", f"{status} {len(out)} {err}")
    fifo.close()


def terminal(strategy):
    """A terminal whose other end goes away, as a device does: what had
    arrived comes out, then one line."""
    what = f"{strategy}: a device that goes away"
    if strategy == "sigio":
        tap.skipped(what, "Linux sends no SIGIO when a terminal hangs up")
        return
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    cat = Cat(strategy, "-d", os.ttyname(theirs))
    for chunk in (b"abc", b"defgh", b"i"):
        os.write(ours, chunk)
        cat.read_out(len(cat.out) + len(chunk))
    os.close(theirs)
    os.close(ours)
    status, out, err = cat.end()
    # the kernel ends a hung-up terminal with EIO or with an end
    gone = status == 1 and one_line(err) and "/dev/pts/" in err
    tap.ok(out == b"abcdefghi" and (gone or status == 0),
           what, f"{status} {out} {err}")


def two_devices(strategy, folder):
    a, b = Fifo(folder, "a"), Fifo(folder, "b")
    args = ["-d", a.path, "-d", b.path]
    if strategy == "block":
        status, out, err = Cat(strategy, *args).end()
        tap.ok(status == 1 and out == b"" and one_line(err),
               f"{strategy}: refuses a second device", f"{status} {err}")
        return
    cat = Cat(strategy, *args, "--json")
    for i in range(300):
        (a if i % 3 else b).write(bytes([i % 100 + (100 if i % 3 else 0)]))
        cat.read_out(i + 1)
    a.close()
    for i in range(300, 400):
        b.write(bytes([i % 100]))
        cat.read_out(i + 1)
    b.close()
    status, out, err = cat.end()
    sent = bytes(i % 100 + (100 if i % 3 and i < 300 else 0)
                 for i in range(400))
    tap.ok(status == 0 and out == sent and json.loads(err)["devices"] == 2,
           f"{strategy}: two devices, one of which ends earlier",
           f"{status} {out} {err}")

    a, b = Fifo(folder, "a"), Fifo(folder, "b")
    a.write(counter(600))
    b.write(counter(600))
    status, out, err = Cat(strategy, *args, "-n", "1000", "--json").end()
    left = len(a.rest()) + len(b.rest())
    tap.ok(status == 0 and len(out) == 1000 and left == 200,
           f"{strategy}: -n holds for both together",
           f"{status} {len(out)} {left} {err}")
    # all bytes from one, and the other silent
    b.write(counter(50))
    status, out, err = Cat(strategy, *args, "-n", "50").end()
    tap.ok(status == 0 and out == counter(50),
           f"{strategy}: a silent device holds up nobody", f"{status} {err}")
    a.write(b"1")
    cat = Cat(strategy, *args)
    cat.read_out(1)
    cat.process.send_signal(signal.SIGINT)
    status, out, err = cat.end()
    tap.ok(status == 130 and out == b"1", f"{strategy}: a signal ends the "
           "waiting for two", f"{status} {err}")
    a.close()
    b.close()


def regular_file(strategy, folder):
    path = os.path.join(folder, "file")
    with open(path, "wb") as out:
        out.write(counter(5000))
    status, out, err = Cat(strategy, "-d", path).end()
    if strategy in NO_FILES:
        tap.ok(status == 1 and out == b"" and one_line(err) and
               os.strerror(errno.EPERM) in err and path in err,
               f"{strategy}: cannot wait for a regular file",
               f"{status} {err}")
    else:
        tap.ok(status == 0 and out == counter(5000),
               f"{strategy}: copies a regular file", f"{status} {err}")


def high_descriptor(strategy, folder):
    """A device whose descriptor is 1100, above FD_SETSIZE."""
    what = f"{strategy}: a device with descriptor 1100"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < 1200:
        tap.skipped(what, f"the limit of open files is {most} here")
        return

    def fill():
        resource.setrlimit(resource.RLIMIT_NOFILE, (1200, most))
        for fd in range(3, 1100):
            os.dup2(0, fd)

    fifo = Fifo(folder)
    fifo.write(b"abc")
    status, out, err = Cat(strategy, "-d", fifo.path, "-n", "3",
                           preexec_fn=fill, close_fds=False).end()
    if strategy == "select":
        tap.ok(status == 1 and out == b"" and one_line(err) and
               fifo.path in err and "1100" in err and "FD_SETSIZE" in err,
               f"{what} gets one line", f"{status} {out} {err}")
    else:
        tap.ok(status == 0 and out == b"abc", what, f"{status} {out} {err}")
    fifo.close()


def few_descriptors(strategy, folder):
    """However few there are, it does all or says that it cannot. The first are
    its standard files, the device, an epoll and a pipe: libuv aborts without."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wrong = []
    fifo = Fifo(folder)
    fifo.write(b"abc")
    for count in range(7, 13):
        status, out, err = Cat(
            strategy, "-d", fifo.path, "-n", "3",
            preexec_fn=lambda n=count: resource.setrlimit(
                resource.RLIMIT_NOFILE, (n, most))).end()
        if status == 0 and out == b"abc":
            fifo.write(out)
        elif status != 1 or out or not one_line(err) or \
                "Too many open files" not in err:
            wrong.append((count, status, out, err))
    tap.ok(not wrong, f"{strategy}: few descriptors are enough, or get one "
           "line", wrong)
    fifo.close()


def stamps(strategy, folder):
    fifo = Fifo(folder)
    fifo.write(counter(100))
    path = os.path.join(folder, "stamps")
    status, _, err = Cat(strategy, "-d", fifo.path, "-n", "100",
                         "--stamps", path).end()
    with open(path, encoding="utf-8") as source:
        lines = [json.loads(line) for line in source]
    tap.ok(status == 0 and [s["n"] for s in lines] == list(range(100)) and
           all(s["arrived_ns"] is None and s["raised_ns"] is None and
               s["read_ns"] > 0 for s in lines),
           f"{strategy}: --stamps has a line a byte, null where unknown",
           f"{status} {lines[:2]} {err}")
    fifo.write(b"abc")
    status, out, err = Cat(strategy, "-d", fifo.path, "-n", "3",
                           "--stamps", "/dev/full").end()
    tap.ok(status == 1 and out == b"abc" and one_line(err) and
           "/dev/full" in err, f"{strategy}: no room for stamps",
           f"{status} {out} {err}")
    fifo.close()

    with open(path, "wb") as file:
        file.write(b"kept")
    with open(path, "ab") as file:
        got = [Cat(strategy, "-d", path, "--stamps", path).end(),
               Cat(strategy, "-d", fifo.path, "--stamps", path,
                   stdout=file).end()]
    with open(path, "rb") as file:
        tap.ok(all(status == 1 and one_line(err) and path in err
                   for status, _, err in got) and file.read() == b"kept",
               f"{strategy}: no stamps into another file of its own", got)
    os.unlink(path)


def bad_input(strategy, folder):
    wrong = []
    nowhere = os.path.join(folder, "nowhere")
    for args, word in (
            (["-n"], "-n"), (["-n", ""], "-n"), (["-n", "-1"], "-1"),
            (["-n", "12x"], "12x"), (["-n", " 1"], "-n"),
            (["-n", "99999999999999999999"], "9999"), (["-x"], "-x"),
            (["--nonsense"], "--nonsense"), (["more"], "more"), (["-d"], "-d"),
            (["--json=1"], "--json"), (["--stamps"], "--stamps"),
            (["-d", nowhere], nowhere), (["-d", ""], "No such"),
            (["-d", folder], folder),
            (["--stamps", nowhere + "/x"], nowhere)):
        status, out, err = Cat(strategy, *args).end()
        if status != 1 or out or not one_line(err) or word not in err or \
           not err.startswith(f"slowcat-{strategy}: "):
            wrong.append((args, status, out, err))
    tap.ok(not wrong, f"{strategy}: bad input gets one line and status 1",
           "\n".join(map(str, wrong)))
    status, out, err = Cat(strategy, "-h").end()
    tap.ok(status == 0 and b"usage: slowcat-" in out and not err,
           f"{strategy}: -h", f"{status} {out} {err}")


def phases(folder):
    """The data as ever; the words name phases of one thread."""
    fifo = Fifo(folder)
    cat = Cat("sloop", "-d", fifo.path, "--show-phases", "-n", "3")
    first = cat.process.stderr.readline().decode()
    fifo.write(b"a")
    cat.read_out(1)
    words = first
    while " timers " not in words:
        words += cat.process.stderr.readline().decode()
    fifo.write(b"bc")
    status, out, err = cat.end()
    lines = (words + err).splitlines()
    told = [line.split() for line in lines[:-1]]
    seen = [line[2] for line in told]
    tap.ok(status == 0 and out == b"abc" and
           {"idle", "poll", "timers", "closing"} == set(seen) and
           seen[-2:] == ["closing"] * 2 and len({line[4] for line in told}) == 1,
           "sloop: --show-phases names the phases of one thread",
           "\n".join(lines))
    tap.ok(not any(x == y == "idle" for x, y in zip(seen, seen[1:])),
           "sloop: at most one idle line between two events",
           "\n".join(lines))
    fifo.close()


def backends(folder):
    """What the loop sleeps by is said by the environment."""
    for name, word in (("poll", " 1 bytes "), ("kqueue", " SLOOP_BACKEND="
                       "kqueue: must be epoll, poll or io_uring\n")):
        fifo = Fifo(folder)
        fifo.write(b"a")
        got = Cat("sloop", "-d", fifo.path, "-n", "1",
                  env={**os.environ, "SLOOP_BACKEND": name}).end()
        tap.ok(got[0] == (name == "kqueue") and one_line(got[2]) and
               word in got[2], f"sloop: SLOOP_BACKEND={name}", got)
        fifo.close()


def command(folder):
    """A command is the driver's; others say that they know none."""
    fifo = Fifo(folder)
    status, out, err = Cat("uringcmd", "-d", fifo.path, "-n", "1").end()
    tap.ok(status == 1 and not out and one_line(err) and fifo.path in err and
           "not supported" in err,
           "uringcmd: a device without commands gets one line", err)
    fifo.close()
    bad_input("uringcmd", folder)


def uring_refused(folder):
    """Whether this machine's kernel (or its keeper) forbids io_uring."""
    if not os.path.exists(os.path.join(BIN, "slowcat-uring")):
        return "not built: its library is missing"
    fifo = Fifo(folder)
    _, _, err = Cat("uring", "-d", fifo.path, "-n", "0").end()
    fifo.close()
    return err.strip() if "io_uring_setup" in err else None


def every(strategy, folder):
    """What holds for a slowcat in any language."""
    copy(strategy, folder)
    exact(strategy, folder)
    early_end(strategy, folder)
    interrupted(strategy, folder, signal.SIGINT, 130)
    interrupted(strategy, folder, signal.SIGTERM, 143)
    raced(strategy, folder)
    bad_output(strategy, folder)
    slow_output(strategy, folder)
    terminal(strategy)
    two_devices(strategy, folder)
    regular_file(strategy, folder)
    high_descriptor(strategy, folder)
    stamps(strategy, folder)
    bad_input(strategy, folder)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for strategy in STRATEGIES:
            if not os.path.exists(os.path.join(BIN, "slowcat-" + strategy)):
                tap.skipped(strategy, "not built: its library is missing")
                continue
            refused = strategy == "uring" and uring_refused(folder)
            if refused:
                tap.skipped(strategy, refused)
                continue
            every(strategy, folder)
            no_output(strategy, folder)
            few_descriptors(strategy, folder)
        refused = uring_refused(folder)
        if refused:
            tap.skipped("uringcmd", refused)
        else:
            command(folder)
        phases(folder)
        backends(folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
