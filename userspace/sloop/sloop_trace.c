// SPDX-License-Identifier: MIT
/*
 * What can be seen of a loop from outside: a record of each phase and callback
 * for whoever set trace_cb, and a thread that reports a loop which is blocked.
 * While neither is there, a callback costs one test more.
 *
 * Called by the thread that owns the loop, but for watch(), the watchdog's own;
 * they meet at the members of struct sloop_watchdog, all of them atomic.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct sloop_watchdog {
	struct sloop *loop;
	unsigned int limit_ms;
	void (*cb)(struct sloop *loop, uint64_t blocked_ms,
		   enum sloop_phase phase, enum sloop_type type);
	pthread_t thread;
	pthread_mutex_t lock;		/* guards nothing but the sleep */
	pthread_cond_t end_it;
	/* atomic */
	int ended;
	uint64_t since_ns;		/* when poll returned; 0: not running */
	int phase, type;
};

void sloop_print_record(FILE *to, const struct sloop_record *record)
{
	static const char *const events[] = {
		[SLOOP_PHASE] = "phase",
		[SLOOP_CB_ENTER] = "cb_enter",
		[SLOOP_CB_EXIT] = "cb_exit",
	};

	fprintf(to, "{\"t\": %llu, \"ev\": \"%s\", \"phase\": \"%s\"",
		(unsigned long long)record->t_ns, events[record->event],
		sloop_phase_name(record->phase));
	if (record->event != SLOOP_PHASE)
		fprintf(to, ", \"of\": \"%s\"", sloop_type_name(record->type));
	fputs("}\n", to);
}

static void set(int *where, int value)
{
	__atomic_store_n(where, value, __ATOMIC_RELAXED);
}

void __watchdog_set(struct sloop *loop, bool busy)
{
	set(&loop->watchdog->phase, loop->phase);
	set(&loop->watchdog->type, SLOOP_TYPE_NONE);
	__atomic_store_n(&loop->watchdog->since_ns,
			 busy ? sloop_hrtime() : 0, __ATOMIC_RELAXED);
}

void __trace(struct sloop *loop, enum sloop_event event, enum sloop_type type)
{
	struct sloop_record record = {
		.event = event,
		.phase = loop->phase,
		.type = type,
	};

	if (loop->watchdog) {
		set(&loop->watchdog->phase, loop->phase);
		set(&loop->watchdog->type,
		    event == SLOOP_CB_ENTER ? type : SLOOP_TYPE_NONE);
	}
	if (loop->trace_cb) {
		record.t_ns = sloop_hrtime();
		loop->trace_cb(loop, &record);
	}
}

static void print_blocked(struct sloop *loop, uint64_t blocked_ms,
			  enum sloop_phase phase, enum sloop_type type)
{
	(void)loop;
	fprintf(stderr, "sloop: loop blocked for %llu ms, in phase %s (%s)\n",
		(unsigned long long)blocked_ms, sloop_phase_name(phase),
		sloop_type_name(type));
}

/* Look once; gives when to look next, in ns from now. */
static uint64_t look(struct sloop_watchdog *dog, uint64_t *since_ns,
		     uint64_t *report_ms)
{
	uint64_t now_ns = sloop_hrtime(), blocked_ms;

	if (*since_ns != __atomic_load_n(&dog->since_ns, __ATOMIC_RELAXED)) {
		*since_ns = __atomic_load_n(&dog->since_ns, __ATOMIC_RELAXED);
		*report_ms = dog->limit_ms;
	}
	if (!*since_ns || now_ns < *since_ns)
		return dog->limit_ms * 1000000ull / 2;
	blocked_ms = (now_ns - *since_ns) / 1000000;
	if (blocked_ms >= *report_ms) {
		dog->cb(dog->loop, blocked_ms,
			__atomic_load_n(&dog->phase, __ATOMIC_RELAXED),
			__atomic_load_n(&dog->type, __ATOMIC_RELAXED));
		while (*report_ms <= blocked_ms)
			*report_ms *= 2;
	}
	return dog->limit_ms * 1000000ull / 2;
}

static void *watch(void *arg)
{
	struct sloop_watchdog *dog = arg;
	uint64_t since_ns = 0, report_ms = dog->limit_ms;

	pthread_mutex_lock(&dog->lock);
	while (!__atomic_load_n(&dog->ended, __ATOMIC_RELAXED)) {
		uint64_t at_ns = sloop_hrtime() +
				 look(dog, &since_ns, &report_ms);
		struct timespec at = {
			.tv_sec = at_ns / 1000000000,
			.tv_nsec = at_ns % 1000000000,
		};

		pthread_cond_clockwait(&dog->end_it, &dog->lock,
				       CLOCK_MONOTONIC, &at);
	}
	pthread_mutex_unlock(&dog->lock);
	return NULL;
}

static void end_watch(struct sloop *loop)
{
	struct sloop_watchdog *dog = loop->watchdog;

	loop->watchdog = NULL;
	if (!dog)
		return;
	pthread_mutex_lock(&dog->lock);
	set(&dog->ended, 1);
	pthread_cond_signal(&dog->end_it);
	pthread_mutex_unlock(&dog->lock);
	pthread_join(dog->thread, NULL);
	free(dog);
}

int sloop_watch_blocked(struct sloop *loop, unsigned int limit_ms,
			void (*cb)(struct sloop *loop, uint64_t blocked_ms,
				   enum sloop_phase phase,
				   enum sloop_type type))
{
	struct sloop_watchdog *dog;
	int error;

	end_watch(loop);
	if (!limit_ms)
		return 0;
	dog = calloc(1, sizeof(*dog));
	if (!dog)
		return -ENOMEM;
	dog->loop = loop;
	dog->limit_ms = limit_ms;
	dog->cb = cb ? cb : print_blocked;
	pthread_mutex_init(&dog->lock, NULL);
	pthread_cond_init(&dog->end_it, NULL);
	error = thread_start(&dog->thread, watch, dog);
	if (error) {
		free(dog);
		return error;
	}
	loop->watchdog = dog;
	/* in a callback the loop is at work already */
	watchdog_set(loop, loop->phase != SLOOP_OUTSIDE);
	return 0;
}
