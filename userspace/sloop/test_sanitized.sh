#!/bin/sh
# SPDX-License-Identifier: MIT
# The loop's test programs once more, compiled for ASan and UBSan, for TSan,
# and run by valgrind: memory, undefined behaviour, races, leaks.
set -u
tests=${B:-build}/test
room=userspace/sloop
programs="phases timers fds handles tasks wake pool memlock model"
count=0

result() {	# NAME STATUS OUTPUT
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$3" | grep -v '^ok' | head -n 40 | sed 's/^/# /'
	fi
}

skip() {	# NAME WHY
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

compile() {	# OUTPUT PROGRAM FLAGS...
	out=$1 program=$2
	shift 2
	"${CC:-gcc}" -D_GNU_SOURCE -I. -std=gnu11 -O1 -g "$@" -o "$out" \
		$room/sloop*.c $room/uv.c "$room/test_$program.c"
}

sanitized() {	# NAME FLAGS...
	name=$1
	shift
	for program in $programs; do
		binary=$tests/sloop_$program-$name
		if ! out=$(compile "$binary" "$program" "$@" 2>&1); then
			result "$name: $program compiles" 1 "$out"
			continue
		fi
		for backend in epoll poll io_uring; do
			export SLOOP_BACKEND=$backend
			if ! "$tests/sloop_phases" usable; then
				skip "$name: $program, $backend" \
					"this kernel does not let us"
				continue
			fi
			# no address randomization: TSan's shadow wants its place
			out=$(timeout 120 setarch -R "$binary" 2>&1)
			result "$name: $program, $backend" $? "$out"
		done
	done
	unset SLOOP_BACKEND
}

# What runs out of memory on purpose is not for tools that need some.
export SLOOP_TEST_MEMORY=no
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:die_after_fork=0
sanitized asan -fsanitize=address,undefined -fno-sanitize-recover
sanitized tsan -fsanitize=thread

for program in $programs; do
	if ! command -v valgrind >/dev/null; then
		skip "valgrind: $program" "no valgrind (valgrind)"
		continue
	fi
	out=$(timeout 300 valgrind -q --error-exitcode=9 --leak-check=full \
		--errors-for-leak-kinds=definite --show-leak-kinds=definite "$tests/sloop_$program" 2>&1)
	result "valgrind: $program" $? "$out"
done
echo "1..$count"
