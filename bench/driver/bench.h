/* SPDX-License-Identifier: MIT */
/* What wakeup.c and bulk.c share; each is one static program for the VM. */
#ifndef BENCH_DRIVER_H
#define BENCH_DRIVER_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NS		1000000000ull
#define SYSFS		"/sys/class/slowdev/slowdev0/"

static inline void must(bool condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	exit(1);
}

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS + now.tv_nsec;
}

static inline struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){ ns / NS, ns % NS };
}

static inline void sleep_until(uint64_t ns)
{
	struct timespec due = to_timespec(ns);

	must(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL),
	     "clock_nanosleep");
}

/* Else the kernel is free to be 50 us late with clock_nanosleep(). */
static inline void no_slack(void)
{
	must(!prctl(PR_SET_TIMERSLACK, 1), "PR_SET_TIMERSLACK");
}

static inline uint64_t read_number(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	must(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0, path);
	close(fd);
	return strtoull(text, NULL, 10);
}

#endif
