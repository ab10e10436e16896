# SPDX-License-Identifier: MIT
"""A slowcat that runs, and a FIFO for it to read: for the tests of those here
and in other languages.
"""

import os
import select
import subprocess

BIN = os.path.join(os.environ.get("B", "build"), "bin")
DEADLINE = 20


class Cat:
    """A slowcat that runs; its output comes by pipes."""

    def __init__(self, strategy, *args, **more):
        more.setdefault("stdout", subprocess.PIPE)
        self.process = subprocess.Popen(
            [os.path.join(BIN, "slowcat-" + strategy), *args],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
        self.out = b""

    def read_out(self, count):
        """Wait until so many bytes have come out."""
        fd = self.process.stdout.fileno()
        while len(self.out) < count:
            if not select.select([fd], [], [], DEADLINE)[0]:
                raise TimeoutError(f"{len(self.out)} of {count} bytes")
            got = os.read(fd, 65536)
            if not got:
                break
            self.out += got

    def end(self):
        """Wait for its end: (status, all its output, its words)."""
        try:
            out, err = self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            err += b"(killed after the deadline)\n"
        return self.process.returncode, self.out + (out or b""), err.decode()


class Fifo:
    """A FIFO with us at the writing end (and at the reading one too, so that
    it does not end before we close it)."""

    def __init__(self, folder, name="fifo"):
        self.path = os.path.join(folder, name)
        if os.path.exists(self.path):
            os.unlink(self.path)
        os.mkfifo(self.path)
        self.fd = os.open(self.path, os.O_RDWR)

    def write(self, data):
        os.write(self.fd, data)

    def rest(self):
        """What nobody has read."""
        os.set_blocking(self.fd, False)
        try:
            return os.read(self.fd, 65536)
        except BlockingIOError:
            return b""

    def close(self):
        os.close(self.fd)


def counter(count, first=0):
    return bytes((first + i) % 256 for i in range(count))


def one_line(text):
    return text.count("\n") == 1 and text.endswith("\n")
