// SPDX-License-Identifier: MIT
/*
 * The board: reset values, the memory map and what has nothing in it, the
 * chip and the test device with accesses they do not have. For mips-sim
 * alone: QEMU has no chip, no test device and other reset values.
 */
#include "harness.h"

#define CHIP	0xbf000000
#define CHIP_0	0x9f000000	/* the same in KSEG0 */
#define TESTDEV	0xbf001000
#define UART	0xbfd003f8
#define HOLE	0xbe000000	/* no RAM, no device */

#define reg(n)	(*(volatile u32 *)(CHIP + (n)))

static void reset_state(void)
{
	volatile u32 *gpr = (u32 *)(0xa0000000 + RESET_GPRS);
	volatile u32 *cp0 = (u32 *)(0xa0000000 + RESET_CP0);
	u32 i, other = 0;

	for (i = 1; i < 32; i++)
		if (i != 4)
			other |= gpr[i];
	same(gpr[4], 0xffffffff, "reset: a0 is -1");
	same(other, 0, "reset: the other general registers are 0");
	same(cp0[RESET_COUNT], 31 / 2, "Count is 15 at the 32nd instruction");
	same(cp0[RESET_STATUS], 0x00400004, "reset: Status");
	same(cp0[RESET_CAUSE], 0, "reset: Cause");
	same(cp0[RESET_COMPARE], 0, "reset: Compare");
	same(cp0[RESET_PRID], 0x00019300, "PRId");
	same(cp0[RESET_EBASE], 0x80000000, "reset: EBase");
	same(cp0[RESET_INTCTL], 0xe0000000, "IntCtl");
	same(cp0[RESET_CONFIG], 0x80000482, "Config");
	same(cp0[RESET_CONFIG1], 0x9e633180, "Config1");
	same(cp0[RESET_CONFIG2], 0x80000000, "Config2");
	same(cp0[RESET_CONFIG3], 0, "Config3");
	same(cp0[RESET_CONFIG7], 0, "Config7");

	write_cp0("$15", 0x12345678);
	same(read_cp0("$15"), 0x00019300, "PRId cannot be written");
	write_cp0("$16, 1", 0);
	same(read_cp0("$16, 1"), 0x9e633180, "Config1 cannot be written");
}

static void widths(const char *title, u32 base, u32 *changed)
{
	u32 before = *changed;

	put_string("# ");
	put_string(title);
	put_char('\n');
	RAISE(base, "8: lb $t1, 0($t0)");
	caught("lb: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lbu $t1, 3($t0)");
	caught("lbu: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lh $t1, 0($t0)");
	caught("lh: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lhu $t1, 2($t0)");
	caught("lhu: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lwl $t1, 3($t0)");
	caught("lwl: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lwr $t1, 0($t0)");
	caught("lwr: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: ll $t1, 0($t0)");
	caught("ll: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: sc $t1, 0($t0)");
	caught("sc without a link: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "la $t2, want_epc\n ll $t1, 0($t2)\n"
	      "8: sc $t1, 0($t0)");
	caught("sc with one: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: sb $t1, 0($t0)");
	caught("sb: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: sh $t1, 0($t0)");
	caught("sh: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: swl $t1, 3($t0)");
	caught("swl: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: swr $t1, 0($t0)");
	caught("swr: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lw $t1, 1($t0)");
	caught("lw at 1: AdEL", 0x180, ADEL, 0, base + 1);
	RAISE(base, "8: lh $t1, 1($t0)");
	caught("lh at 1: AdEL", 0x180, ADEL, 0, base + 1);
	RAISE(base, "8: sw $t1, 2($t0)");
	caught("sw at 2: AdES", 0x180, ADES, 0, base + 2);
	same(*changed, before, "nothing has changed");
}

static void nothing_there(const char *title, u32 base)
{
	u32 kept;

	put_string("# ");
	put_string(title);
	put_char('\n');
	RAISE(base, "8: lw $t1, 0($t0)");
	caught("lw: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: lbu $t1, 0($t0)");
	caught("lbu: DBE", 0x180, DBE, 0, 0);
	RAISE(base, "8: sw $t1, 0($t0)");
	caught("sw: DBE, precise", 0x180, DBE, 0, 0);
	RAISE(base, "8: sb $t1, 0($t0)");
	caught("sb: DBE, precise", 0x180, DBE, 0, 0);
	RAISE(base, "8: sc $t1, 0($t0)");
	caught("sc: DBE, precise", 0x180, DBE, 0, 0);
	RAISE(base, "8: b 9f\n sw $t1, 0($t0)");
	caught("sw in a slot: DBE at the branch", 0x180, DBE, 1, 0);
	RAISE(base, "8: beql $0, $0, 9f\n lw $t1, 0($t0)");
	caught("lw in a likely slot: DBE at the branch", 0x180, DBE, 1, 0);
	forget();
	asm volatile(".set push\n.set noreorder\n li %0, 77\n"
		     "lw %0, 0(%1)\n.set pop" : "=&r"(kept) : "r"(base));
	same(kept, 77, "the destination stays");
	RAISE(base, "jr $t0\n nop");
	want_epc = base;
	caught("a jump there: IBE at the target", 0x180, IBE, 0, 0);
}

static void chip(void)
{
	u32 i, any = 0, put;

	same(reg(0), 0x534c4f57, "the chip's ID, in KSEG1");
	same(*(volatile u32 *)CHIP_0, 0x534c4f57, "and in KSEG0");
	same(reg(0x08), 6, "STATUS after reset");
	same(reg(0x0c), 2, "INT after reset");
	same(reg(0x18), 1000000, "PERIOD after reset");
	same(reg(0x1c), 1, "TRIG after reset");
	reg(0x18) = 5;
	same(reg(0x18), 1000, "PERIOD is held at 1000");

	/* Its line is IP2. */
	same(read_cp0(CAUSE) & 0xff00, 0, "IP2 is low");
	reg(0x10) = 2;
	same(read_cp0(CAUSE) & 0xff00, IP(2), "INT_EN.TX raises IP2");
	same(reg(0x2c), 1, "IRQ_COUNT is 1");
	forget();
	write_cp0(STATUS, IM(2) | IE);
	same(seen.count, 1, "and the interrupt comes");
	same(seen.cause & (BD | 0xff7c), IP(2), "  Cause: IP2, code 0");
	same(seen.vector, 0x200, "  vector 0x200");
	reg(0x10) = 0;
	same(read_cp0(CAUSE) & 0xff00, 0, "INT_EN = 0 lowers it at once");

	/* 20 bytes around the loop: none lost, in order, none too early. */
	write_cp0(STATUS, 0);
	reg(0x04) = 3;
	for (i = 0, put = 0; i < 20;) {
		u32 data;

		if (put < 20 && reg(0x08) & 2)
			reg(0x14) = 0x40 + put++;
		data = reg(0x14);
		if (!(data & 0x100))
			continue;
		any |= data ^ (0x140 + i++);
	}
	same(any, 0, "20 bytes through LOOP come back in order");
	same(reg(0x20), 20, "RX_COUNT is 20");
	same(reg(0x28), 20, "TX_COUNT is 20");
	same(reg(0x24), 0, "OVR_COUNT is 0");
	reg(0x04) = 0x80000000;
	same(reg(0x20), 0, "RST resets the counters");
	same(reg(0x18), 1000000, "  and PERIOD to the board's");

	/*
	 * DATA: reads of other widths must not pop. Four bytes, then the
	 * whole set, then the four are still there.
	 */
	reg(0x18) = 1000;
	reg(0x04) = 3;
	for (i = 0; i < 4; i++)
		reg(0x14) = 0xa0 + i;
	while ((reg(0x08) >> 8 & 0xff) < 4)
		;
	widths("DATA, other widths", CHIP + 0x14, (u32 *)(CHIP + 0x08));
	for (i = 0, any = 0; i < 4; i++)
		any |= reg(0x14) ^ (0x1a0 + i);
	same(any, 0, "no byte was taken");
	widths("PERIOD, other widths", CHIP + 0x18, (u32 *)(CHIP + 0x18));
	reg(0x04) = 0x80000000;

	nothing_there("the chip, behind its last register", CHIP + 0x30);
	nothing_there("the chip, at the end of its page", CHIP + 0xffc);
	RAISE(CHIP, "jr $t0\n nop");
	want_epc = CHIP;
	caught("a jump into the chip: IBE", 0x180, IBE, 0, 0);
	RAISE(CHIP, "8: ll $t1, 0($t0)");
	caught("ll from ID: DBE", 0x180, DBE, 0, 0);
}

static void other_devices(void)
{
	static u32 nothing;

	put_string("# the test device prints an o: ");
	*(volatile u32 *)TESTDEV = 'o';
	put_char('\n');
	same(*(volatile u32 *)TESTDEV, 0, "the test device reads 0 at +0");
	same(*(volatile u32 *)(TESTDEV + 4), 0, "  and at +4");
	widths("the test device, other widths", TESTDEV, &nothing);
	nothing_there("the test device, behind its registers", TESTDEV + 8);

	RAISE(UART, "8: lw $t1, 0($t0)");
	caught("lw from the UART: DBE", 0x180, DBE, 0, 0);
	RAISE(UART, "8: lh $t1, 2($t0)");
	caught("lh from the UART: DBE", 0x180, DBE, 0, 0);
	RAISE(UART, "8: sw $t1, 0($t0)");
	caught("sw to the UART: DBE", 0x180, DBE, 0, 0);
	RAISE(UART, "8: sh $t1, 0($t0)");
	caught("sh to the UART: DBE", 0x180, DBE, 0, 0);
	RAISE(UART, "8: lwl $t1, 3($t0)");
	caught("lwl from the UART: DBE", 0x180, DBE, 0, 0);
	nothing_there("behind the UART", UART + 8);
	nothing_there("before the UART", UART - 4);
}

static void memory(void)
{
	volatile u32 *last = (u32 *)0xa7fffffc;

	nothing_there("a hole, in KSEG1", HOLE);
	nothing_there("the same, in KSEG0", HOLE - 0x20000000);
	nothing_there("the boot ROM that is none", 0xbfc00000);
	*last = 0x13579bdf;
	same(*(volatile u32 *)0x87fffffc, 0x13579bdf,
	     "the last word of 128 MiB, both ways");
	nothing_there("behind RAM", 0xa8000000);
	nothing_there("behind RAM, in KSEG0", 0x88000000);
	RAISE(0xa8000000, "8: lwr $t1, 0($t0)");
	caught("lwr behind RAM: DBE", 0x180, DBE, 0, 0);
	RAISE(0xa8000000, "8: swl $t1, 3($t0)");
	caught("swl behind RAM: DBE", 0x180, DBE, 0, 0);
	RAISE(0xa8000000, "8: ll $t1, 0($t0)");
	caught("ll behind RAM: DBE", 0x180, DBE, 0, 0);

	/* Execution runs off the end of RAM. */
	*last = 0;
	RAISE(last, "jr $t0\n nop");
	want_epc = 0xa8000000;
	caught("the instruction behind the last one: IBE", 0x180, IBE, 0, 0);
	/* A branch there has its slot outside: EPC at the branch. */
	*last = 0x1000ffff;
	RAISE(last, "jr $t0\n nop");
	want_epc = (u32)last;
	caught("a slot behind RAM: IBE with BD", 0x180, IBE, 1, 0);
}

void tests(void)
{
	reset_state();
	memory();
	chip();
	other_devices();
}
