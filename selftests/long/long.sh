#!/bin/sh
# SPDX-License-Identifier: MIT
# What the long tests share: the minutes on a terminal, and one of the
# kselftests, done many times. Sourced by them, from the project's root.
# shellcheck source-path=SCRIPTDIR/../..
# shellcheck disable=SC2034,SC2154 # $status, $work: tap.sh
. vm/tests/tap.sh
build=${B:-build}

# So that whoever sits before it knows that it goes on.
if [ -t 2 ]; then
	while sleep 60; do
		minutes=$((${minutes:-0} + 1))
		echo "$0: $minutes min $(tail -n 1 "$work/out" 2>/dev/null)" >&2
	done &
	trap 'kill $!; rm -rf "$work"' EXIT
fi

# All that the VM takes, built for KERNEL. One at a time, for others of us may
# run; and by no part of the make that calls us, whose jobs are its own.
build_for() {	# KERNEL
	mkdir -p "$build"
	env -u MAKEFLAGS -u MAKELEVEL flock "$build/.lock" \
		make -s KERNEL="$1" all \
		"$build/selftests/$1/kselftest-list.txt" \
		>"$work/err" 2>&1 && return
	echo "Bail out! make: $(tail -n 1 "$work/err")"
	exit 1
}

kselftest() {	# KERNEL NAME [CYCLES]
	build_for "$1"
	status=0
	selftests/run --kernel "$1" --test "$2" ${3:+--cycles "$3"} \
		>"$work/out" 2>"$work/err" || status=$?
	sed -n 's/^# # [a-z_]*\.[ch]:[0-9]*:[^:]*:/# figures: /p' "$work/out"
	status_is 0 && ! grep -q ' # SKIP' "$work/out"
	result $? "$1: $2${3:+, $3 cycles}: $(tail -n 1 "$work/out")"
}
