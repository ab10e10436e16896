/* SPDX-License-Identifier: MIT */
/*
 * What the two loops of the ladder and the frame around them share.
 *
 * The consumer of both is the macro below: it notes the moment at which it
 * has the byte, and keeps the byte. It is the same in both, so that they
 * differ only in how they wait. Checking and printing come afterwards.
 */
#ifndef GUEST_LADDER_H
#define GUEST_LADDER_H

#define LADDER_BYTES	1000

#ifdef __ASSEMBLER__
/*
 * The time of an instruction, in instructions. Count is ticks / 2, rounded
 * down: one tick is lost. Two instructions that follow each other read t / 2
 * and (t + 1) / 2, both rounded down, and the sum of these is t: the tick at
 * which the first of them started (modulo 2^32).
 */
	.macro	stamp time, scratch
	mfc0	\time, CP0_COUNT
	mfc0	\scratch, CP0_COUNT
	addu	\time, \time, \scratch
	.endm

/* Put the byte in \byte into *s2++ and its time into *s1++. */
	.macro	consume byte
	stamp	$t8, $t9	/* the first instruction that has the byte */
	sw	$t8, 0($s1)
	addiu	$s1, $s1, 4
	sb	\byte, 0($s2)
	addiu	$s2, $s2, 1
	.endm
#else
#include "board.h"

/*
 * Start the line, take LADDER_BYTES bytes; returns the tick at which the line
 * started. In ladder-poll.S and ladder-irq.S, one in each program.
 */
u32 ladder_run(u32 *ticks, u8 *bytes);
#endif
#endif
