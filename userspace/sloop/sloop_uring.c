// SPDX-License-Identifier: MIT
/*
 * A backend on io_uring: each fd has one multishot poll request in the ring,
 * which stays there and posts a completion whenever the fd is woken. Spoken to
 * by its three system calls, without a library, so that all of it is here.
 * See backend.h for who calls this.
 *
 * A multishot poll tells of wake-ups, not of the state: it is silent about
 * what is left unread, and may speak of what has been read since. Our callers
 * are promised the state, as epoll's level triggering gives it. So a
 * completion only makes an fd "hot", and the hot ones are asked by one poll(2)
 * before they are told; one that is not ready is no longer hot.
 *
 * The ring is made disabled and enabled at the first wait, by the thread that
 * waits: with IORING_SETUP_DEFER_TASKRUN (Linux 6.1) only that one may enter.
 * Without it (before) completions are posted during any system call.
 *
 * Limits: -ENOSYS, -EPERM where io_uring is missing or forbidden; Linux 5.13.
 * With IORING_SETUP_DEFER_TASKRUN the ring's fd may be readable and still wake
 * nobody who sleeps on it (not on Linux 6.18): completions wait for their thread
 * to enter. So it tells an outer loop nothing (backend.h: tells).
 */
#include "userspace/sloop/backend.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* 64 requests are a page; with 128 completions and the indices one more. */
#define ENTRIES		64
#define PATIENCE_MS	1000	/* for memory to make a ring of */

struct uring {
	unsigned int *sq_head, *sq_tail, *sq_array, *sq_flags;
	unsigned int *cq_head, *cq_tail, cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	void *rings;
	size_t rings_size, sqes_size;
	bool enabled;
	struct pollfd *hot;		/* to be asked, and whether it is */
	struct sloop_fd **hot_watch;
	unsigned int hot_count, room;
	unsigned int next;		/* where the next wait begins to tell */
	unsigned int generation;	/* of the newest poll request */
	int judge;			/* an epoll: what can be watched */
};

/* sloop_fd.place: how the ring and the hot list know it */
#define ARMED		1u
#define HOT		2u
#define GENERATION	4u		/* the rest: which arming it is */

/* user_data of a poll request: fd and generation; of anything else 0. */
static uint64_t tag(const struct sloop_fd *watch)
{
	return ((uint64_t)(watch->place / GENERATION) << 32) | watch->fd;
}

static int enter(struct sloop *loop, unsigned int submit, unsigned int want,
		 int timeout_ms)
{
	struct __kernel_timespec time = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000ll,
	};
	struct io_uring_getevents_arg arg = {
		.ts = timeout_ms < 0 ? 0 : (uintptr_t)&time,
	};
	int done;

	loop->syscalls++;
	done = syscall(SYS_io_uring_enter, loop->backend_fd, submit, want,
		       IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg,
		       sizeof(arg));
	return done < 0 ? -errno : done;
}

static unsigned int queued(struct uring *uring)
{
	return *uring->sq_tail - __atomic_load_n(uring->sq_head,
						 __ATOMIC_ACQUIRE);
}

static int enable(struct sloop *loop, struct uring *uring)
{
	if (uring->enabled)
		return 0;
	loop->syscalls++;
	if (syscall(SYS_io_uring_register, loop->backend_fd,
		    IORING_REGISTER_ENABLE_RINGS, NULL, 0))
		return -errno;
	uring->enabled = true;
	return 0;
}

/* Hand over what is queued, without waiting for anything. */
static int submit(struct sloop *loop, struct uring *uring)
{
	int error = enable(loop, uring);

	while (!error && queued(uring)) {
		error = enter(loop, queued(uring), 0, 0);
		if (error == -EINTR)
			error = 0;
		if (error > 0)
			error = 0;
	}
	return error;
}

/* An empty entry; where there is none left, the queue is handed over. */
static struct io_uring_sqe *get_sqe(struct sloop *loop, struct uring *uring)
{
	struct io_uring_sqe *sqe;

	if (queued(uring) == ENTRIES && submit(loop, uring))
		return NULL;
	sqe = &uring->sqes[*uring->sq_tail & (ENTRIES - 1)];
	memset(sqe, 0, sizeof(*sqe));
	return sqe;
}

static void put_sqe(struct uring *uring)
{
	__atomic_store_n(uring->sq_tail, *uring->sq_tail + 1,
			 __ATOMIC_RELEASE);
}

static int arm(struct sloop *loop, struct uring *uring, struct sloop_fd *watch,
	       unsigned int events)
{
	struct io_uring_sqe *sqe = get_sqe(loop, uring);

	if (!sqe)
		return -EAGAIN;
	watch->place = ++uring->generation * GENERATION | ARMED |
		       (watch->place & HOT);
	sqe->opcode = IORING_OP_POLL_ADD;
	sqe->fd = watch->fd;
	sqe->len = IORING_POLL_ADD_MULTI;
	sqe->poll32_events = events;
	sqe->user_data = tag(watch);
	put_sqe(uring);
	return 0;
}

/*
 * Now, not with the next wait: until the request is gone it holds the file
 * open, and who closes the fd next expects the other end to see it.
 */
static int disarm(struct sloop *loop, struct uring *uring,
		  struct sloop_fd *watch)
{
	struct io_uring_sqe *sqe = get_sqe(loop, uring);

	if (!sqe)
		return -EAGAIN;
	watch->place &= ~ARMED;
	sqe->opcode = IORING_OP_POLL_REMOVE;
	sqe->fd = -1;
	sqe->addr = tag(watch);
	put_sqe(uring);
	return submit(loop, uring);
}

static void forget_hot(struct uring *uring, struct sloop_fd *watch)
{
	unsigned int i;

	if (!(watch->place & HOT))
		return;
	watch->place &= ~HOT;
	for (i = 0; uring->hot_watch[i] != watch; i++)
		;
	uring->hot_count--;
	uring->hot_watch[i] = uring->hot_watch[uring->hot_count];
	uring->hot[i] = uring->hot[uring->hot_count];
}

static int make_hot(struct uring *uring, struct sloop_fd *watch,
		    unsigned int events)
{
	unsigned int room = uring->room ? 2 * uring->room : 64;
	struct sloop_fd **watches;
	struct pollfd *hot;

	if (watch->place & HOT)
		return 0;
	if (uring->hot_count == uring->room) {
		hot = reallocarray(uring->hot, room, sizeof(*hot));
		if (!hot)
			return -ENOMEM;
		uring->hot = hot;
		watches = reallocarray(uring->hot_watch, room,
				       sizeof(struct sloop_fd *));
		if (!watches)
			return -ENOMEM;
		uring->hot_watch = watches;
		uring->room = room;
	}
	watch->place |= HOT;
	uring->hot_watch[uring->hot_count] = watch;
	uring->hot[uring->hot_count++] = (struct pollfd){
		.fd = watch->fd,
		.events = events,
	};
	return 0;
}

static int change(struct sloop *loop, struct sloop_fd *watch,
		  unsigned int from, unsigned int to)
{
	struct uring *uring = loop->backend_data;

	if (from) {
		forget_hot(uring, watch);
		if (watch->place & ARMED) {
			int error = disarm(loop, uring, watch);

			if (error)
				return error;
		}
	}
	return to ? arm(loop, uring, watch, to) : 0;
}

/*
 * Take the completions; what they are about is hot from here on. How many
 * there were, or -errno.
 */
static int reap(struct sloop *loop, struct uring *uring)
{
	unsigned int first = *uring->cq_head, head = first;
	int error = 0;

	while (!error && head != __atomic_load_n(uring->cq_tail,
						 __ATOMIC_ACQUIRE)) {
		struct io_uring_cqe *cqe = &uring->cqes[head & uring->cq_mask];
		unsigned int fd = cqe->user_data;
		struct sloop_fd *watch = cqe->user_data && fd < loop->by_fd_room
					 ? loop->by_fd[fd] : NULL;

		head++;
		/* a request that was taken back may still have its say */
		if (!watch || tag(watch) != cqe->user_data ||
		    !(watch->place & ARMED))
			continue;
		if (!(cqe->flags & IORING_CQE_F_MORE))
			watch->place &= ~ARMED;
		if (cqe->res >= 0 || cqe->res == -EAGAIN)
			error = make_hot(uring, watch, watch->bits);
		if (!error && cqe->res >= 0 && !(watch->place & ARMED))
			error = arm(loop, uring, watch, watch->bits);
	}
	__atomic_store_n(uring->cq_head, head, __ATOMIC_RELEASE);
	return error ? error : (int)(head - first);
}

/* Ask the hot ones what they are now, and tell those that are ready. */
static int ask_hot(struct sloop *loop, struct uring *uring,
		   struct epoll_event *ready, int max)
{
	unsigned int seen, kept = 0, asked = uring->hot_count;
	int count = 0;

	if (!asked)
		return 0;
	loop->syscalls++;
	if (poll(uring->hot, asked, 0) < 0)
		return -errno;
	for (seen = 0; seen < asked && count < max; seen++) {
		unsigned int i = (uring->next + seen) % asked;

		if (!uring->hot[i].revents || uring->hot[i].revents & POLLNVAL)
			continue;
		ready[count].events = uring->hot[i].revents;
		ready[count++].data.ptr = uring->hot_watch[i];
	}
	uring->next = count == max ? (uring->next + seen) % asked : 0;
	for (seen = 0; seen < asked; seen++) {
		if (!uring->hot[seen].revents ||
		    uring->hot[seen].revents & POLLNVAL) {
			uring->hot_watch[seen]->place &= ~HOT;
			continue;
		}
		uring->hot_watch[kept] = uring->hot_watch[seen];
		uring->hot[kept++] = uring->hot[seen];
	}
	uring->hot_count = kept;
	return count;
}

/*
 * Hand over what is queued, wait for one completion if asked to, and take all
 * there are: one call posts but a part of them, and says so in the flags. Who
 * has nothing more to post may say so as well, and leave it at that, until
 * something happens: so no more calls than bring completions.
 */
static int gather(struct sloop *loop, struct uring *uring, int max,
		  bool sleep, int timeout_ms)
{
	int error, reaped;

	do {
		error = enter(loop, queued(uring), sleep,
			      sleep ? timeout_ms : 0);
		if (error < 0 && error != -ETIME && error != -EBUSY)
			return error;
		reaped = reap(loop, uring);
		if (reaped < 0)
			return reaped;
		sleep = false;
	} while (reaped && (int)uring->hot_count < max &&
		 __atomic_load_n(uring->sq_flags, __ATOMIC_RELAXED) &
		 (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW));
	return 0;
}

static int wait_ready(struct sloop *loop, struct epoll_event *ready, int max,
		      int timeout_ms)
{
	struct uring *uring = loop->backend_data;
	uint64_t until_ms = timeout_ms > 0 ?
			    sloop_hrtime() / 1000000 + timeout_ms + 1 : 0;
	int count, error = enable(loop, uring);

	if (error)
		return error;
	for (;;) {
		/* what is left from last time must not wait behind a sleep */
		bool sleep = timeout_ms && !uring->hot_count;

		error = gather(loop, uring, max, sleep, timeout_ms);
		if (error)
			return error;
		count = ask_hot(loop, uring, ready, max);
		if (count || !timeout_ms)
			return count;
		if (timeout_ms > 0) {
			uint64_t now_ms = sloop_hrtime() / 1000000;

			if (now_ms >= until_ms - 1)
				return 0;
			timeout_ms = until_ms - now_ms - 1;
		}
	}
}

/* As poll's: readiness of a disk file says nothing. */
static int probe(struct sloop *loop, int fd)
{
	struct uring *uring = loop->backend_data;

	if (fd == loop->backend_fd)
		return -EINVAL;
	return epoll_probe(loop, uring->judge, fd);
}

static void release(struct sloop *loop)
{
	struct uring *uring = loop->backend_data;

	munmap(uring->sqes, uring->sqes_size);
	munmap(uring->rings, uring->rings_size);
	close(loop->backend_fd);
	close(uring->judge);
	free(uring->hot);
	free(uring->hot_watch);
	free(uring);
}

/*
 * A ring may count against its user's RLIMIT_MEMLOCK (Linux 6.18, not 6.12;
 * never with CAP_IPC_LOCK), and some milliseconds longer than it is open: the
 * kernel frees it when it comes to it (io_uring_setup(2): closing frees all,
 * maybe asynchronously). So -ENOMEM may be a matter of waiting.
 */
static int setup_flags(struct sloop *loop, struct io_uring_params *params,
		       unsigned int flags)
{
	const struct timespec nap = { .tv_nsec = 2000000 };
	uint64_t until_ns = sloop_hrtime() + PATIENCE_MS * 1000000ull;
	int fd;

	for (;;) {
		*params = (struct io_uring_params){ .flags = flags };
		loop->syscalls++;
		fd = syscall(SYS_io_uring_setup, ENTRIES, params);
		if (fd >= 0)
			return fd;
		if (errno != ENOMEM || sloop_hrtime() >= until_ns)
			return -errno;
		loop->syscalls++;
		nanosleep(&nap, NULL);
	}
}

static int setup(struct sloop *loop, struct io_uring_params *params)
{
	int fd = setup_flags(loop, params, IORING_SETUP_R_DISABLED |
			     IORING_SETUP_SINGLE_ISSUER |
			     IORING_SETUP_DEFER_TASKRUN |
			     IORING_SETUP_TASKRUN_FLAG);

	/* before Linux 6.1 */
	if (fd == -EINVAL)
		fd = setup_flags(loop, params, IORING_SETUP_R_DISABLED);
	return fd;
}

static int map(struct uring *uring, const struct io_uring_params *params,
	       int fd)
{
	size_t sq = params->sq_off.array + params->sq_entries * sizeof(int);
	size_t cq = params->cq_off.cqes +
		    params->cq_entries * sizeof(struct io_uring_cqe);
	unsigned int i;
	char *rings;

	uring->rings_size = sq > cq ? sq : cq;
	uring->sqes_size = params->sq_entries * sizeof(struct io_uring_sqe);
	rings = mmap(NULL, uring->rings_size, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQ_RING);
	if (rings == MAP_FAILED)
		return -errno;
	uring->sqes = mmap(NULL, uring->sqes_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQES);
	if (uring->sqes == MAP_FAILED) {
		munmap(rings, uring->rings_size);
		return -ENOMEM;
	}
	uring->rings = rings;
	uring->sq_head = (void *)(rings + params->sq_off.head);
	uring->sq_tail = (void *)(rings + params->sq_off.tail);
	uring->sq_array = (void *)(rings + params->sq_off.array);
	uring->sq_flags = (void *)(rings + params->sq_off.flags);
	uring->cq_head = (void *)(rings + params->cq_off.head);
	uring->cq_tail = (void *)(rings + params->cq_off.tail);
	uring->cq_mask = params->cq_entries - 1;
	uring->cqes = (void *)(rings + params->cq_off.cqes);
	for (i = 0; i < ENTRIES; i++)
		uring->sq_array[i] = i;
	return 0;
}

static int open_ring(struct sloop *loop, struct uring *uring)
{
	struct io_uring_params params;
	int error, fd = setup(loop, &params);

	if (fd < 0)
		return fd;
	error = map(uring, &params, fd);
	/* both in one map, sleep with a time: Linux 5.11 has them */
	if (!error && !(params.features & IORING_FEAT_EXT_ARG)) {
		munmap(uring->sqes, uring->sqes_size);
		munmap(uring->rings, uring->rings_size);
		error = -ENOSYS;
	}
	if (error)
		close(fd);
	loop->backend_fd = fd;
	return error;
}

static int init(struct sloop *loop)
{
	struct uring *uring = calloc(1, sizeof(*uring));
	int error;

	if (!uring)
		return -ENOMEM;
	loop->syscalls++;
	uring->judge = epoll_create1(EPOLL_CLOEXEC);
	error = uring->judge < 0 ? -errno : open_ring(loop, uring);
	if (error) {
		if (uring->judge >= 0)
			close(uring->judge);
		free(uring);
		return error;
	}
	loop->backend_data = uring;
	return 0;
}

const struct sloop_backend sloop_uring = {
	.name = "io_uring",
	.init = init,
	.free = release,
	.probe = probe,
	.change = change,
	.wait = wait_ready,
};
