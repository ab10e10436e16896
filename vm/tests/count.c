// SPDX-License-Identifier: MIT
/*
 * Runs in the VM under --exact: a loop of n instructions takes n ns.
 * Prints, for each n, what the least of some tries took beyond n, which is
 * then the cost of reading the clock, the same for all. Called by test-exact.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Two instructions a turn. */
static void spin(uint64_t turns)
{
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r" (turns) : : "cc");
}

int main(void)
{
	for (uint64_t n = 1000; n <= 1000000; n *= 10) {
		uint64_t least = UINT64_MAX;

		for (int i = 0; i < 50; i++) {
			uint64_t start = now_ns();
			uint64_t took;

			spin(n / 2);
			took = now_ns() - start;
			if (took < least)
				least = took;
		}
		printf("%lld\n", (long long)(least - n));
	}
	return 0;
}
