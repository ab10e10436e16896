// SPDX-License-Identifier: MIT
/*
 * Wait by select(2): one sleep for several devices, each a bit in a set.
 *
 * The kernel overwrites the set with what is ready, so it is built anew for
 * every call. File descriptors end at FD_SETSIZE (1024): a set has no bit for
 * the next, and FD_SET() would write behind its end without a word.
 * pselect() is select() that lets signals in while it sleeps.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <stdio.h>
#include <sys/select.h>

/* Whether a set has a bit for it; one line if not. */
static bool fits(const struct client_device *device)
{
	if (device->fd < FD_SETSIZE)
		return true;
	fprintf(stderr, "slowcat-select: %s: is descriptor %d, and select "
		"ends at %d (FD_SETSIZE - 1)\n", device->path, device->fd,
		FD_SETSIZE - 1);
	return false;
}

int main(int argc, char **argv)
{
	static struct client client;
	unsigned int i;

	client_start(&client, "select", CLIENT_NONBLOCK | CLIENT_MANY,
		     argc, argv);
	for (i = 0; i < client.count && !client.failed; i++)
		client.failed = !fits(&client.devices[i]);

	while (client_wants(&client)) {
		int most = -1;
		fd_set ready;

		FD_ZERO(&ready);
		for (i = 0; i < client.count; i++) {
			struct client_device *device = &client.devices[i];

			if (device->ended)
				continue;
			FD_SET(device->fd, &ready);
			if (device->fd > most)
				most = device->fd;
		}
		if (client_call(&client, pselect(most + 1, &ready, NULL, NULL,
						 NULL, &client.wait_mask)) < 0) {
			client_fail(&client, "pselect", errno);
			continue;
		}
		for (i = 0; i < client.count; i++)
			if (FD_ISSET(client.devices[i].fd, &ready))
				client_read(&client, &client.devices[i]);
	}

	return client_finish(&client);
}
