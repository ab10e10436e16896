/* SPDX-License-Identifier: MIT */
/*
 * The first cure: no interrupt between the lw and the sw. It always works, as
 * long as there is one processor, and every interrupt waits for us.
 */
	.set	noreorder
	.text
	.globl	race_down
	.type	race_down, @function
race_down:				/* (word) */
	di
	ehb				/* disabled from here on */
	lw	$t0, 0($a0)
	addiu	$t0, $t0, -1
	sw	$t0, 0($a0)
	ei
	jr	$ra
	 ehb				/* slot: enabled when we are back */
