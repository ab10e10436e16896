/* SPDX-License-Identifier: MIT */
/*
 * Guests that do something wrong: one at each label that is global. make links
 * the file once for each, with that label as the entry; test_bad.py says what
 * must be told. "dies" marks the instruction that must be named.
 *
 * Without a handler but for those that set EBase: then it is `handler`.
 */
#include "mips-sim/guest/board.h"

	.set	noreorder

	.macro	guest name
	.globl	\name
	.type	\name, @function
\name:
	mtc0	$zero, CP0_STATUS
	.endm

	.macro	with_handler
	la	$t0, vectors
	mtc0	$t0, CP0_EBASE
	.endm

	.macro	leave status
	li	$a0, \status
	li	$t9, 1
	sdbbp	1
	.endm

	.section .vectors, "ax", @progbits
vectors:
	.org	0x180
	bnez	$s7, counting
	 addiu	$sp, $sp, -32
handler:
	sw	$ra, 16($sp)			/* nested dies */
	eret
counting:
	beq	$s6, $s7, 1f
	 addiu	$s6, $s6, 1
	lw	$t0, 1($zero)
1:	leave	0

	.text

/* ---- exceptions nobody handles ----------------------------------------- */

guest unaligned
	li	$s0, 3
1:	addiu	$s0, $s0, -1
	bnez	$s0, 1b
	 nop
	jal	word_at
	 li	$a0, 0x80200000
	leave	0

word_at:
	lw	$v0, 2($a0)			/* unaligned dies */
	jr	$ra
	 nop

guest in_slot
	la	$t0, 0x80200001
	b	1f
	 sh	$t1, 0($t0)			/* in_slot dies */
1:	leave	0

guest call
	li	$v0, 4
	syscall					/* call dies */

guest stop
	break	7				/* stop dies */

guest division
	li	$t0, 5
	teq	$zero, $zero, 7			/* division dies */

guest overflow
	lui	$t0, 0x7fff
	add	$t0, $t0, $t0			/* overflow dies */

guest reserved
	sdbbp	2				/* reserved dies */

guest floating
	.set	hardfloat
	add.s	$f0, $f0, $f0			/* floating dies */
	.set	softfloat

guest timer
	li	$t0, STATUS_IM7 | STATUS_IE
	mtc0	$t0, CP0_STATUS
	li	$t0, 20
	mtc0	$t0, CP0_COMPARE
1:	b	1b				/* timer dies */
	 nop

/* ---- nowhere ------------------------------------------------------------ */

guest store_nowhere
	li	$t0, 0xbf100000
	sw	$t1, 0x24($t0)			/* store_nowhere dies */

guest load_nowhere
	li	$t0, 0x88000000
	lbu	$t1, 0($t0)			/* load_nowhere dies */

guest narrow
	li	$t0, CHIP_BASE
	sb	$t1, SLOWCHIP_DATA($t0)		/* narrow dies */

guest physical
	li	$t0, CHIP_BASE & 0x1fffffff
	lw	$t1, SLOWCHIP_STATUS($t0)	/* physical dies */

guest synced
	li	$t0, 0x00400000
	synci	4($t0)				/* synced dies */

/* A load that user mode does not even get: the fetch fails. */
guest user
	li	$t0, 0x80200002
	li	$t1, 0x10			/* UM */
	mtc0	$t1, CP0_STATUS
	lh	$t1, 0($t0)			/* user dies */

guest null_call
	li	$t0, 5
	jalr	$zero
	 nop

/* ---- handlers that do not help ------------------------------------------- */

guest nested
	with_handler
	li	$sp, 0
	syscall

/* Not wrong: five in the handler, counted in a register alone. */
guest counted
	with_handler
	li	$s7, 5
	syscall

/* ---- nothing comes any more ---------------------------------------------- */

guest spin
1:	b	1b				/* spin dies */
	 nop

guest spin_counts
1:	b	1b				/* spin_counts dies */
	 addiu	$t0, $t0, 1

guest spin_register
	la	$t1, 1f
1:	jr	$t1				/* spin_register dies */
	 addiu	$t0, $t0, 1

/* A branch's bits 20 to 16 are no register here: those of $s1. */
guest spin_linked
1:	bal	1b				/* spin_linked dies */
	 addiu	$s1, $s1, 1

/* Loads and stores that change nothing that matters. */
guest spin_stores
	li	$t1, 0x80200000
1:	b	1b				/* spin_stores dies */
	 sw	$t0, 0($t1)

guest spin_stores_byte
	li	$t0, 7
	la	$t1, 2f
1:	bnez	$t0, 1b				/* spin_stores_byte dies */
	 sb	$t0, 3($t1)
2:	nop

guest spin_polls
	li	$t1, CHIP_BASE
1:	b	1b				/* spin_polls dies */
	 lw	$t0, SLOWCHIP_STATUS($t1)

guest spin_sets
	li	$t0, STATUS_IM2
	mtc0	$t0, CP0_STATUS
	li	$t1, CHIP_BASE
	li	$t0, 7
1:	b	1b				/* spin_sets dies */
	 sw	$t0, SLOWCHIP_INT_EN($t1)

/*
 * Not wrong: once round, and something else comes of it. The simulator looks
 * for these after 2^24 ticks: that is the beginning of the loop, or its slot.
 * @before: the instructions up to here, @after: those from here to the look.
 */
	.macro	until_look before, after
	.set	left, (1 << 24) - (\before) - (\after) - 2
	lui	$s0, (left / 2 - 1) >> 16
	ori	$s0, $s0, (left / 2 - 1) & 0xffff
8:	bnez	$s0, 8b
	 addiu	$s0, $s0, -1
	.if	left % 2
	nop
	.endif
	.endm

	.macro	goes_on at, after
guest spin_overwrites_at_\at				/* the jump, by KSEG1 */
	la	$t1, 1f
	lui	$t2, 0x2000
	or	$t1, $t1, $t2
	until_look 5, \after
1:	b	1b
	 sw	$zero, 0($t1)
	leave	0

guest spin_replaces_at_\at				/* the slot: an exit */
	la	$t1, 1f + 4
	li	$t0, 0x7000007f			/* sdbbp 1 */
	li	$a0, 0
	li	$t9, 1
	until_look 7, \after
1:	b	1b
	 sw	$t0, 0($t1)

guest spin_sets_off_at_\at				/* the chip's interrupt */
	with_handler
	li	$s7, 1
	li	$s6, 1
	li	$t1, CHIP_BASE
	li	$t0, STATUS_IM2 | STATUS_IE
	mtc0	$t0, CP0_STATUS
	li	$t0, SLOWCHIP_INT_TX
	until_look 10, \after
1:	b	1b
	 sw	$t0, SLOWCHIP_INT_EN($t1)

guest spin_chases_at_\at				/* to a bad address */
	with_handler
	li	$s7, 1
	li	$s6, 1
	li	$t0, 0x80200000
	sw	$s6, 0($t0)
	until_look 8, \after
1:	b	1b
	 lw	$t0, 0($t0)
	.endm

	goes_on	jump, 0
	goes_on	slot, 1

guest wait_off
	wait					/* wait_off dies */

guest wait_masked
	li	$t0, STATUS_IE
	mtc0	$t0, CP0_STATUS
	wait					/* wait_masked dies */

guest wait_quiet
	li	$t0, STATUS_IE | STATUS_IM2
	mtc0	$t0, CP0_STATUS
	wait					/* wait_quiet dies */

/* All there is, and no input for any of it. */
guest wait_all
	li	$t0, CHIP_BASE
	li	$t1, SLOWCHIP_INT_RX
	sw	$t1, SLOWCHIP_INT_EN($t0)
	li	$t1, SLOWCHIP_CTRL_EN
	sw	$t1, SLOWCHIP_CTRL($t0)
	li	$t0, 0x08000000			/* DC: Count stands */
	mtc0	$t0, CP0_CAUSE
	li	$t0, 0xff01
	mtc0	$t0, CP0_STATUS
	wait					/* wait_all dies */

/* Not wrong: Compare is never written, and Count comes round all the same. */
guest wait_long
	with_handler
	li	$s7, 1
	li	$s6, 1
	li	$t0, STATUS_IM7 | STATUS_IE
	mtc0	$t0, CP0_STATUS
	wait
	leave	1

/* ---- how it came there --------------------------------------------------- */

/* Goes to `even` or `odd` by each byte of the line, the UART, and UHI. */
guest inputs
	li	$s0, 0xbf001000			/* the test device: "?" */
	li	$t0, '?'
	sw	$t0, 0($s0)
	li	$s0, CHIP_BASE
	li	$t0, SLOWCHIP_CTRL_EN
	sw	$t0, SLOWCHIP_CTRL($s0)
1:	lw	$s1, SLOWCHIP_DATA($s0)
	andi	$t0, $s1, SLOWCHIP_DATA_VALID
	beqz	$t0, 1b
	 nop
	jal	parity
	 move	$a0, $s1
	li	$s0, UART_BASE
2:	lbu	$t0, 5($s0)
	andi	$t0, $t0, 1
	beqz	$t0, 2b
	 nop
	jal	parity
	 lbu	$a0, 0($s0)
	li	$a0, 0
	li	$a1, 0x80200000
	li	$a2, 1
	li	$t9, 4
	sdbbp	1
	lui	$a1, 0x8020
	jal	parity
	 lbu	$a0, 0($a1)
	syscall					/* inputs dies */

parity:	andi	$a0, $a0, 1
	bnez	$a0, odd
	 nop
even:	jr	$ra
	 nop
odd:	jr	$ra
	 nop

/* Some 72 million instructions before it dies: only the last are stepped. */
guest long_run
	li	$s0, 24000000
1:	addiu	$s0, $s0, -1
	bnez	$s0, 1b
	 nop
	syscall					/* long_run dies */

/* Through nops from here to the end of RAM. */
guest slide
	j	0x80200000
	 nop

/* Waits for a flag that nobody can set. */
guest flag
	la	$t0, 0x80200000
	li	$s0, 100
1:	addiu	$s0, $s0, -1			/* something else before */
	bnez	$s0, 1b
	 nop
2:	lw	$t1, 0($t0)			/* flag dies */
	beqz	$t1, 2b
	 nop

/* Not stuck: the chip sets it, or an interrupt comes. */
guest flag_chip
	li	$t0, CHIP_BASE
	li	$t1, SLOWCHIP_CTRL_EN
	sw	$t1, SLOWCHIP_CTRL($t0)
1:	lw	$t1, SLOWCHIP_STATUS($t0)
	andi	$t1, $t1, SLOWCHIP_STATUS_RX_RDY
	beqz	$t1, 1b
	 nop
	leave	0

guest flag_timer
	with_handler
	li	$s7, 1
	li	$s6, 1
	lui	$t0, 0x90
	mtc0	$t0, CP0_COMPARE
	li	$t0, STATUS_IM7 | STATUS_IE
	mtc0	$t0, CP0_STATUS
	la	$t0, 0x80200000
1:	lw	$t1, 0($t0)
	beqz	$t1, 1b
	 nop

/* Not stuck: it counts. */
guest busy
1:	addiu	$t0, $t0, 1			/* busy dies */
	b	1b
	 nop
