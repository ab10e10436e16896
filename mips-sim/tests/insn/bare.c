// SPDX-License-Identifier: MIT
/*
 * The tests on the bare board, for mips-sim (and QEMU's mipssim): prints on
 * the UART, and learns of traps by the exception entry of guest/start.S.
 */
#include "world.h"

#define UART	((volatile u8 *)0xbfd003f8)

/* It sends at once; LSR need not be asked. */
void put_char(char c)
{
	*UART = c;
}

/* By Cause.ExcCode; named as the signals that linux.c sees. */
const char *trap_name(u32 cause)
{
	switch (cause >> 2 & 31) {
	case 4:
	case 5:
		return "AdE";
	case 9:
	case 13:
		return "trap";
	case 10:
		return "RI";
	case 12:
		return "Ov";
	}
	return "?";
}

/*
 * start.S comes here with (Cause, EPC) and EXL set. It put $sp at the top of
 * the stack, which is in use, so nothing may be stored before call_abort()
 * puts it back; trap_name() stores nothing (a switch of constants), but to
 * rely on it is not needed: it runs on a stack of its own.
 */
asm(".section .bss\n"
    ".balign 8\n"
    ".space 512\n"
    "trap_stack: .space 32\n"
    ".text\n"
    ".globl unexpected\n"
    "unexpected: .set push\n"
    ".set noreorder\n"
    "la $sp, trap_stack\n"
    "la $t0, 1f\n"
    "mtc0 $t0, $14\n"
    "ehb\n"
    "eret\n"
    "1: jal trap_name\n"
    " nop\n"
    "j call_abort\n"
    " move $a0, $v0\n"
    ".set pop\n");
