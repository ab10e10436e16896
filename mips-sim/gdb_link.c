// SPDX-License-Identifier: MIT
/*
 * The connection to GDB. See gdb_link.h.
 *
 * A packet is $text#sum, answered by + or, when the sum is wrong, by - and sent
 * again; TCP does not garble, so we look at what is answered no more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mips-sim/gdb_link.h"
#include "mips-sim/machine.h"

#define CTRL_C	3

static int listen_and_accept(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int on = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd;

	if (listener < 0 ||
	    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on,
		       sizeof(on)) != 0 ||
	    bind(listener, (struct sockaddr *)&address,
		 sizeof(address)) != 0 || listen(listener, 1) != 0)
		die("--gdb: port %u: %s", port, strerror(errno));
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "mips-sim: waiting for GDB: target remote "
			":%u\n", port);
	do {
		fd = accept(listener, NULL, NULL);
	} while (fd < 0 && errno == EINTR && !machine_signalled);
	if (fd < 0 && !machine_signalled)
		die("--gdb: port %u: %s", port, strerror(errno));
	close(listener);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void gone(struct gdb_link *link)
{
	if (!machine_signalled)
		machine_end(link->m, EXIT_BAD_INPUT, "GDB has gone");
}

/* The next character from GDB; -1: there is none to come. */
static int get(struct gdb_link *link)
{
	unsigned char c;
	ssize_t got;

	do {
		got = recv(link->fd, &c, 1, 0);
	} while (got < 0 && errno == EINTR && !machine_signalled);
	if (got == 1)
		return c;
	gone(link);
	return -1;
}

static void put(struct gdb_link *link, const char *bytes, size_t len)
{
	ssize_t done;

	for (; len; bytes += done, len -= done) {
		done = send(link->fd, bytes, len, MSG_NOSIGNAL);
		if (done < 0 && errno == EINTR && !machine_signalled) {
			done = 0;
		} else if (done < 0) {
			gone(link);
			return;
		}
	}
}

static uint8_t checksum(const char *text)
{
	uint8_t sum = 0;

	while (*text)
		sum += *text++;
	return sum;
}

void gdb_link_send(struct gdb_link *link, const char *text)
{
	char end[4];

	snprintf(end, sizeof(end), "#%02x", checksum(text));
	put(link, "$", 1);
	put(link, text, strlen(text));
	put(link, end, 3);
}

bool gdb_link_receive(struct gdb_link *link)
{
	char sum[3] = "";
	size_t len;
	int c;

	for (;;) {
		while ((c = get(link)) != '$')	/* acknowledgements, ctrl-C */
			if (c < 0)
				return false;
		for (len = 0; (c = get(link)) != '#'; ) {
			if (c < 0)
				return false;
			if (len < PACKET_MAX)
				link->packet[len++] = c;
		}
		link->packet[len] = '\0';
		sum[0] = get(link);
		sum[1] = c = get(link);
		if (c < 0)
			return false;
		if (strtoul(sum, NULL, 16) == checksum(link->packet))
			break;
		put(link, "-", 1);
	}
	put(link, "+", 1);
	return true;
}

bool gdb_link_interrupted(struct gdb_link *link)
{
	struct pollfd poll_fd = { .fd = link->fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0 && get(link) == CTRL_C;
}

void gdb_link_open(struct gdb_link *link, struct machine *m, uint16_t port)
{
	link->m = m;
	link->fd = listen_and_accept(port);
}

void gdb_link_close(struct gdb_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
}
