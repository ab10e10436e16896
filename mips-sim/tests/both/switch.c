// SPDX-License-Identifier: MIT
/*
 * The switch of switch.S, with the timer for the chip: one thread sleeps in a
 * system call, the timer wakes it, the other has all its registers full and
 * must never see one change.
 */
#include "check.h"
#include "mips-sim/guest/threads.h"

#define WAKES	500
#define STACK	512

static struct thread sleeper, worker;
static u32 sleeper_stack[STACK], worker_stack[STACK];
static u32 came;		/* interrupts that nobody has asked for yet */
static volatile u32 turns;	/* of the worker */
static volatile u32 changed;	/* registers that were not what they should */

struct thread *current = &sleeper;

void trap(void)
{
	u32 cause;

	asm volatile("mfc0 %0, $13" : "=r"(cause));
	if ((cause & CAUSE_CODE) == CAUSE_CODE_SYS) {
		if (came) {
			current->reg[2] = came--;
			current->epc += 4;
		} else {
			current = &worker;
		}
	} else if (cause & CAUSE_CODE) {
		unexpected(cause, current->epc);
	} else {
		came++;
		timer_in(500 + came % 13);
		current = &sleeper;
	}
}

/* Fills what C leaves to it, and looks whether it stays. */
static void work(void)
{
	for (;;) {
		u32 bad;

		asm volatile(".set push\n"
			"	.set	noreorder\n"
			"	.set	noat\n"
			"	li	$at, 1000\n"
			"	.irp	n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,"
					"17,18,19,20,21,22,23,24,25\n"
			"	addiu	$\\n, $at, \\n\n"
			"	.endr\n"
			"	mthi	$3\n"
			"	mtlo	$4\n"
			"	li	$2, 50\n"
			"1:	bnez	$2, 1b\n"
			"	 addiu	$2, $2, -1\n"
			"	li	$2, 0\n"
			"	.irp	n, 25,24,23,22,21,20,19,18,17,16,15,14,"
					"13,12,11,10,9,8,7,6,5\n"
			"	addiu	$\\n, $\\n, -\\n\n"
			"	bne	$\\n, $at, 2f\n"
			"	 nop\n"
			"	.endr\n"
			"	mfhi	$5\n"
			"	bne	$5, $3, 2f\n"
			"	 mflo	$5\n"
			"	bne	$5, $4, 2f\n"
			"	 addiu	$3, $3, -3\n"
			"	bne	$3, $at, 2f\n"
			"	 addiu	$4, $4, -4\n"
			"	beq	$4, $at, 3f\n"
			"	 nop\n"
			"2:	li	$2, 1\n"
			"3:	move	%0, $2\n"
			"	.set pop"
			: "=r"(bad) :
			: "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8",
			  "$9", "$10", "$11", "$12", "$13", "$14", "$15",
			  "$16", "$17", "$18", "$19", "$20", "$21", "$22",
			  "$23", "$24", "$25", "hi", "lo");
		changed += bad;
		turns++;
	}
}

static void sleep(void)
{
	u32 n, wrong = 0;

	for (n = 0; n < WAKES; n++)
		wrong += thread_read() != 1;
	irq_disable();
	ok(!wrong, "a thread slept and was woken each time");
	ok(turns > WAKES, "the other ran meanwhile");
	ok(!changed, "and found its registers as it left them");
	guest_exit(done());
}

int main(void)
{
	sleeper.epc = (u32)sleep;
	sleeper.reg[29] = (u32)(sleeper_stack + STACK - 4);
	worker.epc = (u32)work;
	worker.reg[29] = (u32)(worker_stack + STACK - 4);
	timer_in(500);
	status_is(STATUS_IM7 | STATUS_EXL | STATUS_IE);
	thread_resume();
}
