#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, for test_scripts.py: every script of scripts/ on the device.
# Prints '@NAME', then what the script said; '@end' when it got there.
set -eu
modules=/lib/modules/$(uname -r)/extra
cd /extra
insmod "$modules/slowdev.ko"

insmod "$modules/slowdev_hw.ko" source=counter period_us=10000
for script in order.cjs order.mjs waits.mjs; do
	echo "@$script"
	node "$script" /dev/slowdev0
done
rmmod slowdev_hw

insmod "$modules/slowdev_hw.ko" source=line period_us=1000 devices=5
for script in exit.mjs pool.mjs; do
	echo "@$script"
	node "$script" || [ $? = 137 ]
done

echo "@readfile.cjs"
strace -f -y -o /tmp/trace -e trace=openat,statx,read,write,close,epoll_ctl \
	node readfile.cjs
cat /tmp/trace
echo "@end"
