/* SPDX-License-Identifier: MIT */
/*
 * To look and then sleep, with interrupts disabled around the look. As wrong
 * as wake-lost.S, its twin.
 *
 * Interrupts must be enabled again when `wait` runs, or it would not end. So
 * there is an `ei`, and the gap is between it and the `wait`. It has become
 * larger: an interrupt that wanted to come at any time since `di` comes
 * exactly there.
 */
	.set	noreorder
	.text
	.globl	wake_sleep, wake_window, wake_window_end
	.type	wake_sleep, @function
wake_sleep:				/* (word, seen) */
	di
	ehb				/* none from here on */
	lw	$t0, 0($a0)
	bne	$t0, $a1, 1f
	 nop				/* slot: nothing to do */
	ei
	ehb				/* those that wanted to come, come here */
	wait
1:	ei				/* for the way around the first one */
	jr	$ra
	 ehb				/* slot: as good a place as any */

wake_window:				/* nobody guards it */
wake_window_end:
