/* SPDX-License-Identifier: MIT */
/*
 * Why a run ended, told to people: on standard error, when it did not end by
 * the guest's own doing; and what was probably not meant.
 */
#ifndef MIPS_SIM_REPORT_H
#define MIPS_SIM_REPORT_H

struct machine;

/*
 * m->why, if there is any; of a guest that is stuck also the instruction, its
 * symbol and source line, the registers and the last branches; that
 * --trace-only left nothing. On a terminal each has a line, else all is one.
 * With none of these nothing.
 */
void report(struct machine *m);

#endif
