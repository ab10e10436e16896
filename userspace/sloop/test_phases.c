// SPDX-License-Identifier: MIT
/* The order of phases, in each mode of running; stopping; who may sleep. */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static struct sloop loop;
static struct sloop_timer timer;
static struct sloop_hook idle, prepare, check, extra;
static struct sloop_fd watch;
static int ends[2];

static void on_phase(struct sloop *it, const struct sloop_record *record)
{
	if (record->event != SLOOP_PHASE)
		return;
	tap_note(sloop_phase_name(record->phase));
	if (it->phase != record->phase)
		tap_note("WRONG");
}

static void on_timer(struct sloop_timer *it)
{
	(void)it;
	tap_note("T");
}

static void on_idle(struct sloop_hook *hook)
{
	(void)hook;
	tap_note("I");
}

static void on_prepare(struct sloop_hook *hook)
{
	(void)hook;
	tap_note("P");
}

static void on_check(struct sloop_hook *hook)
{
	(void)hook;
	tap_note("C");
}

static void on_readable(struct sloop_fd *it, int status, int events)
{
	char byte;

	(void)status;
	(void)events;
	if (read(it->fd, &byte, 1) == 1)
		tap_note("R");
}

static void on_close(struct sloop_handle *handle)
{
	(void)handle;
	tap_note("X");
}

static void close_one(struct sloop_handle *handle, void *arg)
{
	(void)arg;
	if (!sloop_is_closing(handle))
		sloop_close(handle, NULL);
}

static void begin(void)
{
	must(sloop_init(&loop));
	tap_forget();
}

static void end(void)
{
	loop.trace_cb = NULL;
	sloop_walk(&loop, close_one, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!sloop_free(&loop), "the loop can be freed");
}

/* One of each kind, all with something to do. */
static void start_all(void)
{
	begin();
	if (pipe(ends) || write(ends[1], "ab", 2) != 2)
		_exit(1);
	sloop_timer_init(&loop, &timer);
	sloop_idle_init(&loop, &idle);
	sloop_prepare_init(&loop, &prepare);
	sloop_check_init(&loop, &check);
	sloop_fd_init(&loop, &watch, ends[0]);
	sloop_timer_start(&timer, on_timer, 0, 0);
	sloop_idle_start(&idle, on_idle);
	sloop_prepare_start(&prepare, on_prepare);
	sloop_check_start(&check, on_check);
	sloop_fd_start(&watch, SLOOP_READABLE, on_readable);
}

static void end_all(void)
{
	end();
	close(ends[0]);
	close(ends[1]);
}

static void stop_at_second_check(struct sloop_hook *hook)
{
	on_check(hook);
	if (hook->data)
		sloop_stop(hook->loop);
	hook->data = hook;
}

static void test_modes(void)
{
	start_all();
	ok(sloop_run(&loop, SLOOP_NOWAIT) == 1, "NOWAIT leaves handles alive");
	is(tap_log, "I P R C T", "NOWAIT: timers come last");
	end_all();

	start_all();
	ok(sloop_run(&loop, SLOOP_ONCE) == 1, "ONCE leaves handles alive");
	is(tap_log, "I P R C T", "ONCE: timers come last");
	end_all();

	start_all();
	sloop_check_stop(&check);
	check.data = NULL;
	sloop_check_start(&check, stop_at_second_check);
	sloop_timer_start(&timer, on_timer, 0, 0);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 1, "stopped with handles alive");
	is(tap_log, "T I P R C I P R C",
	   "DEFAULT: timers come before the first iteration");
	end_all();
}

static void close_idle(struct sloop_hook *hook)
{
	on_check(hook);
	sloop_close(&idle.handle, on_close);
	sloop_check_stop(hook);
	sloop_prepare_stop(&prepare);
	sloop_fd_stop(&watch);
	sloop_timer_start(&timer, on_timer, 0, 0);
}

static void test_phase_hook(void)
{
	start_all();
	loop.trace_cb = on_phase;
	sloop_check_stop(&check);
	sloop_check_start(&check, close_idle);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0, "ended with none alive");
	is(tap_log, "timers T pending idle I prepare P poll R check C closing X "
	   "timers T", "each phase is announced, then runs");
	ok(loop.phase == SLOOP_OUTSIDE, "outside again");
	end_all();
}

static void test_stop(void)
{
	start_all();
	sloop_stop(&loop);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 1, "stopped before it began");
	is(tap_log, "", "nothing ran");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "I P R C T", "a stop holds for one run");
	end_all();
}

/* Nothing alive: DEFAULT returns at once, the other modes do too. */
static void test_empty(void)
{
	begin();
	loop.trace_cb = on_phase;
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0 &&
	   sloop_run(&loop, SLOOP_ONCE) == 0 &&
	   sloop_run(&loop, SLOOP_NOWAIT) == 0, "an empty loop ends at once");
	is(tap_log, "", "without a phase");
	ok(sloop_timeout(&loop) == 0, "and would not sleep");
	end();
}

static void test_timeout(void)
{
	begin();
	sloop_idle_init(&loop, &idle);
	sloop_prepare_init(&loop, &prepare);
	sloop_timer_init(&loop, &timer);
	sloop_prepare_start(&prepare, on_prepare);
	ok(sloop_timeout(&loop) == -1, "no timer: sleeps until an event");
	sloop_timer_start(&timer, on_timer, 1234, 0);
	ok(sloop_timeout(&loop) == 1234, "sleeps until the next timer");
	sloop_timer_start(&timer, on_timer, UINT64_MAX, 0);
	ok(sloop_timeout(&loop) == 2147483647, "a far timer is cut to an int");
	sloop_idle_start(&idle, on_idle);
	ok(sloop_timeout(&loop) == 0, "an idle callback forbids sleep");
	sloop_idle_stop(&idle);
	sloop_close(&idle.handle, NULL);
	ok(sloop_timeout(&loop) == 0, "so does a closing handle");
	end();
}

/* A callback of a list stops another of the list, itself, starts a new one. */
static void meddle(struct sloop_hook *hook)
{
	on_prepare(hook);
	sloop_prepare_stop(hook);
	sloop_prepare_stop(&extra);
	sloop_prepare_start(&check, on_check);
}

static void on_extra(struct sloop_hook *hook)
{
	(void)hook;
	tap_note("E");
}

static void test_hooks(void)
{
	begin();
	sloop_prepare_init(&loop, &idle);
	sloop_prepare_init(&loop, &prepare);
	sloop_prepare_init(&loop, &extra);
	sloop_prepare_init(&loop, &check);
	sloop_prepare_start(&idle, on_idle);
	sloop_prepare_start(&extra, on_extra);
	sloop_prepare_start(&prepare, meddle);
	sloop_prepare_start(&prepare, on_check);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "P I", "stopped ones are not called, new ones not yet");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "P I C I", "the new one is first in the next iteration");
	end();
}

static void on_alarm(int signal)
{
	(void)signal;
	if (write(ends[1], "x", 1) != 1)
		_exit(1);
}

/* A handler that interrupts the sleep is not an event; what it does may be. */
static void test_signal(void)
{
	struct itimerval soon = { .it_value.tv_usec = 2000 };

	begin();
	if (pipe(ends))
		_exit(1);
	sloop_fd_init(&loop, &watch, ends[0]);
	sloop_fd_start(&watch, SLOOP_READABLE, on_readable);
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = on_alarm }, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	ok(sloop_run(&loop, SLOOP_ONCE) == 1, "a signal is no error");
	is(tap_log, "R", "and the sleep goes on to the event");
	end_all();
}

static void test_default(void)
{
	struct sloop *first = sloop_default();

	ok(first && first == sloop_default(), "one default loop");
	sloop_timer_init(first, &timer);
	ok(sloop_free(first) == -16, "not freed with a handle (EBUSY)");
	sloop_close(&timer.handle, NULL);
	sloop_run(first, SLOOP_DEFAULT);
	ok(!sloop_free(first), "then freed");
	ok(sloop_default() == first && !sloop_alive(first),
	   "and begun anew");
	sloop_free(first);
}

static void test_words(void)
{
	is(sloop_error_name(-1), "EPERM", "an error's name");
	is(sloop_strerror(-1), "Operation not permitted", "and its sentence");
	is(sloop_error_name(-9999), "UNKNOWN", "an error that is none");
}

/* usage: sloop_phases [usable]     can a loop be set up in this place? */
int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return sloop_init(&loop) ? 1 : 0;
	test_modes();
	test_phase_hook();
	test_stop();
	test_empty();
	test_timeout();
	test_hooks();
	test_signal();
	test_default();
	test_words();
	return tap_done();
}
