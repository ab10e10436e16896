// SPDX-License-Identifier: MIT
/*
 * Runs in the VM under --exact: sleeps often and shortly, and prints a hash
 * over all the moments at which it woke. Called by test-exact, which compares
 * runs beside each other: a host that is busy must not be seen in here.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define NAPS	40000
#define NAP_NS	100000

int main(void)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	struct timespec now = { 0 };
	uint64_t hash = 0;

	for (int i = 0; i < NAPS; i++) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
		hash = hash * 31 + now.tv_sec * 1000000000ull + now.tv_nsec;
	}
	printf("%lld.%09ld %016llx\n", (long long)now.tv_sec, now.tv_nsec,
	       (unsigned long long)hash);
	return 0;
}
