// SPDX-License-Identifier: MIT
/*
 * A program that knows libuv only: handles whose callbacks start, stop, close
 * and unreference each other at random. Built against libuv and against
 * sloop's uv.h it must print the same (test_uv.sh compares them).
 *
 * Left out is what libuv 1.44 and 1.48 do differently: one-iteration modes,
 * uv_stop(), and timers started by timers. All timers are due at once, or the
 * order would hang on the clock.
 *
 * usage: test_uv_random [SEED]     one seed, with all its callbacks
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#define HANDLES	12	/* of each of the five kinds, one after the other */
#define KINDS	5
#define CALLS	300	/* that do something; later ones do nothing */
#define BEATS	100	/* iterations; then everything is closed */

union any {
	uv_handle_t handle;
	uv_timer_t timer;
	uv_idle_t idle;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_poll_t poll;
};

static uv_loop_t loop;
static union any all[HANDLES * KINDS];
static int pipes[HANDLES][2];
static uint64_t dice, hash;
static uv_idle_t heart;
static unsigned int beats, calls, depth_timer;
static int talk;

/* Marsaglia's xorshift, for the same numbers everywhere. */
static unsigned int draw(unsigned int below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (dice >> 16) % below;
}

static void act(void);

static void called(uv_handle_t *handle, char how)
{
	unsigned int which = (union any *)handle - all;

	hash = (hash ^ (which * 256 + how)) * 1099511628211u;
	if (talk)
		printf("  %c%u\n", how, which);
	if (++calls > CALLS)
		return;
	act();
	act();
}

/* Keeps poll from sleeping; ends the run, however little happens in it. */
static void beat(uv_idle_t *idle)
{
	unsigned int i;

	if (++beats < BEATS)
		return;
	for (i = 0; i < HANDLES * KINDS; i++)
		if (!uv_is_closing(&all[i].handle))
			uv_close(&all[i].handle, NULL);
	uv_close((uv_handle_t *)idle, NULL);
}

static void on_timer(uv_timer_t *timer)
{
	depth_timer++;
	called((uv_handle_t *)timer, 't');
	depth_timer--;
}

static void on_idle(uv_idle_t *idle)
{
	called((uv_handle_t *)idle, 'i');
}

static void on_prepare(uv_prepare_t *prepare)
{
	called((uv_handle_t *)prepare, 'p');
}

static void on_check(uv_check_t *check)
{
	called((uv_handle_t *)check, 'c');
}

/* The order of two ready ones is the kernel's, so there is only one. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
	if (status == 0 && (events & UV_WRITABLE))
		called((uv_handle_t *)poll, 'w');
}

static void on_close(uv_handle_t *handle)
{
	called(handle, 'x');
}

static void start(unsigned int which)
{
	union any *it = &all[which];

	switch (which / HANDLES) {
	case 0:
		if (!depth_timer)
			uv_timer_start(&it->timer, on_timer, 0, 0);
		break;
	case 1:
		uv_idle_start(&it->idle, on_idle);
		break;
	case 2:
		uv_prepare_start(&it->prepare, on_prepare);
		break;
	case 3:
		uv_check_start(&it->check, on_check);
		break;
	case 4:
		if (which == 4 * HANDLES)
			uv_poll_start(&it->poll, UV_WRITABLE, on_ready);
		break;
	}
}

static void stop(unsigned int which)
{
	union any *it = &all[which];

	switch (which / HANDLES) {
	case 0:
		uv_timer_stop(&it->timer);
		break;
	case 1:
		uv_idle_stop(&it->idle);
		break;
	case 2:
		uv_prepare_stop(&it->prepare);
		break;
	case 3:
		uv_check_stop(&it->check);
		break;
	case 4:
		uv_poll_stop(&it->poll);
		break;
	}
}

/* One random deed to one random handle that is not closing. */
static void act(void)
{
	unsigned int which = draw(HANDLES * KINDS), deed = draw(20);
	uv_handle_t *handle = &all[which].handle;

	if (uv_is_closing(handle))
		return;
	if (deed < 10)
		start(which);
	else if (deed < 16)
		stop(which);
	else if (deed < 17)
		uv_unref(handle);
	else if (deed < 19)
		uv_ref(handle);
	else
		uv_close(handle, on_close);
}

static void must(int error, const char *what)
{
	if (error) {
		printf("%s: %s\n", what, uv_err_name(error));
		exit(1);
	}
}

static void run(unsigned int seed)
{
	unsigned int i;

	dice = seed * 2654435761u + 1;
	hash = calls = 0;
	must(uv_loop_init(&loop), "loop");
	for (i = 0; i < HANDLES; i++) {
		must(uv_timer_init(&loop, &all[i].timer), "timer");
		must(uv_idle_init(&loop, &all[HANDLES + i].idle), "idle");
		must(uv_prepare_init(&loop, &all[2 * HANDLES + i].prepare),
		     "prepare");
		must(uv_check_init(&loop, &all[3 * HANDLES + i].check),
		     "check");
		must(pipe(pipes[i]) ? -errno : 0, "pipe");
		must(uv_poll_init(&loop, &all[4 * HANDLES + i].poll,
				  pipes[i][1]), "poll");
	}
	must(uv_idle_init(&loop, &heart), "heart");
	uv_idle_start(&heart, beat);
	beats = 0;
	for (i = 0; i < 30; i++)
		act();
	uv_run(&loop, UV_RUN_DEFAULT);
	printf("seed %u: %u calls, alive %d, %016llx\n", seed, calls,
	       uv_loop_alive(&loop) != 0, (unsigned long long)hash);
	must(uv_loop_close(&loop), "uv_loop_close");
	for (i = 0; i < HANDLES; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
}

int main(int argc, char **argv)
{
	unsigned int seed;

	if (argc > 1) {
		talk = 1;
		run(atoi(argv[1]));
		return 0;
	}
	for (seed = 1; seed <= 500; seed++)
		run(seed);
	return 0;
}
