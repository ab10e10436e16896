// SPDX-License-Identifier: MIT
/*
 * Wait by libuv: the library's loop sleeps (in epoll), and calls us when the
 * device is readable. This is what Node.js stands on.
 *
 * The system calls are the library's, so we cannot count them. It tells of a
 * device that has gone by an error, and watches it no more; what the device
 * still has is read then.
 */
#include "userspace/slowcat/client.h"

#include <stdlib.h>
#include <uv.h>

static struct client client;
static uv_loop_t loop;

static void end_unless_wanted(void)
{
	if (!client_wants(&client))
		uv_stop(&loop);
}

static void on_readable(uv_poll_t *watch, int status, int events)
{
	struct client_device *device = watch->data;
	size_t count;

	(void)events;
	do
		count = client_read(&client, device);
	while (status < 0 && count > 0);
	if (device->ended)
		uv_poll_stop(watch);
	end_unless_wanted();
}

static void on_signal(uv_signal_t *watch, int number)
{
	(void)watch;
	client_stop(number);
	end_unless_wanted();
}

static int watch_signal(uv_signal_t *watch, int number)
{
	int error = uv_signal_init(&loop, watch);

	return error ? error : uv_signal_start(watch, on_signal, number);
}

static void check(int error, const char *what)
{
	if (error)
		client_fail(&client, what, -error);
}

int main(int argc, char **argv)
{
	uv_signal_t interrupt, terminate;
	unsigned int i;
	int error;

	client_start(&client, "uv", CLIENT_NONBLOCK | CLIENT_MANY |
		     CLIENT_UNCOUNTED, argc, argv);
	uv_poll_t watch[client.count];

	error = uv_loop_init(&loop);
	check(error, "uv_loop_init");
	if (!error) {
		check(watch_signal(&interrupt, SIGINT), "SIGINT");
		check(watch_signal(&terminate, SIGTERM), "SIGTERM");
	}
	client_let_signals(&client);
	for (i = 0; i < client.count && client_wants(&client); i++) {
		struct client_device *device = &client.devices[i];

		error = uv_poll_init(&loop, &watch[i], device->fd);
		watch[i].data = device;
		/* EPERM: a regular file, which epoll does not watch */
		if (!error)
			error = uv_poll_start(&watch[i], UV_READABLE,
					      on_readable);
		check(error, device->path);
	}

	if (client_wants(&client))
		uv_run(&loop, UV_RUN_DEFAULT);

	return client_finish(&client);
}
