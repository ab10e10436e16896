#!/bin/sh
# SPDX-License-Identifier: MIT
# The same test programs with every backend: what a caller sees does not
# depend on how the loop sleeps. usage: test_backends.sh
set -u
tests=${B:-build}/test
programs="phases timers fds handles tasks wake pool memlock"
count=0

result() {	# NAME STATUS OUTPUT
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$3" | grep -v '^ok' | head -n 30 | sed 's/^/# /'
	fi
}

for program in order random; do
	SLOOP_BACKEND=epoll "$tests/uv_$program-sloop" \
		>"$tests/uv_$program-epoll.out"
done

for backend in epoll poll io_uring; do
	export SLOOP_BACKEND=$backend
	if ! "$tests/sloop_phases" usable; then
		count=$((count + 1))
		echo "ok $count - $backend # SKIP this kernel does not let us"
		continue
	fi
	for program in $programs; do
		out=$(timeout 60 "$tests/sloop_$program" 2>&1)
		result "$backend: $program" $? "$out"
	done
	for program in order random; do
		out=$("$tests/uv_$program-sloop" 2>&1 |
			cmp - "$tests/uv_$program-epoll.out" 2>&1)
		result "$backend: uv_$program as epoll's" $? "$out"
	done
done

SLOOP_BACKEND=kqueue
out=$("$tests/sloop_phases" usable 2>&1)
[ $? = 1 ]
result "a backend that does not exist is refused" $? "$out"
echo "1..$count"
