# SPDX-License-Identifier: MIT
# From the keyboard to the display by polling, up to a q.

	.text
	.globl	main
main:	li	$s0, 0xffff0000
rx:	lw	$t0, 0($s0)		# receiver control
	andi	$t0, $t0, 1
	beqz	$t0, rx
	lw	$t1, 4($s0)
tx:	lw	$t0, 8($s0)		# transmitter control
	andi	$t0, $t0, 1
	beqz	$t0, tx
	sw	$t1, 12($s0)
	bne	$t1, 'q', rx
wait:	lw	$t0, 8($s0)		# the last one is out
	andi	$t0, $t0, 1
	beqz	$t0, wait
	jr	$ra			# to who called main: status 0
