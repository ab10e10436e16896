/* SPDX-License-Identifier: MIT */
/*
 * Runs the sequences that compare.py has put into memory behind this program:
 * on mips-sim and on QEMU's mipssim alike.
 *
 * For each: fill the area, load all registers, go there; it comes back by
 * `j finish`, $k0 and $k1 being ours. What it left (struct state: area,
 * registers, HI, LO, exceptions) becomes one word, a sum. An exception is
 * written down, and it goes on behind its instruction, or behind the delay
 * slot it was in. At the end all sums, or of a single sequence the state
 * itself, go to UHI's file 2 in one piece.
 */

/* The job, at an address that compare.py knows: what to run. */
#define JOB		0x80400000
#define JOB_COUNT	0	/* how many sequences */
#define JOB_ENTRIES	4	/* address of the first one's entry */
#define JOB_SUMS	8	/* where sums go: a word each, and one more */
#define JOB_OUT		12	/* what to write at the end */
#define JOB_OUT_SIZE	16

/* An entry: where it begins, $1 to $31, HI, LO. */
#define ENTRY_HI	128
#define ENTRY_LO	132
#define ENTRY_SIZE	136

/* struct state, at an address that compare.py knows, too. */
#define STATE		0x80200000
#define STATE_AREA	0	/* 64 words */
#define STATE_GPRS	256	/* 32 words; $0, $k0 and $k1 are 0 */
#define STATE_HI	384
#define STATE_LO	388
#define STATE_COUNT	392	/* of exceptions */
#define STATE_LOG	396	/* of each Cause, EPC, BadVAddr, Status */
#define LOG_ENTRIES	64	/* the last ones */

/* But $0 and those of exceptions. */
#define ALL_REGISTERS	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
			16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31

#define PRIME		0x01000193

	.set	noreorder
	.set	noat

	.section .vectors, "ax", @progbits
	.globl	vectors
vectors:
	b	exception		/* TLB refill */
	 nop
	.org	0x180
exception:
	lui	$k1, %hi(STATE)
	lw	$k0, STATE_COUNT($k1)
	addiu	$k0, $k0, 1
	sw	$k0, STATE_COUNT($k1)
	addiu	$k0, $k0, -1
	andi	$k0, $k0, LOG_ENTRIES - 1
	sll	$k0, $k0, 4
	addu	$k1, $k1, $k0
	mfc0	$k0, $13
	ext	$k0, $k0, 2, 5
	xori	$k0, $k0, 11		/* CE says something with CpU alone */
	bne	$k0, $0, 1f
	 mfc0	$k0, $13		/* of Cause BD, CE and ExcCode */
	b	2f
	 ins	$k0, $0, 0, 2
1:	ins	$k0, $0, 0, 2
	ins	$k0, $0, 28, 2
2:
	ins	$k0, $0, 7, 21
	ins	$k0, $0, 30, 1
	sw	$k0, STATE_LOG($k1)
	mfc0	$k0, $14
	sw	$k0, STATE_LOG + 4($k1)
	mfc0	$k0, $8
	sw	$k0, STATE_LOG + 8($k1)
	mfc0	$k0, $12
	sw	$k0, STATE_LOG + 12($k1)
	mfc0	$k0, $13
	mfc0	$k1, $14
	bgez	$k0, 1f
	 addiu	$k1, $k1, 4
	addiu	$k1, $k1, 4
1:	mtc0	$k1, $14
	li	$k0, 0
	ehb
	eret

	.section .text.start, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	la	$t0, vectors
	mtc0	$t0, $15, 1
	mtc0	$0, $12
	ehb
	li	$s0, 0			/* sequences done */
	li	$s1, 0			/* exceptions in all */

next:
	lui	$t0, %hi(JOB)
	lw	$t1, JOB_COUNT($t0)
	beq	$s0, $t1, end
	 lui	$t1, %hi(STATE)
	la	$t2, pattern
	addiu	$t3, $t1, 256
1:	lw	$t4, 0($t2)
	addiu	$t2, $t2, 4
	sw	$t4, 0($t1)
	addiu	$t1, $t1, 4
	bne	$t1, $t3, 1b
	 nop
	lui	$t1, %hi(STATE)
	sw	$0, STATE_COUNT($t1)

	la	$t1, progress
	sw	$s0, 0($t1)
	sw	$s1, 4($t1)
	lw	$k0, JOB_ENTRIES($t0)
	li	$t1, ENTRY_SIZE
	mul	$t1, $t1, $s0
	addu	$k0, $k0, $t1
	lw	$t0, ENTRY_HI($k0)
	lw	$t1, ENTRY_LO($k0)
	mthi	$t0
	mtlo	$t1
	lw	$k1, 0($k0)
	.irp	n, ALL_REGISTERS
	lw	$\n, 4 * \n($k0)
	.endr
	jr	$k1
	 li	$k0, 0

	.globl	finish
finish:
	lui	$k0, %hi(STATE)
	.irp	n, ALL_REGISTERS
	sw	$\n, STATE_GPRS + 4 * \n($k0)
	.endr
	mfhi	$t0
	mflo	$t1
	sw	$t0, STATE_HI($k0)
	sw	$t1, STATE_LO($k0)

	la	$t0, progress
	lw	$s0, 0($t0)
	lw	$s1, 4($t0)
	lw	$t1, STATE_COUNT($k0)
	addu	$s1, $s1, $t1
	sltiu	$t2, $t1, LOG_ENTRIES
	li	$t3, LOG_ENTRIES
	movz	$t1, $t3, $t2
	sll	$t1, $t1, 4
	addiu	$t1, $t1, STATE_LOG
	addu	$t1, $t1, $k0		/* the last word's end */
	li	$t2, PRIME
	li	$v0, 0
1:	lw	$t3, 0($k0)
	addiu	$k0, $k0, 4
	xor	$v0, $v0, $t3
	mul	$v0, $v0, $t2
	bne	$k0, $t1, 1b
	 rotr	$v0, $v0, 15

	lui	$t0, %hi(JOB)
	lw	$t1, JOB_SUMS($t0)
	sll	$t2, $s0, 2
	addu	$t1, $t1, $t2
	sw	$v0, 0($t1)
	b	next
	 addiu	$s0, $s0, 1

end:
	lw	$t1, JOB_SUMS($t0)
	sll	$t2, $s0, 2
	addu	$t1, $t1, $t2
	sw	$s1, 0($t1)
	li	$a0, 2
	lw	$a1, JOB_OUT($t0)
	lw	$a2, JOB_OUT_SIZE($t0)
	li	$t9, 5			/* UHI: write */
	sdbbp	1
	li	$a0, 0
	li	$t9, 1			/* UHI: exit */
	sdbbp	1
1:	b	1b
	 nop

/* What the area holds before each sequence: words of all signs. */
	.section .rodata
	.balign	4
	.set	word, 0x12345678
pattern:
	.rept	64
	.set	word, (word * 0x41c64e6d + 0x3039) & 0xffffffff
	.word	word
	.endr

	.bss
	.balign	4
progress:
	.space	8			/* $s0 and $s1, meanwhile */
