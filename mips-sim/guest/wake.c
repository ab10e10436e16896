// SPDX-License-Identifier: MIT
/*
 * Ask, work, sleep until the answer is there; ROUNDS times. The frame around
 * wake-lost.S, wake-di.S and wake-safe.S, which differ in how they sleep.
 *
 * The chip is its own partner: with LOOP a byte that is sent comes back one
 * PERIOD later. So nothing else will ever come: a main program that sleeps
 * when the answer is there already sleeps for ever, and mips-sim ends the run
 * with status 126. Whether that happens depends on when the answer comes,
 * that is on PERIOD: try many (demo/sim does).
 */
#include "board.h"
#include "primes.h"
#include "wake.h"

#define ROUNDS	10
#define STEPS	4		/* of work before the answer is needed */

static volatile u32 answers;

void isr(void)
{
	while (chip_read(SLOWCHIP_DATA) & SLOWCHIP_DATA_VALID)
		answers++;
	wake_rollback();
}

int main(void)
{
	struct primes primes = { 0, 0 };
	u32 round, step;

	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN | SLOWCHIP_CTRL_LOOP);

	for (round = 0; round < ROUNDS; round++) {
		chip_write(SLOWCHIP_DATA, round);
		for (step = 0; step < STEPS; step++)
			primes_step(&primes);
		while (answers == round)
			wake_sleep(&answers, round);
	}

	irq_disable();
	put_decimal(answers);
	put_string(" answers\n");
	return 0;
}
