#!/bin/sh
# SPDX-License-Identifier: MIT
# The program test_uv_order.c, built against libuv and against sloop's uv.h,
# prints the same with both, and what test_uv_order.expect says.
set -u
tests=${B:-build}/test
expected=userspace/sloop/test_uv_order.expect
count=0

check() {
	count=$((count + 1))
	what=$1
	shift
	if out=$("$@" 2>&1); then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

matches() {
	"$1" | diff -u "$expected" -
}

check "sloop's uv.h: the expected order" matches "$tests/uv_order-sloop"
if [ -x "$tests/uv_order-libuv" ]; then
	check "libuv: the same order" matches "$tests/uv_order-libuv"
	check "the second was libuv" sh -c \
		"nm -D '$tests/uv_order-libuv' | grep -q ' U uv_run'"
else
	echo "ok 2 - libuv: the same order # SKIP no libuv (libuv1-dev)"
	echo "ok 3 - the second was libuv # SKIP no libuv (libuv1-dev)"
fi
echo "1..3"
