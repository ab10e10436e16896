// SPDX-License-Identifier: MIT
/*
 * A run that can go back. See history.h.
 *
 * The way back to a moment is as long as from the snapshot before it. On that
 * way there is a snapshot half-way, one half-way from there, and so on: who
 * goes back one instruction will go back another.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/history.h"
#include "mips-sim/machine.h"
#include "mips-sim/ram_image.h"
#include "mips-sim/replay.h"
#include "mips-sim/snapshot.h"

#define INTERVAL	(1u << 18)	/* instructions, while going forward */
#define INTERVAL_PAGE	(1u << 10)	/* and for each page it has to copy */
#define CLOSEST		64u		/* on the way back */

struct entry {
	uint64_t insns;
	bool fixed;		/* the first one, or of a change from outside */
	struct snapshot *snapshot;
};

struct history {
	struct machine *m;
	struct entry entries[HISTORY_MAX + 1];	/* in order of insns */
	unsigned int count;
	bool changed;		/* and no snapshot of that yet */
	uint64_t here;		/* the latest moment that was ready */
	uint64_t last;		/* the greatest of them */
	uint64_t next;		/* there is something to do at this one */
};

/* ---- the entries ---------------------------------------------------------- */

/* The number of entries before @insns. */
static unsigned int count_before(const struct history *h, uint64_t insns)
{
	unsigned int i = h->count;

	while (i && h->entries[i - 1].insns >= insns)
		i--;
	return i;
}

static void forget(struct history *h, unsigned int i)
{
	snapshot_drop(h->m, h->entries[i].snapshot);
	h->count--;
	memmove(&h->entries[i], &h->entries[i + 1],
		(h->count - i) * sizeof(h->entries[0]));
}

static size_t bytes(const struct history *h)
{
	size_t sum = ram_image_bytes(h->m->ram_image);
	unsigned int i;

	for (i = 0; i < h->count; i++)
		sum += snapshot_bytes(h->entries[i].snapshot);
	return sum;
}

/*
 * The one that is least missed: a way that is long for how far off it is. With
 * nothing but fixed ones it is the first, and history begins with the second.
 */
static unsigned int least_missed(const struct history *h, uint64_t now)
{
	unsigned int i, least = 0;
	double way, far, smallest = 0;

	for (i = 1; i < h->count; i++) {
		if (h->entries[i].fixed)
			continue;
		way = (i + 1 < h->count ? h->entries[i + 1].insns : h->last) -
		      h->entries[i - 1].insns;
		far = h->entries[i].insns > now ? h->entries[i].insns - now :
		      now - h->entries[i].insns;
		if (!least || way / (far + 1) < smallest) {
			least = i;
			smallest = way / (far + 1);
		}
	}
	return least;
}

static void keep_within_limits(struct history *h, uint64_t now)
{
	unsigned int i;

	while (h->count > HISTORY_MAX ||
	       (h->count > 2 && bytes(h) > HISTORY_BYTES)) {
		i = least_missed(h, now);
		if (!i && h->entries[1].insns > now)
			break;	/* history does not begin later than now */
		forget(h, i);
		h->entries[0].fixed = true;
	}
}

/* A snapshot of now, instead of one that there may be. */
static void add(struct history *h, bool fixed)
{
	uint64_t now = machine_insns(h->m);
	unsigned int i = count_before(h, now);

	if (i < h->count && h->entries[i].insns == now) {
		fixed |= h->entries[i].fixed;
		forget(h, i);
	}
	memmove(&h->entries[i + 1], &h->entries[i],
		(h->count - i) * sizeof(h->entries[0]));
	h->entries[i] = (struct entry){ now, fixed, snapshot_take(h->m) };
	h->count++;
	keep_within_limits(h, now);
}

/* ---- forward -------------------------------------------------------------- */

static uint64_t interval(const struct history *h)
{
	return INTERVAL + (uint64_t)INTERVAL_PAGE *
			  ram_image_dirty(h->m->ram_image);
}

/* When is the next change to be repeated, or the next snapshot due? */
static void plan(struct history *h, uint64_t now)
{
	unsigned int i = count_before(h, now + 1);

	h->next = h->entries[i - 1].insns + interval(h);
	if (h->next <= now)
		h->next = now + 1;
	for (; i < h->count; i++)
		if (h->entries[i].fixed && h->entries[i].insns < h->next)
			h->next = h->entries[i].insns;
}

static void restore(struct history *h, unsigned int i)
{
	snapshot_restore(h->m, h->entries[i].snapshot);
	machine_ready(h->m);
}

/* The run has come to h->next. */
static void look(struct history *h, uint64_t now)
{
	unsigned int i = count_before(h, now);

	if (i < h->count && h->entries[i].insns == now) {
		if (h->entries[i].fixed)
			restore(h, i);
	} else if (now - h->entries[i - 1].insns >= interval(h)) {
		add(h, false);
	}
	plan(h, now);
}

/* What has been changed is what it is from now on. */
static void settle(struct history *h)
{
	uint64_t now = machine_insns(h->m);

	if (!h->changed)
		return;
	h->changed = false;
	h->m->altered = true;
	replay_turn(h->m);
	while (h->count && h->entries[h->count - 1].insns >= now)
		forget(h, h->count - 1);
	h->last = now;
	add(h, true);
	plan(h, now);
}

void history_changed(struct history *h)
{
	h->changed = true;
}

bool history_ready(struct history *h)
{
	struct machine *m = h->m;

	settle(h);
	if (!machine_ready(m)) {
		if (m->broken_off) {
			m->broken_off = false;
			history_go(h, h->here);
		}
		return false;
	}
	h->here = machine_insns(m);
	if (h->here > h->last)
		h->last = h->here;
	if (h->here >= h->next)
		look(h, h->here);
	return true;
}

/* ---- back ------------------------------------------------------------------ */

uint64_t history_first(const struct history *h)
{
	return h->entries[0].insns;
}

uint64_t history_last(const struct history *h)
{
	return h->last;
}

void history_go(struct history *h, uint64_t insns)
{
	struct machine *m = h->m;
	uint64_t left;

	settle(h);
	restore(h, count_before(h, insns + 1) - 1);
	left = insns - machine_insns(m);
	while (machine_insns(m) < insns && machine_ready(m)) {
		if (insns - machine_insns(m) == left / 2 && left > CLOSEST) {
			left /= 2;
			add(h, false);
		}
		machine_step(m);
	}
	machine_ready(m);
	h->here = insns;
	plan(h, insns);
}

bool history_go_before(struct history *h, uint64_t insns)
{
	unsigned int i;

	settle(h);
	i = count_before(h, insns);
	if (!i)
		return false;
	restore(h, i - 1);
	return true;
}

struct history *history_open(struct machine *m)
{
	struct history *h = calloc(1, sizeof(*h));

	if (!h)
		die("no memory for snapshots");
	h->m = m;
	replay_begin(m);
	snapshot_begin(m);
	add(h, true);
	plan(h, 0);
	return h;
}

void history_close(struct history *h)
{
	if (!h->m->ended && !machine_signalled)
		history_go(h, h->last);
	while (h->count)
		forget(h, h->count - 1);
	snapshot_end(h->m);
	free(h);
}
