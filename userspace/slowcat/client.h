/* SPDX-License-Identifier: MIT */
/*
 * What every slowcat shares: options, reading and copying, counting, the
 * summary. Nothing in here waits for a device; that is what the strategies
 * (block.c, poll.c, ...) do, and all they do.
 *
 * One thread. A strategy's life:
 *
 *	client_start(&client, "name", flags, argc, argv);
 *	while (client_wants(&client)) {
 *		(wait, in its own way, then)
 *		client_read(&client, device);
 *	}
 *	return client_finish(&client);
 *
 * Signals: client_start() leaves SIGINT and SIGTERM blocked, with a handler
 * that makes client_wants() false. A strategy lets them in only where it
 * sleeps, with client.wait_mask, so none can fall between the test and the
 * sleep; or it takes them itself (client.stop_set, client_signal_fd()) and
 * calls client_stop().
 *
 * Limits: arrival times are kept for the newest CLIENT_KEPT bytes a device.
 */
#ifndef SLOWCAT_CLIENT_H
#define SLOWCAT_CLIENT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CLIENT_BUFFER	4096	/* bytes a read takes at most */
#define CLIENT_KEPT	8192	/* as many arrivals as the driver keeps */

/* client_start()'s flags */
#define CLIENT_NONBLOCK	1	/* open with O_NONBLOCK */
#define CLIENT_MANY	2	/* can watch several devices */
#define CLIENT_UNCOUNTED 4	/* a library makes the calls: syscalls null */
#define CLIENT_PHASES	8	/* takes --show-phases */
#define CLIENT_ONE_BYTE	16	/* takes --one-byte */

/* One read that brought bytes. */
struct client_stamp {
	uint64_t read_ns;	/* CLOCK_MONOTONIC, right after the read */
	uint32_t n;		/* index of its first byte */
	uint32_t count;		/* of bytes */
};

struct client_device {
	const char *path;
	int fd;
	bool ended;		/* nothing more will come: do not wait for it */
	uint64_t bytes;		/* read from it */
	void *data;		/* the strategy's */

	/* latency.c's */
	char sysfs[48];		/* its directory, "" when it has no arrivals */
	uint32_t first;		/* index of the first byte we read */
	uint64_t lost;		/* stats/overruns + stats/dropped at the start */
	struct client_stamp *stamps;	/* a ring of CLIENT_KEPT */
	uint64_t reads;		/* stamps ever put there */
};

struct client {
	const char *strategy;
	unsigned int flags;
	struct client_device *devices;
	unsigned int count;	/* of devices */
	unsigned int running;	/* of them, not ended */

	uint64_t limit;		/* -n; UINT64_MAX without it */
	bool json;
	bool show_phases;
	bool one_byte;
	const char *stamps_path;
	int stamps_fd;

	uint64_t bytes;		/* copied */
	uint64_t syscalls;
	bool failed;		/* and said so */

	sigset_t stop_set;	/* SIGINT and SIGTERM */
	sigset_t wait_mask;	/* lets them in */

	/* at the start */
	uint64_t wall_ns;
	uint64_t cpu_ns;
	long vol_switches;

	char buffer[CLIENT_BUFFER];
};

/* What the run cost; summary.c prints it. */
struct client_cost {
	uint64_t wall_ns;
	uint64_t cpu_ns;
	long vol_switches;
	bool has_latency;
	uint64_t p50_ns, p99_ns, max_ns;
};

/*
 * Count a system call: result = client_call(&client, poll(...)). Those that
 * only serve SIGINT or standard output are not counted.
 */
#define client_call(client, call)	((client)->syscalls++, (call))

/* Parse, open, block the signals. Ends the program with a line on bad input. */
void client_start(struct client *client, const char *strategy,
		  unsigned int flags, int argc, char **argv);

/* Is there more to copy? Not after a signal, an error or the last byte. */
bool client_wants(const struct client *client);

/* Bytes that a read may ask for now, 0..CLIENT_BUFFER: never more than -n. */
size_t client_room(const struct client *client);

/*
 * Read once and copy what came. Gives the number of bytes; 0 when there was
 * nothing (EAGAIN, EINTR), at the end, after an error, or with no room.
 */
size_t client_read(struct client *client, struct client_device *device);

/* The same for bytes that came by other means: result is read's, or -errno. */
size_t client_take(struct client *client, struct client_device *device,
		   const char *buffer, ssize_t result);

/* Say once what failed, and make client_wants() false. EINTR is no failure. */
void client_fail(struct client *client, const char *what, int error);

/* End the run as the handler does. Safe in a signal handler. */
void client_stop(int signal);

/* From now on the signals may come at any moment. */
void client_let_signals(struct client *client);

/*
 * The signals as a file descriptor, readable when one is there, for who waits
 * for file descriptors anyway; client_take_signal() then ends the run.
 */
int client_signal_fd(struct client *client);
void client_take_signal(int fd);

/* Summary, stamps; gives the exit status. */
int client_finish(struct client *client);

/* options.c: fills in strategy, flags, devices, limit, json... */
void client_options(struct client *client, int argc, char **argv);

/* latency.c: call before open; after it; after each read; before close. */
void client_latency_prepare(struct client_device *device);
void client_latency_start(struct client_device *device);
void client_latency_stamp(struct client_device *device, uint64_t read_ns,
			  size_t count);
/* Fills in cost's latency; writes --stamps. Gives 0 or -errno (of stamps). */
int client_latency_finish(struct client *client, struct client_cost *cost);

/* summary.c: one line for people, or for programs. */
void client_summary(const struct client *client,
		    const struct client_cost *cost);

#endif
