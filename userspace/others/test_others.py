#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slowcat-asyncio and slowcat-go over FIFOs, terminals and files, judged as
every other slowcat (userspace/slowcat/test_slowcat.py). Prints TAP.
"""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "slowcat"))

# pylint: disable=wrong-import-position
from cats import BIN                              # noqa: E402
from test_slowcat import every, no_output, tap    # noqa: E402


def main():
    with tempfile.TemporaryDirectory() as folder:
        every("asyncio", folder)
        no_output("asyncio", folder)
        if os.path.exists(os.path.join(BIN, "slowcat-go")):
            every("go", folder)
            # no_output: newer Go has made it /dev/null before our first line
        else:
            tap.skipped("go", "not built: no go (tools/deps others)")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
