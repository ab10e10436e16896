// SPDX-License-Identifier: MIT
/*
 * Count to the tick, and where exactly an interrupt comes: mips-sim alone
 * promises that.
 *
 * Count is ticks / 2. Two reads of it, one behind the other, say in which
 * half of a count they were: when they differ the second was at the even tick
 * 2 * b, else at 2 * b + 1. From there every instruction's tick is known.
 */
#include "harness.h"

/* The number of instructions from label 7 to EPC when Compare is c counts
 * ahead, in a sled of nops; `odd` moves the sled by an instruction.
 */
static int sled_hit(u32 c, int odd, u32 *due)
{
	u32 a, b, compare, start;

	forget();
	write_cp0(STATUS, 0);
	write_cp0(COMPARE, 0);
	asm volatile(".set push\n.set noreorder\n.set noat\n"
		"andi $t4, %5, 1\n"
		"beq $t4, $0, 1f\n nop\n"
		"nop\n"				/* the other parity */
		"1: la %3, 7f\n"
		"li $t1, 0x8001\n"
		"mfc0 %0, $9\n mfc0 %1, $9\n"
		"addu %2, %1, %4\n mtc0 %2, $11\n"	/* +1, +2 */
		"mtc0 $t1, $12\n"			/* +3 */
		"7: .rept 80\n nop\n .endr\n"		/* +4 ... */
		".set pop"
		: "=&r"(a), "=&r"(b), "=&r"(compare), "=&r"(start)
		: "r"(c), "r"(odd) : "$1", "$9", "$12", "memory");
	/* 7 is at tick 2 * b (+ 1) + 4. */
	*due = 2 * compare - (2 * b + (a == b) + 4);
	if (!seen.count)
		return -1;
	return (int)(seen.epc - start) / 4;
}

static void exact(void)
{
	int c, odd, bad = 0;
	u32 due;

	for (c = 4; c < 40; c++) {
		for (odd = 0; odd < 2; odd++) {
			int hit = sled_hit(c, odd, &due);

			if (hit == (int)due)
				continue;
			bad++;
			say("Compare ahead by", c);
			say("  due at   ", due);
			say("  came at  ", hit);
		}
	}
	same(bad, 0, "the timer's interrupt comes at its very tick, 72 times");
}

static void counting(void)
{
	u32 a, b;

	asm volatile("mfc0 %0, $9\n .rept 99\n nop\n .endr\n mfc0 %1, $9"
		     : "=r"(a), "=r"(b));
	same(b - a, 50, "100 instructions are 50 counts");
	asm volatile(".set push\n.set noreorder\n mfc0 %0, $9\n"
		     "li $t0, 49\n 1: bne $t0, $0, 1b\n addiu $t0, $t0, -1\n"
		     "nop\n nop\n mfc0 %1, $9\n.set pop"
		     : "=&r"(a), "=&r"(b) :: "$8");
	same(b - a, 52, "a loop of 100 and 4: slots count");
	asm volatile(".set push\n.set noreorder\n mfc0 %0, $9\n li $t0, 0\n"
		     ".rept 33\n bnel $0, $0, .\n nop\n .endr\n"
		     "mfc0 %1, $9\n.set pop"
		     : "=&r"(a), "=&r"(b) :: "$8");
	ok(b - a == 17, "33 nullified slots do not count");
	if (b - a != 17)
		say("got", b - a);

	/* Exceptions count: syscall itself is one, the entry is known. */
	forget();
	asm volatile(".set push\n.set noreorder\n mfc0 %0, $9\n mfc0 %1, $9\n"
		     "syscall\n.set pop" : "=&r"(a), "=&r"(b));
	/*
	 * The entry: b, its slot, lui, addiu, sw, mfc0. syscall at +1, so
	 * that mfc0 is at +7.
	 */
	same(seen.count_reg, (2 * b + (a == b) + 7) / 2,
	     "an instruction that raises an exception counts");

	/* A fetch from nothing is an instruction too: jr, slot, fetch, entry. */
	forget();
	asm volatile(".set push\n.set noreorder\n lui $t0, 0xbe00\n"
		     "la $t1, 1f\n la $t2, resume_at\n sw $t1, 0($t2)\n"
		     "mfc0 %0, $9\n mfc0 %1, $9\n jr $t0\n nop\n"
		     "1:\n.set pop" : "=&r"(a), "=&r"(b)
		     :: "$8", "$9", "$10", "memory");
	same(seen.count_reg, (2 * b + (a == b) + 9) / 2,
	     "a fetch that fails counts");

	write_cp0(COUNT, 0x5000);
	asm volatile("mtc0 %2, $9\n .rept 20\n nop\n .endr\n mfc0 %0, $9"
		     : "=r"(a) : "r"(0), "r"(0x700));
	ok(a == 0x70a, "Count goes on from what is written to it");
	if (a != 0x70a)
		say("got", a);
}

/*
 * Branches and their slots in turn, the timer due at each of them: EPC is
 * never a slot, Cause.BD never set, and an interrupt due at a slot is taken at
 * the target.
 */
static void branches(void)
{
	u32 c, a, b, compare, start;
	int odd, wrong = 0, in_slot = 0, taken = 0;

	for (c = 8; c < 40; c++) {
		for (odd = 0; odd < 2; odd++) {
			u32 due, want;

			forget();
			write_cp0(STATUS, 0);
			write_cp0(COMPARE, 0);
			asm volatile(".set push\n.set noreorder\n"
				"beq %5, $0, 1f\n nop\n nop\n"
				"1: la %3, 7f\n li $t1, 0x8001\n"
				"mfc0 %0, $9\n mfc0 %1, $9\n"
				"addu %2, %1, %4\n mtc0 %2, $11\n"
				"mtc0 $t1, $12\n"
				"7: .rept 50\n b 6f\n nop\n 6:\n .endr\n"
				".set pop"
				: "=&r"(a), "=&r"(b), "=&r"(compare),
				  "=&r"(start)
				: "r"(c), "r"(odd) : "$9", "memory");
			due = 2 * compare - (2 * b + (a == b) + 4);
			in_slot += due & 1;
			want = start + 4 * (due + (due & 1));
			taken += seen.count == 1;
			if (seen.epc != want || seen.cause & BD) {
				wrong++;
				say("due at   ", due);
				say("  EPC at ", (seen.epc - start) / 4);
				say("  Cause  ", seen.cause);
			}
		}
	}
	same(wrong, 0, "never between a branch and its slot");
	same(taken, 64, "  64 were tried");
	ok(in_slot >= 20, "  many of them due at a slot");
}

/* The same with likely branches not taken: their slot is not there at all. */
static void nullified(void)
{
	u32 c, a, b, compare, start;
	int odd, wrong = 0;

	for (c = 8; c < 30; c++) {
		for (odd = 0; odd < 2; odd++) {
			u32 due;

			forget();
			write_cp0(STATUS, 0);
			write_cp0(COMPARE, 0);
			asm volatile(".set push\n.set noreorder\n"
				"beq %5, $0, 1f\n nop\n nop\n"
				"1: la %3, 7f\n li $t1, 0x8001\n"
				"mfc0 %0, $9\n mfc0 %1, $9\n"
				"addu %2, %1, %4\n mtc0 %2, $11\n"
				"mtc0 $t1, $12\n"
				"7: .rept 80\n bnel $0, $0, .\n nop\n .endr\n"
				".set pop"
				: "=&r"(a), "=&r"(b), "=&r"(compare),
				  "=&r"(start)
				: "r"(c), "r"(odd) : "$9", "memory");
			due = 2 * compare - (2 * b + (a == b) + 4);
			if (seen.count != 1 || seen.cause & BD ||
			    seen.epc != start + 8 * due)
				wrong++;
		}
	}
	same(wrong, 0, "behind a nullified slot: at the next instruction");
}

/* wait jumps to the first tick at or after what it waits for. */
static void waits(void)
{
	u32 c;
	int wrong = 0;

	for (c = 10; c < 1000000; c = c * 3 + 1) {
		u32 a;

		forget();
		write_cp0(STATUS, 0);
		a = read_cp0(COUNT);
		write_cp0(COMPARE, a + c);
		asm volatile(".set push\n.set noreorder\n li $t1, 0x8001\n"
			     "mtc0 $t1, $12\n wait\n.set pop" ::: "$9",
			     "memory");
		/* the entry's read of Count is its sixth instruction */
		if (seen.count_reg - (a + c) != 2 || seen.count != 1) {
			wrong++;
			say("ahead  ", c);
			say("  Count", seen.count_reg - a);
		}
	}
	same(wrong, 0, "wait ends at the very tick");
	write_cp0(STATUS, 0);
}

/* Count is made equal to Compare: that is when TI rises, and Compare made equal
 * to Count is not: then it is once round.
 */
static void equal(void)
{
	u32 a, cause;
	int odd;

	write_cp0(STATUS, 0);
	write_cp0(COMPARE, 0x12345678);
	write_cp0(COUNT, 0x12345677 - 100);
	same(read_cp0(CAUSE) & (TI | IP(7)), 0, "Count below Compare: no TI");
	asm volatile("mtc0 %1, $9\n mfc0 %0, $13" : "=r"(cause)
		     : "r"(0x12345678));
	same(cause & (TI | IP(7)), TI | IP(7),
	     "Count written as Compare is: TI at once");
	write_cp0(COMPARE, 0x12345678);
	write_cp0(CAUSE, IV | DC);
	asm volatile("mtc0 %1, $9\n mfc0 %0, $13" : "=r"(cause)
		     : "r"(0x12345678));
	same(cause & (TI | IP(7)), TI | IP(7), "  with DC, too");
	write_cp0(CAUSE, IV);
	for (odd = 0; odd < 2; odd++) {
		forget();
		write_cp0(STATUS, 0);
		asm volatile(".set push\n.set noreorder\n"
			     "beq %1, $0, 1f\n nop\n nop\n"
			     "1: mfc0 %0, $9\n mtc0 %0, $11\n"
			     "li $t1, 0x8001\n mtc0 $t1, $12\n wait\n"
			     ".set pop"
			     : "=&r"(a) : "r"(odd) : "$9", "memory");
		/* as in waits() */
		ok(seen.count == 1 && seen.count_reg - a == 2,
		   "Compare written as Count is: once round");
	}
	write_cp0(STATUS, 0);
}

void tests(void)
{
	write_cp0(CAUSE, IV);
	counting();
	equal();
	exact();
	branches();
	nullified();
	waits();
}
