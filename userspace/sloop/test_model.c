// SPDX-License-Identifier: MIT
/*
 * The loop against a model of it, on the fake clock: handles whose callbacks
 * start, stop, close and begin anew each other at random. The model is as
 * simple as can be: it knows of each handle whether it is started, since when
 * and for when, and says of each callback whether it may come now.
 *
 * After each iteration nothing that was due may be left over; of timers the
 * order is checked too. Then what takes exact time: sleeps, and 100,000 timers
 * due together.
 *
 * usage: test_model [SEED]     one seed
 */
#include "userspace/sloop/fake.h"
#include "userspace/sloop/tap.h"

#include <stdlib.h>
#include <unistd.h>

#define TIMERS	12
#define HOOKS	12	/* every third idle, prepare, check */
#define FDS	12
#define ALL	(TIMERS + HOOKS + FDS)
#define SEEDS	1000
#define BEATS	60

enum state { NEW, STOPPED, STARTED, CLOSING };

struct model {
	enum state state;
	unsigned int began;	/* the beat it was started in */
	enum sloop_phase phase;	/* and the phase */
	uint64_t due_ms, order;	/* timers */
	unsigned int called;	/* the beat of its last call */
	int events;		/* fds */
};

union any {
	struct sloop_handle handle;
	struct sloop_timer timer;
	struct sloop_hook hook;
	struct sloop_fd fd;
};

static struct sloop loop;
static union any all[ALL];
static struct model models[ALL];
static uint64_t dice, orders;
static unsigned int beat, calls, wrongs, seed;
static uint64_t last_due_ms, last_order;
static uint64_t last_beat_ms;	/* the clock at the end of the iteration */

static unsigned int draw(unsigned int below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (dice >> 16) % below;
}

static void wrong(const char *what, unsigned int which)
{
	if (wrongs++ < 10)
		printf("# seed %u beat %u handle %u phase %s: %s\n", seed,
		       beat, which, sloop_phase_name(loop.phase), what);
}

static void act(void);

/* What is true of every call; then do something. */
static void called(union any *it, enum sloop_phase phase)
{
	unsigned int which = it - all;
	struct model *model = &models[which];

	calls++;
	if (model->state != STARTED)
		wrong("called though not started", which);
	if (loop.phase != phase)
		wrong("called in another phase", which);
	if (model->began == beat && model->phase == phase &&
	    phase != SLOOP_OUTSIDE)
		wrong("called in the phase it was started in", which);
	if (model->called == beat)
		wrong("called twice in an iteration", which);
	model->called = beat;
	if (draw(3))
		act();
	if (!draw(3))
		act();
}

static void set_timer(unsigned int which, uint64_t ms)
{
	struct model *model = &models[which];

	model->due_ms = sloop_now(&loop) + ms;
	model->order = orders++;
}

static void on_timer(struct sloop_timer *timer)
{
	unsigned int which = (union any *)timer - all;
	struct model *model = &models[which];

	if (model->due_ms > sloop_now(&loop))
		wrong("too early", which);
	if (model->due_ms < last_due_ms ||
	    (model->due_ms == last_due_ms && model->order < last_order))
		wrong("out of order", which);
	last_due_ms = model->due_ms;
	last_order = model->order;
	if (sloop_is_active(&timer->handle)) {
		set_timer(which, timer->repeat_ms);
		called((union any *)timer, SLOOP_TIMERS);
	} else {
		called((union any *)timer, SLOOP_TIMERS);
		if (model->state == STARTED && !sloop_is_active(&timer->handle))
			model->state = STOPPED;
	}
}

static bool is_fd(unsigned int which)
{
	return which / (TIMERS + HOOKS) > 0;
}

static enum sloop_phase phase_of(unsigned int which)
{
	return SLOOP_IDLE + (which % 3 == 2 ? SLOOP_CHECK - SLOOP_IDLE :
			     which % 3);
}

static void on_hook(struct sloop_hook *hook)
{
	called((union any *)hook, phase_of((union any *)hook - all));
}

static void on_fd(struct sloop_fd *watch, int status, int events)
{
	unsigned int which = (union any *)watch - all;

	if (status || !events || events & ~models[which].events)
		wrong("events that were not asked for", which);
	called((union any *)watch, SLOOP_POLL);
}

static void begin_anew(unsigned int which);

static void on_close(struct sloop_handle *handle)
{
	unsigned int which = (union any *)handle - all;

	if (models[which].state != CLOSING || loop.phase != SLOOP_CLOSING)
		wrong("closed at the wrong time", which);
	models[which].state = NEW;
	memset(handle, 0xa5, sizeof(union any));
	if (draw(2) && beat < BEATS)
		begin_anew(which);
}

static void begin_anew(unsigned int which)
{
	int error = 0;

	if (which < TIMERS)
		sloop_timer_init(&loop, &all[which].timer);
	else if (is_fd(which))
		error = sloop_fd_init(&loop, &all[which].fd, 3 + which);
	else if (phase_of(which) == SLOOP_IDLE)
		sloop_idle_init(&loop, &all[which].hook);
	else if (phase_of(which) == SLOOP_PREPARE)
		sloop_prepare_init(&loop, &all[which].hook);
	else
		sloop_check_init(&loop, &all[which].hook);
	if (error)
		wrong("cannot be set up", which);
	models[which] = (struct model){ .state = STOPPED, .called = -1 };
}

static void start(unsigned int which)
{
	struct model *model = &models[which];
	bool fresh = model->state == STOPPED;
	uint64_t ms = draw(4), repeat_ms = draw(2) ? draw(5) : 0;
	int error = 0, events = 1 + draw(3);

	if (which < TIMERS) {
		error = sloop_timer_start(&all[which].timer, on_timer, ms,
					  repeat_ms);
		set_timer(which, ms);
		fresh = true;
	} else if (is_fd(which)) {
		error = sloop_fd_start(&all[which].fd, events, on_fd);
		model->events = events;
	} else if (phase_of(which) == SLOOP_IDLE) {
		error = sloop_idle_start(&all[which].hook, on_hook);
	} else if (phase_of(which) == SLOOP_PREPARE) {
		error = sloop_prepare_start(&all[which].hook, on_hook);
	} else {
		error = sloop_check_start(&all[which].hook, on_hook);
	}
	if (error)
		wrong("cannot be started", which);
	model->state = STARTED;
	if (fresh) {
		model->began = beat;
		model->phase = loop.phase;
	}
}

static void stop(unsigned int which)
{
	if (which < TIMERS)
		sloop_timer_stop(&all[which].timer);
	else if (is_fd(which))
		sloop_fd_stop(&all[which].fd);
	else if (phase_of(which) == SLOOP_IDLE)
		sloop_idle_stop(&all[which].hook);
	else if (phase_of(which) == SLOOP_PREPARE)
		sloop_prepare_stop(&all[which].hook);
	else
		sloop_check_stop(&all[which].hook);
	models[which].state = STOPPED;
}

static void act(void)
{
	unsigned int which = draw(ALL);
	struct model *model = &models[which];

	if (draw(2))
		fake_fds[3 + TIMERS + HOOKS + draw(FDS)].is =
			draw(8) ? draw(8) & (POLLIN | POLLOUT) : POLLHUP;
	if (model->state == NEW || model->state == CLOSING)
		return;
	switch (draw(6)) {
	case 0:
		sloop_close(&all[which].handle, on_close);
		model->state = CLOSING;
		break;
	case 1:
		stop(which);
		break;
	default:
		start(which);
	}
	if (sloop_is_active(&all[which].handle) != (model->state == STARTED))
		wrong("not what it should be", which);
}

/* After an iteration: was anything left out? */
static void nothing_left(void)
{
	unsigned int which;

	for (which = 0; which < ALL; which++) {
		struct model *model = &models[which];

		if (model->state == NEW)
			continue;
		if (model->state == CLOSING)
			continue;
		if (sloop_is_active(&all[which].handle) !=
		    (model->state == STARTED))
			wrong("not what it should be", which);
		if (model->state != STARTED || model->began == beat)
			continue;
		if (which < TIMERS) {
			/* set again by itself: called in this very beat */
			if (model->due_ms <= last_beat_ms &&
			    model->called != beat)
				wrong("a due timer was left out", which);
		} else if (which < TIMERS + HOOKS && model->called != beat) {
			wrong("a hook was left out", which);
		}
	}
}

static void run(void)
{
	unsigned int i, active;

	dice = 88172645463325252ull + seed * 1000003ull;
	must(sloop_init_with(&loop, &fake_backend));
	for (i = 0; i < ALL; i++)
		begin_anew(i);
	for (beat = 1; beat < BEATS; beat++) {
		act();
		act();
		for (active = i = 0; i < ALL; i++)
			active += models[i].state == STARTED;
		if (loop.active_handles != active)
			wrong("the count of active handles", active);
		last_due_ms = last_order = 0;
		sloop_run(&loop, SLOOP_NOWAIT);
		last_beat_ms = fake_ms;
		nothing_left();
		if (draw(2))
			fake_ms += draw(3);
	}
	for (i = 0; i < ALL; i++)
		if (models[i].state == STOPPED || models[i].state == STARTED) {
			sloop_close(&all[i].handle, on_close);
			models[i].state = CLOSING;
		}
	beat++;
	sloop_run(&loop, SLOOP_DEFAULT);
	if (sloop_free(&loop))
		wrong("the loop cannot be freed", ALL);
}

static unsigned int fired, disorder;

static void on_equal(struct sloop_timer *timer)
{
	/* data: its place in the order of starts */
	if (timer->data != (void *)(uintptr_t)fired)
		disorder++;
	fired++;
}

static void test_equal(void)
{
	unsigned int i, many = 100000;
	struct sloop_timer *timers = calloc(many, sizeof(*timers));

	must(sloop_init_with(&loop, &fake_backend));
	for (i = 0; i < many; i++) {
		sloop_timer_init(&loop, &timers[i]);
		timers[i].data = (void *)(uintptr_t)i;
		sloop_timer_start(&timers[i], on_equal, 7, 0);
	}
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(fired == many && !disorder,
	   "100,000 timers due together fire in the order of their starts");
	ok(fake_ms == 1007 && fake_sleeps == 1, "after one sleep of 7 ms");
	for (i = 0; i < many; i++)
		sloop_close(&timers[i].handle, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(!sloop_free(&loop), "the loop can be freed");
	free(timers);
}

static void at(struct sloop_timer *timer)
{
	char text[32];

	snprintf(text, sizeof(text), "%s@%llu", (char *)timer->data,
		 (unsigned long long)fake_ms - 1000);
	tap_note(text);
}

static void at_fd(struct sloop_fd *watch, int status, int events)
{
	char text[32];

	(void)status;
	snprintf(text, sizeof(text), "fd:%d@%llu", events,
		 (unsigned long long)fake_ms - 1000);
	tap_note(text);
	sloop_close(&watch->handle, NULL);
}

static void test_sleeps(void)
{
	struct sloop_timer a = { .data = "a" }, b = { .data = "b" };
	struct sloop_fd fd;

	must(sloop_init_with(&loop, &fake_backend));
	sloop_timer_init(&loop, &a);
	sloop_timer_init(&loop, &b);
	sloop_fd_init(&loop, &fd, 20);
	sloop_timer_start(&a, at, 100, 50);
	sloop_timer_start(&b, at, 260, 0);
	sloop_unref(&a.handle);
	sloop_fd_start(&fd, SLOOP_READABLE, at_fd);
	fake_fds[20].is = POLLIN | POLLHUP;
	fake_fds[20].at_ms = 1175;
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "a@100 a@150 fd:1@175 a@200 a@250 b@260",
	   "it sleeps to the ms until what comes next");
	ok(fake_sleeps == 6, "and no more often");
	sloop_close(&a.handle, NULL);
	sloop_close(&b.handle, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	sloop_free(&loop);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		seed = atoi(argv[1]);
		run();
		return wrongs ? 1 : 0;
	}
	for (seed = 1; seed <= SEEDS; seed++)
		run();
	printf("# %u callbacks\n", calls);
	ok(calls > 100 * SEEDS, "random runs do something");
	ok(!wrongs, "1,000 random runs agree with the model");
	test_sleeps();
	test_equal();
	return tap_done();
}
