/* SPDX-License-Identifier: MIT */
/*
 * The work that a main program does while the chip is slow: it looks for
 * prime numbers, one candidate a call, from 2 on.
 */
#ifndef GUEST_PRIMES_H
#define GUEST_PRIMES_H

#include "board.h"

/*
 * Volatile: each step's result is stored, for whoever looks in between (a
 * handler, a debugger). A look at the chip between two steps is thus no
 * polling in the sense of `mips-sim --stats`: something got done.
 */
struct primes {
	volatile u32 tested;		/* numbers looked at: 2 .. tested + 1 */
	volatile u32 found;
};

static inline void primes_step(struct primes *primes)
{
	u32 n = 2 + primes->tested++;
	u32 divisor;

	for (divisor = 2; divisor * divisor <= n; divisor++) {
		if (n % divisor == 0)
			return;
	}
	primes->found++;
}

/* A piece of work that nobody has cut up into steps. */
#define PRIMES_PIECE	1000

static inline void primes_piece(struct primes *primes)
{
	u32 n;

	for (n = 0; n < PRIMES_PIECE; n++)
		primes_step(primes);
}

static inline void primes_print(const struct primes *primes)
{
	put_string("meanwhile: ");
	put_decimal(primes->found);
	put_string(" primes below ");
	put_decimal(primes->tested + 2);
	put_char('\n');
}

#endif
