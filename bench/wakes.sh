#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, loaded with --no-insmod: how often does slowdev_hw wake up when
# eight chips bring a byte every microsecond each? Prints 'WAKES NS'.
set -eu
modules=/lib/modules/$(uname -r)/extra
tracing=/sys/kernel/tracing
insmod "$modules/slowdev_hw.ko" devices=8 period_us=1 source=counter
insmod "$modules/slowdev.ko"
hw_tick=$(awk '$3 == "hw_tick" { print $1 }' /proc/kallsyms)

echo mono >$tracing/trace_clock
echo 16384 >$tracing/buffer_size_kb
for n in 0 1 2 3 4 5 6 7; do
	# to hold the file open
	# shellcheck disable=SC2217
	sleep 1 <"/dev/slowdev$n" &
done
sleep 0.2
echo 1 >$tracing/events/timer/hrtimer_expire_entry/enable
sleep 0.5
echo 0 >$tracing/events/timer/hrtimer_expire_entry/enable
# function=hw_tick, by name or by address
awk -v address="$hw_tick" '
	/hrtimer_expire_entry/ && (/=hw_tick/ || index($0, address)) {
		n++
		for (i = 1; i <= NF; i++)
			if ($i ~ /^[0-9]+\.[0-9]+:$/)
				at = $i + 0
		if (n == 1)
			first = at
	}
	END { printf "%d %.0f\n", n - 1, (at - first) * 1e9 }' $tracing/trace
