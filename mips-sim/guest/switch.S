/* SPDX-License-Identifier: MIT */
/*
 * The switch between threads.
 *
 * Whatever happens, an interrupt or a system call, the thread that runs is
 * put away whole, into its struct; trap() decides in C; and the thread that
 * `current` then points to is taken out of its own. If that is another one,
 * this was a switch. There is no more to it.
 *
 * EXL is set from the entry to the eret, so nothing comes between. The kernel
 * never waits in the middle of its work, so one stack is enough for it, and
 * each time it begins at the top.
 */
#include "cp0.h"
#include "threads.h"

	.set	noreorder
	.set	noat
	.text
	.globl	interrupt, exception, thread_resume
	.type	interrupt, @function
	.type	exception, @function
interrupt:
exception:
	lui	$k0, %hi(current)
	lw	$k0, %lo(current)($k0)
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,28,29,30,31
	sw	$\n, 4 * \n($k0)
	.endr
	mfhi	$t0
	mflo	$t1
	mfc0	$t2, CP0_EPC
	sw	$t0, THREAD_HI($k0)
	sw	$t1, THREAD_LO($k0)
	sw	$t2, THREAD_EPC($k0)
	la	$sp, stack_top
	jal	trap
	 nop				/* slot: all is saved, nothing to do */

	.type	thread_resume, @function
thread_resume:
	lui	$k0, %hi(current)
	lw	$k0, %lo(current)($k0)	/* the same as above, or the other */
	lw	$t0, THREAD_HI($k0)
	lw	$t1, THREAD_LO($k0)
	lw	$t2, THREAD_EPC($k0)
	mthi	$t0
	mtlo	$t1
	mtc0	$t2, CP0_EPC
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,28,29,30,31
	lw	$\n, 4 * \n($k0)
	.endr
	ehb				/* eret sees the new EPC */
	eret
