# SPDX-License-Identifier: MIT
"""QEMU: its flags, its process, and which accelerator can be had.

Called by vm/run. QEMU's command line is made here, and in machines.py what is
the machine's own of it.
"""

import ctypes
import hashlib
import os
import signal
import subprocess
import time

import machines

CHANNELS = ("out", "err", "log", "end")     # virtio-serial ports 1 to 4
PR_SET_PDEATHSIG = 1
POLL_S = 0.02
DISK_ALIGN = 2 << 20        # the guest maps the disk in pages of that size


def _die_with_parent(parent):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def command(machine, kernel, initrd, work, accel, smp, mem_mib, shell=False,
            disk=None):
    """QEMU's command line. @accel is one of @machine's ACCEL."""
    append = machine.KERNEL
    if accel == "exact":
        append += " " + machine.KERNEL_EXACT
    argv = [machine.PROGRAM, "-nodefaults", "-no-user-config", "-display",
            "none", "-no-reboot", *machine.BOARD, "-smp", str(smp),
            "-m", str(mem_mib), "-kernel", kernel, "-initrd", initrd,
            *machine.ACCEL[accel]]
    if shell:
        argv += ["-serial", "mon:stdio"]
        return argv + disk_options(disk, mem_mib) + ["-append", append]
    argv += ["-chardev", f"file,id=console,path={work}/console",
             "-serial", "chardev:console",
             "-device", "virtio-serial-pci,ioeventfd=off"]
    for number, name in enumerate(CHANNELS, 1):
        argv += ["-chardev", f"file,id={name},path={work}/{name}",
                 "-device", f"virtserialport,chardev={name},nr={number}"]
    # after the channels, whose ports' names have the device's number in them
    return argv + disk_options(disk, mem_mib) + ["-append", append]


def disk_options(path, mem_mib):
    """The disk is memory to the guest: a read is a copy, with no completion
    whose moment the host decides, which --exact could not bear. Private, so
    that nothing is ever written to the file."""
    if not path:
        return []
    size = os.path.getsize(path)
    path = path.replace(",", ",,")
    return ["-m", f"{mem_mib},maxmem={(mem_mib << 20) + (4 << 30)}b",
            "-object", f"memory-backend-file,id=disk,mem-path={path},"
            f"size={size},share=off",
            "-device", "virtio-pmem-pci,memdev=disk"]


class Vm:
    """A running QEMU; leaving the with-block ends it, come what may."""

    def __init__(self, argv, work):
        self.work = work
        parent = os.getpid()
        self.stderr = open(f"{work}/qemu", "wb")
        self.process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=self.stderr,
            stderr=self.stderr, preexec_fn=lambda: _die_with_parent(parent))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """End QEMU, if it has not. It may ignore SIGTERM."""
        self.process.kill()
        self.process.wait()
        self.stderr.close()

    def dead(self):
        """Whether it ended by itself."""
        return self.process.poll() is not None

    def read(self, name):
        try:
            with open(f"{self.work}/{name}", "rb") as f:
                return f.read()
        except FileNotFoundError:
            return b""

    def follow(self, deadline, ended, sinks):
        """Copy channels to @sinks (name: binary file) as they fill, until
        the end record says @ended, QEMU is gone or @deadline passed.

        Returns whether there was time."""
        offsets = dict.fromkeys(sinks, 0)
        while True:
            # in this order: what is there when the end is seen is all
            over = self.process.poll() is not None or ended(self.read("end"))
            late = time.monotonic() >= deadline
            for name, sink in sinks.items():
                offsets[name] += self._copy(name, offsets[name], sink)
            if over or late:
                return over
            time.sleep(POLL_S)

    def _copy(self, name, offset, sink):
        copied = 0
        try:
            with open(f"{self.work}/{name}", "rb") as f:
                f.seek(offset)
                while data := f.read(1 << 20):
                    sink.write(data)
                    copied += len(data)
        except FileNotFoundError:
            pass
        return copied


def kvm_key(kernel):
    """Names a host, its boot, QEMU and the kernel: what the probe's answer
    holds for."""
    parts = [kernel]
    version = subprocess.run([machines.X86.PROGRAM, "--version"],
                             capture_output=True, text=True, check=False)
    parts.append(version.stdout)
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as f:
        parts.append(f.read())
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
        parts += sorted({line for line in f if line.startswith("model name")})
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def kvm_usable(kernel, cache, probe):
    """Whether the VM boots under KVM, which opening /dev/kvm does not tell.

    @probe boots it and gives the answer; it is asked once and remembered."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    path = os.path.join(cache, "kvm", kvm_key(kernel))
    try:
        with open(path, encoding="ascii") as f:
            return f.read() == "yes\n"
    except OSError:
        pass
    answer = probe()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(f"{path}.{os.getpid()}", "w", encoding="ascii") as f:
            f.write("yes\n" if answer else "no\n")
        os.replace(f.name, path)
    except OSError:
        pass            # then the next run asks again
    return answer
