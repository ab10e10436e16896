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

# it ends by SIGKILL
insmod "$modules/slowdev_hw.ko" source=counter period_us=1000
echo "@cost.mjs"
node cost.mjs addon || [ $? = 137 ]
node cost.mjs fs || [ $? = 137 ]
UV_USE_IO_URING=1 node cost.mjs fs || [ $? = 137 ]
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

echo "@http.cjs"
strace -f -y -o /tmp/trace -e \
	trace=accept4,read,write,writev,epoll_ctl,epoll_pwait,close \
	node http.cjs >/tmp/said &
until grep -q listening /tmp/said 2>/dev/null; do
	usleep 5000
done
wget -q -O - http://127.0.0.1:8080/
wait
cat /tmp/trace
echo "@end"
