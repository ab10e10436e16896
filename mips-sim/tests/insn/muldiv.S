/* SPDX-License-Identifier: MIT */
/*
 * Multiplication, division and the registers HI and LO.
 */
#include "insn.h"

	.irp	op, mult, multu
	ONE	IN_PAIRS | OUT_HILO, \op $t0, $t1
	ONE	IN_ONE | OUT_HILO, \op $t1, $t1
	.endr

/* A division by the assembler's macro would test for 0: nomacro, and $0. */
	.irp	op, div, divu
	ONE	IN_DIVIDE | OUT_HILO, \op $0, $t0, $t1
	.endr

/* What HI and LO held counts: with every pair of factors, several of them. */
	.irp	op, madd, maddu, msub, msubu
	ONE	IN_HILO | OUT_HILO, \op $t0, $t1
	TEST	IN_HILO | OUT_HILO, \op twice
	\op	$t0, $t1
	\op	$t1, $t1
	END
	.endr

/* MUL leaves HI and LO unpredictable, so they are not shown. */
	ONE	IN_PAIRS, mul $t2, $t0, $t1
	ONE	IN_PAIRS, mul $t0, $t0, $t1
	ONE	IN_PAIRS, mul $t1, $t1, $t1

	.irp	op, mfhi, mflo
	ONE	IN_HILO | OUT_HILO, \op $t2
	TEST	IN_HILO | OUT_HILO, \op right behind multu
	multu	$t0, $t1
	\op	$t2
	END
	TEST	IN_HILO | OUT_HILO, \op $0
	\op	$0
	move	$t2, $0
	END
	.endr
	.irp	op, mthi, mtlo
	ONE	IN_ONE | OUT_HILO, \op $t1
	.endr
