#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, for test_vm.py: where the waiting is done. Prints '@WHAT CLIENT',
# each followed by its lines; '@end' when it got there.
#
#   trace   strace of three bytes:  PID call(fd<path>, ...
#   parked  of a client that waits: a line a thread, its /proc/.../syscall;
#           'device: FD'; and what its epoll has, 'tfd: FD events: MASK ...'
#   file    strace of a regular file in the device's place; then what it said
#
# usage: guest.sh CLIENT...
set -eu
modules=/lib/modules/$(uname -r)/extra
calls=openat,fcntl,epoll_ctl,epoll_wait,epoll_pwait,read
cd /tmp
insmod "$modules/slowdev.ko"

insmod "$modules/slowdev_hw.ko" period_us=10000
for client; do
	echo "@trace $client"
	strace -f -y -o trace -e trace=$calls "slowcat-$client" -n 3 \
		>out 2>err
	cat trace
done
rmmod slowdev_hw

waits() {	# PID: a thread of it sleeps in read, epoll_wait or epoll_pwait
	grep -qE '^(0|232|281) ' "/proc/$1"/task/*/syscall
}

await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ "$tries" = 2000 ]; then
			echo "guest.sh: waited too long for: $*" >&2
			exit 1
		fi
		usleep 5000
	done
}

insmod "$modules/slowdev_hw.ko" source=line period_us=1000
for client in block "$@"; do
	echo "@parked $client"
	: >out
	"slowcat-$client" -n 2 >out 2>err &
	printf a >/sys/bus/platform/devices/slowdev.0/line_in
	await test -s out
	pid=$!
	await waits "$pid"
	cat "/proc/$pid"/task/*/syscall
	for fd in "/proc/$pid"/fd/*; do
		case $(readlink "$fd") in
		/dev/slowdev0) echo "device: ${fd##*/}" ;;
		'anon_inode:[eventpoll]')
			grep tfd "/proc/$pid/fdinfo/${fd##*/}" ;;
		esac
	done
	printf b >/sys/bus/platform/devices/slowdev.0/line_in
	wait "$pid"
done

head -c 3000 /bin/busybox >file
for client; do
	echo "@file $client"
	strace -f -y -o trace -e trace=$calls "slowcat-$client" -d file \
		>out 2>err || echo "status $?" >>err
	grep /tmp/file trace
	cat err
	! cmp -s file out || echo "the same"
done
echo "@raised asyncio"
python3 -c 'import asyncio, sys
asyncio.new_event_loop().add_reader(open("file"), print)' 2>&1 | tail -n 1
echo "@end"
