/* SPDX-License-Identifier: MIT */
/*
 * `--*word` as the compiler would have it. Wrong, with a handler that writes
 * the word, too: what it stores between our lw and our sw we overwrite. Its
 * twins: race-di.S, race-llsc.S.
 */
	.set	noreorder
	.text
	.globl	race_down
	.type	race_down, @function
race_down:				/* (word) */
	lw	$t0, 0($a0)
	addiu	$t0, $t0, -1		/* an interrupt before this */
	sw	$t0, 0($a0)		/* or before this: its count is lost */
	jr	$ra
	 nop				/* slot: nothing to do */
