/* SPDX-License-Identifier: MIT */
/*
 * --lockstep: the chosen engine, and the step engine beside it on a board of
 * its own, compared all the time. Called by main() instead of machine_run().
 */
#ifndef MIPS_SIM_LOCKSTEP_H
#define MIPS_SIM_LOCKSTEP_H

struct machine;

/* Ends the program (125, one line) where the two are not the same. */
void lockstep_run(struct machine *m);

#endif
