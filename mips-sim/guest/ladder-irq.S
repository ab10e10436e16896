/* SPDX-License-Identifier: MIT */
/*
 * The second rung: sleep in `wait`, let the interrupt bring the byte.
 *
 * The interrupt side takes the byte from the chip and puts it in a ring; the
 * main program takes it out. Between bytes the processor stands still and
 * executes nothing.
 *
 * The trap is between looking and sleeping. If the main program finds the
 * ring empty, is then interrupted, and only then executes `wait`, it sleeps
 * with a byte in the ring until the next one comes: a lost wake-up.
 * Disabling interrupts around the test does not help, since they must be
 * enabled when `wait` runs, and the gap is back between `ei` and `wait`. The
 * cure is to make test and `wait` one step as seen from the handler: the few
 * instructions from `idle` on lie in one aligned block of 32 bytes, and a
 * handler that interrupted any of them returns to `idle`, so that the test is
 * done again.
 */
#include "board.h"
#include "ladder.h"

#define RING	256			/* bytes, a power of two */

	.set	noreorder

/*
 * The ring is aligned to twice its size: the pointer that runs off its end
 * has bit 8 set, where all others have 0.
 */
	.bss
	.balign	2 * RING
ring:	.space	RING
	.balign	4
ring_in: .space	4			/* the interrupt side's pointer */

/*
 * Interrupt side. start.S jumps here from the vector. It uses k0 and k1 only,
 * which the main program leaves alone, so there is nothing to save; and its
 * only possible reason is the chip's line, so there is nothing to ask.
 * One byte a call: if the chip has another, its line stays up, and we are
 * back after the eret. The ring is not checked for room: the main program
 * empties it before it sleeps, and only a PERIOD shorter than that could
 * fill it (the check of the bytes would show it).
 */
	.text
	.set	noat
	.globl	interrupt
	.type	interrupt, @function
interrupt:
	lui	$k0, %hi(CHIP_BASE)
	lw	$k0, SLOWCHIP_DATA($k0)	/* the byte; the line goes down */
	lui	$k1, %hi(ring_in)
	lw	$k1, %lo(ring_in)($k1)
	sb	$k0, 0($k1)
	addiu	$k1, $k1, 1
	ins	$k1, $zero, 8, 1	/* off the end: to the beginning */
	lui	$k0, %hi(ring_in)
	sw	$k1, %lo(ring_in)($k0)	/* after the byte: it is there now */

	mfc0	$k0, CP0_EPC		/* whom did we interrupt? */
	ori	$k0, $k0, 31
	xori	$k0, $k0, 31		/* the block of 32 bytes it is in */
	lui	$k1, %hi(idle)
	addiu	$k1, $k1, %lo(idle)
	bne	$k0, $k1, 1f
	 nop				/* slot: nothing that suits both ways */
	mtc0	$k0, CP0_EPC		/* back to the test */
	ehb				/* before eret reads EPC */
1:	eret
	.set	at

/* The main program. */
	.globl	ladder_run
	.type	ladder_run, @function
ladder_run:				/* (ticks, bytes), returns the start */
	addiu	$sp, $sp, -16
	sw	$s1, 0($sp)		/* C wants s1 and s2 back */
	sw	$s2, 4($sp)
	move	$s1, $a0		/* consume's: the next time */
	move	$s2, $a1		/* consume's: the next byte */
	addiu	$t7, $a1, LADDER_BYTES	/* the end of the bytes */
	la	$t6, ring		/* the main program's pointer */
	lui	$t5, %hi(ring_in)
	sw	$t6, %lo(ring_in)($t5)	/* the ring is empty */

	/* From the inside out: chip, processor, and last the line. */
	lui	$t0, %hi(CHIP_BASE)	/* whose low half is 0 */
	li	$t1, SLOWCHIP_INT_RX
	sw	$t1, SLOWCHIP_INT_EN($t0)
	li	$t1, STATUS_IM2 | STATUS_IE
	mtc0	$t1, CP0_STATUS
	ehb
	li	$t1, SLOWCHIP_CTRL_EN
	stamp	$v0, $t9
	sw	$t1, SLOWCHIP_CTRL($t0)
	b	idle
	 nop				/* slot: nothing left to do */

	.balign	32			/* the block begins; see the top */
idle:	lw	$t1, %lo(ring_in)($t5)
	bne	$t1, $t6, take
	 nop				/* slot: also runs on the way to wait */
	wait				/* until the interrupt was here */
	b	idle			/* for a wait that ends by itself, as */
	 nop				/* the architecture allows */

	.balign	32			/* the block has ended */
take:	lbu	$t1, 0($t6)
	consume	$t1
	addiu	$t6, $t6, 1
	bne	$s2, $t7, idle
	 ins	$t6, $zero, 8, 1	/* slot: wrap, on both ways */

	di				/* no interrupt beyond this point */
	ehb
	sw	$zero, SLOWCHIP_INT_EN($t0)
	lw	$s1, 0($sp)
	lw	$s2, 4($sp)
	jr	$ra
	 addiu	$sp, $sp, 16		/* slot: part of the return */
