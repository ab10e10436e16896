#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, loaded with --no-insmod: what drivercost.py counts.
#
# usage: guest.sh EVENTS BYTES EVERY
#
# Prints records: '@NAME ARGUMENT...', then lines up to the next '@'.
set -eu
events=$1
bytes=$2
every=$3
modules=/lib/modules/$(uname -r)/extra

load() {	# MODULE PERIOD_US
	insmod "$modules/slowdev_hw.ko" source=counter period_us="$2"
	insmod "$1"
}

unload() {
	rmmod slowdev_hw
	rmmod slowdev
}

wakeup() {	# STRATEGY TIMER
	echo "@wakeup $1 $2"
	/extra/driver-wakeup "$1" "$2" "$events"
}

load "$modules/slowdev.ko" 2503
for timer in interval once; do
	for strategy in read epoll uring uringcmd; do
		wakeup $strategy $timer
	done
done
wakeup sleep once
unload

# A wake-up and a read for each byte; and the same driver without tracepoints
# and without the ISR log's question.
each() {	# NAME MODULE
	load "$2" 20
	echo "@each $1"
	/extra/driver-bulk slowdev "$bytes" 0
	unload
}

each whole "$modules/slowdev.ko"
each bare /extra/slowdev.ko

load "$modules/slowdev.ko" 20
echo 8 >/sys/class/slowdev/slowdev0/rx_trigger
for source in slowdev pty feed; do
	for wait in "$every" 0; do
		echo "@bulk $source $wait"
		/extra/driver-bulk $source "$bytes" "$wait"
	done
done
echo "@end"
