// SPDX-License-Identifier: MIT
/*
 * Wait by epoll(7): the kernel keeps the list of devices, and each wait gives
 * back only those that are ready, however many are watched.
 *
 * Level triggered: a device with bytes left is reported again.
 * epoll_pwait() is epoll_wait() that lets signals in while it sleeps.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <sys/epoll.h>

#define EVENTS	64	/* taken with one wait; the rest with the next */

int main(int argc, char **argv)
{
	static struct client client;
	struct epoll_event events[EVENTS];
	unsigned int i;
	int epoll, k, ready;

	client_start(&client, "epoll", CLIENT_NONBLOCK | CLIENT_MANY,
		     argc, argv);
	epoll = client_call(&client, epoll_create1(EPOLL_CLOEXEC));
	if (epoll < 0)
		client_fail(&client, "epoll_create1", errno);
	for (i = 0; i < client.count; i++) {
		struct client_device *device = &client.devices[i];
		struct epoll_event add = {
			.events = EPOLLIN,
			.data.ptr = device,
		};

		/* EPERM: a regular file, which is always ready */
		if (client_call(&client, epoll_ctl(epoll, EPOLL_CTL_ADD,
						   device->fd, &add)) < 0)
			client_fail(&client, device->path, errno);
	}

	while (client_wants(&client)) {
		ready = client_call(&client, epoll_pwait(epoll, events, EVENTS,
							 -1,
							 &client.wait_mask));
		if (ready < 0)
			client_fail(&client, "epoll_pwait", errno);
		for (k = 0; k < ready; k++) {
			struct client_device *device = events[k].data.ptr;

			client_read(&client, device);
			if (device->ended)
				client_call(&client, epoll_ctl(epoll,
					    EPOLL_CTL_DEL, device->fd, NULL));
		}
	}

	return client_finish(&client);
}
