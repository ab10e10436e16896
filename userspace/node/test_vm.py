#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slowcat.mjs on /dev/slowdev0 in the VM, judged as every other slowcat:
nothing lost, repeated or reordered, arrival times, a signal, a chip that goes.

Prints TAP. The work and the judgement are userspace/slowcat's; here Node is
put in their way. Exact mode, twice: the two runs are the same to the byte.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ADDON = os.path.join(os.environ.get("B", "build"), "node", "slowdev.node")
SLOWCAT = os.path.join(os.path.dirname(HERE), "slowcat")
sys.path[:0] = [SLOWCAT, os.path.join(HERE, "../../tools")]

# pylint: disable=wrong-import-position
from tap import skip_all                  # noqa: E402
from test_vm import judge, parse, tap     # noqa: E402

WRAP = """printf '#!/bin/sh\\nexec node /extra/slowcat.mjs "$@"\\n' \
>/bin/slowcat-node; chmod +x /bin/slowcat-node; exec sh /extra/vm_guest.sh node
"""


def run():
    return subprocess.run(
        [os.path.join(HERE, "run"), "--exact", "--no-insmod", "--add",
         os.path.join(SLOWCAT, "vm_guest.sh"), "--", "sh", "-c", WRAP],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)


def main():
    have = subprocess.run([os.path.join(HERE, "fetch"), "image"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if have.returncode:
        skip_all(have.stderr.strip().splitlines()[-1])
    if not os.path.exists(ADDON):
        skip_all(ADDON + " was not built")
    first = run()
    records = parse(first.stdout.decode("utf-8", "replace"))
    tap.ok(first.returncode == 0 and ("end",) in records,
           "the VM ran it all to the end",
           f"status {first.returncode}\n{first.stderr.decode()[-2000:]}")
    judge(records, "node")
    second = run()
    tap.ok(first.stdout == second.stdout and b"@stamps" in first.stdout,
           "a second run is the same to the byte",
           f"{len(first.stdout)} and {len(second.stdout)} bytes")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
