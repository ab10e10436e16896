/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic, logic, shifts and bit fields.
 */
#include "insn.h"

/*
 * Three registers. The destination may be a source, and a write to $0 is
 * lost: both are places where an engine can go wrong.
 */
	.macro	THREE op
	ONE	IN_PAIRS, \op $t2, $t0, $t1
	ONE	IN_PAIRS, \op $t0, $t0, $t1
	ONE	IN_PAIRS, \op $t1, $t0, $t1
	ONE	IN_ONE, \op $t1, $t1, $t1
	TEST	IN_PAIRS, \op $0, $t0, $t1
	\op	$0, $t0, $t1
	move	$t2, $0
	END
	.endm

	.irp	op, add, addu, sub, subu, and, or, xor, nor, slt, sltu
	THREE	\op
	.endr

/* The count is the low five bits of rs; operands in the other order. */
	.irp	op, sllv, srlv, srav, rotrv
	ONE	IN_PAIRS, \op $t2, $t1, $t0
	ONE	IN_PAIRS, \op $t1, $t1, $t0
	ONE	IN_PAIRS, \op $t0, $t1, $t0
	.endr

	.irp	op, sll, srl, sra, rotr
	.irp	count, 0, 1, 2, 7, 8, 15, 16, 23, 24, 30, 31
	ONE	IN_ONE, \op $t2, $t1, \count
	.endr
	ONE	IN_ONE, \op $t1, $t1, 5
	.endr

	.irp	op, addi, addiu, slti, sltiu
	.irp	imm, 0, 1, 0x7fff, -1, -2, -0x8000
	ONE	IN_ONE, \op $t2, $t1, \imm
	.endr
	ONE	IN_ONE, \op $t1, $t1, 0x123
	ONE	IN_ONE, \op $0, $t1, 0x123
	.endr

	.irp	op, andi, ori, xori
	.irp	imm, 0, 1, 0x7fff, 0x8000, 0xffff
	ONE	IN_ONE, \op $t2, $t1, \imm
	.endr
	ONE	IN_ONE, \op $t1, $t1, 0x5a5a
	.endr

	.irp	imm, 0, 1, 0x7fff, 0x8000, 0xffff
	ONE	IN_NONE, lui $t2, \imm
	.endr

	.irp	op, clz, clo, seb, seh, wsbh
	ONE	IN_ONE, \op $t2, $t1
	ONE	IN_ONE, \op $t1, $t1
	.endr
/* Every place of the first one and the first zero. */
	.irp	bit, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	TEST	IN_NONE, clz from bit \bit
	lui	$t1, 0x8000
	srl	$t1, $t1, 31 - \bit
	clz	$t2, $t1
	END
	TEST	IN_NONE, clo down to bit \bit
	lui	$t1, 0x8000
	srl	$t1, $t1, 31 - \bit
	nor	$t1, $t1, $0
	clo	$t2, $t1
	END
	.endr

	.irp	op, movn, movz
	ONE	IN_PAIRS, \op $t2, $t0, $t1
	ONE	IN_PAIRS, \op $t0, $t1, $t0
	.endr

/* Position and size: the ends of both, and both at their ends together. */
	.irp	op, ext, ins
	.irp	size, 1, 2, 8, 31, 32
	ONE	IN_ONE, \op $t2, $t1, 0, \size
	.endr
	.irp	pos, 1, 7, 8, 16, 24
	ONE	IN_ONE, \op $t2, $t1, \pos, 1
	ONE	IN_ONE, \op $t2, $t1, \pos, 8
	.endr
	ONE	IN_ONE, \op $t2, $t1, 31, 1
	ONE	IN_ONE, \op $t2, $t1, 1, 31
	ONE	IN_ONE, \op $t2, $t1, 16, 16
	ONE	IN_ONE, \op $t1, $t1, 4, 12
	.endr
	ONE	IN_PAIRS, ins $t0, $t1, 9, 10
