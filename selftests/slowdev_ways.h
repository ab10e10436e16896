/* SPDX-License-Identifier: MIT */
/*
 * Every way to wait for bytes, behind one call: for tests in which readers of
 * all kinds share a device. Included after slowdev_test.h.
 *
 *	sd_way_begin(&waiter, way, fd);
 *	n = sd_way_read(&waiter, buf, len);	bytes, or -errno
 *	sd_way_end(&waiter);			fd stays open
 *
 * All three in the thread that reads: signals and io_uring belong to it. The
 * call ends when there are bytes or there will be none (-ENODEV), like a
 * blocking read(2), whatever it waits by. waiter.nr is the system call that it
 * sleeps in, for sd_asleep(), and waiter.said what poll and epoll said last.
 */
#ifndef SLOWDEV_WAYS_H
#define SLOWDEV_WAYS_H

#include <sys/epoll.h>

#include "slowdev_ring.h"

#define SD_NAP_US	500	/* between two looks of who does not wait */

enum sd_way {
	SD_READ,
	SD_NOWAIT,		/* preadv2(RWF_NOWAIT), again and again */
	SD_POLL,
	SD_EPOLL,
	SD_EPOLL_EXCLUSIVE,
	SD_SIGIO,
	SD_URING,
	SD_URING_CMD,
	SD_WAYS
};

struct sd_waiter {
	enum sd_way way;
	int fd;
	long nr;
	uint32_t said;		/* events of poll or epoll, reason of SIGIO */
	int epfd;
	struct io_uring ring;
};

static SD_UNUSED const char *sd_way_name(enum sd_way way)
{
	static const char * const names[] = {
		"read", "RWF_NOWAIT", "poll", "epoll", "EPOLLEXCLUSIVE",
		"SIGIO", "io_uring", "io_uring command",
	};

	return names[way];
}

static bool sd_way_sleeps_in_read(enum sd_way way)
{
	return way == SD_READ || way == SD_URING || way == SD_URING_CMD;
}

/* Signals of @fd go to this thread, queued, as SIGRTMIN. */
static int sd_way_listen(int fd)
{
	struct f_owner_ex owner = { F_OWNER_TID, syscall(SYS_gettid) };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGIO);		/* in its place when the queue is full */
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) ||
	    fcntl(fd, F_SETOWN_EX, &owner) || fcntl(fd, F_SETSIG, SIGRTMIN) ||
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC))
		return -errno;
	return 0;
}

/* 0 or -errno. Those that do not sleep in the read make @fd O_NONBLOCK. */
static SD_UNUSED int sd_way_begin(struct sd_waiter *waiter, enum sd_way way,
				  int fd)
{
	static const long nrs[] = {
		SYS_read, SYS_clock_nanosleep, SYS_poll, SYS_epoll_wait,
		SYS_epoll_wait, SYS_rt_sigtimedwait, SYS_io_uring_enter,
		SYS_io_uring_enter,
	};
	struct epoll_event event = { .events = EPOLLIN };

	waiter->way = way;
	waiter->fd = fd;
	waiter->nr = nrs[way];
	waiter->said = 0;
	if (!sd_way_sleeps_in_read(way) &&
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		return -errno;
	switch (way) {
	case SD_EPOLL_EXCLUSIVE:
		event.events |= EPOLLEXCLUSIVE;
		/* fall through */
	case SD_EPOLL:
		waiter->epfd = epoll_create1(EPOLL_CLOEXEC);
		if (waiter->epfd < 0 ||
		    epoll_ctl(waiter->epfd, EPOLL_CTL_ADD, fd, &event))
			return -errno;
		return 0;
	case SD_SIGIO:
		return sd_way_listen(fd);
	case SD_URING:
	case SD_URING_CMD:
		return io_uring_queue_init(4, &waiter->ring, 0);
	default:
		return 0;
	}
}

static SD_UNUSED void sd_way_end(struct sd_waiter *waiter)
{
	switch (waiter->way) {
	case SD_EPOLL:
	case SD_EPOLL_EXCLUSIVE:
		close(waiter->epfd);
		break;
	case SD_URING:
	case SD_URING_CMD:
		io_uring_queue_exit(&waiter->ring);
		break;
	default:
		break;
	}
}

static ssize_t sd_way_uring(struct sd_waiter *waiter, void *buf, size_t len)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&waiter->ring);
	struct sd_area area = { (uintptr_t)buf, len, 0 };
	struct io_uring_cqe *cqe;
	int ret;

	if (waiter->way == SD_URING) {
		io_uring_prep_read(sqe, waiter->fd, buf, len, -1);
	} else {
		prep_cmd(sqe, waiter->fd, 1, &area);
	}
	ret = io_uring_submit_and_wait(&waiter->ring, 1);
	if (ret < 0)
		return ret;
	ret = io_uring_wait_cqe(&waiter->ring, &cqe);
	if (ret < 0)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(&waiter->ring, cqe);
	return ret;
}

/* Sleep until there is news of the device; 0 or -errno. */
static int sd_way_wait(struct sd_waiter *waiter)
{
	struct pollfd pollfd = { .fd = waiter->fd, .events = POLLIN };
	struct epoll_event event;
	siginfo_t info;
	sigset_t set;

	switch (waiter->way) {
	case SD_NOWAIT:
		usleep(SD_NAP_US);
		return 0;
	case SD_POLL:
		if (poll(&pollfd, 1, -1) != 1)
			return -errno;
		waiter->said = pollfd.revents;
		return 0;
	case SD_EPOLL:
	case SD_EPOLL_EXCLUSIVE:
		if (epoll_wait(waiter->epfd, &event, 1, -1) != 1)
			return -errno;
		waiter->said = event.events;
		return 0;
	default:	/* SD_SIGIO */
		sigemptyset(&set);
		sigaddset(&set, SIGRTMIN);
		sigaddset(&set, SIGIO);
		if (sigwaitinfo(&set, &info) < 0)
			return -errno;
		waiter->said = info.si_code;
		return 0;
	}
}

static ssize_t sd_way_try(struct sd_waiter *waiter, void *buf, size_t len)
{
	struct iovec iov = { buf, len };
	ssize_t n = waiter->way == SD_NOWAIT ?
		    preadv2(waiter->fd, &iov, 1, -1, RWF_NOWAIT) :
		    read(waiter->fd, buf, len);

	return n < 0 ? -errno : n;
}

static SD_UNUSED ssize_t sd_way_read(struct sd_waiter *waiter, void *buf,
				     size_t len)
{
	ssize_t n;
	int err;

	if (waiter->way == SD_URING || waiter->way == SD_URING_CMD)
		return sd_way_uring(waiter, buf, len);
	while ((n = sd_way_try(waiter, buf, len)) == -EAGAIN) {
		err = sd_way_wait(waiter);
		if (err)
			return err;
	}
	return n;
}

#endif
