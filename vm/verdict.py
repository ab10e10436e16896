# SPDX-License-Identifier: MIT
"""What a run in the VM came to, read from what it left behind.

Called by vm/run when QEMU is gone. The guest's word counts only as a whole
end record (see guest/init): QEMU's own status cannot tell a panic from a
clean end.
"""

import re

# Words the kernel uses when something is wrong with it, not with a program.
COMPLAINT = re.compile("|".join([
    r"\bWARNING:", r"\bBUG:", r"\bBUG [\w-]+ \(", r"\bOops\b",
    r"\bUBSAN:", r"\bKASAN:", r"\bKCSAN:",
    r"Kernel panic", r"general protection fault", r"kernel NULL pointer",
    r"unable to handle", r"rcu.*(self-)?detected.*stall", r"\brcu: .*stall",
    r"nobody cared", r"Disabling IRQ", r"scheduling while atomic",
    r"sleeping function called", r"bad unlock balance", r"Bad page state",
    r"blocked for more than", r"soft lockup", r"hard LOCKUP",
    r"possible (circular|recursive|irq lock inversion)",
    r"inconsistent lock state", r"suspicious RCU usage", r"still held",
    r"refcount_t:", r"list_(add|del) corruption",
    r"unreferenced object", r"suspected memory leaks",
    r"INFO: trying to register non-static key", r"ODEBUG:",
    r"invalid opcode", r"stack-protector:", r"Call Trace:",
]))
# guest/init writes this to the log and the console before the command.
MARKER = "vm: the command starts"
PANIC = re.compile(r"Kernel panic - not syncing: .*")

# Bits of /proc/sys/kernel/tainted that say the same when the log has wrapped.
TAINTS = {5: "a bad page", 7: "an oops or BUG", 9: "a warning",
          14: "a soft lockup"}

END = re.compile(rb"^status (\d+) (\d+) (\d+)\n", re.M)
INSMOD = re.compile(rb"^insmod (.*)\n", re.M)
LEVEL = re.compile(r"^<\d+>")
LINES_MOST = 60


def ended(record):
    """Whether the guest has said all it will say."""
    return bool(END.search(record) or INSMOD.search(record))


def insmod_error(record):
    found = INSMOD.search(record)
    return found and found.group(1).decode("utf-8", "replace")


def status(record):
    """The command's status, or None when the VM died before it had one."""
    found = END.search(record)
    return int(found.group(1)) if found else None


def _excerpt(text):
    """The lines of @text around its complaints, LINES_MOST at most."""
    lines = [LEVEL.sub("", line.rstrip("\r"))
             for line in text.decode("utf-8", "replace").splitlines()]
    hits = [i for i, line in enumerate(lines) if COMPLAINT.search(line)]
    if not hits:
        return []
    # a WARN's own words stand two lines above it, its trace below
    lines = lines[max(0, hits[0] - 2):hits[-1] + 12]
    left_out = len(lines) - LINES_MOST
    if left_out > 0:
        lines[LINES_MOST:] = [f"({left_out} more lines)"]
    return lines


def complaints(record, log, console):
    """What the kernel complained of since the command started, as lines;
    none if it did not."""
    # what the console says of the boot is not the command's doing
    lines = _excerpt(log) or \
        _excerpt(console.rsplit(MARKER.encode(), maxsplit=1)[-1])
    found = END.search(record)
    if found and not lines:
        new = int(found.group(3)) & ~int(found.group(2))
        lines = [f"(tainted: {what}; the log has lost its lines)"
                 for bit, what in TAINTS.items() if new >> bit & 1]
    return lines


def began(console):
    """Whether the boot got as far as the command."""
    return MARKER.encode() in console


def panic(console):
    found = PANIC.search(console.decode("utf-8", "replace"))
    return found and found.group(0).strip()


def tail(console, count=30):
    text = console.decode("utf-8", "replace").replace("\r", "")
    return [line for line in text.splitlines() if line.strip()][-count:]


def last_words(console):
    """Of a VM that died: from its first complaint on, else the last lines."""
    return _excerpt(console) or tail(console)
