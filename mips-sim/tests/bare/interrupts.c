// SPDX-License-Identifier: MIT
/*
 * Interrupts: software's, the timer's, the UART's; what holds them back; Count
 * and the ticks. What is said of exact ticks is mips-sim's: QEMU's Count runs
 * at another rate.
 */
#include "harness.h"

#define UART	((volatile u8 *)0xbfd003f8)

static int quiet(void)
{
	return seen.count == 0;
}

static void interrupted(const char *what, u32 vector, u32 pending)
{
	ok(seen.count == 1 && seen.vector == vector &&
	   (seen.cause >> 2 & 31) == INT && (seen.cause & pending) == pending &&
	   !(seen.cause & BD) && seen.epc == want_epc && seen.status & EXL,
	   what);
	if (seen.count == 1 && seen.epc == want_epc)
		return;
	say("interrupts ", seen.count);
	say("vector     ", seen.vector);
	say("Cause      ", seen.cause);
	say("EPC        ", seen.epc);
	say("  wanted   ", want_epc);
}

/* Write Cause, and name the instruction behind: an interrupt comes there. */
static void raise_software(u32 cause)
{
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "mtc0 %0, $13\n8: ehb\n nop\n nop\n.set pop"
		     :: "r"(cause) : "$24", "$25", "memory");
}

static void raise_status(u32 status)
{
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "mtc0 %0, $12\n8: ehb\n nop\n nop\n.set pop"
		     :: "r"(status) : "$24", "$25", "memory");
}

static void software(void)
{
	u32 old, now;

	forget();
	write_cp0(STATUS, IM(0) | IE);
	raise_software(IV | IP(0));
	interrupted("software interrupt 0", 0x200, IP(0));
	write_cp0(CAUSE, IV);
	forget();
	write_cp0(STATUS, IM(1) | IE);
	raise_software(IV | IP(1));
	interrupted("software interrupt 1", 0x200, IP(1));

	write_cp0(CAUSE, IP(0) | IP(1));
	forget();
	raise_status(IM(0) | IM(1) | IE);
	interrupted("both, with Cause.IV = 0: vector 0x180", 0x180,
		    IP(0) | IP(1));
	write_cp0(CAUSE, IV | IP(1));
	forget();
	raise_status(IM(0) | IE);
	ok(quiet(), "IP1 with only IM0: none");
	raise_status(IM(1));
	ok(quiet(), "IP1 with IM1 and IE = 0: none");
	raise_status(IM(1) | IE | EXL);
	ok(quiet(), "with EXL = 1: none");
	raise_status(IM(1) | IE | ERL);
	ok(quiet(), "with ERL = 1: none");
	same(read_cp0(CAUSE) & 0xff00, IP(1), "Cause.IP shows it all the same");
	raise_status(IM(1) | IE);
	interrupted("and with the last bar gone it comes", 0x200, IP(1));

	write_cp0(CAUSE, IV | IP(1));
	write_cp0(STATUS, IM(1));
	forget();
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "ei %0\n8: ehb\n nop\n nop\n.set pop"
		     : "=r"(old) :: "$24", "$25", "memory");
	interrupted("ei lets it through", 0x200, IP(1));
	same(old, IM(1), "  and gives the Status before");
	write_cp0(CAUSE, IV);
	write_cp0(STATUS, IM(1) | IE);
	asm volatile("di %0\n ehb\n mfc0 %1, $12" : "=&r"(old), "=r"(now));
	same(old, IM(1) | IE, "di gives the Status before");
	same(now, IM(1), "  and clears IE");
	forget();
	write_cp0(CAUSE, IV | IP(0) | IP(1));
	write_cp0(CAUSE, IV);
	ok(quiet(), "di holds both back");

	/* IP7..IP2 are lines: what is written there is lost. */
	write_cp0(CAUSE, IV | 0xff00);
	same(read_cp0(CAUSE) & 0xff00, IP(0) | IP(1),
	     "IP7..IP2 cannot be written");
	write_cp0(CAUSE, IV);

	/* EXL goes with eret: what waited comes before the next one. */
	forget();
	write_cp0(CAUSE, IV | IP(0));
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "li $t9, 0x103\n mtc0 $t9, $12\n ehb\n"
		     "la $t9, 8f\n mtc0 $t9, $14\n ehb\n"
		     "eret\n nop\n8: nop\n nop\n.set pop"
		     ::: "$24", "$25", "memory");
	interrupted("one that waited for eret comes at its target", 0x200,
		    IP(0));
	write_cp0(CAUSE, IV);

	/* The link of ll is gone behind an interrupt. */
	forget();
	write_cp0(STATUS, IM(0) | IE);
	*(volatile u32 *)0x80400000 = 1;
	asm volatile(".set push\n.set noreorder\n"
		     "ll $t0, 0(%1)\n addiu %0, $t0, 5\n mtc0 %2, $13\n ehb\n"
		     "nop\n sc %0, 0(%1)\n.set pop" : "=&r"(now)
		     : "r"(0x80400000), "r"(IV | IP(0)) : "$8", "memory");
	same(seen.count << 4 | now, 0x10, "sc behind an interrupt fails");
	same(*(volatile u32 *)0x80400000, 1, "  and stores nothing");
	write_cp0(CAUSE, IV);
	write_cp0(STATUS, 0);
}

static void timer(void)
{
	u32 a, b;

	write_cp0(CAUSE, IV);
	write_cp0(COUNT, 0x10000);
	write_cp0(COMPARE, 0x11000);
	same(read_cp0(CAUSE) & (TI | IP(7)), 0, "no TI before its time");
	while ((int)(read_cp0(COUNT) - 0x11000) < 0)
		;
	asm volatile("nop\n nop\n nop");
	same(read_cp0(CAUSE) & (TI | IP(7)), TI | IP(7),
	     "Count reached Compare: TI and IP7");
	forget();
	raise_status(IM(7) | IE);
	interrupted("and the interrupt", 0x200, TI | IP(7));
	write_cp0(COMPARE, 0x20);
	same(read_cp0(CAUSE) & (TI | IP(7)), 0, "writing Compare clears both");
	same(read_cp0(COMPARE), 0x20, "Compare reads as written");

	write_cp0(COUNT, 0xffffff00);
	write_cp0(COMPARE, 0x00000100);
	while ((int)(read_cp0(COUNT) - 0x100) < 0)
		;
	asm volatile("nop\n nop\n nop");
	ok(read_cp0(CAUSE) & TI, "over the end of Count too");
	write_cp0(COMPARE, 0);

	write_cp0(CAUSE, IV | DC);
	write_cp0(COUNT, 0x1234);
	for (a = 0; a < 1000; a++)
		asm volatile("");
	same(read_cp0(COUNT), 0x1234, "Cause.DC stops Count");
	ok(read_cp0(CAUSE) & DC, "  and reads back");
	write_cp0(CAUSE, IV);
	a = read_cp0(COUNT);
	for (b = 0; b < 20000; b++)
		asm volatile("");
	ok(read_cp0(COUNT) - a >= 100, "  and without it Count goes on");
	ok(a - 0x1234 < 200, "  from where it stood");
}

/* Behind the instruction that was interrupted: a wait, which IE = 0 would make
 * one without end.
 */
void step_over(void);
asm(".set push\n.set noreorder\n"
    "step_over: mfc0 $k0, $14\n addiu $k0, $k0, 4\n mtc0 $k0, $14\n"
    "jr $k1\n ehb\n.set pop");

static void waiting(void)
{
	u32 before, after;

	write_cp0(STATUS, 0);
	before = read_cp0(COUNT);
	write_cp0(COMPARE, before + 1000000);
	forget();
	write_cp0(STATUS, IM(7) | IE);
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "wait\n8: nop\n.set pop" ::: "$24", "$25", "memory");
	after = read_cp0(COUNT);
	interrupted("wait ends with the timer's interrupt", 0x200, TI | IP(7));
	ok(after - before >= 1000000, "  not before");
	write_cp0(COMPARE, 0);

	/* IP0 and IM0 are both there, so there is nothing to wait for. */
	write_cp0(STATUS, IM(0) | EXL);
	write_cp0(CAUSE, IV | IP(0));
	forget();
	hook = (u32)step_over;
	asm volatile(".set push\n.set noreorder\n"
		     "la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n"
		     "li $t9, 0x101\n mtc0 $t9, $12\n8: wait\n nop\n.set pop"
		     ::: "$24", "$25", "memory");
	interrupted("an interrupt that is there comes before wait", 0x200,
		    IP(0));
	hook = 0;
	write_cp0(CAUSE, IV);
}

/* Results are printed on the UART too, so first look at all, then judge. */
static void uart(void)
{
	u32 lsr = UART[5], raised, iir, lowered, iir_then, divisor;

	forget();
	UART[1] = 2;				/* IER: THRE */
	raised = read_cp0(CAUSE) & IP(4);
	raise_status(IM(4) | IE);
	iir = UART[2] & 0xf;
	lowered = read_cp0(CAUSE) & IP(4);
	iir_then = UART[2] & 0xf;
	same(lsr, 0x60, "UART: LSR says the transmitter is empty");
	same(raised, IP(4), "IER.THRE raises IP4");
	interrupted("and its interrupt comes", 0x200, IP(4));
	same(iir, 2, "IIR says why: transmitter empty");
	same(lowered, 0, "reading IIR lowers it");
	same(iir_then, 1, "IIR: none pending");
	UART[1] = 0;
	UART[7] = 0x5a;
	same(UART[7], 0x5a, "the scratch register holds a byte");
	UART[3] = 0x83;				/* LCR: DLAB */
	UART[0] = 0x12;
	UART[1] = 0x34;
	divisor = UART[0] << 8 | UART[1];
	UART[3] = 0x03;
	same(divisor, 0x1234, "the divisor, behind DLAB");
	same(UART[3], 0x03, "LCR reads back");
	same(UART[1], 0, "IER is there again");
	same(UART[5] & 1, 0, "LSR: nothing received");
}

/* By the loop: below its trigger a FIFO has the time-out's cause, at once. */
static void triggers(void)
{
	static const u8 sizes[] = { 1, 4, 8, 14 };
	u8 below[4] = { 0xcc, 0, 0, 0 }, at[4];
	u32 i, n;

	UART[4] = 0x10;				/* MCR: LOOP */
	UART[1] = 1;				/* IER: received data */
	for (i = 0; i < 4; i++) {
		UART[2] = i << 6 | 3;		/* FCR: empty, the trigger */
		for (n = 1; n < sizes[i]; n++)
			UART[0] = n;
		if (n > 1)
			below[i] = UART[2];
		UART[0] = n;
		at[i] = UART[2];
	}
	UART[1] = 0;
	UART[2] = 0;
	UART[4] = 0;
	for (i = 0; i < 4; i++)
		ok(below[i] == 0xcc && at[i] == 0xc4,
		   "a FIFO's trigger is reached, and not before");
}

void tests(void)
{
	software();
	timer();
	waiting();
	uart();
	triggers();
}
