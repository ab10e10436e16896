// SPDX-License-Identifier: MIT
/*
 * Wait by sloop, our own event loop: it sleeps in its poll phase and calls us
 * when a device is readable. The same shape as uv.c, and every line below the
 * callback can be read, down to epoll_wait().
 *
 * --show-phases: sloop_show.c runs a timer and an idle callback beside.
 */
#include "userspace/slowcat/sloop_show.h"

#include <stdio.h>
#include <stdlib.h>

static struct client client;
static struct sloop loop;

static void on_readable(struct sloop_fd *watch, int status, int events)
{
	struct client_device *device = watch->data;
	size_t count;

	(void)status;
	(void)events;
	count = client_read(&client, device);
	show_read(&loop, device, count);
	if (device->ended)
		sloop_fd_stop(watch);
	if (!client_wants(&client))
		sloop_stop(&loop);
}

static void on_signal(struct sloop_fd *watch, int status, int events)
{
	(void)status;
	(void)events;
	client_take_signal(watch->fd);
	sloop_stop(&loop);
}

static void watch_fd(struct sloop_fd *watch, int fd, const char *what,
		     void (*cb)(struct sloop_fd *watch, int status, int events))
{
	int error = sloop_fd_init(&loop, watch, fd);

	/* EPERM: a regular file, which epoll does not watch */
	if (!error)
		error = sloop_fd_start(watch, SLOOP_READABLE, cb);
	if (error)
		client_fail(&client, what, -error);
}

static void fail_init(int error)
{
	const char *name = getenv("SLOOP_BACKEND");

	if (!name || sloop_backend_named(name)) {
		client_fail(&client, "sloop_init", -error);
		return;
	}
	client.failed = true;
	fprintf(stderr, "slowcat-sloop: SLOOP_BACKEND=%s: must be %s\n", name,
		SLOOP_BACKENDS);
}

int main(int argc, char **argv)
{
	struct sloop_fd signals;
	unsigned int i;
	int error;

	client_start(&client, "sloop", CLIENT_NONBLOCK | CLIENT_MANY |
		     CLIENT_PHASES, argc, argv);
	struct sloop_fd watch[client.count];

	error = sloop_init(&loop);
	if (error) {
		fail_init(error);
		return client_finish(&client);
	}
	watch_fd(&signals, client_signal_fd(&client), "signals", on_signal);
	for (i = 0; i < client.count && !client.failed; i++) {
		watch[i].data = &client.devices[i];
		watch_fd(&watch[i], client.devices[i].fd,
			 client.devices[i].path, on_readable);
	}
	show_start(&client, &loop);

	if (client_wants(&client)) {
		error = sloop_run(&loop, SLOOP_DEFAULT);
		if (error < 0)
			client_fail(&client, "sloop_run", -error);
	}
	show_finish(&loop);
	client.syscalls += loop.syscalls;

	return client_finish(&client);
}
