#!/bin/sh
# SPDX-License-Identifier: MIT
# What the tests of the debug kernels share: a canary.ko for $kernel, and
# whether the kernel says what it should of each bug, in a vm/run with
# $options. Sourced by them, from the project's root.
# shellcheck source-path=SCRIPTDIR/../..
# shellcheck disable=SC2034,SC2154 # $status, $work: tap.sh
. vm/tests/tap.sh
options=

build_canary() {
	cp -r vm/tests/canary "$work/canary"
	status=0
	make -C "$(vm/kernel "$kernel" build)" M="$work/canary" modules \
		>"$work/out" 2>"$work/err" || status=$?
	status_is 0
	result $? "$kernel: a module builds"
}

canary() {	# COMMAND in the VM, which has canary.ko and vm-inject
	# shellcheck disable=SC2086 # $options is words
	bare --kernel "$kernel" $options --add "$work/canary/canary.ko" \
		--add "${B:-build}/test/vm-inject" -- sh -c "$1"
}

# One boot, in which each NAME's bug makes the complaint WORDS and no other.
sees() {	# NAME WORDS...
	bugs=
	i=0
	for word; do
		[ $((i += 1)) = $((i / 2 * 2)) ] || bugs="$bugs $word"
	done
	canary "for bug in $bugs; do
			echo \"the bug: \$bug\" >/dev/kmsg
			insmod /extra/canary.ko what=\$bug && rmmod canary
		done
		dmesg"
	status_is 1 && err_has 'the kernel complained'
	result $? "vm/run says so of$bugs"
	while [ $# -gt 0 ]; do
		awk -v name="$1" '/the bug: / { is = $NF == name } is' \
			"$work/out" |
			grep -E '(BUG|WARNING|UBSAN|ODEBUG): ' |
			grep -v 'WARNING: CPU' >"$work/said"
		grep -q "$2" "$work/said" && ! grep -vq "$2" "$work/said"
		result $? "$1: $2"
		shift 2
	done
}
