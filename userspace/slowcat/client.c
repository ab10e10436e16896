// SPDX-License-Identifier: MIT
/*
 * Open the devices, copy their bytes, count. See client.h.
 *
 * Every byte that was read has been given to standard output before anything
 * else happens, so neither a signal nor a device that goes away loses one.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stopped_by;

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

void client_stop(int signal)
{
	stopped_by = signal;
}

void client_fail(struct client *client, const char *what, int error)
{
	if (error == EINTR || client->failed)
		return;
	client->failed = true;
	fprintf(stderr, "slowcat-%s: %s: %s\n", client->strategy, what,
		strerror(error));
}

/* A device must not become standard output or error by being opened first. */
static void check_standard_fds(struct client *client)
{
	int fd;

	if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		client_fail(client, "standard output", errno);
		exit(1);
	}
	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static bool is_file(const struct stat *file, const struct stat *other)
{
	return file->st_dev == other->st_dev && file->st_ino == other->st_ino;
}

/* What else a regular file is to us, whose content would be lost; or NULL. */
static const char *used_as(const struct client *client,
			   const struct stat *file)
{
	struct stat other;
	unsigned int i;

	if (!S_ISREG(file->st_mode))
		return NULL;
	if (fstat(STDOUT_FILENO, &other) == 0 && is_file(file, &other))
		return "standard output";
	if (fstat(STDERR_FILENO, &other) == 0 && is_file(file, &other))
		return "standard error";
	for (i = 0; i < client->count; i++)
		if (stat(client->devices[i].path, &other) == 0 &&
		    is_file(file, &other))
			return "what is to be read";
	return NULL;
}

static void open_stamps(struct client *client)
{
	const char *path = client->stamps_path, *use;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		client_fail(client, path, errno);
		exit(1);
	}
	use = used_as(client, &st);
	if (use) {
		fprintf(stderr, "slowcat-%s: %s: no file for stamps: it is %s\n",
			client->strategy, path, use);
		exit(1);
	}
	if (S_ISREG(st.st_mode) && ftruncate(fd, 0) != 0) {
		client_fail(client, path, errno);
		exit(1);
	}
	client->stamps_fd = fd;
}

static void open_device(struct client *client, struct client_device *device)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	if (client->flags & CLIENT_NONBLOCK)
		flags |= O_NONBLOCK;
	/* the open may start the line: what takes long is done before */
	client_latency_prepare(device);
	device->fd = open(device->path, flags);
	if (device->fd < 0) {
		client_fail(client, device->path, errno);
		exit(1);
	}
	client->running++;
	client_latency_start(device);
}

static void catch_signals(struct client *client)
{
	struct sigaction stop = { .sa_handler = client_stop };

	sigemptyset(&client->stop_set);
	sigaddset(&client->stop_set, SIGINT);
	sigaddset(&client->stop_set, SIGTERM);
	sigprocmask(SIG_BLOCK, &client->stop_set, &client->wait_mask);
	sigdelset(&client->wait_mask, SIGINT);
	sigdelset(&client->wait_mask, SIGTERM);
	/* without SA_RESTART: a sleeping read must come back */
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
}

void client_let_signals(struct client *client)
{
	sigprocmask(SIG_SETMASK, &client->wait_mask, NULL);
}

int client_signal_fd(struct client *client)
{
	int fd = signalfd(-1, &client->stop_set, SFD_NONBLOCK | SFD_CLOEXEC);

	if (fd < 0)
		client_fail(client, "signalfd", errno);
	return fd;
}

void client_take_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) == sizeof(info))
		client_stop(info.ssi_signo);
}

static long voluntary_switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw;
}

void client_start(struct client *client, const char *strategy,
		  unsigned int flags, int argc, char **argv)
{
	unsigned int i;

	memset(client, 0, sizeof(*client));
	client->strategy = strategy;
	client->flags = flags;
	client->limit = UINT64_MAX;
	client->stamps_fd = -1;
	/* a line is one write: other programs' lines stay out of it */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	/* EPIPE and EFBIG will do */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	check_standard_fds(client);
	client_options(client, argc, argv);
	if (client->stamps_path)
		open_stamps(client);
	/* opening a FIFO may sleep: until all are open a signal just ends us */
	for (i = 0; i < client->count; i++)
		open_device(client, &client->devices[i]);
	catch_signals(client);
	client->vol_switches = voluntary_switches();
	/* the longer one outside: no more CPU time than time */
	client->wall_ns = clock_ns(CLOCK_MONOTONIC);
	client->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

bool client_wants(const struct client *client)
{
	return client->running > 0 && client->bytes < client->limit &&
	       !client->failed && !stopped_by;
}

size_t client_room(const struct client *client)
{
	uint64_t left = client->limit - client->bytes;

	return left < CLIENT_BUFFER ? left : CLIENT_BUFFER;
}

/* All of it, or an error that has been said. */
static void write_out(struct client *client, const char *from, size_t left)
{
	struct pollfd room = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (left > 0) {
		ssize_t put = write(STDOUT_FILENO, from, left);

		if (put >= 0) {
			from += put;
			left -= put;
		} else if (errno == EAGAIN) {
			/* whoever gave us standard output made it so */
			poll(&room, 1, -1);
		} else if (errno != EINTR) {
			client_fail(client, "standard output", errno);
			return;
		}
	}
}

size_t client_take(struct client *client, struct client_device *device,
		   const char *buffer, ssize_t result)
{
	uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);

	if (result > 0) {
		client_latency_stamp(device, now_ns, result);
		device->bytes += result;
		client->bytes += result;
		write_out(client, buffer, result);
		return result;
	}
	if (result == 0) {
		device->ended = true;
		client->running--;
	} else if (result != -EAGAIN) {
		client_fail(client, device->path, -result);
	}
	return 0;
}

size_t client_read(struct client *client, struct client_device *device)
{
	ssize_t result;

	if (!client_wants(client) || device->ended)
		return 0;
	result = client_call(client, read(device->fd, client->buffer,
					  client_room(client)));
	return client_take(client, device, client->buffer,
			   result < 0 ? -errno : result);
}

int client_finish(struct client *client)
{
	struct client_cost cost = { 0 };
	sigset_t all;
	int error;

	/* whatever comes now, what is to be said is said whole */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	cost.cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - client->cpu_ns;
	cost.wall_ns = clock_ns(CLOCK_MONOTONIC) - client->wall_ns;
	cost.vol_switches = voluntary_switches() - client->vol_switches;
	error = client_latency_finish(client, &cost);
	if (error)
		client_fail(client, client->stamps_path, -error);
	if (!stopped_by && !client->failed &&
	    client->limit != UINT64_MAX && client->bytes < client->limit) {
		client->failed = true;
		fprintf(stderr, "slowcat-%s: %s: ended after %llu of %llu bytes\n",
			client->strategy, client->devices[0].path,
			(unsigned long long)client->bytes,
			(unsigned long long)client->limit);
	}
	if (client->failed)
		return 1;
	client_summary(client, &cost);
	return stopped_by ? 128 + stopped_by : 0;
}
