/* SPDX-License-Identifier: MIT */
/*
 * From run.c into a test and back, also when it traps.
 */
#include "world.h"

	.set	noreorder
	.set	noat

	.bss
	.balign	4
saved:	.space	4		/* the stack pointer while a test runs */

	.text
/* const char *call(struct state *state, u32 code) */
	.globl	call
	.type	call, @function
call:
	addiu	$sp, $sp, -48
	sw	$ra, 44($sp)
	sw	$s0, 40($sp)
	sw	$s1, 36($sp)
	sw	$s2, 32($sp)
	sw	$s3, 28($sp)
	sw	$s4, 24($sp)
	sw	$fp, 20($sp)
	lui	$t0, %hi(saved)
	sw	$sp, %lo(saved)($t0)
	move	$s0, $a0
	lw	$t0, STATE_HI($s0)
	lw	$t1, STATE_LO($s0)
	mthi	$t0
	mtlo	$t1
	lw	$t0, STATE_RS($s0)
	lw	$t1, STATE_RT($s0)
	lw	$t2, STATE_RD($s0)
	lw	$a0, STATE_A0($s0)
	li	$v0, 0
	jalr	$a1
	 nop
	sw	$t0, STATE_RS($s0)
	sw	$t1, STATE_RT($s0)
	sw	$t2, STATE_RD($s0)
	sw	$v0, STATE_V0($s0)
	mfhi	$t0
	mflo	$t1
	sw	$t0, STATE_HI($s0)
	sw	$t1, STATE_LO($s0)
	li	$v0, 0
leave:
	lw	$ra, 44($sp)
	lw	$s0, 40($sp)
	lw	$s1, 36($sp)
	lw	$s2, 32($sp)
	lw	$s3, 28($sp)
	lw	$s4, 24($sp)
	lw	$fp, 20($sp)
	jr	$ra
	 addiu	$sp, $sp, 48

/* void call_abort(const char *trap): call() returns it. */
	.globl	call_abort
	.type	call_abort, @function
call_abort:
	lui	$t0, %hi(saved)
	lw	$sp, %lo(saved)($t0)
	b	leave
	 move	$v0, $a0
