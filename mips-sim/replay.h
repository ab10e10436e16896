/* SPDX-License-Identifier: MIT */
/*
 * The host's files when a run goes back: what was read is read again from what
 * has been kept, what was written is not written again.
 *
 * For history.c; files.c does it byte by byte.
 */
#ifndef MIPS_SIM_REPLAY_H
#define MIPS_SIM_REPLAY_H

struct machine;

/* Keep what is read from here on. Nothing has been read. */
void replay_begin(struct machine *m);
/* The run goes another way than it went: see output_turn(). */
void replay_turn(struct machine *m);

#endif
