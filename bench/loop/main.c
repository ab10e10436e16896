// SPDX-License-Identifier: MIT
/*
 * One event loop at work, measured in CPU time. It does one round for each line
 * on standard input, so that its caller can let several loops take turns.
 *
 * usage: loop-NAME pipes N A W
 *   N pipes are watched. Each round A bytes are put in at once, and whoever
 *   gets one passes it on to the next pipe, until W were passed on (as
 *   libevent's bench.c does). First line: bytes of memory per watch. Then for
 *   each round: CPU ns per event.
 *
 * usage: loop-NAME timers N
 *   For each round: CPU ns per timer to start N at random times within half a
 *   second, to stop them in another order, and (started again and due) to be
 *   called back for each.
 */
#include "bench/loop/bench.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SPAN_MS	500

static unsigned int pipes, passed, to_pass, under_way, due;
static int *fds;		/* the pipes */

void must(int condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	exit(1);
}

void *must_alloc(unsigned int count, unsigned long size)
{
	void *memory = calloc(count, size);

	must(!!memory, "calloc");
	return memory;
}

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Wait for the caller's turn; false at its end. */
static int turn(void)
{
	char line[8];

	fflush(stdout);
	return !!fgets(line, sizeof(line), stdin);
}

void on_readable(unsigned int i)
{
	char byte;

	must(read(fds[i], &byte, 1) == 1, "read");
	if (passed < to_pass) {
		passed++;
		must(write(fds[i + 1 < pipes ? i + 1 : 0], "e", 1) == 1,
		     "write");
	} else if (--under_way == 0) {
		loop_stop();
	}
}

/*
 * A pipe with both ends in one file descriptor, so that 10,000 of them need no
 * more than that many.
 */
static int make_pipe(void)
{
	char path[32];
	int both[2], fd;

	must(!pipe2(both, O_CLOEXEC), "pipe");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", both[0]);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	must(fd >= 0, path);
	close(both[0]);
	close(both[1]);
	return fd;
}

static void bench_pipes(unsigned int active, unsigned int writes)
{
	struct rlimit limit;
	unsigned int i;
	size_t before;

	must(!getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	must(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	fds = must_alloc(pipes, sizeof(*fds));
	for (i = 0; i < pipes; i++)
		fds[i] = make_pipe();
	loop_init();
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	loop_watch(pipes, fds);
	printf("%.1f\n", (double)(mallinfo2().uordblks + mallinfo2().hblkhd -
				  before) / pipes);
	while (turn()) {
		uint64_t began;

		passed = 0;
		to_pass = writes;
		under_way = active;
		began = cpu_ns();
		for (i = 0; i < active; i++)
			must(write(fds[i * (pipes / active)], "e", 1) == 1,
			     "write");
		loop_run();
		printf("%.1f\n", (double)(cpu_ns() - began) /
		       (writes + active));
	}
}

void on_timer(void)
{
	if (--due == 0)
		loop_stop();
}

static void bench_timers(unsigned int count)
{
	unsigned int *order = must_alloc(count, sizeof(*order));
	unsigned int *times = must_alloc(count, sizeof(*times));
	unsigned int i, other, swap;
	uint64_t t[4];

	srandom(1);
	for (i = 0; i < count; i++) {
		times[i] = 1 + random() % SPAN_MS;
		order[i] = i;
	}
	for (i = count - 1; i > 0; i--) {
		other = random() % (i + 1);
		swap = order[i];
		order[i] = order[other];
		order[other] = swap;
	}
	loop_init();
	loop_timers(count);
	while (turn()) {
		loop_update_time();
		t[0] = cpu_ns();
		for (i = 0; i < count; i++)
			loop_timer_start(i, times[i]);
		t[1] = cpu_ns();
		for (i = 0; i < count; i++)
			loop_timer_stop(order[i]);
		t[2] = cpu_ns();
		for (i = 0; i < count; i++)
			loop_timer_start(i, times[i]);
		due = count;
		usleep((SPAN_MS + 10) * 1000);
		t[3] = cpu_ns();
		loop_run();
		printf("%.1f %.1f %.1f\n", (double)(t[1] - t[0]) / count,
		       (double)(t[2] - t[1]) / count,
		       (double)(cpu_ns() - t[3]) / count);
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "pipes")) {
		pipes = atoi(argv[2]);
		bench_pipes(atoi(argv[3]), atoi(argv[4]));
	} else if (argc == 3 && !strcmp(argv[1], "timers")) {
		bench_timers(atoi(argv[2]));
	} else {
		fprintf(stderr, "usage: %s pipes N A W | timers N\n", argv[0]);
		return 2;
	}
	return 0;
}
