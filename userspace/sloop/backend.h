/* SPDX-License-Identifier: MIT */
/*
 * A backend is how the loop sleeps until a file descriptor is ready, and
 * which clock it goes by. There is one file each: sloop_epoll.c, sloop_poll.c,
 * sloop_uring.c; sloop_none.c for a loop that has none left, and fake.h for
 * tests. sloop_fd.c is their only caller, in the thread that owns the loop.
 *
 * They all speak poll(2)'s bits (POLLIN, ...; epoll's have the same values),
 * and all are level triggered: what is ready and not served comes again.
 *
 * Limits: a backend sees each file descriptor once; that no two handles watch
 * the same one is seen to by its caller.
 */
#ifndef SLOOP_BACKEND_H
#define SLOOP_BACKEND_H

#include <sys/epoll.h>

#include "userspace/sloop/sloop.h"

struct sloop_backend {
	const char *name;
	bool tells;	/* backend_fd is readable when something is ready */
	/* Keeps its own in loop->backend_data and loop->backend_fd. */
	int (*init)(struct sloop *loop);
	/* Nothing is watched any more; or this is the child after a fork. */
	void (*free)(struct sloop *loop);
	/* 0, or why this fd can never be watched. */
	int (*probe)(struct sloop *loop, int fd);
	/* From one set of poll bits to another; 0 is not watched at all. */
	int (*change)(struct sloop *loop, struct sloop_fd *watch,
		      unsigned int from, unsigned int to);
	/*
	 * Fill in at most max of what is ready: data.ptr is the struct
	 * sloop_fd, events its poll bits. Sleeps up to timeout_ms (-1: for
	 * ever), and less when a signal comes. Gives how many, or an error.
	 */
	int (*wait)(struct sloop *loop, struct epoll_event *ready, int max,
		    int timeout_ms);
	/* ns from some point in the past; NULL: CLOCK_MONOTONIC. */
	uint64_t (*now_ns)(struct sloop *loop);
};

/*
 * What epoll says of the fd, by trying: for probe() of those that would take
 * any file, and say of some that they are always ready. epoll_fd is theirs,
 * and nothing else is in it.
 */
int epoll_probe(struct sloop *loop, int epoll_fd, int fd);

extern const struct sloop_backend sloop_epoll, sloop_poll, sloop_uring,
				  sloop_none;

#endif
