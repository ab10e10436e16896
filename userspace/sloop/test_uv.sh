#!/bin/sh
# SPDX-License-Identifier: MIT
# Two programs that know libuv only, each built against libuv and against
# sloop's uv.h, print the same with both: test_uv_order.c what
# test_uv_order.expect says, test_uv_random.c whatever chance makes of it.
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
		printf '%s\n' "$out" | head -n 50 | sed 's/^/# /'
	fi
}

expected_order() {
	"$tests/uv_order-$1" | diff -u "$expected" -
}

random() {
	"$tests/uv_random-$1" >"$tests/uv_random-$1.out" &&
		[ "$(wc -l <"$tests/uv_random-$1.out")" = 500 ]
}

check "sloop's uv.h: the expected order" expected_order sloop
check "sloop's uv.h: 500 random runs end" random sloop
if [ -x "$tests/uv_order-libuv" ]; then
	check "the other one is libuv" sh -c \
		"nm -D '$tests/uv_order-libuv' | grep -q ' U uv_run'"
	check "libuv: the same order" expected_order libuv
	check "libuv: 500 random runs end" random libuv
	check "and are the same" diff "$tests/uv_random-sloop.out" \
		"$tests/uv_random-libuv.out"
	echo "1..6"
else
	echo "ok 3 - libuv: the same order # SKIP no libuv (libuv1-dev)"
	echo "1..3"
fi
