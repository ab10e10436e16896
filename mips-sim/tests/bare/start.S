/* SPDX-License-Identifier: MIT */
/*
 * Reset and exception entries of the tests that judge themselves.
 *
 * All the entries do is write down what they see, call the test's hook if it
 * has set one, and go on: behind an interrupt at EPC with IE = 0 (so that it
 * comes once), else where resume_at says, or at EPC + 4.
 */
#include "harness.h"

	.set	noreorder
	.set	noat

	.section .vectors, "ax", @progbits
	.globl	vectors
vectors:
	b	entry			/* TLB refill */
	 li	$k0, 0
	.org	0x180
	b	entry
	 li	$k0, 0x180
	.org	0x200
	b	entry
	 li	$k0, 0x200
	.org	0x280
entry:
	lui	$k1, %hi(seen)
	addiu	$k1, $k1, %lo(seen)
	sw	$k0, SEEN_VECTOR($k1)
	mfc0	$k0, $9
	sw	$k0, SEEN_COUNTREG($k1)
	lw	$k0, SEEN_COUNT($k1)
	addiu	$k0, $k0, 1
	sw	$k0, SEEN_COUNT($k1)
	mfc0	$k0, $14
	sw	$k0, SEEN_EPC($k1)
	mfc0	$k0, $8
	sw	$k0, SEEN_BADVADDR($k1)
	mfc0	$k0, $12
	sw	$k0, SEEN_STATUS($k1)
	mfc0	$k0, $13
	sw	$k0, SEEN_CAUSE($k1)

	lui	$k0, %hi(hook)
	lw	$k0, %lo(hook)($k0)
	beq	$k0, $0, 1f
	 nop
	jalr	$k1, $k0
	 nop
	lui	$k1, %hi(seen)
	addiu	$k1, $k1, %lo(seen)

1:	lw	$k0, SEEN_CAUSE($k1)
	andi	$k0, $k0, 0x7c
	bne	$k0, $0, 2f
	 nop
	mfc0	$k0, $12		/* an interrupt */
	ins	$k0, $0, 0, 1
	mtc0	$k0, $12
	ehb
	eret

2:	lui	$k1, %hi(resume_at)
	lw	$k0, %lo(resume_at)($k1)
	beq	$k0, $0, 3f
	 sw	$0, %lo(resume_at)($k1)
	mtc0	$k0, $14
	ehb
	eret
3:	mfc0	$k0, $14
	addiu	$k0, $k0, 4
	mtc0	$k0, $14
	ehb
	eret

	.section .text.start, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
/* The first instruction of all; ERL = 1 makes low addresses physical. */
	sw	$4, RESET_GPRS + 4 * 4($0)
	.irp	n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	sw	$\n, RESET_GPRS + \n * 4($0)
	.endr
	mfc0	$t0, $9			/* at tick 31 */
	sw	$t0, RESET_CP0 + 0($0)
	mfc0	$t0, $12
	sw	$t0, RESET_CP0 + 4($0)
	mfc0	$t0, $13
	sw	$t0, RESET_CP0 + 8($0)
	mfc0	$t0, $11
	sw	$t0, RESET_CP0 + 12($0)
	mfc0	$t0, $15
	sw	$t0, RESET_CP0 + 16($0)
	mfc0	$t0, $15, 1
	sw	$t0, RESET_CP0 + 20($0)
	mfc0	$t0, $12, 1
	sw	$t0, RESET_CP0 + 24($0)
	mfc0	$t0, $16
	sw	$t0, RESET_CP0 + 28($0)
	mfc0	$t0, $16, 1
	sw	$t0, RESET_CP0 + 32($0)
	mfc0	$t0, $16, 2
	sw	$t0, RESET_CP0 + 36($0)
	mfc0	$t0, $16, 3
	sw	$t0, RESET_CP0 + 40($0)
	mfc0	$t0, $16, 7
	sw	$t0, RESET_CP0 + 44($0)

	la	$sp, stack_top
	la	$t0, vectors
	mtc0	$t0, $15, 1
	li	$t0, 0x00800000		/* IV */
	mtc0	$t0, $13
	mtc0	$0, $12
	ehb
	la	$t0, bss_start
	la	$t1, bss_end
1:	beq	$t0, $t1, 2f
	 nop
	sw	$0, 0($t0)
	b	1b
	 addiu	$t0, $t0, 4
2:	jal	run
	 nop
	move	$a0, $v0
	li	$t9, 1
	sdbbp	1			/* UHI: exit */
3:	b	3b
	 nop
