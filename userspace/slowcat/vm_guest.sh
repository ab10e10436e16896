#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, for test_vm.py: every strategy on the real device. Prints records
# '@WHAT STRATEGY', each followed by its lines; '@end' when it got there.
#
# usage: vm_guest.sh STRATEGY...
set -eu
modules=/lib/modules/$(uname -r)/extra
chips=/sys/bus/platform/devices

# A command must come true within 10 s.
await() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ "$tries" = 2000 ]; then
			echo "vm_guest.sh: waited too long for: $*" >&2
			exit 1
		fi
		usleep 5000
	done
}

said() {	# said FILE COUNT: FILE has so many bytes
	[ "$(wc -c <"$1")" = "$2" ]
}

is() {	# is FILE VALUE
	[ "$(cat "$1")" = "$2" ]
}

record() {	# record STRATEGY NAME STATUS: what is in out, err and stamps
	echo "@status $1 $2"
	echo "$3"
	echo "@out $1 $2"
	hexdump -v -e '64/1 "%02x" "\n"' out
	echo "@err $1 $2"
	cat err
	echo "@stamps $1 $2"
	cat stamps
}

# copy NAME STRATEGY ARGUMENT...: to the end
copy() {
	name=$1
	strategy=$2
	shift 2
	status=0
	"slowcat-$strategy" --json --stamps stamps "$@" >out 2>err || status=$?
	record "$strategy" "$name" "$status"
}

# begin STRATEGY: on a quiet line; then three bytes are there and copied
begin() {
	: >out	# said() must not see the last client's
	"slowcat-$1" --json --stamps stamps >out 2>err &
	client=$!
	printf abc >"$chips/slowdev.0/line_in"
	await said out 3
}

finish() {	# finish STRATEGY NAME: the client of begin
	status=0
	wait "$client" || status=$?
	record "$1" "$2" "$status"
}

cd /tmp
insmod "$modules/slowdev.ko"

insmod "$modules/slowdev_hw.ko" source=counter period_us=100 devices=2
for strategy; do
	copy counter "$strategy" -n 1000
	case $strategy in
	block | uringcmd) ;;	# one device
	*)	copy two "$strategy" -n 600 \
			-d /dev/slowdev0 -d /dev/slowdev1 ;;
	esac

	echo kept >out
	: >stamps
	status=0
	# shellcheck disable=SC2094 # the mistake that is to be refused
	"slowcat-$strategy" -n 1 --stamps out >>out 2>err || status=$?
	record "$strategy" mixed "$status"
done
rmmod slowdev_hw

for strategy; do
	insmod "$modules/slowdev_hw.ko" source=line period_us=1000
	begin "$strategy"
	kill -INT "$client"
	finish "$strategy" interrupted
	begin "$strategy"
	rmmod slowdev_hw
	finish "$strategy" gone

	# asleep while bytes come and the chip goes: first those, then ENODEV
	insmod "$modules/slowdev_hw.ko" source=line period_us=1000
	begin "$strategy"
	kill -STOP "$client"
	printf defgh >"$chips/slowdev.0/line_in"
	await is /sys/class/slowdev/slowdev0/stats/buffered 5
	rmmod slowdev_hw
	kill -CONT "$client"
	finish "$strategy" left
done

insmod "$modules/slowdev_hw.ko" period_us=20000
copy phases sloop --show-phases -n 6
echo @end
