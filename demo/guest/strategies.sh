#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: the same bytes by every strategy, twice each: once undisturbed,
# once with the scheduler's switches recorded.
#
# usage: strategies.sh BYTES PERIOD_US STRATEGY...
#
# Prints records for demo/linux.py: '@NAME STRATEGY RUN', then lines up to the
# next '@'. The trace's timestamps are CLOCK_MONOTONIC ns, as all others here.
set -eu
bytes=$1
period_us=$2
shift 2
modules=/lib/modules/$(uname -r)/extra
tracing=/sys/kernel/tracing

insmod "$modules/slowdev_hw.ko" source=counter period_us="$period_us"
insmod "$modules/slowdev.ko"

# Only sched_switch, and each event as 'pid cpu ns type': the raw form is the
# one that does not round to microseconds. pid is the task that stops running.
echo mono >$tracing/trace_clock
echo 1 >$tracing/options/raw
echo 8192 >$tracing/buffer_size_kb
echo 0 >$tracing/tracing_on

copy() {
	strategy=$1
	run=$2
	rm -f /tmp/stamps
	"slowcat-$strategy" -n "$bytes" --json --stamps /tmp/stamps \
		>/tmp/bytes 2>/tmp/json
	echo "@json $strategy $run"
	cat /tmp/json
	echo "@bytes $strategy $run"
	hexdump -v -e '64/1 "%02x" "\n"' /tmp/bytes
	echo "@stamps $strategy $run"
	cat /tmp/stamps
}

for strategy; do
	copy "$strategy" plain
	echo >$tracing/trace
	echo 1 >$tracing/events/sched/sched_switch/enable
	echo 1 >$tracing/tracing_on
	copy "$strategy" traced >/tmp/traced
	echo 0 >$tracing/tracing_on
	echo 0 >$tracing/events/sched/sched_switch/enable
	cat /tmp/traced
	echo "@switches $strategy traced"
	grep -v '^#' $tracing/trace
done
echo "@end"
