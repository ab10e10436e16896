// SPDX-License-Identifier: MIT
/*
 * Do not wait: ask every device again and again, as a program on bare metal
 * polls a status register.
 *
 * The shortest way from byte to program, and the dearest: a whole CPU, nearly
 * all of it for read(2) to say EAGAIN.
 */
#include "userspace/slowcat/client.h"

int main(int argc, char **argv)
{
	static struct client client;
	unsigned int i;

	client_start(&client, "nonblock", CLIENT_NONBLOCK | CLIENT_MANY,
		     argc, argv);
	client_let_signals(&client);

	while (client_wants(&client))
		for (i = 0; i < client.count; i++)
			client_read(&client, &client.devices[i]);

	return client_finish(&client);
}
