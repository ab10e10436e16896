#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: bytes into a JavaScript callback, with what the kernel did.
#
# Prints records for demo/node.py: '@script' and the script's JSON line,
# '@text' and the kernel's trace, '@raw' and the same events in the same order
# as 'pid cpu ns type'; the text's times are whole microseconds.
set -eu
modules=/lib/modules/$(uname -r)/extra
tracing=/sys/kernel/tracing
events="irq/irq_handler_entry sched/sched_waking sched/sched_switch
	raw_syscalls/sys_enter raw_syscalls/sys_exit"

insmod "$modules/slowdev_hw.ko" period_us=10000
insmod "$modules/slowdev.ko"

echo mono >$tracing/trace_clock
echo 8192 >$tracing/buffer_size_kb
echo 0 >$tracing/tracing_on
for event in $events; do
	echo 1 >$tracing/events/"$event"/enable
done
echo 1 >$tracing/tracing_on
node /extra/path.mjs >/tmp/said
echo 0 >$tracing/tracing_on

echo "@script"
cat /tmp/said
echo "@text"
tail -n 1500 $tracing/trace
echo 1 >$tracing/options/raw
echo "@raw"
tail -n 1500 $tracing/trace
echo "@end"
