# SPDX-License-Identifier: MIT
"""The VM's file system: a cpio archive the kernel unpacks into memory.

Called by vm/run. The same files give the same archive to the byte (sorted,
one date, one owner), which --exact needs; nothing is compressed, for the
guest's CPU is slower than the host's disk.
"""

import lzma
import os
import stat
import subprocess

DATE = 1767225600           # 2026-01-01, as the VM's clock in exact mode

# What reaches virtio-serial, in the order 6.1 wants them. A kernel that has
# one built in has no such file.
VIRTIO = ["virtio_ring", "virtio", "virtio_pci_legacy_dev",
          "virtio_pci_modern_dev", "virtio_pci", "virtio_console"]

# And what reaches the disk of vm/run --disk, after those.
DISK = ["libnvdimm", "nd_virtio", "virtio_pmem", "nd_btt", "nd_pmem",
        "squashfs"]


class Missing(Exception):
    """Something that must go into the VM is not there; the text says what."""


class Tree:
    """Files by their path in the VM, and the archive made of them."""

    def __init__(self):
        self.nodes = {}

    def mkdir(self, path):
        if path and path not in self.nodes:
            self.mkdir(os.path.dirname(path))
            self.nodes[path] = (stat.S_IFDIR | 0o755, b"")

    def _node(self, path, mode, data):
        self.mkdir(os.path.dirname(path))
        self.nodes[path] = (mode, data)

    def data(self, path, data, mode=0o644):
        self._node(path, stat.S_IFREG | mode, data)

    def link(self, path, target):
        self._node(path, stat.S_IFLNK | 0o777, os.fsencode(target))

    def file(self, path, source, mode=None):
        """Add the host's file @source, with its own mode unless @mode."""
        try:
            # a FIFO without a writer would have open() wait
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
            with open(os.open(source, flags), "rb") as f:
                is_mode = os.fstat(f.fileno()).st_mode
                if not stat.S_ISREG(is_mode):
                    raise Missing(f"cannot read {source}: not a regular file")
                self.data(path, f.read(),
                          stat.S_IMODE(is_mode) if mode is None else mode)
        except OSError as error:
            raise Missing(f"cannot read {source}: {error.strerror}") from error

    def tree(self, path, source):
        """Add the host's directory @source and all below it."""
        self.mkdir(path)
        for entry in os.scandir(source):
            inner = f"{path}/{entry.name}"
            if entry.is_symlink():
                self.link(inner, os.readlink(entry.path))
            elif entry.is_dir():
                self.tree(inner, entry.path)
            elif entry.is_file():
                self.file(inner, entry.path)

    def write(self, out):
        """Write the archive ("newc") to the binary file @out."""
        entries = sorted(self.nodes.items(), key=lambda n: os.fsencode(n[0]))
        entries.append(("TRAILER!!!", (0, b"")))
        for ino, (path, (mode, data)) in enumerate(entries, 1):
            name = os.fsencode(path) + b"\0"
            fields = (ino, mode, 0, 0, 1, DATE, len(data), 0, 0, 0, 0,
                      len(name), 0)
            head = b"070701" + b"".join(b"%08X" % n for n in fields) + name
            out.write(head + b"\0" * (-len(head) % 4))
            out.write(data + b"\0" * (-len(data) % 4))


def shared_libraries(program):
    """The libraries @program needs, and its loader, as absolute paths."""
    text = subprocess.run(["ldd", program], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False).stdout
    words = (word for line in text.splitlines() for word in line.split())
    return sorted({word for word in words if word.startswith("/")})


def base(tree, guest_dir, root="/", libraries=None):
    """Put in what every VM has: busybox, timeout, chrt, init.

    Where the host's own programs cannot run there, those below @root can, with
    the @libraries beside them. Their busybox is like the host's."""
    busybox = "/bin/busybox"
    try:
        applets = subprocess.run([busybox, "--list"], capture_output=True,
                                 text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"no usable {busybox} (Debian: busybox-static)") \
            from error
    for name in ("dev", "proc", "sys", "tmp", "root", "run", "extra"):
        tree.mkdir(name)
    for name in ("sbin", "usr/bin", "usr/sbin"):
        tree.link(name, "/bin")
    for name in applets:
        tree.link("bin/" + name, "busybox")
    # the kselftest runner needs timeout's --foreground and init needs chrt;
    # busybox has neither
    wanted = {"timeout": "usr/bin/timeout", "chrt": "usr/bin/chrt",
              "busybox": "bin/busybox"}
    needed = set()
    for name, program in wanted.items():
        program = os.path.join(root, program)
        tree.file("bin/" + name, program, 0o755)
        if libraries is None:
            needed.update(shared_libraries(program))
    for library in needed:
        tree.file(library.lstrip("/"), library, 0o755)
    for library in libraries or ():
        tree.file("lib/" + os.path.basename(library),
                  os.path.join(root, library), 0o755)
    tree.data("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    tree.data("etc/group", b"root:x:0:\n")
    tree.file("init", os.path.join(guest_dir, "init"), 0o755)


def drivers(tree, modules_dir, wanted, order_file):
    """Put in those of the kernel's modules @wanted that it has, and in
    /etc/vm/@order_file the order to load them."""
    found = {}
    for where, _, names in os.walk(os.path.join(modules_dir, "kernel")):
        for name in names:
            stem = name.split(".")[0]
            if stem in wanted:
                found[stem] = os.path.join(where, name)
    order = []
    for stem in wanted:
        if stem not in found:
            continue
        with open(found[stem], "rb") as f:
            data = f.read()
        if found[stem].endswith(".xz"):
            data = lzma.decompress(data)
        tree.data(f"etc/vm/{stem}.ko", data)
        order.append(stem + "\n")
    tree.data(f"etc/vm/{order_file}", "".join(order).encode())


# Where the header of an ELF file says where the table of its segments is, how
# long an entry is and how many there are; by the file's class.
SEGMENTS = {1: (slice(28, 32), slice(42, 44), slice(44, 46)),
            2: (slice(32, 40), slice(54, 56), slice(56, 58))}


def runs_in_vm(path, elf):
    """Whether the host's file @path is a script, or a static program of the
    class and the machine in @elf."""
    try:
        with open(path, "rb") as f:
            head = f.read(64)
            if head[:2] == b"#!":
                return True
            bits, number = elf
            if head[:6] != b"\x7fELF" + bytes([bits, 1]) or \
               head[18:20] != number.to_bytes(2, "little"):
                return False
            start, size, count = (int.from_bytes(head[field], "little")
                                  for field in SEGMENTS[bits])
            f.seek(start)
            table = f.read(size * count)
    except OSError:
        return False
    types = [table[i:i + 4] for i in range(0, len(table), size or 1)]
    return (3).to_bytes(4, "little") not in types       # PT_INTERP


def programs(tree, bin_dir, elf):
    """Put in the built programs that can run there."""
    if not os.path.isdir(bin_dir):
        return
    for entry in os.scandir(bin_dir):
        if entry.is_file() and runs_in_vm(entry.path, elf):
            tree.file("opt/slowdev/bin/" + entry.name, entry.path, 0o755)
