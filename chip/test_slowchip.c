// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The chip, sentence by sentence of docs/chip.md. A host program: prints TAP.
 */
#include <stdio.h>
#include <string.h>

#include "slowchip.h"

#define P	10000	/* the board's PERIOD here, ns */

static struct slowchip chip;
static __u8 line[256];
static __u8 sent[64];
static int tests;
static int failures;
static int bad;		/* in the present test */

#define eq(what, want) eq_at(__LINE__, #what, (what), (want))

static void eq_at(int at, const char *what, __u64 is, __u64 want)
{
	if (is == want)
		return;
	printf("# line %d: %s is 0x%llx, not 0x%llx\n", at, what,
	       (unsigned long long)is, (unsigned long long)want);
	bad++;
}

static void done(const char *name)
{
	printf("%sok %d - %s\n", bad ? "not " : "", ++tests, name);
	failures += !!bad;
	bad = 0;
}

static __u32 rd(__u64 now, unsigned int reg)
{
	return slowchip_read(&chip, now, reg);
}

static void wr(__u64 now, unsigned int reg, __u32 val)
{
	slowchip_write(&chip, now, reg, val);
}

/* A chip at time 0, with @left of the bytes 0, 1, 2, ... on its line. */
static void power_on(__u64 left)
{
	unsigned int i;

	for (i = 0; i < sizeof(line); i++)
		line[i] = i;
	memset(&chip, 0xaa, sizeof(chip));
	memset(sent, 0, sizeof(sent));
	chip.line = (struct slowchip_line){ line, sizeof(line), 0, left };
	chip.out = (struct slowchip_out){ sent, sizeof(sent), 0 };
	chip.board_period = P;
	slowchip_init(&chip, 0);
}

static void test_reset_values(void)
{
	static const struct {
		unsigned int reg;
		__u32 value;
	} reset[] = {
		{ SLOWCHIP_ID, 0x534c4f57 },	{ SLOWCHIP_CTRL, 0 },
		{ SLOWCHIP_STATUS, 0x6 },	{ SLOWCHIP_INT, 0x2 },
		{ SLOWCHIP_INT_EN, 0 },		{ SLOWCHIP_DATA, 0 },
		{ SLOWCHIP_PERIOD, P },		{ SLOWCHIP_TRIG, 1 },
		{ SLOWCHIP_RX_COUNT, 0 },	{ SLOWCHIP_OVR_COUNT, 0 },
		{ SLOWCHIP_TX_COUNT, 0 },	{ SLOWCHIP_IRQ_COUNT, 0 },
	};
	unsigned int i;

	power_on(SLOWCHIP_ENDLESS);
	for (i = 0; i < sizeof(reset) / sizeof(*reset); i++)
		eq_at(i, "register after power-on", rd(0, reset[i].reg),
		      reset[i].value);
	done("registers after power-on");

	chip.board_period = 999;
	slowchip_init(&chip, 0);
	eq(rd(0, SLOWCHIP_PERIOD), 1000);
	done("a board's PERIOD is held at 1000, too");

	power_on(SLOWCHIP_ENDLESS);
	/* everything used, then RST with other bits set beside it */
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	wr(0, SLOWCHIP_INT_EN, 7);
	wr(0, SLOWCHIP_TRIG, 0x304);
	for (i = 0; i < 20; i++)
		wr(0, SLOWCHIP_DATA, i);
	wr(40 * P, SLOWCHIP_PERIOD, 5 * P);
	eq(rd(40 * P, SLOWCHIP_OVR_COUNT), 24);
	wr(40 * P, SLOWCHIP_CTRL, 0xffffffff);
	eq(slowchip_irq(&chip), 0);
	for (i = 0; i < sizeof(reset) / sizeof(*reset); i++)
		eq_at(i, "register after RST", rd(40 * P, reset[i].reg),
		      reset[i].value);
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	/* the line's data go on where they stood */
	wr(50 * P, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(51 * P, SLOWCHIP_DATA), SLOWCHIP_DATA_VALID | 40);
	done("RST resets all but time and the line");
}

static void test_register_bits(void)
{
	power_on(0);
	wr(0, SLOWCHIP_CTRL, 0x7fffffff);
	eq(rd(0, SLOWCHIP_CTRL), 3);
	wr(0, SLOWCHIP_INT_EN, 0xffffffff);
	eq(rd(0, SLOWCHIP_INT_EN), 7);
	wr(0, SLOWCHIP_TRIG, 0);
	eq(rd(0, SLOWCHIP_TRIG), 0x0001);
	wr(0, SLOWCHIP_TRIG, 0x1f1f);
	eq(rd(0, SLOWCHIP_TRIG), 0x0f10);
	wr(0, SLOWCHIP_TRIG, 0xffffe2ec);
	eq(rd(0, SLOWCHIP_TRIG), 0x020c);
	wr(0, SLOWCHIP_PERIOD, 999);
	eq(rd(0, SLOWCHIP_PERIOD), 1000);
	wr(0, SLOWCHIP_PERIOD, 0);
	eq(rd(0, SLOWCHIP_PERIOD), 1000);
	wr(0, SLOWCHIP_PERIOD, 0xffffffff);
	eq(rd(0, SLOWCHIP_PERIOD), 0xffffffff);
	wr(0, SLOWCHIP_ID, 1);
	wr(0, SLOWCHIP_STATUS, 1);
	wr(0, SLOWCHIP_RX_COUNT, 1);
	eq(rd(0, SLOWCHIP_ID), SLOWCHIP_ID_VALUE);
	eq(rd(0, SLOWCHIP_STATUS), 0x6);
	eq(rd(0, SLOWCHIP_RX_COUNT), 0);
	done("clamps, unnamed bits, read-only registers");

	eq(slowchip_has(0x2c), 1);
	eq(slowchip_has(0x30), 0);
	eq(slowchip_has(0x06), 0);
	wr(0, 0x30, 1);
	wr(0, 0x15, 1);
	eq(rd(0, 0x30), 0);
	eq(rd(0, 0x12), 0);
	eq(rd(0, 0xfffffffc), 0);
	eq(chip.tx_level, 0);
	done("an offset with nothing reads 0 and ignores writes");
}

static void test_arrival(void)
{
	unsigned int i;

	power_on(SLOWCHIP_ENDLESS);
	wr(123, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(slowchip_next(&chip), 123 + P);
	eq(rd(122 + P, SLOWCHIP_STATUS), 0x6);
	eq(rd(123 + P, SLOWCHIP_STATUS), 0x107);
	/* looked at late: the next ones do not drift */
	eq(rd(123 + 5 * P + P / 2, SLOWCHIP_STATUS), 0x507);
	for (i = 0; i < 5; i++) {
		eq(rd(123 + 5 * P + P / 2, SLOWCHIP_DATA), 0x100 | i);
		eq(chip.popped.at, 123 + (i + 1) * P);
		eq(chip.popped.n, i);
	}
	eq(rd(123 + 5 * P + P / 2, SLOWCHIP_DATA), 0);
	eq(slowchip_next(&chip), 123 + 6 * P);
	done("a byte each PERIOD, without drift");

	/* EN already set: writing it again changes nothing */
	wr(123 + 5 * P + P / 2, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(slowchip_next(&chip), 123 + 6 * P);
	/* cleared: the byte goes back on the line; set: a whole PERIOD */
	wr(123 + 6 * P - 1, SLOWCHIP_CTRL, 0);
	eq(rd(123 + 9 * P, SLOWCHIP_RX_COUNT), 5);
	wr(123 + 9 * P, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(123 + 10 * P - 1, SLOWCHIP_DATA), 0);
	eq(rd(123 + 10 * P, SLOWCHIP_DATA), 0x105);
	done("EN puts the byte on its way back and starts afresh");

	/* a byte takes the PERIOD in force when it starts */
	power_on(SLOWCHIP_ENDLESS);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	wr(P / 2, SLOWCHIP_PERIOD, 3 * P);
	eq(slowchip_next(&chip), P);
	slowchip_advance(&chip, P);
	eq(slowchip_next(&chip), 4 * P);
	done("PERIOD is that of the byte's start");

	/* bytes handed in */
	power_on(0);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	chip.line.left = 2;
	slowchip_line_changed(&chip, 7);
	eq(slowchip_next(&chip), 7 + P);
	chip.line.left++;
	slowchip_line_changed(&chip, 8);
	eq(slowchip_next(&chip), 7 + P);
	eq(rd(7 + 9 * P, SLOWCHIP_RX_COUNT), 3);
	eq(chip.rx_last, 7 + 3 * P);
	eq(chip.line.left, 0);
	done("data put on a quiet line takes a PERIOD from then");
}

static void test_overrun(void)
{
	unsigned int i;

	power_on(SLOWCHIP_ENDLESS);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	wr(0, SLOWCHIP_INT_EN, SLOWCHIP_INT_OVR);
	eq(rd(16 * P, SLOWCHIP_STATUS), 0x1007);
	eq(slowchip_irq(&chip), 0);
	eq(rd(19 * P, SLOWCHIP_STATUS), 0x100f);
	eq(slowchip_irq(&chip), 1);
	eq(rd(19 * P, SLOWCHIP_OVR_COUNT), 3);
	eq(rd(19 * P, SLOWCHIP_RX_COUNT), 19);
	for (i = 0; i < 16; i++)
		eq(rd(19 * P, SLOWCHIP_DATA), 0x100 | i);
	eq(rd(20 * P, SLOWCHIP_DATA), 0x100 | 19);
	eq(chip.popped.n, 19);
	done("a full FIFO loses the arriving byte");

	/* OVR is sticky, cleared by writing 1; the other causes are not */
	eq(rd(20 * P, SLOWCHIP_INT), SLOWCHIP_INT_OVR | SLOWCHIP_INT_TX);
	wr(20 * P, SLOWCHIP_INT, SLOWCHIP_INT_RX | SLOWCHIP_INT_TX);
	eq(rd(20 * P, SLOWCHIP_INT), SLOWCHIP_INT_OVR | SLOWCHIP_INT_TX);
	wr(20 * P, SLOWCHIP_INT, SLOWCHIP_INT_OVR);
	eq(rd(20 * P, SLOWCHIP_INT), SLOWCHIP_INT_TX);
	eq(rd(20 * P, SLOWCHIP_STATUS), 0x6);
	eq(slowchip_irq(&chip), 0);
	eq(rd(20 * P, SLOWCHIP_IRQ_COUNT), 1);
	eq(rd(20 * P, SLOWCHIP_OVR_COUNT), 3);
	done("OVR is sticky and W1C; RX and TX cannot be written away");
}

static void test_rx_interrupt(void)
{
	power_on(6);
	wr(0, SLOWCHIP_TRIG, 4);
	wr(0, SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	slowchip_advance(&chip, 4 * P - 1);
	eq(slowchip_irq(&chip), 0);
	slowchip_advance(&chip, 4 * P);
	eq(slowchip_irq(&chip), 1);
	rd(4 * P, SLOWCHIP_DATA);
	eq(slowchip_irq(&chip), 0);
	slowchip_advance(&chip, 5 * P);
	eq(slowchip_irq(&chip), 1);
	eq(rd(5 * P, SLOWCHIP_IRQ_COUNT), 2);
	/* masked and unmasked again: another edge */
	wr(5 * P, SLOWCHIP_INT_EN, 0);
	eq(slowchip_irq(&chip), 0);
	wr(5 * P, SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	eq(rd(5 * P, SLOWCHIP_IRQ_COUNT), 3);
	done("RX is pending from RX_TRIG on");

	/* a byte is left below the trigger: 4 PERIODs of silence */
	power_on(2);
	wr(0, SLOWCHIP_TRIG, 4);
	wr(0, SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	slowchip_advance(&chip, 2 * P);
	eq(slowchip_next(&chip), 6 * P);
	wr(3 * P, SLOWCHIP_CTRL, 0);	/* the time-out goes on */
	slowchip_advance(&chip, 6 * P - 1);
	eq(slowchip_irq(&chip), 0);
	slowchip_advance(&chip, 6 * P);
	eq(slowchip_irq(&chip), 1);
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	rd(6 * P, SLOWCHIP_DATA);
	eq(slowchip_irq(&chip), 1);	/* holds until the FIFO is empty */
	rd(6 * P, SLOWCHIP_DATA);
	eq(slowchip_irq(&chip), 0);
	done("the receive time-out holds until the FIFO is empty");

	/* when the line rises: at the trigger, or the time-out at the end */
	power_on(6);
	wr(0, SLOWCHIP_TRIG, 4);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(slowchip_next_irq(&chip), SLOWCHIP_NEVER);
	wr(0, SLOWCHIP_INT_EN, SLOWCHIP_INT_RX | SLOWCHIP_INT_OVR);
	eq(slowchip_next_irq(&chip), 4 * P);
	slowchip_advance(&chip, 3 * P);
	eq(slowchip_next_irq(&chip), 4 * P);
	slowchip_advance(&chip, 4 * P);
	eq(slowchip_irq(&chip), 1);
	eq(slowchip_next_irq(&chip), 10 * P);
	rd(4 * P, SLOWCHIP_DATA);	/* three are left: one more will do */
	eq(slowchip_irq(&chip), 0);
	eq(slowchip_next_irq(&chip), 5 * P);
	rd(4 * P, SLOWCHIP_DATA);
	rd(4 * P, SLOWCHIP_DATA);
	eq(slowchip_next_irq(&chip), 10 * P);
	slowchip_advance(&chip, 10 * P - 1);
	eq(slowchip_irq(&chip), 0);
	slowchip_advance(&chip, 10 * P);
	eq(slowchip_irq(&chip), 1);
	done("when the line will rise is known before");

	/* the present PERIOD counts: a shorter one reaches it at once */
	power_on(1);
	wr(0, SLOWCHIP_TRIG, 4);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(3 * P, SLOWCHIP_INT), SLOWCHIP_INT_TX);
	wr(3 * P, SLOWCHIP_PERIOD, P / 2);
	eq(rd(3 * P, SLOWCHIP_INT), SLOWCHIP_INT_TX | SLOWCHIP_INT_RX);
	wr(3 * P, SLOWCHIP_PERIOD, 100 * P);
	eq(rd(3 * P, SLOWCHIP_INT), SLOWCHIP_INT_TX | SLOWCHIP_INT_RX);
	done("the time-out is four of the present PERIOD");
}

static void test_transmit(void)
{
	unsigned int i;

	power_on(0);
	for (i = 0; i < 18; i++)
		wr(0, SLOWCHIP_DATA, 'a' + i);
	eq(rd(0, SLOWCHIP_STATUS), 0x100000);	/* 16 fit, none moves */
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(0, SLOWCHIP_STATUS), 0xf0002);
	wr(0, SLOWCHIP_DATA, 'z');		/* with the shifter 17 do */
	eq(rd(P - 1, SLOWCHIP_TX_COUNT), 0);
	eq(rd(P, SLOWCHIP_TX_COUNT), 1);
	eq(rd(16 * P, SLOWCHIP_STATUS), 0x2);	/* the last one shifts */
	eq(rd(17 * P, SLOWCHIP_STATUS), 0x6);
	eq(rd(17 * P, SLOWCHIP_TX_COUNT), 17);
	eq(chip.out.count, 17);
	eq(memcmp(sent, "abcdefghijklmnopz", 17), 0);
	done("FIFO and shifter: 16 bytes and one");

	wr(20 * P, SLOWCHIP_DATA, 'A');
	eq(rd(20 * P, SLOWCHIP_STATUS), 0x2);
	eq(slowchip_next(&chip), 21 * P);
	/* held by EN = 0, then a whole PERIOD */
	wr(21 * P - 1, SLOWCHIP_CTRL, 0);
	eq(rd(25 * P, SLOWCHIP_STATUS), 0x2);
	wr(25 * P, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(26 * P - 1, SLOWCHIP_TX_COUNT), 17);
	eq(rd(26 * P, SLOWCHIP_TX_COUNT), 18);
	eq(sent[17], 'A');
	done("EN holds the shifter and starts it afresh");

	power_on(0);
	wr(0, SLOWCHIP_TRIG, 0x0201);
	wr(0, SLOWCHIP_INT_EN, SLOWCHIP_INT_TX);
	eq(slowchip_irq(&chip), 1);
	for (i = 0; i < 4; i++)
		wr(0, SLOWCHIP_DATA, i);
	eq(slowchip_irq(&chip), 0);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);	/* one goes to the shifter */
	eq(slowchip_irq(&chip), 0);
	slowchip_advance(&chip, P);
	eq(slowchip_irq(&chip), 1);
	eq(rd(P, SLOWCHIP_IRQ_COUNT), 2);
	done("TX is pending up to TX_TRIG");
}

static void test_loop(void)
{
	power_on(SLOWCHIP_ENDLESS);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN | SLOWCHIP_CTRL_LOOP);
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	wr(0, SLOWCHIP_DATA, 0x5a);
	eq(rd(P - 1, SLOWCHIP_STATUS), 0x2);
	eq(rd(P, SLOWCHIP_STATUS), 0x107);
	eq(rd(P, SLOWCHIP_DATA), 0x15a);
	eq(chip.popped.at, P);
	eq(chip.sent, 0x5a);
	eq(chip.out.count, 0);
	eq(rd(P, SLOWCHIP_TX_COUNT), 1);
	eq(rd(P, SLOWCHIP_RX_COUNT), 1);
	/* off again: the line starts afresh */
	wr(2 * P + 1, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	eq(rd(3 * P, SLOWCHIP_RX_COUNT), 1);
	eq(rd(3 * P + 1, SLOWCHIP_DATA), 0x100);
	done("LOOP gives back what is sent, and the line rests");
}

/* Looking shows what reading would give, and changes not one bit. */
static void test_peek(void)
{
	struct slowchip before;
	unsigned int reg;

	power_on(SLOWCHIP_ENDLESS);
	eq(slowchip_peek(&chip, SLOWCHIP_DATA), 0);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	wr(0, SLOWCHIP_INT_EN, 7);
	wr(0, SLOWCHIP_TRIG, 0x304);
	for (reg = 0; reg < 6; reg++)
		wr(0, SLOWCHIP_DATA, reg);
	slowchip_advance(&chip, 20 * P);
	rd(20 * P, SLOWCHIP_DATA);
	before = chip;
	for (reg = 0; reg < SLOWCHIP_REG_END + 8; reg++) {
		__u32 seen = slowchip_peek(&chip, reg);

		eq(memcmp(&chip, &before, sizeof(chip)), 0);
		eq(seen, rd(20 * P, reg));
		chip = before;
	}
	eq(slowchip_peek(&chip, SLOWCHIP_DATA), SLOWCHIP_DATA_VALID | 1);
	eq(slowchip_peek(&chip, SLOWCHIP_OVR_COUNT), 4);
	eq(slowchip_peek(&chip, SLOWCHIP_TX_COUNT), 6);
	done("a look shows what a read gives, and changes nothing");
}

static void test_far_jump(void)
{
	const __u64 year = 31536000ULL * 1000000000;

	/* a year at 1000 ns a byte: as one step, and right to the byte */
	power_on(SLOWCHIP_ENDLESS);
	wr(0, SLOWCHIP_PERIOD, 1000);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	slowchip_advance(&chip, year);
	eq(chip.rx_count, (__u32)(year / 1000));
	eq(chip.ovr_count, (__u32)(year / 1000 - 16));
	eq(chip.line.pos, year / 1000 % 256);
	eq(slowchip_next(&chip), year + 1000);
	eq(rd(year, SLOWCHIP_DATA), 0x100);
	done("a jump of a year loses what was due, in one step");

	power_on(100);
	wr(0, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	slowchip_advance(&chip, year);
	eq(chip.rx_count, 100);
	eq(chip.ovr_count, 84);
	eq(chip.rx_last, 100 * P);
	eq(chip.line.left, 0);
	eq(chip.rx_timed_out, 1);
	eq(slowchip_next(&chip), SLOWCHIP_NEVER);
	done("a jump over the line's end stops there");

	power_on(0);
	wr(100, SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	wr(100, SLOWCHIP_DATA, 1);
	slowchip_advance(&chip, 50);	/* a clock that went back */
	eq(chip.now, 100);
	wr(50, SLOWCHIP_DATA, 2);
	eq(slowchip_next(&chip), 100 + P);
	slowchip_advance(&chip, SLOWCHIP_NEVER);
	eq(chip.tx_count, 2);
	wr(0, SLOWCHIP_DATA, 3);	/* at the end of time none leaves */
	eq(slowchip_advance(&chip, SLOWCHIP_NEVER), SLOWCHIP_NEVER);
	eq(chip.tx_count, 2);
	done("time neither goes back nor overflows");
}

int main(void)
{
	test_reset_values();
	test_register_bits();
	test_arrival();
	test_overrun();
	test_rx_interrupt();
	test_transmit();
	test_loop();
	test_peek();
	test_far_jump();
	printf("1..%d\n", tests);
	return failures != 0;
}
