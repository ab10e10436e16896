# SPDX-License-Identifier: MIT
# A loop for SPIM, which takes no ELF file: the kinds of instructions of mix.c,
# ten a turn, 300,000 turns.
	.data
words:	.word	1, 2, 3, 4
	.text
	.globl	main
main:	lui	$t0, 4
	ori	$t0, $t0, 0x93e0	# 300,000
	la	$t1, words
loop:	lw	$t2, 0($t1)
	addu	$t3, $t3, $t2
	sll	$t4, $t3, 3
	xor	$t3, $t3, $t4
	sw	$t3, 4($t1)
	lbu	$t5, 5($t1)
	addu	$t3, $t3, $t5
	srl	$t6, $t3, 7
	addiu	$t0, $t0, -1
	bne	$t0, $zero, loop
	jr	$ra
