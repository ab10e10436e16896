/* SPDX-License-Identifier: MIT */
/*
 * The lowest rung: a polling loop of three instructions.
 *
 * DATA says by itself whether it holds a byte (VALID, bit 8) and reads 0
 * when it does not, so one load both asks and takes: STATUS need not be
 * read. Nothing is faster, and nothing wastes more: every instruction
 * between two bytes is spent in the loop.
 */
#include "board.h"
#include "ladder.h"

	.set	noreorder
	.text
	.globl	ladder_run
	.type	ladder_run, @function
ladder_run:				/* (ticks, bytes), returns the start */
	addiu	$sp, $sp, -16
	sw	$s1, 0($sp)		/* C wants s1 and s2 back */
	sw	$s2, 4($sp)
	move	$s1, $a0		/* consume's: the next time */
	move	$s2, $a1		/* consume's: the next byte */
	addiu	$t7, $a1, LADDER_BYTES	/* the end of the bytes */
	lui	$t0, %hi(CHIP_BASE)	/* whose low half is 0 */
	li	$t1, SLOWCHIP_CTRL_EN
	stamp	$v0, $t9
	sw	$t1, SLOWCHIP_CTRL($t0)	/* the line runs */

poll:	lw	$t1, SLOWCHIP_DATA($t0)
	beqz	$t1, poll
	 nop				/* slot: runs in every turn; a useful */
					/* one would not make a turn shorter */
	consume	$t1
	bne	$s2, $t7, poll
	 nop				/* slot: all is done already */

	lw	$s1, 0($sp)
	lw	$s2, 4($sp)
	jr	$ra
	 addiu	$sp, $sp, 16		/* slot: part of the return */
