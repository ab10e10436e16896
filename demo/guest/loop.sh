#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: the device beside a timer and an idle callback, in one thread.
set -eu
modules=/lib/modules/$(uname -r)/extra
insmod "$modules/slowdev_hw.ko" period_us=20000
insmod "$modules/slowdev.ko"
slowcat-sloop --show-phases -n 6 2>&1
