// SPDX-License-Identifier: MIT
/* Timers: their order, repetition, what callbacks do to them, the heap. */
#include "userspace/sloop/internal.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sloop loop;
static struct sloop_timer a, b, c;

static void note(struct sloop_timer *timer)
{
	tap_note(timer->data);
}

static void begin(void)
{
	tap_forget();
	must(sloop_init(&loop));
	sloop_timer_init(&loop, &a);
	sloop_timer_init(&loop, &b);
	sloop_timer_init(&loop, &c);
	a.data = "a";
	b.data = "b";
	c.data = "c";
}

static void close_one(struct sloop_handle *handle, void *arg)
{
	(void)arg;
	sloop_close(handle, NULL);
}

static void end(void)
{
	sloop_walk(&loop, close_one, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	sloop_free(&loop);
}

static void test_order(void)
{
	begin();
	sloop_timer_start(&a, note, 3, 0);
	sloop_timer_start(&b, note, 1, 0);
	sloop_timer_start(&c, note, 1, 0);
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0, "a loop of timers ends");
	is(tap_log, "b c a", "by due time, then by start");
	ok(!sloop_is_active(&a.handle), "a timer that fired is inactive");

	tap_forget();
	sloop_timer_start(&a, note, 1, 0);
	sloop_timer_start(&b, note, 1, 0);
	sloop_timer_start(&a, note, 1, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "b a", "starting again goes to the end");
	end();
}

/* In a's callback: stop b, which is due in the same phase, and restart a. */
static void meddle(struct sloop_timer *timer)
{
	note(timer);
	sloop_timer_stop(&b);
	sloop_timer_start(timer, note, 0, 0);
	sloop_timer_start(&c, note, 0, 0);
}

static void test_callbacks(void)
{
	begin();
	sloop_timer_start(&a, meddle, 0, 0);
	sloop_timer_start(&b, note, 0, 0);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "a", "what a callback starts is not called in this phase");
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "a a c", "but in the next, and a stopped one never");
	end();
}

static void stop_at_third(struct sloop_timer *timer)
{
	static int calls;

	note(timer);
	if (++calls == 3)
		sloop_timer_stop(timer);
}

static void test_repeat(void)
{
	begin();
	ok(sloop_timer_again(&a) == -EINVAL, "again before a start: EINVAL");
	sloop_timer_start(&a, stop_at_third, 0, 1);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a a a", "repeats until it is stopped");
	ok(sloop_timer_get_repeat(&a) == 1, "and remembers its repeat");

	tap_forget();
	sloop_timer_start(&a, note, 60000, 0);
	ok(!sloop_timer_again(&a) && sloop_timer_due_in(&a) == 60000,
	   "again without a repeat does nothing");
	sloop_timer_set_repeat(&a, 2);
	sloop_timer_again(&a);
	ok(sloop_timer_due_in(&a) == 2, "again takes the repeat as time-out");
	sloop_timer_set_repeat(&a, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a", "a repeat of 0 is the last");
	ok(sloop_timer_due_in(&a) == 0, "nothing to go for a stopped one");
	end();
}

static void test_edges(void)
{
	begin();
	ok(sloop_timer_start(&a, NULL, 1, 0) == -EINVAL, "no callback: EINVAL");
	ok(!sloop_timer_stop(&a), "stopping a stopped one is fine");
	sloop_timer_start(&a, note, UINT64_MAX, 0);
	ok(sloop_timer_due_in(&a) == UINT64_MAX - sloop_now(&loop),
	   "the clock's end is the latest");
	sloop_timer_start(&b, note, 0, 0);
	sloop_unref(&a.handle);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "b", "and does not become early");
	sloop_close(&a.handle, NULL);
	ok(sloop_timer_start(&a, note, 1, 0) == -EINVAL, "closing: EINVAL");
	sloop_run(&loop, SLOOP_DEFAULT);
	sloop_close(&b.handle, NULL);
	sloop_close(&c.handle, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	sloop_free(&loop);
}

/* The loop's clock never lets a timer fire before its time. */
static uint64_t early_ns;

static void look_at_clock(uint64_t due_ms)
{
	uint64_t due_ns = due_ms * 1000000;
	uint64_t now_ns = sloop_hrtime();

	if (now_ns < due_ns && due_ns - now_ns > early_ns)
		early_ns = due_ns - now_ns;
}

/* Many timers, started, stopped and started again at random. */
#define MANY 2000
struct marked {
	struct sloop_timer timer;
	uint64_t due_ms;
	unsigned int start;	/* which of all starts */
};
static struct marked many[MANY];
static unsigned int fired, wrong;
static const struct marked *last;

static void check_order(struct sloop_timer *timer)
{
	const struct marked *it = (struct marked *)timer;

	look_at_clock(it->due_ms);
	if (last && (last->due_ms > it->due_ms ||
		     (last->due_ms == it->due_ms && last->start > it->start)))
		wrong++;
	last = it;
	fired++;
}

/* With so many turns left among those due in the same ms, see sloop_timer.c. */
static void test_many(unsigned int turns_left)
{
	unsigned int i, started = 0;

	fired = wrong = early_ns = 0;
	last = NULL;
	printf("# many timers, %u turns left\n", turns_left);
	must(sloop_init(&loop));
	loop.next_turn = (1u << TURN_BITS) - turns_left;
	srand(1);
	for (i = 0; i < MANY; i++)
		sloop_timer_init(&loop, &many[i].timer);
	for (i = 0; i < 10 * MANY; i++) {
		struct marked *it = &many[rand() % MANY];
		unsigned int timeout_ms = rand() % 20;

		if (rand() % 3) {
			sloop_timer_start(&it->timer, check_order, timeout_ms,
					  0);
			it->due_ms = sloop_now(&loop) + timeout_ms;
			it->start = i;
		} else {
			sloop_timer_stop(&it->timer);
		}
	}
	for (i = 0; i < MANY; i++)
		started += sloop_is_active(&many[i].timer.handle);
	ok(started == loop.timers && loop.active_handles == started,
	   "as many in the heap as are started");
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(fired == started, "each fired once");
	ok(!wrong, "in the order of due time and start");
	ok(!early_ns, "none before its time");
	end();
}

static void start_b_and_c(struct sloop_timer *timer)
{
	note(timer);
	sloop_timer_start(&b, note, 0, 0);
	sloop_timer_start(&c, note, 0, 0);
}

static void stop_loop(struct sloop_timer *timer)
{
	note(timer);
	sloop_stop(timer->loop);
}

/* The turns run out in a callback: what it starts is not for this phase. */
static void test_turns_in_phase(void)
{
	struct sloop_timer d;

	begin();
	sloop_timer_init(&loop, &d);
	d.data = "d";
	loop.next_turn = (1u << TURN_BITS) - 3;
	sloop_timer_start(&a, start_b_and_c, 0, 0);
	sloop_timer_start(&d, stop_loop, 0, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a d", "turns run out within a phase: nothing new joins it");
	ok(loop.next_turn == 3, "and turns begin again after those who wait");
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a d b c", "the new ones come later, in order");
	end();
}

/* In a process of its own: no memory for one timer more. */
static int starve(void)
{
	static struct sloop_timer some[100000];
	struct rlimit none = { 0, 0 };
	unsigned int i;
	int error = 0;

	must(sloop_init(&loop));
	for (i = 0; i < 100000; i++)
		sloop_timer_init(&loop, &some[i]);
	setrlimit(RLIMIT_DATA, &none);
	setrlimit(RLIMIT_AS, &none);
	for (i = 0; i < 100000 && !error; i++)
		error = sloop_timer_start(&some[i], note, 60000, 0);
	if (error != -ENOMEM)
		return 1;
	/* i - 1 of them stand, the one refused does not, and one can go on */
	if (loop.timers != i - 1 || sloop_is_active(&some[i - 1].handle))
		return 2;
	sloop_timer_stop(&some[0]);
	return sloop_timer_start(&some[i - 1], note, 1, 0) ? 3 : 0;
}

static void test_no_memory(void)
{
	int status = -1;
	pid_t child;

	if (getenv("SLOOP_TEST_MEMORY")) {
		puts("# out of memory: left out, as asked (test_sanitized.sh)");
		return;
	}
	fflush(stdout);
	child = fork();
	if (!child)
		_exit(starve());
	waitpid(child, &status, 0);
	ok(status == 0, "out of memory: ENOMEM, and the others stand");
	if (status)
		printf("# status 0x%x\n", status);
}

int main(void)
{
	test_order();
	test_callbacks();
	test_repeat();
	test_edges();
	test_many(1u << TURN_BITS);
	test_many(5000);
	test_turns_in_phase();
	test_no_memory();
	return tap_done();
}
