// SPDX-License-Identifier: MIT
/*
 * Wait by io_uring(7): hand the kernel a read for each device, and sleep until
 * one is done. No "it is ready, now read it": the completion is the byte.
 *
 * One system call hands in the next read and waits for the last. A read in
 * flight is a promise to take what it brings, so two of them could take more
 * than -n; then we only ask for readiness, and read as much as is left.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <stdlib.h>

static struct client client;
static struct io_uring ring;
static unsigned int in_flight;	/* requests for devices */
static bool ask_only;		/* for readiness */

static void submit(struct client_device *device)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (ask_only)
		io_uring_prep_poll_add(sqe, device->fd, POLLIN);
	else
		io_uring_prep_read(sqe, device->fd, device->data,
				   client_room(&client), -1);
	io_uring_sqe_set_data(sqe, device);
	in_flight++;
}

/* Sleep until something is done; then take all that is. */
static void wait_and_take(int signal_fd)
{
	struct io_uring_cqe *cqe;
	int error;

	/* room for a request and its cancelling each, and for the signals */
	error = client_call(&client, io_uring_submit_and_wait(&ring, 1));
	if (error < 0)
		client_fail(&client, "io_uring_enter", -error);
	while (io_uring_peek_cqe(&ring, &cqe) == 0) {
		struct client_device *device = io_uring_cqe_get_data(cqe);
		int result = cqe->res;

		io_uring_cqe_seen(&ring, cqe);
		if (!device) {	/* the signals, or a request to cancel */
			client_take_signal(signal_fd);
			continue;
		}
		in_flight--;
		if (ask_only && result > 0)
			client_read(&client, device);
		else if (result != -ECANCELED && result != -EINTR)
			client_take(&client, device, device->data, result);
		if (client_wants(&client) && !device->ended)
			submit(device);
	}
}

/* Take the reads back. One that was done before that still brings bytes. */
static void cancel_all(int signal_fd)
{
	unsigned int i;

	for (i = 0; i < client.count; i++) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

		io_uring_prep_cancel(sqe, &client.devices[i], 0);
		io_uring_sqe_set_data(sqe, NULL);
	}
	while (in_flight > 0)
		wait_and_take(signal_fd);
}

int main(int argc, char **argv)
{
	int signal_fd, error;
	unsigned int i;

	client_start(&client, "uring", CLIENT_MANY, argc, argv);
	ask_only = client.count > 1 && client.limit != UINT64_MAX;
	/* room for a request and its cancelling each, and for the signals */
	error = client_call(&client, io_uring_queue_init(
				    2 * client.count + 1, &ring, 0));
	if (error) {
		client_fail(&client, "io_uring_setup", -error);
		return client_finish(&client);
	}
	signal_fd = client_signal_fd(&client);
	io_uring_prep_poll_add(io_uring_get_sqe(&ring), signal_fd, POLLIN);

	for (i = 0; i < client.count && client_wants(&client); i++) {
		struct client_device *device = &client.devices[i];

		device->data = malloc(CLIENT_BUFFER);
		if (!device->data)
			client_fail(&client, device->path, ENOMEM);
		else if (ask_only && client_call(&client, fcntl(device->fd,
						 F_SETFL, O_NONBLOCK)) < 0)
			client_fail(&client, device->path, errno);
		else
			submit(device);
	}
	while (client_wants(&client))
		wait_and_take(signal_fd);
	cancel_all(signal_fd);

	return client_finish(&client);
}
