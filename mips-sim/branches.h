/* SPDX-License-Identifier: MIT */
/*
 * The last branches before the end of a run.
 *
 * No engine notes them: a run depends on its inputs alone, so when they are
 * wanted a second board (twin.h) does it all again, fast up to near the end
 * and then by steps.
 */
#ifndef MIPS_SIM_BRANCHES_H
#define MIPS_SIM_BRANCHES_H

#include <stdint.h>

#define BRANCHES_MAX	8

struct machine;

/* Taken @times times in a row with no other in between. */
struct branch {
	uint32_t from;
	uint32_t to;
	uint64_t times;
	const char *what;	/* "branch", "exception", ... */
};

/*
 * The last of them, the newest last, in @list, which has BRANCHES_MAX; gives
 * their number. What ended the run is not among them. @m has ended, and
 * twin_prepare() came before its start; when its run cannot be repeated, or
 * not soon, *@why_not says why (else it is NULL).
 */
unsigned int branches_before_end(struct machine *m, struct branch *list,
				 const char **why_not);

#endif
