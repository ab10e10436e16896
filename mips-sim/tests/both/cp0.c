// SPDX-License-Identifier: MIT
/*
 * What COP0's registers keep of what is written to them, on a 24Kc.
 *
 * Left out is what QEMU's has and ours has not: Status.RE, TS, SR, NMI and a
 * second mode bit, Cause.WP.
 */
#include "check.h"

#define ALL	0xffffffff

#define READ(reg) \
	({ u32 _v; asm volatile("mfc0 %0, " reg : "=r"(_v)); _v; })
#define WRITE(reg, val) \
	asm volatile("mtc0 %z0, " reg "; ehb" :: "rJ"(val) : "memory")

/* All ones and none written to it leave these bits; then it is as before. */
#define KEEPS(reg, ones, none, what)					\
	do {								\
		u32 _before = READ(reg), _ones, _none;			\
									\
		WRITE(reg, ALL);					\
		_ones = READ(reg);					\
		WRITE(reg, 0);						\
		_none = READ(reg);					\
		WRITE(reg, _before);					\
		ok(_ones == (ones) && _none == (none), what);		\
	} while (0)

static void masks(void)
{
	KEEPS("$2", 0x03ffffff, 0, "EntryLo0");
	KEEPS("$3", 0x03ffffff, 0, "EntryLo1");
	KEEPS("$4", 0xff800000, 0, "Context");
	KEEPS("$5", 0x1fffe000, 0, "PageMask");
	KEEPS("$6", 15, 0, "Wired");
	KEEPS("$7", 15, 0, "HWREna");
	KEEPS("$10", 0xffffe0ff, 0, "EntryHi");
	KEEPS("$11", ALL, 0, "Compare");
	KEEPS("$14", ALL, 0, "EPC");
	KEEPS("$15, 1", 0xbffff000, 0x80000000, "EBase");
	KEEPS("$16", 0x80000487, 0x80000480, "Config");
	KEEPS("$30", ALL, 0, "ErrorEPC");
	KEEPS("$8", READ("$8"), READ("$8"), "BadVAddr: nothing");
	KEEPS("$15", 0x00019300, 0x00019300, "PRId: nothing");
	KEEPS("$17", READ("$17"), READ("$17"), "LLAddr: nothing");
}

static void status_and_cause(void)
{
	u32 status, cause;

	/* IE alone is left out: nothing shall come */
	WRITE("$12", ALL & ~1);
	status = READ("$12");
	WRITE("$12", 0);
	ok((status & 0xfdc7fff7) == 0x1040ff16, "Status");
	ok(READ("$12") == 0, "  and none of it");
	WRITE("$13", ALL);
	cause = READ("$13");
	WRITE("$13", 0x00800000);
	ok((cause & 0x3fbfff7c) == 0x08800300, "Cause: DC, IV, two of IP");
	ok((READ("$13") & 0x3fffff7c) == 0x00800000, "  and IV alone");
}

/* With an address for which there is no entry, on either board. */
static void probing(void)
{
	WRITE("$0", 7);
	ok(READ("$0") == 7, "Index");
	WRITE("$10", 0x40000000);
	asm volatile("tlbp; ehb");
	ok(READ("$0") >> 31, "tlbp finds nothing: Index.P");
	WRITE("$0", 5);
	ok(READ("$0") == 0x80000005, "  which a write leaves alone");
	WRITE("$10", 0);
}

static void linking(void)
{
	static u32 word[8] __attribute__((aligned(32)));
	u32 here = (u32)&word[5] & 0x1fffffff;

	asm volatile("ll $0, 0(%0)" :: "r"(&word[5]) : "memory");
	ok(READ("$17") == here >> 4, "LLAddr: where ll was, in 16 bytes");
}

int main(void)
{
	masks();
	status_and_cause();
	probing();
	linking();
	return done();
}

void isr(void)
{
}
