// SPDX-License-Identifier: MIT
/*
 * Wait by poll(2): one sleep for any number of devices.
 *
 * The whole list goes to the kernel and back with every call, and each entry
 * is asked: a call's cost grows with the devices watched, ready or not.
 * ppoll() is poll() that lets signals in exactly while it sleeps.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <poll.h>

int main(int argc, char **argv)
{
	static struct client client;
	unsigned int i;

	client_start(&client, "poll", CLIENT_NONBLOCK | CLIENT_MANY,
		     argc, argv);
	struct pollfd fds[client.count];

	while (client_wants(&client)) {
		/* an fd of -1 is passed over */
		for (i = 0; i < client.count; i++)
			fds[i] = (struct pollfd){
				.fd = client.devices[i].ended ? -1 :
				      client.devices[i].fd,
				.events = POLLIN,
			};
		if (client_call(&client, ppoll(fds, client.count, NULL,
					       &client.wait_mask)) < 0) {
			client_fail(&client, "ppoll", errno);
			continue;
		}
		for (i = 0; i < client.count; i++)
			if (fds[i].revents)
				client_read(&client, &client.devices[i]);
	}

	return client_finish(&client);
}
