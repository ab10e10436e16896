#!/bin/sh
# SPDX-License-Identifier: MIT
# What vm/'s tests share: results in TAP, and a vm/run that leaves its output
# in files. Sourced by them, from the project's root.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
count=0
failed=0

# Needed before any kernel can be had, and none of a run's business.
SLOWDEV_CACHE=${SLOWDEV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slowdev}
export SLOWDEV_CACHE

result() {	# STATUS NAME: the test's own status decides
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $2"
	echo "# status $status, standard error:"
	head -n 8 "$work/err" | sed 's/^/#   /'
	echo "# standard output:"
	head -c 400 "$work/out" | tr -c '\n -~' '?' | sed 's/^/#   /'
	echo
}

skip() {	# NAME WHY
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# Run vm/run; its status, output and errors are $status, out and err. Without
# --exact a boot can stand still on a host that is busy elsewhere (one in some
# hundred was seen to); what is tested comes after it, so that is said, and
# tried once more.
vm() {
	once "$@"
	if [ "$status" = 124 ] && ! err_has 'the command starts'; then
		echo "# the VM did not get as far as the command: once more"
		once "$@"
	fi
}

once() {
	status=0
	vm/run "$@" >"$work/out" 2>"$work/err" || status=$?
}

bare() {	# without our modules: what is tested is the VM
	vm --no-insmod "$@"
}

status_is() {
	[ "$status" = "$1" ]
}

err_has() {
	grep -q -e "$1" "$work/err"
}

one_line() {	# on standard error, and nothing on standard output
	[ "$(wc -l <"$work/err")" = 1 ] && [ ! -s "$work/out" ]
}

plan() {
	echo "1..$count"
	[ "$failed" = 0 ]
}
