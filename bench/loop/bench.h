/* SPDX-License-Identifier: MIT */
/*
 * What the event loops are measured by: main.c has the work, and one file a
 * library does it. Each library is a program of its own, for some of them have
 * functions of the same names.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

/* The library's; each ends the program when it fails. */
void loop_init(void);
void loop_watch(unsigned int count, const int *fds);	/* for reading */
void loop_timers(unsigned int count);			/* room for so many */
void loop_timer_start(unsigned int i, unsigned int timeout_ms);
void loop_timer_stop(unsigned int i);
void loop_update_time(void);
void loop_run(void);					/* until stopped, */
void loop_stop(void);					/* from a callback */

/* main.c's, to be called back. */
void on_readable(unsigned int i);
void on_timer(void);

void *must_alloc(unsigned int count, unsigned long size);
void must(int condition, const char *what);

#endif
