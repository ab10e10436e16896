/* SPDX-License-Identifier: MIT */
/*
 * A second board with the same program and the same inputs, and no outputs:
 * it does again what the first one did, or does it beside it.
 *
 * For lockstep.c and branches.c.
 */
#ifndef MIPS_SIM_TWIN_H
#define MIPS_SIM_TWIN_H

struct machine;

/*
 * Before @m runs: what it reads will be there for twins that are made when it
 * has run.
 */
void twin_prepare(struct machine *m);
/* A board that has not started, with what @m has read, and will, as inputs. */
struct machine *twin_make(struct machine *m);
void twin_free(struct machine *twin);

#endif
