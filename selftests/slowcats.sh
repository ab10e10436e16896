#!/bin/sh
# SPDX-License-Identifier: MIT
# Every slowcat that was built copies 1000 counter bytes without loss,
# repetition or reordering, and says what the contract promises. Runs in the
# VM, from the kselftest runner; prints KTAP.
cat_dir=/opt/slowdev/bin
modules=/lib/modules/$(uname -r)/extra
# what a FIFO holds lasts longer than the host pauses, where that matters
period_us=1000
[ -z "${SLOWDEV_HOST_TIME-}" ] || period_us=10000
count=0
failed=0
work=$(mktemp -d) || exit 1
cd "$work" || exit 1

unload() {
	for module in slowdev_hw slowdev; do
		[ ! -d "/sys/module/$module" ] || rmmod "$module"
	done
}
trap 'unload; rm -rf "$work"' EXIT

result() {	# STATUS NAME
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count $2"
	else
		failed=$((failed + 1))
		sed 's/^/# /' err
		echo "not ok $count $2"
	fi
}

skipped() {	# NAME WHY
	count=$((count + 1))
	echo "ok $count $1 # SKIP $2"
}

# On the host's time: whether it paused, so that bytes were lost; no others.
paused() {
	[ -n "${SLOWDEV_HOST_TIME-}" ] && [ "$(stat overruns)" != 0 ] && counted
}

# The interpreter that a script needs and the VM has not; nothing if all is well.
missing() {	# STRATEGY
	needs=$(sed -n '1s|^#!/usr/bin/env ||p;q' "$cat_dir/slowcat-$1")
	[ -z "$needs" ] || command -v "$needs" >/dev/null || echo "$needs"
}

load() {
	unload
	# shellcheck disable=SC2086 # words, or none
	insmod "$modules/slowdev.ko" ${SLOWDEV_PARAMETERS-} && insmod "$modules/slowdev_hw.ko" "$@"
}

stat() {
	cat "/sys/class/slowdev/slowdev0/stats/$1"
}

# With the line quiet (no file is open) every byte is accounted for.
counted() {
	until [ "$(stat arrived)" = "${was:=}" ]; do
		was=$(stat arrived)
		usleep 20000
	done
	[ "$was" = $(($(stat rx_bytes) + $(stat buffered) + \
		$(stat overruns) + $(stat dropped))) ] && return
	head /sys/class/slowdev/slowdev0/stats/* >>err
	return 1
}

# is_json FILE KEY...: one line, one object, with these keys
is_json() {
	[ "$(wc -l <"$1")" = 1 ] && grep -q '^{.*}$' "$1" || return 1
	file=$1
	shift
	for key; do
		grep -Eq "\"$key\": *[^, ]" "$file" || return 1
	done
}

copies() {	# STRATEGY
	load source=counter "period_us=$period_us" &&
	"slowcat-$1" -n 1000 --json >out 2>err && cmp out want >>err 2>&1 &&
	is_json err strategy devices bytes syscalls vol_switches cpu_ns \
		wall_ns latency_ns p50 p99 max &&
	grep -Eq "\"strategy\": *\"$1\"" err &&
	grep -Eq '"bytes": *1000\b' err && counted
}

missing_device() {	# STRATEGY
	: >out
	"slowcat-$1" -n 1 -d /dev/slowdev7 >out 2>err
	[ $? = 1 ] && [ "$(wc -l <err)" = 1 ] && [ ! -s out ]
}

interrupted() {	# STRATEGY
	load source=line period_us=1000 || return
	"slowcat-$1" --json >out 2>err &
	client=$!
	printf abc >/sys/bus/platform/devices/slowdev.0/line_in
	tries=0
	until [ "$(wc -c <out)" = 3 ]; do
		tries=$((tries + 1))
		[ $tries -lt 5000 ] || break
		usleep 1000
	done
	kill -INT "$client"
	wait "$client"
	[ $? = 130 ] && [ "$(cat out)" = abc ] &&
		is_json err strategy bytes && counted
}

strategies=
for program in "$cat_dir"/slowcat-*; do
	[ -x "$program" ] && strategies="$strategies ${program##*/slowcat-}"
done
echo "KTAP version 1"
if [ -z "$strategies" ]; then
	echo "1..0 # SKIP no slowcat was built"
	exit 4
fi
# shellcheck disable=SC2086 # words
set -- $strategies
echo "1..$((3 * $#))"

i=0
while [ $i -lt 256 ]; do
	printf '%b' "\\0$(printf %o $i)"
	i=$((i + 1))
done >want
cat want want want want | head -c 1000 >all && mv all want
PATH=$cat_dir:$PATH
unload
: >err

for strategy; do
	needs=$(missing "$strategy")
	if [ -n "$needs" ]; then
		for what in 'copies 1000 counter bytes' \
			'says which device is missing' \
			'ends at SIGINT with 130'; do
			skipped "slowcat-$strategy $what" "no $needs here"
		done
		continue
	fi
	copies "$strategy"
	status=$?
	if [ $status != 0 ] && paused; then
		skipped "slowcat-$strategy copies 1000 counter bytes" \
			'the host paused'
	else
		result $status "slowcat-$strategy copies 1000 counter bytes"
	fi
	missing_device "$strategy"
	result $? "slowcat-$strategy says which device is missing"
	interrupted "$strategy"
	result $? "slowcat-$strategy ends at SIGINT with 130"
done
[ $failed = 0 ]
