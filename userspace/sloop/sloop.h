/* SPDX-License-Identifier: MIT */
/*
 * sloop: a small event loop, made to be read. Timers, idle, prepare and check
 * callbacks, file descriptors, handles that close in two
 * steps; phases in the order of libuv 1.48 (see sloop_run()).
 *
 * All of it is one thread: every function here and every callback runs in the
 * thread that calls sloop_run(). No function is safe in a signal handler.
 *
 * A handle is memory of the caller's, set up by its init function. It may be
 * started and stopped any number of times, and is the caller's again when
 * sloop_close() has called back. Functions that can fail give 0 or a negative
 * errno. Handing in a handle that was not set up, or that has been closed, is
 * a bug of the caller's, not an error that is reported.
 *
 * uv.h gives all of this libuv's names.
 *
 * Limits: no pending phase (nothing here is ever put off), requests, threads,
 * signals, streams or file system. At most SLOOP_EVENTS file descriptors are
 * served in an iteration; the others' turn comes in the next.
 */
#ifndef SLOOP_H
#define SLOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOOP_EVENTS	256

enum sloop_mode {
	SLOOP_DEFAULT,	/* until nothing is alive or sloop_stop() */
	SLOOP_ONCE,	/* one iteration, which may sleep for an event */
	SLOOP_NOWAIT,	/* one iteration that does not sleep */
};

/* In the order of an iteration. */
enum sloop_phase {
	SLOOP_OUTSIDE,	/* sloop_run() is not running */
	SLOOP_IDLE,
	SLOOP_PREPARE,
	SLOOP_POLL,
	SLOOP_CHECK,
	SLOOP_CLOSING,
	SLOOP_TIMERS,
};

enum sloop_type {
	SLOOP_TYPE_TIMER,
	SLOOP_TYPE_IDLE,
	SLOOP_TYPE_PREPARE,
	SLOOP_TYPE_CHECK,
	SLOOP_TYPE_FD,
};

/* What may be waited for at a file descriptor; bits. */
#define SLOOP_READABLE	1
#define SLOOP_WRITABLE	2
#define SLOOP_DISCONNECT 4	/* the other end stopped writing */
#define SLOOP_PRIORITIZED 8	/* urgent data */

struct sloop;
struct sloop_handle;
struct sloop_timer;
struct sloop_hook;
struct sloop_fd;

/* A ring of handles; an empty one points at itself. */
struct sloop_list {
	struct sloop_list *next, *prev;
};

struct sloop_handle {
	void *data;			/* the caller's */
	struct sloop *loop;
	enum sloop_type type;
	unsigned int flags;		/* the loop's */
	struct sloop_list all;		/* in loop->handles */
	struct sloop_handle *next_closing;
	void (*close_cb)(struct sloop_handle *handle);
};

/*
 * Every kind of handle begins with this, so that each may be used as a struct
 * sloop_handle, and has data and loop as members of its own.
 */
#define SLOOP_HANDLE_FIRST				\
	union {						\
		struct sloop_handle handle;		\
		struct {				\
			void *data;			\
			struct sloop *loop;		\
			enum sloop_type type;		\
		};					\
	}

struct sloop_timer {
	SLOOP_HANDLE_FIRST;
	void (*cb)(struct sloop_timer *timer);
	uint64_t due_ms;		/* by the loop's clock */
	uint64_t repeat_ms;		/* 0: once */
	uint64_t id;			/* of equal due times the older first */
	size_t place;			/* in loop->heap */
};

/* An idle, prepare or check callback. */
struct sloop_hook {
	SLOOP_HANDLE_FIRST;
	void (*cb)(struct sloop_hook *hook);
	struct sloop_list place;	/* in its phase's list */
};

struct sloop_fd {
	SLOOP_HANDLE_FIRST;
	void (*cb)(struct sloop_fd *watch, int status, int events);
	int fd;
	int wanted;			/* bits; 0: not started */
	unsigned int bits;		/* the same as poll(2)'s */
	unsigned int since;		/* the poll phase it was started in */
	unsigned int place;		/* the backend's */
};

struct sloop_backend;

struct sloop {
	void *data;			/* the caller's */
	/* Called, if set, whenever a phase begins: for showing, not for work. */
	void (*phase_cb)(struct sloop *loop, enum sloop_phase phase);
	enum sloop_phase phase;		/* the present one */
	uint64_t syscalls;		/* made since sloop_init() */

	/* the loop's own */
	uint64_t now_ms;
	unsigned int alive;		/* handles active and referenced */
	bool stop;
	struct sloop_list handles;	/* all that are not closed */
	struct sloop_list idle, prepare, check;
	struct sloop_handle *closing;	/* the last closed first */
	struct sloop_timer **heap;	/* the next due at 0 */
	size_t timers, room;		/* in it, used and allocated */
	uint64_t next_id;
	const struct sloop_backend *backend;
	void *backend_data;		/* its own */
	int backend_fd;
	bool unserved;			/* it knows of more than it told */
	unsigned int polls;		/* poll phases so far, wrapping */
	struct sloop_fd **by_fd;	/* the started watches */
	unsigned int by_fd_room;
};

/*
 * Set up a loop. What it sleeps by is said by the environment's
 * SLOOP_BACKEND: epoll (also when it is not set), poll or io_uring.
 * -EINVAL: it says something else; -EMFILE, -ENFILE, -ENOMEM; io_uring
 * also -ENOSYS and -EPERM where the kernel lacks it or forbids it.
 */
int sloop_init(struct sloop *loop);

/*
 * The same with a backend of the caller's choice: one by name (NULL: there is
 * none of that name), or an own one (see backend.h).
 */
int sloop_init_with(struct sloop *loop, const struct sloop_backend *backend);
const struct sloop_backend *sloop_backend_named(const char *name);
const char *sloop_backend_name(const struct sloop *loop);

/*
 * A loop for programs that need but one, set up by the first call; NULL when
 * that failed. sloop_free() may be called on it, then it begins anew.
 */
struct sloop *sloop_default(void);

/* Give it up. -EBUSY, and nothing done, while a handle is not yet closed. */
int sloop_free(struct sloop *loop);

/*
 * Run, as mode says. Gives 1 when it ended with handles alive (by
 * sloop_stop(), or in the modes of one iteration), 0 when none is, or the
 * negative errno of a backend that failed. Not to be called from a callback.
 */
int sloop_run(struct sloop *loop, enum sloop_mode mode);

/* End sloop_run() after this iteration, or the next one before it begins. */
void sloop_stop(struct sloop *loop);

/* Is anything active and referenced, or closing? */
int sloop_alive(const struct sloop *loop);

/*
 * The loop's clock, in ms from some point in the past (CLOCK_MONOTONIC). It
 * stands still while callbacks run: it is read when sloop_run() begins, after
 * the sleep, before timers, and by sloop_update_time().
 */
uint64_t sloop_now(const struct sloop *loop);
void sloop_update_time(struct sloop *loop);

/* The same clock read now, in ns. */
uint64_t sloop_hrtime(void);

/* The ms poll may sleep: 0 not at all, -1 until an event. */
int sloop_timeout(const struct sloop *loop);

/*
 * A file descriptor that is readable when a watched one is ready; -1 with the
 * poll backend, which has none.
 */
int sloop_backend_fd(const struct sloop *loop);

/* "timers", "poll", ... */
const char *sloop_phase_name(enum sloop_phase phase);

/* For an error given by a function here: a sentence, and "EPERM", ... */
const char *sloop_strerror(int error);
const char *sloop_error_name(int error);

/*
 * Timers. The callback comes in the first timers phase that finds timeout_ms
 * gone since the loop's clock stood at the start, then every repeat_ms (0:
 * never again). Both 0..UINT64_MAX; a due time beyond the clock's end is its
 * end. Due at the same ms: in the order of their starts. One started by a
 * timer's callback is not called in the same phase, even when it is due.
 *
 * start: a started timer is stopped first. -EINVAL: cb is NULL or the handle
 * is closing. -ENOMEM: the timer is stopped.
 * again: start with repeat_ms as timeout; nothing when that is 0. -EINVAL: it
 * was never started.
 * due_in: ms to go, 0 when due or stopped.
 */
int sloop_timer_init(struct sloop *loop, struct sloop_timer *timer);
int sloop_timer_start(struct sloop_timer *timer,
		      void (*cb)(struct sloop_timer *timer),
		      uint64_t timeout_ms, uint64_t repeat_ms);
int sloop_timer_stop(struct sloop_timer *timer);
int sloop_timer_again(struct sloop_timer *timer);
void sloop_timer_set_repeat(struct sloop_timer *timer, uint64_t repeat_ms);
uint64_t sloop_timer_get_repeat(const struct sloop_timer *timer);
uint64_t sloop_timer_due_in(const struct sloop_timer *timer);

/*
 * Idle, prepare and check callbacks: once an iteration, in the phase of that
 * name, the last started first (as libuv's). While an idle one is started
 * poll does not sleep. Starting a started one does nothing. start gives
 * -EINVAL for a cb of NULL or a handle that is closing.
 */
int sloop_idle_init(struct sloop *loop, struct sloop_hook *hook);
int sloop_idle_start(struct sloop_hook *hook,
		     void (*cb)(struct sloop_hook *hook));
int sloop_idle_stop(struct sloop_hook *hook);
int sloop_prepare_init(struct sloop *loop, struct sloop_hook *hook);
int sloop_prepare_start(struct sloop_hook *hook,
			void (*cb)(struct sloop_hook *hook));
int sloop_prepare_stop(struct sloop_hook *hook);
int sloop_check_init(struct sloop *loop, struct sloop_hook *hook);
int sloop_check_start(struct sloop_hook *hook,
		      void (*cb)(struct sloop_hook *hook));
int sloop_check_stop(struct sloop_hook *hook);

/*
 * File descriptors, level triggered: the callback comes in each poll phase
 * that finds one of the wanted events there, with status 0 and those events.
 * A hang-up or error comes as all that was wanted, for reading or writing
 * tells which. The fd stays the caller's, is made non-blocking, and must stay
 * open until sloop_fd_stop() or sloop_close().
 *
 * init: -EPERM: a file that cannot be watched (a regular one); -EBADF: not
 * open; -EEXIST: watched in this loop already; -EINVAL: the loop's own.
 * start: with other events or another cb changes them; no events is stop.
 * -EINVAL: unknown events, cb is NULL, or the handle is closing;
 * -EEXIST: another handle watches this fd; else as epoll_ctl(2). What was
 * started before then goes on.
 */
int sloop_fd_init(struct sloop *loop, struct sloop_fd *watch, int fd);
int sloop_fd_start(struct sloop_fd *watch, int events,
		   void (*cb)(struct sloop_fd *watch, int status, int events));
int sloop_fd_stop(struct sloop_fd *watch);

/*
 * Stop the handle; cb (may be NULL) is called in the closing phase, never from
 * here, and from then on the memory is the caller's. Once a handle.
 */
void sloop_close(struct sloop_handle *handle,
		 void (*cb)(struct sloop_handle *handle));
int sloop_is_closing(const struct sloop_handle *handle);
int sloop_is_active(const struct sloop_handle *handle);

/* An unreferenced handle works, but does not keep sloop_run() running. */
void sloop_ref(struct sloop_handle *handle);
void sloop_unref(struct sloop_handle *handle);
int sloop_has_ref(const struct sloop_handle *handle);

/* Call cb for each handle not yet closed; it may close the one it is given. */
void sloop_walk(struct sloop *loop,
		void (*cb)(struct sloop_handle *handle, void *arg), void *arg);

#endif
