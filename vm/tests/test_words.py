#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""verdict.py knows each sanitizer's words, and takes nothing else for one."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../tools")]

# pylint: disable=wrong-import-position
import verdict          # noqa: E402
from tap import Tap     # noqa: E402

# The line by which each begins or names itself.
COMPLAINTS = [
    "BUG: KASAN: use-after-free in use_after_free+0x4a/0x60 [canary]",
    "BUG: KASAN: slab-out-of-bounds in out_of_bounds+0x5e/0x70 [canary]",
    "BUG: KCSAN: data-race in racer / racer",
    "UBSAN: shift-out-of-bounds in canary.c:116:24",
    "UBSAN: array-index-out-of-bounds in canary.c:123:38",
    "WARNING: possible circular locking dependency detected",
    "WARNING: possible recursive locking detected",
    "WARNING: inconsistent lock state",
    "WARNING: suspicious RCU usage",
    "WARNING: held lock freed!",
    "WARNING: lock held when returning to user space!",
    "[ BUG: Invalid wait context ]",
    "BUG: sleeping function called from invalid context at mm/slab.h:1",
    "BUG: scheduling while atomic: insmod/80/0x00000002",
    "ODEBUG: free active (active state 0) object type: timer_list",
    "unreferenced object 0xffff888003a5c2c0 (size 64):",
    "kmemleak: 8 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "BUG kmalloc-64 (Tainted: G    B     O      ): Poison overwritten",
    "BUG slowdev (Not tainted): Objects remaining in slowdev on "
    "__kmem_cache_shutdown()",
    "INFO: task cat:81 blocked for more than 122 seconds.",
    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [cat:81]",
    "irq 24: nobody cared (try booting with the \"irqpoll\" option)",
    "refcount_t: underflow; use-after-free.",
    "list_del corruption. prev->next should be ffff888003a5c2c0",
]

# What a healthy run may say.
FINE = [
    "slowdev slowdev.0: isr #12 at 123456789 ns: RX level=1 took=1 "
    "buffered=1 woke=1",
    "slowdev_hw: loading out-of-tree module taints kernel.",
    "FAULT_INJECTION: forcing a failure.",
    "name failslab, interval 1, probability 0, space 0, times 0",
    "slowdev.0: read of 0x40, where the chip has no register (said once a "
    "chip)",
    "DEBUG: a line of a program's own",
    "kasan: KernelAddressSanitizer initialized",
]


def main():
    tap = Tap()
    for lines, wanted in ((COMPLAINTS, True), (FINE, False)):
        for line in lines:
            log = f"<4>[    5.100000] {line}\n".encode()
            found = bool(verdict.complaints(b"status 0 0 0\n", log, b""))
            tap.ok(found == wanted,
                   f"{'heard' if wanted else 'let pass'}: {line[:50]}", line)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
