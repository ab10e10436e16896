/* SPDX-License-Identifier: MIT */
/*
 * The second cure: notice that somebody was here, and do it again. ll marks
 * the word; an eret (or another processor's store) takes the mark away, and
 * then sc stores nothing and says 0. No interrupt has to wait, and it works
 * between processors, too. Atomic operations of all languages are made so.
 */
	.set	noreorder
	.text
	.globl	race_down
	.type	race_down, @function
race_down:				/* (word) */
	ll	$t0, 0($a0)
	addiu	$t0, $t0, -1
	sc	$t0, 0($a0)		/* t0: 1 if it was stored */
	beqz	$t0, race_down
	 nop				/* slot: nothing to do */
	jr	$ra
	 nop				/* slot: nothing to do */
