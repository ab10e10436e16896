# SPDX-License-Identifier: MIT
# In the style of a course: read numbers, print them last first, and their sum.
# A list on the heap, a recursive procedure, a name read as a string.

	.data
ask:	.asciiz "How many? "
name:	.asciiz "Your name? "
hello:	.asciiz "Hello, "
sum:	.asciiz "Sum: "
line:	.space	20

	.text
	.globl	main
main:	sub	$sp, $sp, 4
	sw	$ra, 0($sp)
	la	$a0, name
	li	$v0, 4
	syscall
	la	$a0, line
	li	$a1, 20
	li	$v0, 8
	syscall
	la	$a0, hello
	li	$v0, 4
	syscall
	la	$a0, line
	li	$v0, 4
	syscall

	la	$a0, ask
	li	$v0, 4
	syscall
	li	$v0, 5
	syscall
	move	$s0, $v0		# numbers to come
	li	$s1, 0			# the list
	li	$s2, 0			# the sum
next:	blez	$s0, print
	li	$v0, 5
	syscall
	move	$t0, $v0
	add	$s2, $s2, $t0
	li	$a0, 8			# a cell: the number, the one before
	li	$v0, 9
	syscall
	sw	$t0, 0($v0)
	sw	$s1, 4($v0)
	move	$s1, $v0
	sub	$s0, $s0, 1
	b	next

print:	move	$a0, $s1
	jal	show
	la	$a0, sum
	li	$v0, 4
	syscall
	move	$a0, $s2
	li	$v0, 1
	syscall
	li	$a0, 10
	li	$v0, 11
	syscall
	li	$v0, 12			# a last character is the status
	syscall
	lw	$ra, 0($sp)
	add	$sp, $sp, 4
	rem	$a0, $v0, 64
	li	$v0, 17
	syscall

# show(cell): the number, then those before it
show:	beqz	$a0, done
	sub	$sp, $sp, 8
	sw	$ra, 4($sp)
	sw	$a0, 0($sp)
	lw	$a0, 0($a0)
	li	$v0, 1
	syscall
	li	$a0, 32
	li	$v0, 11
	syscall
	lw	$a0, 0($sp)
	lw	$a0, 4($a0)
	jal	show
	lw	$ra, 4($sp)
	add	$sp, $sp, 8
done:	jr	$ra
