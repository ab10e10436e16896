#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""nginx's epoll, in the VM: what docs/event-loop.md says of it, by the traces
of nginx_guest.sh. Prints TAP.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tools"))

# pylint: disable=wrong-import-position
from tap import Tap, skip_all     # noqa: E402

IN = "EPOLLIN|EPOLLRDHUP|EPOLLET"
BOTH = "EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET"
tap = Tap()


class Trace:
    """The calls, from the first accept on: (thread, call, rest). Both halves
    of a call that another thread's interrupted are one, where it began."""

    def __init__(self, lines):
        self.calls = []
        begun = {}
        self.main = lines[0].split()[0] if lines else ""
        for line in lines:
            who, _, rest = line.partition(" ")
            rest = rest.strip()
            found = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
            if found and who in begun:
                self.calls[begun.pop(who)][2] += found[1]
                continue
            found = re.match(r"(\w+)\((.*?)(<unfinished \.\.\.>)?$", rest)
            if found:
                if found[3]:
                    begun[who] = len(self.calls)
                self.calls.append([who, found[1], found[2]])
        names = [name for _, name, _ in self.calls]
        begin = names.index("accept4") if "accept4" in names else len(names)
        self.before = self.calls[:begin]
        self.calls = self.calls[begin:]

    def names(self, *wanted):
        return [name for _, name, _ in self.calls if name in wanted]

    def epoll(self):
        """What was done to epoll: (ADD, MOD or DEL, mask)."""
        return [tuple(re.search(r"EPOLL_CTL_(\w+).*?events=([A-Z|]+)",
                                rest).groups())
                for _, name, rest in self.calls if name == "epoll_ctl"]

    def __str__(self):
        return "\n".join(" ".join(call) for call in self.calls)


def small(trace):
    listening = [rest for _, name, rest in trace.before
                 if name == "epoll_ctl" and "socket:" in rest][-1:]
    tap.ok(listening and "events=EPOLLIN|EPOLLRDHUP," in listening[0],
           "the listening socket is level triggered", listening)
    tap.ok(trace.epoll() == [("ADD", IN)],
           "a connection is put into epoll once, edge triggered", trace)
    tap.ok(trace.names("recvfrom", "writev", "sendfile", "close") ==
           ["recvfrom", "writev", "sendfile", "close", "close"] and
           all(who == trace.main for who, _, _ in trace.calls),
           "a request: one read, head, file, close, in one thread", trace)


def large(trace):
    tap.ok(trace.epoll() == [("ADD", IN), ("MOD", BOTH)],
           "room is asked for once, after the first EAGAIN", trace)
    full = sum(name == "sendfile" and "EAGAIN" in rest
               for _, name, rest in trace.calls)
    told = sum(name == "epoll_wait" and "[{events=EPOLLOUT," in rest
               for _, name, rest in trace.calls)
    tap.ok(full >= 2 and told == full,
           "each EAGAIN is answered by an EPOLLOUT, without epoll_ctl", trace)


def threads(trace):
    sent = [who for who, name, _ in trace.calls if name == "sendfile"]
    told = [who for who, name, rest in trace.calls
            if name == "write" and "eventfd" in rest]
    tap.ok(len(sent) == 1 and sent == told and sent[0] != trace.main,
           "aio threads: a thread sends, and says so by an eventfd", trace)
    tap.ok(any(name == "epoll_ctl" and "eventfd" in rest and
               "events=EPOLLIN|EPOLLET" in rest
               for _, name, rest in trace.before) and
           not any(name == "read" and "eventfd" in rest
                   for _, name, rest in trace.calls),
           "the eventfd is edge triggered, and so never read", trace)


def proxy(trace):
    tap.ok(trace.epoll() == [("ADD", IN), ("MOD", BOTH), ("ADD", BOTH),
                             ("ADD", IN)],
           "proxy: the connection onward is put there with all at once",
           trace)
    names = trace.names("epoll_ctl", "connect")
    tap.ok("connect" in names and
           names[names.index("connect") - 1] == "epoll_ctl",
           "proxy: before it is connected", trace)


def main():
    have = subprocess.run([os.path.join(HERE, "fetch"), "nginx"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if have.returncode:
        skip_all(have.stderr.strip().splitlines()[-1])
    done = subprocess.run(
        [os.path.join(HERE, "run"), "nginx", "--exact", "--timeout", "900",
         "--no-insmod", "--add", os.path.join(HERE, "nginx.conf"), "--add",
         os.path.join(HERE, "nginx_guest.sh"), "--", "sh",
         "/extra/nginx_guest.sh"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    said = {}
    lines = []
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if line.startswith("@"):
            lines = said.setdefault(line[1:], [])
        else:
            lines.append(line)
    judges = (small, large, threads, proxy)
    tap.ok(done.returncode == 0 and
           list(said) == [f.__name__ for f in judges] + ["end"],
           "the VM served every request",
           f"status {done.returncode}, {list(said)}\n"
           f"{done.stderr.decode()[-2000:]}")
    for judge in judges:
        judge(Trace(said.get(judge.__name__, [])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
