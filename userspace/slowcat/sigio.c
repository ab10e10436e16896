// SPDX-License-Identifier: MIT
/*
 * Wait for a signal: the device sends SIGIO when it has bytes.
 *
 * The signal tells of a change, not of a state, and several become one; so
 * after each we read every device until there is nothing, one read more than
 * there are bytes. SIGIO stays blocked and is taken by sigwaitinfo(2): then no
 * handler runs, and none can fall between the last look and the sleep.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void ask_for_signals(struct client *client, struct client_device *device)
{
	pid_t owner = client_call(client, getpid());
	int flags = O_ASYNC | O_NONBLOCK;

	if (client_call(client, fcntl(device->fd, F_SETOWN, owner)) < 0 ||
	    client_call(client, fcntl(device->fd, F_SETFL, flags)) < 0)
		client_fail(client, device->path, errno);
	/* F_SETFL takes O_ASYNC for any file; only some then send signals */
}

int main(int argc, char **argv)
{
	static struct client client;
	sigset_t wanted;
	unsigned int i;
	int got;

	client_start(&client, "sigio", CLIENT_NONBLOCK | CLIENT_MANY,
		     argc, argv);
	wanted = client.stop_set;
	sigaddset(&wanted, SIGIO);
	client_call(&client, sigprocmask(SIG_BLOCK, &wanted, NULL));
	for (i = 0; i < client.count; i++)
		ask_for_signals(&client, &client.devices[i]);

	for (;;) {
		for (i = 0; i < client.count; i++)
			while (client_read(&client, &client.devices[i]) > 0)
				;
		if (!client_wants(&client))
			break;
		got = client_call(&client, sigwaitinfo(&wanted, NULL));
		if (got < 0)
			client_fail(&client, "sigwaitinfo", errno);
		else if (got != SIGIO)
			client_stop(got);
	}

	return client_finish(&client);
}
