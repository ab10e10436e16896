// SPDX-License-Identifier: MIT
/* Ticks, microtasks, put-off calls; the trace; the watchdog. */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct sloop loop;

static void note(struct sloop_task *task)
{
	tap_note(task->data);
}

static struct sloop_task t1 = { .data = "t1" }, t2 = { .data = "t2" };
static struct sloop_task m1 = { .data = "m1" }, m2 = { .data = "m2" };
static struct sloop_task p1 = { .data = "p1" }, p2 = { .data = "p2" };

/* A tick that hands in a microtask, which hands in a tick and a microtask. */
static void m1_more(struct sloop_task *task)
{
	note(task);
	sloop_next_tick(task->loop, &t2, note);
	sloop_microtask(task->loop, &m2, note);
}

static void t1_more(struct sloop_task *task)
{
	note(task);
	sloop_microtask(task->loop, &m1, m1_more);
}

static struct sloop_timer a, b;

static void on_a(struct sloop_timer *timer)
{
	tap_note("a");
	sloop_next_tick(timer->loop, &t1, t1_more);
}

static void on_b(struct sloop_timer *timer)
{
	(void)timer;
	tap_note("b");
}

static void end(void)
{
	sloop_close(&a.handle, NULL);
	sloop_close(&b.handle, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!sloop_free(&loop), "the loop can be freed");
	tap_forget();
}

static void begin(void)
{
	must(sloop_init(&loop));
	sloop_timer_init(&loop, &a);
	sloop_timer_init(&loop, &b);
}

static void test_order(void)
{
	begin();
	sloop_timer_start(&a, on_a, 0, 0);
	sloop_timer_start(&b, on_b, 0, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a t1 m1 m2 t2 b",
	   "after each callback: ticks, microtasks, until there is none");

	tap_forget();
	sloop_microtask(&loop, &m1, note);
	sloop_next_tick(&loop, &t1, note);
	is(tap_log, "", "outside of a callback they wait");
	ok(sloop_run(&loop, SLOOP_DEFAULT) == 0, "an empty loop ends");
	is(tap_log, "t1 m1", "but they are called first");
	end();
}

static void p1_more(struct sloop_task *task)
{
	note(task);
	sloop_defer(task->loop, &p2, note);
	sloop_next_tick(task->loop, &t1, note);
}

static void p_again(struct sloop_task *task)
{
	note(task);
	sloop_defer(task->loop, task, p_again);
}

static void on_phase(struct sloop *it, const struct sloop_record *record)
{
	(void)it;
	if (record->event == SLOOP_PHASE)
		tap_note(sloop_phase_name(record->phase));
}

static void test_pending(void)
{
	begin();
	ok(!sloop_alive(&loop), "an empty loop is not alive");
	sloop_defer(&loop, &p1, p1_more);
	ok(sloop_alive(&loop) && !sloop_timeout(&loop),
	   "what is put off keeps it alive and awake");
	loop.trace_cb = on_phase;
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "timers pending p1 t1 idle prepare poll p2 check closing "
	   "timers", "put off in the pending phase: again after poll");

	tap_forget();
	loop.trace_cb = NULL;
	sloop_defer(&loop, &p1, p_again);
	sloop_run(&loop, SLOOP_NOWAIT);
	is(tap_log, "p1 p1 p1 p1 p1 p1 p1 p1 p1", "eight times at most");
	loop.pending.first = NULL;
	end();
}

static char printed[4096];
static FILE *printing;

static void on_record(struct sloop *it, const struct sloop_record *record)
{
	static uint64_t last_ns;

	(void)it;
	if (record->t_ns < last_ns)
		tap_note("BACKWARDS");
	last_ns = record->t_ns;
	if (record->event == SLOOP_PHASE)
		return;
	tap_note(record->event == SLOOP_CB_ENTER ? "(" : ")");
	tap_note(sloop_type_name(record->type));
	sloop_print_record(printing, record);
}

static void test_trace(void)
{
	char expected[] = "\"ev\": \"cb_enter\", \"phase\": \"timers\", "
			  "\"of\": \"timer\"}\n";

	begin();
	printing = fmemopen(printed, sizeof(printed), "w");
	loop.trace_cb = on_record;
	sloop_timer_start(&a, on_a, 0, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "( timer a ) timer ( task t1 ) task ( task m1 ) task "
	   "( task m2 ) task ( task t2 ) task",
	   "each callback and task is traced, in order of time");
	fclose(printing);
	ok(strstr(printed, expected) && !strncmp(printed, "{\"t\": ", 6),
	   "and printed as a line of the timeline");
	end();
}

static unsigned int reports;
static uint64_t longest_ms;
static enum sloop_phase reported_phase;
static enum sloop_type reported_type;

static void on_blocked(struct sloop *it, uint64_t blocked_ms,
		       enum sloop_phase phase, enum sloop_type type)
{
	(void)it;
	reported_phase = phase;
	reported_type = type;
	longest_ms = blocked_ms;
	__atomic_add_fetch(&reports, 1, __ATOMIC_SEQ_CST);
}

/* A callback that does not return until somebody notices, twice. */
static void block(struct sloop_timer *timer)
{
	uint64_t until_ns = sloop_hrtime() + 20000000000;

	(void)timer;
	while (__atomic_load_n(&reports, __ATOMIC_SEQ_CST) < 2 &&
	       sloop_hrtime() < until_ns)
		usleep(1000);
}

static void test_blocked(void)
{
	begin();
	ok(!sloop_watch_blocked(&loop, 100, on_blocked), "a watchdog");
	sloop_timer_start(&a, on_b, 300, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!__atomic_load_n(&reports, __ATOMIC_SEQ_CST),
	   "a loop that sleeps is not blocked");
	sloop_timer_start(&a, block, 0, 0);
	sloop_run(&loop, SLOOP_DEFAULT);
	/* the watchdog's thread has ended when this returns */
	sloop_watch_blocked(&loop, 0, NULL);
	ok(reports >= 2, "a callback that does not return is reported, twice");
	ok(longest_ms >= 200, "the second time after twice the time");
	ok(reported_phase == SLOOP_TIMERS && reported_type == SLOOP_TYPE_TIMER,
	   "and where it is");
	end();
}

int main(void)
{
	test_order();
	test_pending();
	test_trace();
	test_blocked();
	return tap_done();
}
