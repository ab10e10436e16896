// SPDX-License-Identifier: MIT
/*
 * The tests as a Linux program without a library, for qemu-mipsel: prints by
 * write(2), and learns of traps by signals.
 */
#include "world.h"

#define NR_EXIT		4001
#define NR_WRITE	4004
#define NR_SIGACTION	4194	/* rt_sigaction */
#define SA_NODEFER	0x40000000

static char out[4096];
static u32 used;

/* a3 is not 0 after an error; nothing here can go on after one. */
static u32 syscall(u32 number, u32 arg0, u32 arg1, u32 arg2, u32 arg3)
{
	register u32 v0 asm("$2") = number;
	register u32 a0 asm("$4") = arg0;
	register u32 a1 asm("$5") = arg1;
	register u32 a2 asm("$6") = arg2;
	register u32 a3 asm("$7") = arg3;

	asm volatile("syscall"
		     : "+r"(v0), "+r"(a3) : "r"(a0), "r"(a1), "r"(a2)
		     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13",
		       "$14", "$15", "$24", "$25", "hi", "lo", "memory");
	if (a3)
		syscall(NR_EXIT, 2, 0, 0, 0);
	return v0;
}

static void flush(void)
{
	u32 done = 0;

	while (done < used)
		done += syscall(NR_WRITE, 1, (u32)out + done, used - done, 0);
	used = 0;
}

void put_char(char c)
{
	out[used++] = c;
	if (used == sizeof(out))
		flush();
}

/* The kernel turns each exception into its signal; the way back from it is
 * not sigreturn but straight out of the test.
 */
static void caught(int signal)
{
	switch (signal) {
	case 4:
		call_abort("RI");
	case 5:
		call_abort("trap");	/* Bp and Tr */
	case 8:
		call_abort("Ov");
	case 10:
		call_abort("AdE");
	}
	call_abort("?");
}

void start(void)
{
	static const int signals[] = { 4, 5, 8, 10 };
	/* flags, handler, mask of 128 signals: the o32 layout */
	static struct {
		u32 flags;
		void (*handler)(int signal);
		u32 mask[4];
	} action = { SA_NODEFER, caught, { 0 } };
	int status;
	u32 i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		syscall(NR_SIGACTION, signals[i], (u32)&action, 0, 16);
	status = main();
	flush();
	syscall(NR_EXIT, status, 0, 0, 0);
}

/* The stack is set by the kernel. */
asm(".globl __start\n"
    "__start: .set push\n"
    ".set noreorder\n"
    "addiu $sp, $sp, -32\n"
    "jal start\n"
    " nop\n"
    ".set pop\n");
