/* SPDX-License-Identifier: MIT */
/*
 * sloop: an event loop, made to be read. Timers; idle, prepare and check
 * callbacks; file descriptors; wake-ups from other threads; signals; work and
 * file operations for a pool of threads; ticks and microtasks; handles that
 * close in two steps. Phases come in the order of libuv 1.48 (sloop_run()).
 *
 * A loop is one thread's: every function here and every callback runs in the
 * thread that calls sloop_run(), but for those that say otherwise. Each thread
 * may have loops of its own. Of all functions sloop_async_send() alone may be
 * called from another thread or in a signal handler.
 *
 * A handle is memory of the caller's, set up by its init function. It may be
 * started and stopped any number of times, and is the caller's again when
 * sloop_close() has called back. Functions that can fail give 0 or a negative
 * errno. Handing in a handle that was not set up, or that has been closed, is
 * a bug of the caller's, not an error that is reported.
 *
 * uv.h gives all of this libuv's names.
 *
 * Limits: no streams, processes or names to look up. At most SLOOP_EVENTS file
 * descriptors are served in an iteration; the others' turn comes in the next.
 */
#ifndef SLOOP_H
#define SLOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define SLOOP_EVENTS	256

enum sloop_mode {
	SLOOP_DEFAULT,	/* until nothing is alive or sloop_stop() */
	SLOOP_ONCE,	/* one iteration, which may sleep for an event */
	SLOOP_NOWAIT,	/* one iteration that does not sleep */
};

/* In the order of an iteration. */
enum sloop_phase {
	SLOOP_OUTSIDE,	/* sloop_run() is not running */
	SLOOP_PENDING,
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
	SLOOP_TYPE_ASYNC,
	SLOOP_TYPE_SIGNAL,
	SLOOP_TYPE_NONE,	/* what is called is not a handle's */
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
	union {
		struct sloop_handle *next_closing;
		size_t place;		/* a started timer's, in loop->heap */
	};
	struct sloop_list all;		/* in loop->handles */
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
};

/* A started timer's entry in the loop's heap. */
struct sloop_due {
	uint64_t key;			/* its order: timer_key() */
	struct sloop_timer *timer;
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

/* Another thread's way to have the loop call something. */
struct sloop_async {
	SLOOP_HANDLE_FIRST;
	void (*cb)(struct sloop_async *async);
	struct sloop_list place;	/* in loop->asyncs */
	int sent;			/* not yet called back; any thread's */
	int sending;			/* threads in sloop_async_send() */
};

struct sloop_signal {
	SLOOP_HANDLE_FIRST;
	void (*cb)(struct sloop_signal *watch, int number);
	struct sloop_list place;	/* in loop->signals */
	int number;			/* 0: not started */
	bool once;
	unsigned int seen;		/* how many of them were told */
};

/* Something to be called once, soon: a tick, a microtask or a put-off call. */
struct sloop_task {
	void *data;			/* the caller's */
	struct sloop *loop;
	void (*cb)(struct sloop_task *task);
	struct sloop_task *next;
};

/* First in, first out. */
struct sloop_tasks {
	struct sloop_task *first, *last;
};

/* Something for a thread of the pool to do. */
struct sloop_work {
	void *data;			/* the caller's */
	struct sloop *loop;
	void (*work_cb)(struct sloop_work *work);
	void (*after_cb)(struct sloop_work *work, int status);
	struct sloop_list place;	/* in the pool's list, then the loop's */
	int state;			/* the pool's */
};

/* A file operation, which is work too, and may be cancelled as such. */
struct sloop_fs {
	union {
		struct sloop_work work;
		struct {
			void *data;	/* the caller's */
			struct sloop *loop;
		};
	};
	ssize_t result;			/* as the system call's, or -errno */
	struct stat stat;		/* sloop_fs_stat()'s */
	void (*cb)(struct sloop_fs *fs);
	void (*operation)(struct sloop_fs *fs);
	char *path;
	int fd, flags;
	mode_t mode;
	struct iovec *buffers;
	unsigned int count;
	int64_t offset;
};

/* What sloop.trace_cb is told. */
enum sloop_event {
	SLOOP_PHASE,		/* a phase begins */
	SLOOP_CB_ENTER,		/* a callback is called, */
	SLOOP_CB_EXIT,		/* and has returned; its tasks come next */
};

struct sloop_record {
	uint64_t t_ns;			/* CLOCK_MONOTONIC */
	enum sloop_event event;
	enum sloop_phase phase;
	enum sloop_type type;		/* of what is called */
};

struct sloop_backend;
struct sloop_listener;
struct sloop_watchdog;

struct sloop {
	void *data;			/* the caller's */
	/* Called, if set, for each record: for showing, not for work. */
	void (*trace_cb)(struct sloop *loop, const struct sloop_record *record);
	enum sloop_phase phase;		/* the present one */
	uint64_t syscalls;		/* made since sloop_init() */

	/* the loop's own */
	uint64_t now_ms;
	bool now_old;			/* to be read when it is asked for */
	unsigned int active_handles;	/* that are referenced, too */
	bool stop;
	struct sloop_list handles;	/* all that are not closed */
	struct sloop_list idle, prepare, check;
	struct sloop_handle *closing;	/* the last closed first */
	struct sloop_due *heap;		/* the next due at 0 */
	size_t timers, room;		/* in it, used and allocated */
	unsigned int next_turn;		/* of those due in the same ms */
	uint64_t timers_end;		/* keys from here on: not this phase */
	const struct sloop_backend *backend;
	void *backend_data;		/* its own */
	int backend_fd;
	unsigned int polls;		/* poll phases so far, wrapping */
	struct sloop_fd **by_fd;	/* the started watches */
	unsigned int by_fd_room;
	unsigned int requests;		/* work that was not called back */
	struct sloop_tasks pending, ticks, microtasks;
	struct sloop_fd wake;		/* others wake the loop by it */
	struct sloop_list asyncs, signals;
	struct sloop_list finished;	/* work; the pool's lock guards it */
	struct sloop_list done;		/* of that, what is being told now */
	struct sloop_listener *listener;
	struct sloop_watchdog *watchdog;
};

/* How a loop can sleep, for messages. */
#define SLOOP_BACKENDS	"epoll, poll or io_uring"

/*
 * Set up a loop. What it sleeps by is said by the environment's
 * SLOOP_BACKEND: one of SLOOP_BACKENDS, the first also when it is not set.
 * -EINVAL: it says something else; -EMFILE, -ENFILE, -ENOMEM (io_uring's after
 * up to a second, which it sleeps for closed rings to be freed); io_uring also
 * -ENOSYS and -EPERM where the kernel lacks it or forbids it.
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

/*
 * Give it up. -EBUSY, and nothing done, while a handle is not yet closed or
 * work not yet called back.
 */
int sloop_free(struct sloop *loop);

/*
 * In the child after fork(2), before anything else is done with the loop: give
 * it a backend of its own. Handles go on as they were; work that was under way
 * is the parent's, and its callbacks come there alone. Errors: sloop_init()'s,
 * or sloop_fd_start()'s; then the loop is of no use but to be cleared away:
 * sloop_run(), which gives -EBADF, still calls back what is closed.
 */
int sloop_fork(struct sloop *loop);

/*
 * Run, as mode says. Gives 1 when it ended with handles alive (by
 * sloop_stop(), or in the modes of one iteration), 0 when none is, or the
 * negative errno of a backend that failed. Not to be called from a callback.
 */
int sloop_run(struct sloop *loop, enum sloop_mode mode);

/* End sloop_run() after this iteration, or the next one before it begins. */
void sloop_stop(struct sloop *loop);

/* Is anything active and referenced, under way, put off or closing? */
int sloop_alive(const struct sloop *loop);

/*
 * The loop's clock, in ms from some point in the past (CLOCK_MONOTONIC). It
 * stands still while callbacks run: it is read before timers, when it is first
 * asked for after a sleep or after sloop_run() began (a timer's start asks, too),
 * and by sloop_update_time().
 */
uint64_t sloop_now(const struct sloop *loop);
void sloop_update_time(struct sloop *loop);

/* The same clock read now, in ns. */
uint64_t sloop_hrtime(void);

/* The ms poll may sleep: 0 not at all, -1 until an event. */
int sloop_timeout(const struct sloop *loop);

/*
 * A file descriptor that is readable when a watched one is ready, for a loop
 * inside another; -1 with poll and io_uring, which have none.
 */
int sloop_backend_fd(const struct sloop *loop);

/* "timers", "poll", ...; "timer", "fd", ... ("task": no handle's) */
const char *sloop_phase_name(enum sloop_phase phase);
const char *sloop_type_name(enum sloop_type type);

/* For an error given by a function here: a sentence, and "EPERM", ... */
const char *sloop_strerror(int error);
const char *sloop_error_name(int error);

/*
 * Timers. The callback comes in the first timers phase that finds timeout_ms
 * gone since the loop's clock stood at the start, then every repeat_ms (0:
 * never again). Both 0..UINT64_MAX; a due time beyond the clock's end is its
 * end, and beyond 2^40 ms (34 years) all are due at the same. Due at the same
 * ms: in the order of their starts. One started by a timer's callback is not
 * called in the same phase, even when it is due.
 *
 * start: a started timer is stopped first. -EINVAL: cb is NULL or the handle
 * is closing. -ENOMEM, also for more than 8 million: the timer is stopped.
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
 * init: -EPERM: what epoll refuses (a regular file, /dev/null); -EBADF: not
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
 * Wake-ups. After sloop_async_send(), which any thread may call and a signal
 * handler too, cb (may be NULL) is called once in the loop's thread; any number
 * of sends before that call are one. What was written before a send is seen by
 * the call after it. An async is active from init to sloop_close(), and must
 * not be sent to once sloop_close() was called.
 *
 * init: -EMFILE, -ENFILE, -ENOMEM, as eventfd(2), for a loop's first one.
 */
int sloop_async_init(struct sloop *loop, struct sloop_async *async,
		     void (*cb)(struct sloop_async *async));
int sloop_async_send(struct sloop_async *async);

/*
 * Signals: cb is called in the poll phase once for each time the signal was
 * caught since the start; start_once stops the watch after its first call.
 * Any number of watches, in any loops, may watch a signal; while one does, what
 * was set by sigaction(2) before is out of force. Those of a loop are called in
 * the order of their starts.
 *
 * start: with another number changes it. -EINVAL: cb is NULL, the handle is
 * closing, or a signal (1..64) that is none or cannot be caught; else as
 * sloop_async_init().
 */
int sloop_signal_init(struct sloop *loop, struct sloop_signal *watch);
int sloop_signal_start(struct sloop_signal *watch,
		       void (*cb)(struct sloop_signal *watch, int number),
		       int number);
int sloop_signal_start_once(struct sloop_signal *watch,
			    void (*cb)(struct sloop_signal *watch, int number),
			    int number);
int sloop_signal_stop(struct sloop_signal *watch);

/*
 * Tasks, each called once, in the order they were handed in; the memory is the
 * caller's again when cb is called.
 *
 * next_tick, microtask: after the callback that is running now; outside of one,
 * when sloop_run() begins. As in Node.js since version 11, after each callback
 * first all ticks are called, then all microtasks, those included that they
 * hand in themselves, then again, until there is none. While they hand in more,
 * the loop stands still.
 *
 * defer: in the next pending phase, which is before the next sleep. Until then
 * the loop is alive.
 */
void sloop_next_tick(struct sloop *loop, struct sloop_task *task,
		     void (*cb)(struct sloop_task *task));
void sloop_microtask(struct sloop *loop, struct sloop_task *task,
		     void (*cb)(struct sloop_task *task));
void sloop_defer(struct sloop *loop, struct sloop_task *task,
		 void (*cb)(struct sloop_task *task));

/*
 * Work: work_cb is called in a thread of the pool, which must not touch the
 * loop; when it has returned, after_cb (may be NULL) in the loop's thread with
 * status 0. All loops share one pool, of 4 threads unless the environment's
 * SLOOP_THREADS says 1..1024; they start when there is work for them. Work is
 * begun in the order it was queued. Until its after_cb it keeps sloop_run()
 * running.
 *
 * queue: -EINVAL: work_cb is NULL; -EAGAIN: no thread could be started; else as
 * sloop_async_init().
 * cancel: if it has not begun, after_cb comes with -ECANCELED and work_cb never.
 * -EBUSY: it has begun.
 */
int sloop_queue_work(struct sloop *loop, struct sloop_work *work,
		     void (*work_cb)(struct sloop_work *work),
		     void (*after_cb)(struct sloop_work *work, int status));
int sloop_cancel(struct sloop_work *work);

/* Have the pool do what it was given, and end its threads. Any thread's. */
void sloop_shutdown(void);

/*
 * Files. epoll refuses them (EPERM): a disk file is always "ready", and yet
 * read(2) on it may sleep. So a thread of the pool sleeps for the loop. These
 * are open(2), close(2), preadv(2) and pwritev(2) (offset -1: where the file
 * stands), fsync(2) and fstat(2); fs->result tells in cb how it went, and
 * sloop_cancel(&fs->work) makes it -ECANCELED. The path and the list of buffers
 * are copied, the buffers themselves are not.
 *
 * They fail as sloop_queue_work() does, or with -ENOMEM, and then cb never
 * comes. With a cb of NULL they are done at once, in this thread, and give
 * fs->result.
 */
int sloop_fs_open(struct sloop *loop, struct sloop_fs *fs, const char *path,
		  int flags, int mode, void (*cb)(struct sloop_fs *fs));
int sloop_fs_close(struct sloop *loop, struct sloop_fs *fs, int fd,
		   void (*cb)(struct sloop_fs *fs));
int sloop_fs_read(struct sloop *loop, struct sloop_fs *fs, int fd,
		  const struct iovec *buffers, unsigned int count,
		  int64_t offset, void (*cb)(struct sloop_fs *fs));
int sloop_fs_write(struct sloop *loop, struct sloop_fs *fs, int fd,
		   const struct iovec *buffers, unsigned int count,
		   int64_t offset, void (*cb)(struct sloop_fs *fs));
int sloop_fs_sync(struct sloop *loop, struct sloop_fs *fs, int fd,
		  void (*cb)(struct sloop_fs *fs));
int sloop_fs_stat(struct sloop *loop, struct sloop_fs *fs, int fd,
		  void (*cb)(struct sloop_fs *fs));

/*
 * Print a record as one line of the timeline (docs/timeline.md), for use in
 * trace_cb.
 */
void sloop_print_record(FILE *to, const struct sloop_record *record);

/*
 * Have a thread watch the loop, and report when it does not get to its poll
 * phase for limit_ms: then, and each time that time has doubled, cb is called
 * in that thread with how long it has been; phase and type say where the loop
 * is. A cb of NULL prints a line on standard error. 0 ms ends the watch, as
 * sloop_free() does. -EAGAIN, -ENOMEM: no thread could be started.
 */
int sloop_watch_blocked(struct sloop *loop, unsigned int limit_ms,
			void (*cb)(struct sloop *loop, uint64_t blocked_ms,
				   enum sloop_phase phase,
				   enum sloop_type type));

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

/* Call cb for each handle not yet closed; it may close any, and make others. */
void sloop_walk(struct sloop *loop,
		void (*cb)(struct sloop_handle *handle, void *arg), void *arg);

#endif
