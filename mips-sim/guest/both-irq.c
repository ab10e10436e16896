// SPDX-License-Identifier: MIT
/*
 * Send back what comes, until an empty line (which is not sent), by interrupt,
 * and find prime numbers meanwhile. The twin of both-poll.c.
 *
 * The work comes in the same long pieces as there, and no byte waits for
 * their end: the interrupt comes in the midst of one.
 */
#include "board.h"
#include "echo.h"
#include "primes.h"

void isr(void)
{
	echo_receive();
	echo_send();
}

int main(void)
{
	struct primes primes = { 0, 0 };
	int status;

	echo_start();
	while (!echo_ended)
		primes_piece(&primes);
	status = echo_finish();
	primes_print(&primes);
	return status;
}
