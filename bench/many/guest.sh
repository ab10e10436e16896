#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: every strategy watches many chips, of which some bring bytes, all
# of these at the same moments.
#
# usage: guest.sh BYTES PERIOD_US WATCHED:ACTIVE,... STRATEGY...
#
# Prints records for manychips.py: '@NAME STRATEGY WATCHED:ACTIVE', then lines up to
# the next '@'. All timestamps are CLOCK_MONOTONIC ns.
set -eu
bytes=$1
period_us=$2
shapes=$(echo "$3" | tr , ' ')
shift 3
modules=/lib/modules/$(uname -r)/extra
tracing=/sys/kernel/tracing

insmod "$modules/slowdev_hw.ko" source=line devices=256
insmod "$modules/slowdev.ko"

# Each switch as 'pid cpu ns type'; pid is the task that stops running.
echo mono >$tracing/trace_clock
echo 1 >$tracing/options/raw
echo 8192 >$tracing/buffer_size_kb
echo 0 >$tracing/tracing_on
echo 1 >$tracing/events/sched/sched_switch/enable

# The client CLIENT must have its standard files and COUNT more.
await_open() {
	tries=0
	until [ "$(find "/proc/$1/fd" -type l | wc -l)" -ge $((3 + $2)) ]; do
		tries=$((tries + 1))
		if [ "$tries" = 2000 ] || ! kill -0 "$1"; then
			echo "guest.sh: it did not open $2 devices:" >&2
			cat /tmp/json >&2
			exit 1
		fi
		usleep 5000
	done
}

measure() {	# STRATEGY WATCHED ACTIVE
	options=
	i=0
	while [ $i -lt "$2" ]; do
		options="$options -d /dev/slowdev$i"
		i=$((i + 1))
	done
	# shellcheck disable=SC2086 # words
	"slowcat-$1" --json --stamps /tmp/stamps $options >/dev/null 2>/tmp/json &
	client=$!
	await_open $client "$2"
	echo >$tracing/trace
	echo 1 >$tracing/tracing_on
	/extra/many-feed "$3" "$bytes" "$period_us"
	echo 0 >$tracing/tracing_on
	kill -INT $client
	wait $client || [ $? = 130 ]
	echo "@json $1 $2:$3"
	cat /tmp/json
	echo "@client $1 $2:$3"
	echo $client
	echo "@stamps $1 $2:$3"
	cat /tmp/stamps
	echo "@switches $1 $2:$3"
	grep -v '^#' $tracing/trace
}

for strategy; do
	for shape in $shapes; do
		measure "$strategy" "${shape%:*}" "${shape#*:}"
	done
done
echo "@end"
