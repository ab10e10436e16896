# SPDX-License-Identifier: MIT
"""GDB's remote protocol, spoken by the tests of --gdb."""

import os
import socket
import subprocess
import time

from simtest import SIM
from tiny import elf

SECONDS = 20
STATUS, PC, EPC = 32, 37, 84


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Session:
    """A simulator that waits for us, and the connection to it."""

    def __init__(self, where, program, *args, stdin=subprocess.DEVNULL):
        """program: a path, or the words of one to put into where."""
        path = program
        if not isinstance(program, str):
            path = os.path.join(where, "p.elf")
            with open(path, "wb") as out:
                out.write(elf(program))
        port = free_port()
        self.run = subprocess.Popen([SIM, "--gdb", str(port), *args, path],
                                    stdin=stdin,
                                    stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.socket.settimeout(SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def send(self, text):
        total = sum(text.encode()) & 255
        self.socket.sendall(f"${text}#{total:02x}".encode())

    def answer(self):
        byte = self.stream.read(1)
        while byte in (b"+", b"-"):
            byte = self.stream.read(1)
        if byte != b"$":
            return None
        text = b""
        while (byte := self.stream.read(1)) not in (b"#", b""):
            text += byte
        self.stream.read(2)
        self.socket.sendall(b"+")
        return text.decode()

    def ask(self, text):
        self.send(text)
        return self.answer()

    def monitor(self, command):
        return bytes.fromhex(self.ask("qRcmd," + command.encode().hex())
                             ).decode()

    def state(self):
        return self.monitor("state")

    def now(self):
        """The instructions so far."""
        return int(self.monitor("when").split()[1])

    def go(self, insns):
        """Step forward or back to that many instructions."""
        packet = "s" if insns > self.now() else "bs"
        for _ in range(abs(insns - self.now())):
            self.ask(packet)

    def reg(self, number):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")),
                              "little")

    def end(self):
        """(status, stdout, stderr)"""
        self.stream.close()
        self.socket.close()
        if self.run.stdin and self.run.stdin.closed:
            self.run.stdin = None
        try:
            out, err = self.run.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.run.kill()
            out, err = self.run.communicate()
            return None, out, err
        return self.run.returncode, out, err

def one_line(err):
    return err.startswith(b"mips-sim: ") and err.count(b"\n") == 1
