/* SPDX-License-Identifier: MIT */
/*
 * To look and then sleep, as one would write it first. Wrong.
 *
 * If the interrupt comes after the lw and before the `wait`, the main program
 * has seen the old value, the handler has been here already, and `wait` waits
 * for the next interrupt. The wake-up is lost; if there is no next interrupt,
 * for ever. Its twins: wake-di.S, wake-safe.S.
 */
	.set	noreorder
	.text
	.globl	wake_sleep, wake_window, wake_window_end
	.type	wake_sleep, @function
wake_sleep:				/* (word, seen) */
	lw	$t0, 0($a0)
	bne	$t0, $a1, 1f
	 nop				/* slot: nothing to do */
	wait
1:	jr	$ra
	 nop				/* slot: nothing to do */

wake_window:				/* nobody guards it */
wake_window_end:
