/* SPDX-License-Identifier: MIT */
/*
 * Traps, calls of the system that are not, and what does nothing.
 */
#include "insn.h"

	.irp	op, teq, tne, tge, tgeu, tlt, tltu
	ONE	IN_PAIRS, \op $t0, $t1
	ONE	IN_PAIRS, \op $t0, $t1, 0x155
	ONE	IN_ONE, \op $t1, $t1
	.endr
	.irp	op, teqi, tnei, tgei, tgeiu, tlti, tltiu
	.irp	imm, 0, 1, 0x7fff, -1, -0x8000
	ONE	IN_ONE, \op $t1, \imm
	.endr
	.endr

	ONE	IN_NONE, break
	ONE	IN_NONE, break 1

	ONE	IN_PAIRS, nop
	ONE	IN_PAIRS, ssnop
	ONE	IN_PAIRS, ehb
	ONE	IN_PAIRS, sll $0, $t1, 4

	.irp	which, 0, 1, 3
	ONE	IN_NONE, rdhwr $t2, $\which
	.endr
	ONE	IN_NONE, rdhwr $t2, $4
	ONE	IN_NONE, rdhwr $t2, $28

/* Encodings that MIPS32r2 without options reserves. */
	.irp	word, 0x0000000e, 0x00000014, 0x00000028, 0x0000003f, 0x04040000, 0x70000006, 0x7000003e, 0x7c000001, 0x7c000020, 0x64000000, 0x6c000000, 0x9c000000, 0xb0000000, 0xd0000000, 0xfc000000, 0x7c00000a
	TEST	IN_NONE, reserved \word
	.word	\word
	END
	.endr
