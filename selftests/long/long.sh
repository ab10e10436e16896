#!/bin/sh
# SPDX-License-Identifier: MIT
# What the long tests share: the minutes on a terminal, figures, and one of
# the kselftests done many times. Sourced by them, from the project's root.
# shellcheck source-path=SCRIPTDIR/../..
# shellcheck disable=SC2034,SC2154 # $status, $work: tap.sh
. vm/tests/tap.sh

# So that whoever sits before it knows that it goes on.
if [ -t 2 ]; then
	while sleep 60; do
		minutes=$((${minutes:-0} + 1))
		echo "$0: $minutes min $(tail -n 1 "$work/out" 2>/dev/null)" >&2
	done &
	trap 'kill $!; rm -rf "$work"' EXIT
fi

# Not a part of the make that calls us, whose jobs and variables are its own.
make_all() {	# KERNEL: all that vm/run takes, built for it
	env -u MAKEFLAGS -u MAKELEVEL make -s KERNEL="$1" all >"$work/err" 2>&1
}

kselftest() {	# KERNEL NAME CYCLES
	status=0
	env -u MAKEFLAGS -u MAKELEVEL make -s selftest KERNEL="$1" T="$2" \
		CYCLES="$3" >"$work/out" 2>"$work/err" || status=$?
	sed -n 's/^# # [a-z]*\.c:[0-9]*:[^:]*:/# figures: /p' "$work/out"
	status_is 0 && ! grep -q ' # SKIP' "$work/out"
	result $? "$1: $2${3:+, $3 cycles}: $(tail -n 1 "$work/out")"
}
