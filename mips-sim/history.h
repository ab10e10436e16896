/* SPDX-License-Identifier: MIT */
/*
 * A run that can go back: snapshots every so often, and the way from one to
 * any instruction behind it by running again.
 *
 * A moment is a number of instructions started, with what is due before the
 * next one done (machine_ready()). For gdb.c: a run is driven as with
 * machine_ready() and machine_step(), but by history_ready().
 *
 * What is changed from outside (history_changed()) becomes part of the run: it
 * happens again whenever the run comes there again. What was behind it is
 * forgotten.
 *
 * Limits: the end of a run that the guest or a file made is not a moment. There
 * are HISTORY_MAX snapshots, which lie the closer to each other the closer they
 * are to the present moment; when what they hold is more than HISTORY_BYTES
 * there are fewer, and if need be history begins later.
 */
#ifndef MIPS_SIM_HISTORY_H
#define MIPS_SIM_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct history;

#define HISTORY_MAX	128
#define HISTORY_BYTES	(256u << 20)

/* machine_start() has been called, and nothing has run yet. */
struct history *history_open(struct machine *m);
/* Goes on from the latest moment; from there on nobody can go back. */
void history_close(struct history *h);

/*
 * machine_ready(). False with m->ended false, and machine_signalled: somebody
 * broke off the waiting for input, and the run is where it was before.
 */
bool history_ready(struct history *h);

/* The state has been changed by somebody else, between two instructions. */
void history_changed(struct history *h);

/* The first and the last moment there is. */
uint64_t history_first(const struct history *h);
uint64_t history_last(const struct history *h);

/* Go to the moment @insns, from history_first() to history_last(). */
void history_go(struct history *h, uint64_t insns);
/*
 * Go to the last snapshot before @insns; from there on machine_ready() and
 * machine_step() lead to @insns. False: there is none.
 */
bool history_go_before(struct history *h, uint64_t insns);

#endif
