// SPDX-License-Identifier: MIT
/*
 * File descriptors: pipes and eventfds, what is refused, stale events, a loop
 * in a loop.
 */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct sloop loop;

static void close_one(struct sloop_handle *handle, void *arg)
{
	(void)arg;
	if (!sloop_is_closing(handle))
		sloop_close(handle, NULL);
}

static void end(void)
{
	sloop_walk(&loop, close_one, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!sloop_free(&loop), "the loop can be freed");
	tap_forget();
}

static void note(struct sloop_fd *watch, int status, int events)
{
	char text[32];

	snprintf(text, sizeof(text), "%s:%d:%d", (char *)watch->data, status,
		 events);
	tap_note(text);
}

static void read_one(struct sloop_fd *watch, int status, int events)
{
	char byte[2] = "";
	ssize_t got = read(watch->fd, byte, 1);

	(void)status;
	(void)events;
	tap_note(got > 0 ? byte : got ? "error" : "end");
	if (got <= 0)
		sloop_fd_stop(watch);
}

static void test_pipe(void)
{
	struct sloop_fd reader, writer;
	int ends[2];

	must(sloop_init(&loop));
	if (pipe(ends) || write(ends[1], "xyz", 3) != 3)
		_exit(1);
	ok(!sloop_fd_init(&loop, &reader, ends[0]), "a pipe can be watched");
	ok(fcntl(ends[0], F_GETFL) & O_NONBLOCK, "and is non-blocking now");
	sloop_fd_start(&reader, SLOOP_READABLE, read_one);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x", "one call an iteration");
	sloop_run(&loop, SLOOP_NOWAIT);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x y z", "level triggered: what is left comes again");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x y z", "and no call for nothing");

	sloop_fd_init(&loop, &writer, ends[1]);
	writer.data = "w";
	sloop_fd_start(&writer, SLOOP_WRITABLE | SLOOP_READABLE, note);
	tap_forget();
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "w:0:2", "only what is there is told");
	sloop_close(&writer.handle, NULL);
	close(ends[1]);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "w:0:2 end", "a hang-up wakes the reader");
	end();
	close(ends[0]);
}

static void test_refused(void)
{
	struct sloop_fd watch, again;
	char name[] = "/tmp/sloop-XXXXXX";
	int file = mkstemp(name);
	int event = eventfd(0, EFD_CLOEXEC);

	unlink(name);
	must(sloop_init(&loop));
	ok(sloop_fd_init(&loop, &watch, file) == -EPERM,
	   "a regular file: EPERM");
	ok(sloop_fd_init(&loop, &watch, -1) == -EBADF, "no file: EBADF");
	ok(sloop_fd_init(&loop, &watch, 1000) == -EBADF, "not open: EBADF");
	if (sloop_backend_fd(&loop) >= 0)
		ok(sloop_fd_init(&loop, &watch,
				 sloop_backend_fd(&loop)) == -EINVAL,
		   "the loop itself: EINVAL");
	else
		ok(strcmp(sloop_backend_name(&loop), "epoll"),
		   "only epoll has an fd for others");
	ok(!sloop_fd_init(&loop, &watch, event), "an eventfd can be watched");
	ok(sloop_fd_start(&watch, SLOOP_READABLE, NULL) == -EINVAL,
	   "no callback: EINVAL");
	ok(sloop_fd_start(&watch, 64, note) == -EINVAL,
	   "unknown events: EINVAL");
	ok(!sloop_is_active(&watch.handle) && !sloop_alive(&loop),
	   "nothing was started");
	sloop_fd_start(&watch, SLOOP_READABLE, note);
	ok(sloop_fd_init(&loop, &again, event) == -EEXIST,
	   "watched already: EEXIST");
	sloop_close(&watch.handle, NULL);
	ok(sloop_fd_start(&watch, SLOOP_READABLE, note) == -EINVAL,
	   "closing: EINVAL");
	end();
	close(file);
	close(event);
}

/* epoll's judgement is every backend's. */
static void test_kinds(void)
{
	static const struct {
		const char *path;
		int error;
	} kinds[] = {
		{ "/dev/null", -EPERM },
		{ "/", -EPERM },
		{ "/proc/self/status", -EPERM },
		{ "/proc/self/mounts", 0 },
	};
	size_t i;

	must(sloop_init(&loop));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct sloop_fd watch;
		int fd = open(kinds[i].path, O_RDONLY | O_CLOEXEC);
		int error = sloop_fd_init(&loop, &watch, fd);

		ok(error == kinds[i].error, kinds[i].path);
		if (!error)
			sloop_close(&watch.handle, NULL);
		sloop_run(&loop, SLOOP_DEFAULT);
		close(fd);
	}
	end();
}

static void test_change(void)
{
	struct sloop_fd watch;
	int event = eventfd(1, 0);

	must(sloop_init(&loop));
	sloop_fd_init(&loop, &watch, event);
	watch.data = "e";
	sloop_fd_start(&watch, SLOOP_READABLE, note);
	sloop_fd_start(&watch, SLOOP_READABLE | SLOOP_WRITABLE, note);
	sloop_run(&loop, SLOOP_NOWAIT);
	sloop_fd_start(&watch, SLOOP_WRITABLE, note);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "e:0:3 e:0:2", "events can be changed");
	ok(!sloop_fd_start(&watch, 0, note) && !sloop_alive(&loop),
	   "no events is stop");
	end();
	close(event);
}

/* Many ready at once; the first one called ends all the others. */
#define MANY 40
static struct sloop_fd many[MANY];
static int calls, freed;

static void on_freed(struct sloop_handle *handle)
{
	(void)handle;
	freed++;
}

static void end_others(struct sloop_fd *watch, int status, int events)
{
	int i;

	(void)status;
	(void)events;
	calls++;
	for (i = 0; i < MANY; i++) {
		if (&many[i] == watch)
			continue;
		if (i % 2)
			sloop_fd_stop(&many[i]);
		else
			sloop_close(&many[i].handle, on_freed);
		close(many[i].fd);
	}
	sloop_close(&watch->handle, on_freed);
}

static void test_stale(void)
{
	int i;

	must(sloop_init(&loop));
	for (i = 0; i < MANY; i++) {
		sloop_fd_init(&loop, &many[i], eventfd(1, 0));
		sloop_fd_start(&many[i], SLOOP_READABLE, end_others);
	}
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0, "the loop ends");
	ok(calls == 1, "no event reaches a handle that was stopped before");
	ok(freed >= MANY / 2, "and the closed ones are the caller's again");
	end();
}

/* Two ready at once; the first one called empties and restarts the other. */
static struct sloop_fd pair[2];

static void restart_other(struct sloop_fd *watch, int status, int events)
{
	struct sloop_fd *other = watch == pair ? pair + 1 : pair;
	eventfd_t value;

	(void)status;
	(void)events;
	calls++;
	sloop_fd_stop(other);
	eventfd_read(other->fd, &value);
	sloop_fd_start(other, SLOOP_READABLE, restart_other);
	sloop_fd_stop(watch);
}

static void test_restarted(void)
{
	int i;

	calls = 0;
	must(sloop_init(&loop));
	for (i = 0; i < 2; i++) {
		sloop_fd_init(&loop, &pair[i], eventfd(1, 0));
		sloop_fd_start(&pair[i], SLOOP_READABLE, restart_other);
	}
	sloop_run(&loop, SLOOP_NOWAIT);
	ok(calls == 1, "an event from before a restart is not told");
	end();
	for (i = 0; i < 2; i++)
		close(pair[i].fd);
}

/*
 * Two pipes ready at once; the first one called ends the other and gives its
 * number to a new pipe that is empty: the old one's event must not reach it.
 */
static struct sloop_fd reused[3];
static int old_ends[2], new_ends[2];

static void fail(struct sloop_fd *watch, int status, int events)
{
	(void)status;
	(void)events;
	tap_note("stale");
	sloop_fd_stop(watch);
}

static void reuse_other(struct sloop_fd *watch, int status, int events)
{
	struct sloop_fd *other = watch == reused ? reused + 1 : reused;

	(void)status;
	(void)events;
	sloop_fd_stop(watch);
	if (!sloop_is_active(&other->handle))
		return;
	sloop_close(&other->handle, NULL);
	close(other->fd);
	if (pipe(new_ends))
		_exit(1);
	tap_note(new_ends[0] == other->fd ? "same" : "other");
	sloop_fd_init(&loop, &reused[2], new_ends[0]);
	sloop_fd_start(&reused[2], SLOOP_READABLE, fail);
}

static void test_reuse(void)
{
	int ends[2];

	must(sloop_init(&loop));
	if (pipe(ends) || pipe(old_ends) || write(ends[1], "x", 1) != 1 ||
	    write(old_ends[1], "x", 1) != 1)
		_exit(1);
	sloop_fd_init(&loop, &reused[0], ends[0]);
	sloop_fd_init(&loop, &reused[1], old_ends[0]);
	sloop_fd_start(&reused[0], SLOOP_READABLE, reuse_other);
	sloop_fd_start(&reused[1], SLOOP_READABLE, reuse_other);
	sloop_run(&loop, SLOOP_NOWAIT);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "same", "a number used again gets no event of the old");
	if (write(new_ends[1], "y", 1) != 1)
		_exit(1);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "same stale", "and its own all the same");
	end();
	close(reused[0].fd == new_ends[0] ? old_ends[0] : ends[0]);
	close(ends[1]);
	close(old_ends[1]);
	close(new_ends[0]);
	close(new_ends[1]);
}

/* All writers gone at once: each watch is told, whatever it waits for. */
#define STORM	100
static struct sloop_fd stormed[STORM];
static unsigned int hang_ups;

static void on_hang_up(struct sloop_fd *watch, int status, int events)
{
	(void)status;
	if (events == watch->wanted)
		hang_ups++;
	sloop_close(&watch->handle, NULL);
	close(watch->fd);
}

static void test_storm(void)
{
	int ends[STORM][2], i;

	must(sloop_init(&loop));
	for (i = 0; i < STORM; i++) {
		if (pipe(ends[i]))
			_exit(1);
		sloop_fd_init(&loop, &stormed[i], ends[i][0]);
		sloop_fd_start(&stormed[i], i % 2 ? SLOOP_READABLE :
			       SLOOP_PRIORITIZED, on_hang_up);
	}
	sloop_run(&loop, SLOOP_NOWAIT);
	ok(!hang_ups, "nothing yet");
	for (i = 0; i < STORM; i++)
		close(ends[i][1]);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0 && hang_ups == STORM,
	   "a storm of hang-ups: each is told once, as what was wanted");
	end();
}

/* More ready than an iteration serves: all get their turn. */
static struct sloop_fd crowd[3 * SLOOP_EVENTS];
static unsigned int served;

static void once(struct sloop_fd *watch, int status, int events)
{
	(void)status;
	(void)events;
	served++;
	sloop_close(&watch->handle, NULL);
}

static void test_crowd(void)
{
	unsigned int i;

	must(sloop_init(&loop));
	for (i = 0; i < 3 * SLOOP_EVENTS; i++) {
		sloop_fd_init(&loop, &crowd[i], eventfd(1, 0));
		sloop_fd_start(&crowd[i], SLOOP_READABLE, once);
	}
	sloop_run(&loop, SLOOP_NOWAIT);
	ok(served == SLOOP_EVENTS, "so many in an iteration");
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(served == 3 * SLOOP_EVENTS, "the others in the next ones");
	end();
	for (i = 0; i < 3 * SLOOP_EVENTS; i++)
		close(crowd[i].fd);
}

/* A loop around ours sleeps by outer, and as long as ours lets it. */
static bool outer_wakes(int outer, int at_most_ms)
{
	int timeout_ms = sloop_timeout(&loop);
	struct epoll_event event;

	if (timeout_ms < 0 || timeout_ms > at_most_ms)
		timeout_ms = at_most_ms;
	return epoll_wait(outer, &event, 1, timeout_ms) == 1 ||
	       !sloop_timeout(&loop);
}

static void settle(int outer)
{
	unsigned int turns = 0;

	while (outer_wakes(outer, 0) && turns++ < 10)
		sloop_run(&loop, SLOOP_NOWAIT);
	ok(turns < 10 && sloop_timeout(&loop) == -1,
	   "nothing to do: the outer loop may sleep");
}

static void test_inside(void)
{
	struct epoll_event readable = { .events = EPOLLIN };
	struct sloop_fd reader, late;
	int outer = epoll_create1(EPOLL_CLOEXEC);
	int ends[2];

	must(sloop_init(&loop));
	if (sloop_backend_fd(&loop) < 0) {
		end();
		close(outer);
		return;
	}
	if (pipe(ends))
		_exit(1);
	ok(!epoll_ctl(outer, EPOLL_CTL_ADD, sloop_backend_fd(&loop),
		      &readable), "a loop can be watched before it runs");
	sloop_fd_init(&loop, &reader, ends[0]);
	sloop_fd_start(&reader, SLOOP_READABLE, read_one);
	settle(outer);
	if (write(ends[1], "xy", 2) != 2)
		_exit(1);
	ok(outer_wakes(outer, 5000), "a file is ready: the outer loop wakes");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x", "and the inner one finds it");
	ok(outer_wakes(outer, 0), "what is left keeps it awake");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x y", "until it is read");
	settle(outer);

	sloop_fd_init(&loop, &late, eventfd(1, EFD_CLOEXEC));
	late.data = "late";
	sloop_fd_start(&late, SLOOP_READABLE, note);
	ok(outer_wakes(outer, 5000), "started between runs: it wakes");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "x y late:0:1", "and finds it");
	sloop_close(&late.handle, NULL);
	close(late.fd);
	settle(outer);
	end();
	close(ends[0]);
	close(ends[1]);
	close(outer);
}

int main(void)
{
	test_pipe();
	test_refused();
	test_kinds();
	test_change();
	test_stale();
	test_restarted();
	test_reuse();
	test_storm();
	test_crowd();
	test_inside();
	return tap_done();
}
