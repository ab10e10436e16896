#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: two traps of waiting for many descriptors, and the way round each.
# docs/event-loop.md shows what this prints, test_traps.py checks it.
#
# usage: vm/run --exact --no-insmod --add userspace/slowcat/traps.sh -- \
#		sh /extra/traps.sh
set -eu
modules=/lib/modules/$(uname -r)/extra

insmod "$modules/slowdev.ko"
insmod "$modules/slowdev_hw.ko" source=line devices=2 period_us=1000
# held open: the lines run, and what arrives before a client comes is kept
exec 5</dev/slowdev0 6</dev/slowdev1
mkfifo /tmp/fifo
exec 7<>/tmp/fifo

buffered() {
	cat "/sys/class/slowdev/slowdev$1/stats/buffered"
}

arrive() {	# arrive N BYTES: they are in the driver of device N
	printf %s "$2" >"/sys/bus/platform/devices/slowdev.$1/line_in"
	tries=0
	until [ "$(buffered "$1")" = ${#2} ]; do
		tries=$((tries + 1))
		if [ $tries = 1000 ]; then
			echo "traps.sh: '$2' did not arrive" >&2
			exit 1
		fi
		usleep 5000
	done
}

run() {	# COMMAND...: as typed, what it copies, and its status
	echo "\$ $1"
	status=0
	eval "$1" >/tmp/out 2>/tmp/err || status=$?
	echo "copied '$(cat /tmp/out)', status $status"
	[ $status != 1 ] || cat /tmp/err
}

echo "== select, and a device opened 1100 times"
# shellcheck disable=SC3045 # busybox has it
ulimit -n 2048
# shellcheck disable=SC2034 # run() evaluates it
many=$(yes " -d /dev/slowdev0" | head -n 1100 | tr -d "\n")
for strategy in select poll epoll epollet uring sloop; do
	command -v slowcat-$strategy >/dev/null || continue
	[ "$(buffered 0)" != 0 ] || arrive 0 abc
	run "slowcat-$strategy -n 3 \$many"
done

echo "== edges, and a byte at each of two devices"
both="-d /dev/slowdev0 -d /dev/slowdev1"
arrive 0 a
arrive 1 b
run "timeout 5 slowcat-epollet --one-byte -n 2 $both"
echo "left in the drivers: $(buffered 0) and $(buffered 1)"
run "timeout 5 slowcat-epollet -n 1 -d /dev/slowdev1"
arrive 0 a
arrive 1 b
run "timeout 5 slowcat-epollet -n 2 $both"

echo "== edges, and three bytes in a FIFO"
printf abc >&7
run "timeout 5 slowcat-epollet --one-byte -n 3 -d /tmp/fifo"
run "timeout 5 slowcat-epollet -n 2 -d /tmp/fifo"
printf abc >&7
run "timeout 5 slowcat-epollet -n 3 -d /tmp/fifo"

echo "== edges, and three bytes at a device that wakes whom it leaves bytes to"
arrive 0 abc
run "timeout 5 slowcat-epollet --one-byte -n 3 -d /dev/slowdev0"
