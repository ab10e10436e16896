/* SPDX-License-Identifier: MIT */
/*
 * From reset to main(), and from an exception to its handler.
 *
 * Every guest begins here: the ELF's entry is _start, the first instruction
 * the processor executes. Two exception entries follow, at the offsets from
 * EBase that MIPS32 fixes (PRA volume III, "Exception Vector Locations"):
 *
 *   0x180  everything that is no interrupt. A program that expects some
 *          (switch.S: system calls) defines `exception`; the weak one below
 *          reports it and ends the program.
 *   0x200  interrupts, because start sets Cause.IV: whoever gets here need
 *          not ask what happened. A program that wants its interrupts bare
 *          defines `interrupt` in assembly; otherwise the weak one below
 *          saves what C may change and calls isr(). Handlers own the registers
 *          k0 and k1: no other code keeps anything in them.
 *
 * Delay slots: the instruction behind a branch or jump is executed before
 * the branch takes effect. We write them out (noreorder) and indent them by
 * one blank, so that what you read is what runs.
 */
#include "cp0.h"

	.set	noreorder

/* ---- the vectors: a page of their own, which EBase points at ---------- */

	.section .vectors, "ax", @progbits
	.globl	vectors
vectors:
	.org	0x180
	j	exception
	 nop				/* slot: nothing to do yet */

	.org	0x200
	j	interrupt
	 nop				/* slot: nothing to do yet */

/* ---- reset ------------------------------------------------------------ */

	.section .text.start, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	la	$sp, stack_top

	/*
	 * EBase while Status.BEV is still 1 (it is after reset): until BEV is
	 * cleared exceptions go to the boot ROM, so nobody looks at EBase
	 * while it changes.
	 */
	la	$t0, vectors
	mtc0	$t0, CP0_EBASE

	/* Interrupts to 0x200, everything else to 0x180. */
	li	$t0, CAUSE_IV
	mtc0	$t0, CP0_CAUSE

	/*
	 * Now BEV = 0: exceptions come to us. ERL (set by reset) and EXL = 0:
	 * normal running, KUSEG is translated again. IE and IM = 0: no
	 * interrupt before the program asks for one.
	 * A write to CP0 may take effect some instructions late; ehb waits.
	 */
	mtc0	$zero, CP0_STATUS
	ehb

	/* C expects .bss to be zero, and memory holds what it held. */
	la	$t0, bss_start
	la	$t1, bss_end
1:	beq	$t0, $t1, 2f
	 nop				/* slot: the store must not run at the end */
	sw	$zero, 0($t0)
	b	1b
	 addiu	$t0, $t0, 4		/* slot: part of every turn */

2:	jal	main
	 nop				/* slot: main has no arguments */
	move	$a0, $v0		/* the exit status is what main gave */

	.globl	guest_exit
	.type	guest_exit, @function
guest_exit:				/* (status), does not return */
	li	$t9, 1			/* UHI operation 1: exit, t9 is $25 */
	sdbbp	1			/* UHI semihosting: the host's turn */
1:	b	1b			/* a host without it: stay here */
	 nop				/* slot: a loop of nothing */

/* ---- from an interrupt to C ------------------------------------------- */

/*
 * C may change at, v0-v1, a0-a3, t0-t9, ra, HI and LO; the program that was
 * interrupted did not call us and expects them unchanged. The others C saves
 * itself. EXL is set all the while, so no interrupt comes on top of this one,
 * and EPC and Status need not be saved. The first 16 bytes of a frame belong
 * to the callee (o32).
 */
#define FRAME	96

	.text
	.weak	interrupt
	.type	interrupt, @function
	.set	noat
interrupt:
	addiu	$sp, $sp, -FRAME
	sw	$at, 16($sp)
	sw	$v0, 20($sp)
	sw	$v1, 24($sp)
	sw	$a0, 28($sp)
	sw	$a1, 32($sp)
	sw	$a2, 36($sp)
	sw	$a3, 40($sp)
	sw	$t0, 44($sp)
	sw	$t1, 48($sp)
	sw	$t2, 52($sp)
	sw	$t3, 56($sp)
	sw	$t4, 60($sp)
	sw	$t5, 64($sp)
	sw	$t6, 68($sp)
	sw	$t7, 72($sp)
	sw	$t8, 76($sp)
	sw	$t9, 80($sp)
	mfhi	$t0
	mflo	$t1
	sw	$t0, 84($sp)
	sw	$t1, 88($sp)
	sw	$ra, 92($sp)		/* before jal, which writes ra itself */
	jal	isr
	 nop				/* slot: a save here would come too late */
	lw	$t0, 84($sp)
	lw	$t1, 88($sp)
	mthi	$t0
	mtlo	$t1
	lw	$at, 16($sp)
	lw	$v0, 20($sp)
	lw	$v1, 24($sp)
	lw	$a0, 28($sp)
	lw	$a1, 32($sp)
	lw	$a2, 36($sp)
	lw	$a3, 40($sp)
	lw	$t0, 44($sp)
	lw	$t1, 48($sp)
	lw	$t2, 52($sp)
	lw	$t3, 56($sp)
	lw	$t4, 60($sp)
	lw	$t5, 64($sp)
	lw	$t6, 68($sp)
	lw	$t7, 72($sp)
	lw	$t8, 76($sp)
	lw	$t9, 80($sp)
	lw	$ra, 92($sp)
	addiu	$sp, $sp, FRAME
	eret				/* EXL = 0, on at EPC; has no slot */
	.set	at

/*
 * For programs that expect no exception, or use no interrupt: one that comes
 * is unexpected.
 */
	.weak	exception, isr
	.type	exception, @function
	.type	isr, @function
exception:
	la	$sp, stack_top		/* sp itself may be what is broken */
isr:
	mfc0	$a0, CP0_CAUSE		/* why */
	mfc0	$a1, CP0_EPC		/* where */
	j	unexpected		/* (cause, epc), does not return */
	 nop				/* slot: nothing left to do */
