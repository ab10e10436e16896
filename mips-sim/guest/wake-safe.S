/* SPDX-License-Identifier: MIT */
/*
 * To look and then sleep, right. The twin of wake-lost.S: the instructions
 * are the same, but the handler knows them.
 *
 * A handler that interrupted one of the four between wake_window and
 * wake_window_end does not return to it but to the first (wake_rollback() in
 * wake.h): the main program looks again and sees what the handler did. Linux
 * sleeps in this way on MIPS, in its idle loop.
 */
	.set	noreorder
	.text
	.globl	wake_sleep, wake_window, wake_window_end
	.type	wake_sleep, @function
wake_sleep:				/* (word, seen) */
wake_window:
	lw	$t0, 0($a0)
	bne	$t0, $a1, 1f
	 nop				/* slot: nothing to do */
	wait				/* interrupted: EPC is behind it */
wake_window_end:
1:	jr	$ra
	 nop				/* slot: nothing to do */
