// SPDX-License-Identifier: MIT
/*
 * Send back what comes, by interrupt, until an empty line (which is not
 * sent). The twin of echo-poll.c.
 *
 * The handler in echo.h does all the work, in both directions. The main
 * program has nothing to do and sleeps (wake.h).
 *
 * Try it by hand:
 * mips-sim --line-in - --line-out - build/guest/echo-irq.elf
 */
#include "board.h"
#include "echo.h"
#include "wake.h"

void isr(void)
{
	echo_receive();
	echo_send();
	wake_rollback();
}

int main(void)
{
	echo_start();
	while (!echo_ended)
		wake_sleep(&echo_ended, 0);
	return echo_finish();
}
