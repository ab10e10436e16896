// SPDX-License-Identifier: MIT
/*
 * Wait by sleeping in read(2): the kernel puts us away until a byte is there.
 *
 * The simplest way, and one device only: asleep in one read, nobody can read
 * another device. One system call and one sleep a byte.
 */
#include "userspace/slowcat/client.h"

#include <sys/time.h>

/*
 * read() takes no signal mask, so a signal may fall between client_wants()
 * and the sleep, and would be noticed only with the next byte. Therefore the
 * first signal starts a clock that interrupts us until we have noticed.
 */
static void stop(int signal)
{
	static const struct itimerval again = {
		.it_interval.tv_usec = 10000,
		.it_value.tv_usec = 10000,
	};

	client_stop(signal);
	setitimer(ITIMER_REAL, &again, NULL);
}

static void tick(int signal)
{
	(void)signal;	/* to have come back from read() is all */
}

int main(int argc, char **argv)
{
	static struct client client;

	client_start(&client, "block", 0, argc, argv);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = stop }, NULL);
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = stop }, NULL);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = tick }, NULL);
	client_let_signals(&client);

	while (client_wants(&client))
		client_read(&client, &client.devices[0]);

	return client_finish(&client);
}
