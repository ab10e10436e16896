// SPDX-License-Identifier: MIT
/*
 * Wait by a command to the driver, carried by io_uring(7): it stays in the
 * driver until the interrupt that brings bytes completes it. Neither io_uring
 * nor we ever ask whether the device is ready.
 *
 * One system call hands in the next command and waits for the last. A command
 * that waits takes no byte; when we end, so does it. One device: with -n and
 * two commands waiting, both might be filled and one byte be too many.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <string.h>

#include "kmod/slowdev_cmd.h"

static struct client client;
static struct io_uring ring;

static void submit(struct client_device *device)
{
	struct slowdev_cmd_read area = {
		.addr = (uintptr_t)client.buffer,
		.len = client_room(&client),
	};
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, device->fd, NULL, 0, 0);
	sqe->cmd_op = SLOWDEV_CMD_READ;
	memcpy(sqe->cmd, &area, sizeof(area));
	io_uring_sqe_set_data(sqe, device);
}

/* Sleep until something is done; then take all that is. */
static void wait_and_take(int signal_fd)
{
	struct io_uring_cqe *cqe;
	int error;

	error = client_call(&client, io_uring_submit_and_wait(&ring, 1));
	if (error < 0)
		client_fail(&client, "io_uring_enter", -error);
	while (io_uring_peek_cqe(&ring, &cqe) == 0) {
		struct client_device *device = io_uring_cqe_get_data(cqe);
		int result = cqe->res;

		io_uring_cqe_seen(&ring, cqe);
		if (!device)
			client_take_signal(signal_fd);
		else
			client_take(&client, device, client.buffer, result);
		if (device && client_wants(&client) && !device->ended)
			submit(device);
	}
}

int main(int argc, char **argv)
{
	int signal_fd, error;

	client_start(&client, "uringcmd", 0, argc, argv);
	/* room for the command and the signals */
	error = client_call(&client, io_uring_queue_init(2, &ring, 0));
	if (error) {
		client_fail(&client, "io_uring_setup", -error);
		return client_finish(&client);
	}
	signal_fd = client_signal_fd(&client);
	io_uring_prep_poll_add(io_uring_get_sqe(&ring), signal_fd, POLLIN);

	if (client_wants(&client))
		submit(&client.devices[0]);
	while (client_wants(&client))
		wait_and_take(signal_fd);

	return client_finish(&client);
}
