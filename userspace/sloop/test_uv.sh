#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs that know libuv only, each built against libuv and against
# sloop's uv.h, print the same with both: test_uv_order.c what
# test_uv_order.expect says, test_uv_random.c whatever chance makes of it,
# test_uv_more.c what threads, signals, work and files do. And slowcat-uv, built
# against uv.h, is a second slowcat-sloop.
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

more() {
	timeout 60 "$tests/uv_more-$1" >"$tests/uv_more-$1.out" &&
		grep -qx 'free 0' "$tests/uv_more-$1.out"
}

# 26 bytes through a fifo, and the summary's first word
slowcat() {
	fifo=$tests/uv-fifo.$$
	rm -f "$fifo"
	mkfifo "$fifo" || return
	printf 'Hello from a slow device.\n' >"$fifo" &
	timeout 60 "$tests/slowcat-uv-sloop" -n 26 -d "$fifo" \
		>"$tests/slowcat.out" 2>"$tests/slowcat.err"
	status=$?
	rm -f "$fifo"
	cat "$tests/slowcat.out" "$tests/slowcat.err"
	[ $status = 0 ] &&
		[ "$(cat "$tests/slowcat.out")" = 'Hello from a slow device.' ]
}

check "sloop's uv.h: the expected order" expected_order sloop
check "sloop's uv.h: threads, signals, work, files" more sloop
check "sloop's uv.h: slowcat-uv runs on it" slowcat
check "sloop's uv.h: 500 random runs end" random sloop
if [ -x "$tests/uv_order-libuv" ]; then
	check "the other one is libuv" sh -c \
		"nm -D '$tests/uv_order-libuv' | grep -q ' U uv_run'"
	check "libuv: the same order" expected_order libuv
	check "libuv: threads, signals, work, files" more libuv
	check "and are the same" diff "$tests/uv_more-sloop.out" \
		"$tests/uv_more-libuv.out"
	check "libuv: 500 random runs end" random libuv
	check "and are the same" diff "$tests/uv_random-sloop.out" \
		"$tests/uv_random-libuv.out"
	echo "1..10"
else
	echo "ok 5 - libuv: the same order # SKIP no libuv (libuv1-dev)"
	echo "1..5"
fi
