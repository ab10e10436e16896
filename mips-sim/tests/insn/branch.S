/* SPDX-License-Identifier: MIT */
/*
 * Branches and jumps: taken or not, the delay slot, the link.
 *
 * rd adds up where the program came by: 1 the slot, 0x10 behind the slot,
 * 0x100 the target.
 */
#include "insn.h"

	.macro	WAY
	addiu	$t2, $t2, 1		/* slot */
	addiu	$t2, $t2, 0x10
	jr	$t4
	 nop
882:	addiu	$t2, $t2, 0x100
	jr	$t4
	 nop
	.endm

	.macro	FORWARD name, branch:vararg
	TEST	IN_PAIRS, \name
	move	$t4, $ra
	li	$t2, 0
	\branch
	WAY
	.endm

/*
 * The link is the address behind the slot, taken or not, and there before the
 * slot runs: v0 is its distance from the branch, rd the same if the slot ran.
 */
	.macro	LINK name, branch:vararg
	TEST	IN_PAIRS, \name
	move	$t4, $ra
	li	$ra, 0
	lui	$t5, %hi(882f)
	addiu	$t5, $t5, %lo(882f)	/* for jalr */
	lui	$t6, %hi(883f)
	addiu	$t6, $t6, %lo(883f)
883:	\branch
	 subu	$t2, $ra, $t6
	subu	$v0, $ra, $t6
	jr	$t4
	 addiu	$v0, $v0, 0x1000
882:	subu	$v0, $ra, $t6
	jr	$t4
	 addiu	$v0, $v0, 0x2000
	.endm

	.irp	op, beq, bne, beql, bnel
	FORWARD	"\op $t0 $t1", \op $t0, $t1, 882f
	FORWARD	"\op $t1 $t1", \op $t1, $t1, 882f
	FORWARD	"\op $t1 $0", \op $t1, $0, 882f
	.endr
	.irp	op, blez, bgtz, bltz, bgez, blezl, bgtzl, bltzl, bgezl
	FORWARD	"\op $t1", \op $t1, 882f
	FORWARD	"\op $0", \op $0, 882f
	.endr
	.irp	op, bltzal, bgezal, bltzall, bgezall
	LINK	"\op $t1", \op $t1, 882f
	.endr
	LINK	"bal", bal 882f
	LINK	"jal", jal 882f
	FORWARD	"b", b 882f
	FORWARD	"j", j 882f

/* Backward, with a body between. */
	.macro	BACKWARD name, branch:vararg
	TEST	IN_PAIRS, \name backward
	move	$t4, $ra
	b	884f
	 li	$t2, 0
882:	addiu	$t2, $t2, 0x100
	jr	$t4
	 nop
884:	\branch
	 addiu	$t2, $t2, 1
	jr	$t4
	 addiu	$t2, $t2, 0x10
	.endm
	.irp	op, beq, bne, beql, bnel
	BACKWARD \op, \op $t0, $t1, 882b
	.endr
	.irp	op, blez, bgtz, bltz, bgez, blezl, bgtzl, bltzl, bgezl
	BACKWARD \op, \op $t1, 882b
	.endr
	BACKWARD b, b 882b
	BACKWARD j, j 882b

/* The condition is read before the slot writes its register. */
	.macro	SLOT name, branch:vararg
	TEST	IN_PAIRS, \name with a slot that changes the condition
	move	$t4, $ra
	li	$t2, 0
	\branch
	 nor	$t1, $t1, $0
	jr	$t4
	 addiu	$t2, $t2, 0x10
882:	jr	$t4
	 addiu	$t2, $t2, 0x100
	.endm
	.irp	op, beq, bne, beql, bnel
	SLOT	\op, \op $t0, $t1, 882f
	.endr
	.irp	op, blez, bgtz, bltz, bgez, blezl, bgtzl, bltzl, bgezl
	SLOT	\op, \op $t1, 882f
	.endr

/* Loops: the same branch taken many times, then not. */
	.macro	LOOP name, branch:vararg
	TEST	IN_NONE, \name loop of 200
	move	$t4, $ra
	li	$t2, 0
	li	$t1, 200
	li	$t0, 0
882:	addiu	$t1, $t1, -1
	\branch
	 addiu	$t2, $t2, 3
	jr	$t4
	 nop
	.endm
	LOOP	bne, bne $t1, $t0, 882b
	LOOP	bnel, bnel $t1, $t0, 882b
	LOOP	bgtz, bgtz $t1, 882b
	LOOP	bgtzl, bgtzl $t1, 882b
	LOOP	bgez, bgez $t1, 882b

/* Jumps through a register; .hb is the same to a program that looks on. */
	.irp	op, jr, jr.hb
	TEST	IN_PAIRS, \op
	move	$t4, $ra
	li	$t2, 0
	lui	$t3, %hi(882f)
	addiu	$t3, $t3, %lo(882f)
	\op	$t3
	WAY
	TEST	IN_PAIRS, \op with a slot that changes its register
	move	$t4, $ra
	li	$t2, 0
	lui	$t3, %hi(882f)
	addiu	$t3, $t3, %lo(882f)
	\op	$t3
	 li	$t3, 0
	jr	$t4
	 addiu	$t2, $t2, 0x10
882:	jr	$t4
	 addiu	$t2, $t2, 0x100
	.endr

	.irp	op, jalr, jalr.hb
	LINK	"\op", \op $t5
	TEST	IN_PAIRS, \op with another link register
	move	$t4, $ra
	lui	$t3, %hi(882f)
	addiu	$t3, $t3, %lo(882f)
	\op	$t2, $t3
	 addiu	$t6, $t2, 0		/* slot: the link is there already */
	li	$t2, 0
	jr	$t4
	 nop
882:	lui	$t3, %hi(882b)
	addiu	$t3, $t3, %lo(882b)
	subu	$v0, $t6, $t3
	move	$t2, $v0
	move	$ra, $t4
	END
	TEST	IN_PAIRS, \op without a link
	move	$t4, $ra
	lui	$t3, %hi(882f)
	addiu	$t3, $t3, %lo(882f)
	\op	$0, $t3
	 addiu	$t2, $0, 1
	li	$t2, 0
	jr	$t4
	 nop
882:	addiu	$t2, $t2, 0x100
	jr	$t4
	 move	$t3, $0
	.endr

/* A load, a store and a multiplication in the slot. */
	TEST	IN_MEMORY | OUT_MEMORY, b with a load in the slot
	ins	$t0, $0, 0, 2
	b	882f
	 lw	$t2, 0($t0)
	li	$t2, 0
882:	END
	TEST	IN_MEMORY | OUT_MEMORY, b with a store in the slot
	ins	$t0, $0, 0, 2
	b	882f
	 sw	$t1, 0($t0)
	li	$t2, 0
882:	END
	TEST	IN_HILO | OUT_HILO, b with madd in the slot
	b	882f
	 madd	$t0, $t1
	mtlo	$0
882:	END
