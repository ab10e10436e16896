// SPDX-License-Identifier: MIT
/*
 * Wait by epoll(7), edge triggered: a device is reported when something comes,
 * and not again because something is still there.
 *
 * So every device that was reported is read until it has nothing left
 * (EAGAIN). Level triggering (epoll.c) forgives who reads less; here it waits
 * for bytes that it has been told of already. --one-byte shows that: it takes
 * a byte of the first device that was reported, and waits again.
 *
 * Limits: a device that never has nothing left keeps the others waiting.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS	64	/* taken with one wait; the rest with the next */

static struct client client;

/* The right way. */
static void read_all(struct client_device *device)
{
	while (client_read(&client, device) > 0)
		;
}

/* --one-byte */
static void read_one(struct client_device *device)
{
	ssize_t result;
	char byte;

	if (device->ended)
		return;
	result = client_call(&client, read(device->fd, &byte, 1));
	client_take(&client, device, &byte, result < 0 ? -errno : result);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];
	unsigned int i;
	int epoll, k, ready;

	client_start(&client, "epollet", CLIENT_NONBLOCK | CLIENT_MANY |
		     CLIENT_ONE_BYTE, argc, argv);
	epoll = client_call(&client, epoll_create1(EPOLL_CLOEXEC));
	if (epoll < 0)
		client_fail(&client, "epoll_create1", errno);
	for (i = 0; i < client.count; i++) {
		struct client_device *device = &client.devices[i];
		struct epoll_event add = {
			.events = EPOLLIN | EPOLLET,
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
		if (client.one_byte && ready > 0) {
			read_one(events[0].data.ptr);
			continue;
		}
		/* one that ended has no edges any more: it may stay */
		for (k = 0; k < ready; k++)
			read_all(events[k].data.ptr);
	}

	return client_finish(&client);
}
