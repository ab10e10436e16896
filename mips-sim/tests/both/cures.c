// SPDX-License-Identifier: MIT
/*
 * The cures of wake-safe.S, race-di.S and race-llsc.S, with the timer for the
 * chip. Linked with each race-*.S: with race-none.S it must fail.
 */
#include "check.h"
#include "mips-sim/guest/race.h"
#include "mips-sim/guest/wake.h"

#define WAKES	2000
#define DOWNS	20000

static volatile u32 ticks;	/* interrupts; the handler's */
static volatile u32 level;	/* up by the handler, down by main */
static volatile u32 again;	/* how far ahead the next one; 0: none */

void isr(void)
{
	ticks++;
	level++;
	/* an uneven distance, so that it falls on every instruction */
	timer_in(again ? again + ticks % 7 : 0x40000000);
	wake_rollback();
}

static void sleeps(void)
{
	u32 n, before;

	for (n = 0; n < WAKES; n++) {
		before = ticks;
		timer_in(5 + n % 50);
		while (ticks == before)
			wake_sleep(&ticks, before);
	}
	ok(ticks == WAKES, "every wake-up is seen, whenever it comes");
}

static void counts(void)
{
	u32 n, before;

	irq_disable();
	before = ticks;
	level = 0;
	again = 60;
	timer_in(again);
	status_is(STATUS_IM7 | STATUS_IE);
	for (n = 0; n < DOWNS; n++)
		race_down(&level);
	irq_disable();
	ok(ticks != before, "the handler counted up meanwhile");
	ok(level == ticks - before - DOWNS, "and no count is lost");
}

int main(void)
{
	timer_in(0x40000000);
	status_is(STATUS_IM7 | STATUS_IE);
	sleeps();
	counts();
	return done();
}
