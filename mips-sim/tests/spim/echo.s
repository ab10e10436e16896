# SPDX-License-Identifier: MIT
# From the keyboard to the display by interrupts, a line of text at the end.
#
# The handler puts what comes into a ring, and what is in the ring on the
# display when that is ready; main meanwhile counts. A q ends it.

	.kdata
save_at: .word	0
save_t0: .word	0
save_t1: .word	0
save_t2: .word	0
in:	.word	0			# bytes put in; modulo 64 the place
out:	.word	0

	.ktext	0x80000180
	.set	noat
	move	$k1, $at
	.set	at
	sw	$k1, save_at
	sw	$t0, save_t0
	sw	$t1, save_t1
	sw	$t2, save_t2
	mfc0	$k0, $13		# Cause
	andi	$t0, $k0, 0x7c
	bnez	$t0, leave		# no interrupt
	andi	$t0, $k0, 0x800		# the keyboard's
	beqz	$t0, send
	lw	$t0, 0xffff0004
	lw	$t1, in
	andi	$t2, $t1, 63
	sb	$t0, ring($t2)
	add	$t1, $t1, 1
	sw	$t1, in
send:	lw	$t1, out
	lw	$t2, in
	beq	$t1, $t2, quiet
	lw	$t0, 0xffff0008
	andi	$t0, $t0, 1
	beqz	$t0, more
	andi	$t2, $t1, 63
	lb	$t0, ring($t2)
	sw	$t0, 0xffff000c
	add	$t1, $t1, 1
	sw	$t1, out
more:	li	$t0, 2			# again when it is ready
	sw	$t0, 0xffff0008
	b	leave
quiet:	sw	$zero, 0xffff0008	# nothing to say
leave:	lw	$t0, save_t0
	lw	$t1, save_t1
	lw	$t2, save_t2
	lw	$k1, save_at
	.set	noat
	move	$at, $k1
	.set	at
	eret

	.data
ring:	.space	64
bye:	.asciiz	"\nbytes: "

	.text
	.globl	main
main:	li	$t0, 2
	sw	$t0, 0xffff0000		# the keyboard may interrupt
	mfc0	$t0, $12
	ori	$t0, $t0, 0x11		# UM as SPIM has it, and IE
	mtc0	$t0, $12
	li	$s0, 0
loop:	add	$s0, $s0, 1
	lw	$t0, out
	beqz	$t0, loop
	sub	$t0, $t0, 1
	andi	$t0, $t0, 63
	lb	$t0, ring($t0)
	bne	$t0, 'q', loop
	la	$a0, bye
	li	$v0, 4
	syscall
	lw	$a0, out
	li	$v0, 1
	syscall
	li	$v0, 10
	syscall
