/* SPDX-License-Identifier: MIT */
/*
 * How the per-instruction tests are written down; for their .S files and for
 * run.c, which executes them.
 *
 * A test is a name and a few instructions that run with
 *
 *	$t0 rs, $t1 rt, $t2 what the destination held before, HI, LO,
 *	$a0 the address of the buffer's middle
 *
 * and whose effect on those, on $v0 (0 before) and on the buffer is printed.
 * `inputs` chooses the table of operands that run.c puts through it. The first
 * word of the name is the instruction: test_insn.py reports one result each.
 */
#ifndef TESTS_INSN_H
#define TESTS_INSN_H

#define IN_PAIRS	0	/* every pair of edge values */
#define IN_ONE		1	/* every edge value as rt, two as rs */
#define IN_HILO		2	/* pairs, with several HI and LO */
#define IN_DIVIDE	3	/* pairs whose quotient is defined */
#define IN_MEMORY	4	/* rs: each address round the buffer's middle,
				   printed as its distance from there */
#define IN_NONE		5	/* once */

/* Which results are printed besides rs, rt and rd. */
#define OUT_HILO	0x100
#define OUT_MEMORY	0x200	/* the buffer */

#ifdef __ASSEMBLER__

	.set	noreorder
	.set	noat
	.set	nomacro

/* Between TEST and END stands what is tested. It may use $t3-$t8. */
	.macro	TEST inputs, name:vararg
	.section .rodata.str, "aMS", @progbits, 1
880:	.asciz	"\name"
	.section insn_tests, "a", @progbits
	.balign	4
	.word	880b, 881f, \inputs
	.text
	.balign	4
881:
	.endm

	.macro	END
	jr	$ra
	 nop
	.endm

/* One that is a single instruction. */
	.macro	ONE inputs, insn:vararg
	TEST	\inputs, \insn
	\insn
	END
	.endm

#endif
#endif
