// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The chip against a second model of it, over random operations.
 *
 * The second model is written from docs/chip.md alone and is as simple as can
 * be: it counts down, 250 ns at a time, and keeps its FIFOs as plain arrays.
 * Both get the same accesses at the same times; every register and the
 * interrupt line must agree after each. A host program: prints TAP.
 *
 * usage: test_slowchip_random [SEED [OPERATIONS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slowchip.h"

#define TICK	250	/* ns; all times and PERIODs here are multiples */
#define BOARD	4000	/* PERIOD after reset */

/* ---- the naive model -------------------------------------------------- */

struct fifo {
	__u8 byte[17];
	int level;
};

struct naive {
	bool en, loop, ovr, timed_out, shifting, irq, coming;
	__u32 period, int_en, rx_trig, tx_trig;
	__u32 arrived, lost, left, edges;
	struct fifo rx, tx;
	__u8 shifter;
	long line_rest;		/* ns until the byte on its way is here */
	long shift_rest;	/* ns until the shifter's byte leaves */
	long silence;		/* ns since the last arrival */
	__u64 waiting;		/* bytes on the line */
	__u32 taken;		/* bytes ever taken from it */
	__u32 out;		/* a sum over the bytes sent outside */
};

static void naive_reset(struct naive *m)
{
	__u64 waiting = m->waiting;
	__u32 taken = m->taken;
	__u32 out = m->out;

	memset(m, 0, sizeof(*m));
	m->waiting = waiting;
	m->taken = taken;
	m->out = out;
	m->period = BOARD;
	m->rx_trig = 1;
}

static __u8 fifo_take(struct fifo *fifo)
{
	__u8 byte = fifo->byte[0];

	fifo->level--;
	memmove(fifo->byte, fifo->byte + 1, fifo->level);
	return byte;
}

static void naive_arrive(struct naive *m, __u8 byte)
{
	m->arrived++;
	m->silence = 0;
	if (m->rx.level < 16) {
		m->rx.byte[m->rx.level++] = byte;
	} else {
		m->lost++;
		m->ovr = true;
	}
}

static __u32 naive_int(const struct naive *m)
{
	return (m->rx.level >= (int)m->rx_trig || m->timed_out) |
	       (m->tx.level <= (int)m->tx_trig) << 1 | m->ovr << 2;
}

/* What is so at once, whenever anything has changed. */
static void naive_settle(struct naive *m)
{
	bool irq;

	if (m->rx.level && m->silence >= 4 * (long)m->period)
		m->timed_out = true;
	if (!m->rx.level)
		m->timed_out = false;
	if (!m->en || m->loop || !m->waiting) {
		m->coming = false;
	} else if (!m->coming) {
		m->coming = true;
		m->line_rest = m->period;
	}
	if (m->en && !m->shifting && m->tx.level) {
		m->shifter = fifo_take(&m->tx);
		m->shifting = true;
		m->shift_rest = m->period;
	}
	irq = naive_int(m) & m->int_en;
	m->edges += irq && !m->irq;
	m->irq = irq;
}

static void naive_tick(struct naive *m)
{
	m->silence += TICK;
	if (m->rx.level && m->silence >= 4 * (long)m->period)
		m->timed_out = true;
	if (m->coming)
		m->line_rest -= TICK;
	if (m->coming && m->line_rest == 0) {
		m->coming = false;
		m->waiting--;
		naive_arrive(m, m->taken++);
	}
	if (m->en && m->shifting)
		m->shift_rest -= TICK;
	if (m->en && m->shifting && m->shift_rest == 0) {
		m->shifting = false;
		m->left++;
		if (m->loop)
			naive_arrive(m, m->shifter);
		else
			m->out = m->out * 31 + m->shifter;
	}
	naive_settle(m);
}

static __u32 naive_read(struct naive *m, unsigned int reg)
{
	__u32 val = 0;

	switch (reg) {
	case 0x00:
		return 0x534c4f57;
	case 0x04:
		return m->en | m->loop << 1;
	case 0x08:
		return (m->rx.level > 0) | (m->tx.level < 16) << 1 |
		       (!m->tx.level && !m->shifting) << 2 | m->ovr << 3 |
		       m->rx.level << 8 | m->tx.level << 16;
	case 0x0c:
		return naive_int(m);
	case 0x10:
		return m->int_en;
	case 0x14:
		if (m->rx.level)
			val = 0x100 | fifo_take(&m->rx);
		naive_settle(m);
		return val;
	case 0x18:
		return m->period;
	case 0x1c:
		return m->rx_trig | m->tx_trig << 8;
	case 0x20:
		return m->arrived;
	case 0x24:
		return m->lost;
	case 0x28:
		return m->left;
	case 0x2c:
		return m->edges;
	default:
		return 0;
	}
}

static void naive_ctrl(struct naive *m, __u32 val)
{
	if (val >> 31) {
		naive_reset(m);
		return;
	}
	if ((val & 1) && !m->en)
		m->shift_rest = m->period;	/* a held byte starts afresh */
	m->en = val & 1;
	m->loop = val >> 1 & 1;
}

static void naive_write(struct naive *m, unsigned int reg, __u32 val)
{
	switch (reg) {
	case 0x04:
		naive_ctrl(m, val);
		break;
	case 0x0c:
		if (val & 4)
			m->ovr = false;
		break;
	case 0x10:
		m->int_en = val & 7;
		break;
	case 0x14:
		if (m->tx.level < 16)
			m->tx.byte[m->tx.level++] = val;
		break;
	case 0x18:
		m->period = val < 1000 ? 1000 : val;
		break;
	case 0x1c:
		m->rx_trig = val & 0x1f;
		m->tx_trig = val >> 8 & 0x1f;
		if (m->rx_trig < 1)
			m->rx_trig = 1;
		if (m->rx_trig > 16)
			m->rx_trig = 16;
		if (m->tx_trig > 15)
			m->tx_trig = 15;
		break;
	}
	naive_settle(m);
}

/* ---- both, side by side ----------------------------------------------- */

static struct naive naive;
static struct slowchip chip;
static __u8 line[256];
static __u8 sent[4096];
static __u64 now;
static __u64 sent_seen;
static __u32 sent_sum;

/* xorshift: the same everywhere for the same seed */
static __u32 seed = 1;

static __u32 pick(__u32 below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

/* The chip sees time pass in jumps, in steps, or event by event. */
static void pass(unsigned int ticks)
{
	__u64 until = now + (__u64)ticks * TICK;
	unsigned int i;

	for (i = 0; i < ticks; i++)
		naive_tick(&naive);
	switch (pick(3)) {
	case 0:
		while (slowchip_next(&chip) <= until)
			slowchip_advance(&chip, slowchip_next(&chip));
		break;
	case 1:
		slowchip_advance(&chip, now + pick(ticks + 1) * TICK);
		break;
	}
	now = until;
	slowchip_advance(&chip, now);
}

static unsigned int some_ticks(void)
{
	switch (pick(64)) {
	case 0:
		return pick(20000);
	case 1 ... 20:
		return 0;
	case 21 ... 40:
		return pick(16);
	default:
		return pick(200);
	}
}

static void some_access(char *what, size_t size)
{
	unsigned int reg = 4 * pick(12);
	__u32 val = pick(0x10000);
	unsigned int i;

	switch (pick(8)) {
	case 0:			/* line on, and most often running */
		reg = SLOWCHIP_CTRL;
		val = pick(4) | (pick(4) ? 1 : 0);
		if (!pick(20))
			val = seed | SLOWCHIP_CTRL_RST;
		break;
	case 1:
		reg = SLOWCHIP_PERIOD;
		val = pick(40) * TICK;
		break;
	case 2:			/* bytes handed in */
		val = pick(30);
		snprintf(what, size, "%u bytes on the line", val);
		naive.waiting += val;
		naive_settle(&naive);
		chip.line.left += val;
		slowchip_line_changed(&chip, now);
		return;
	case 3:
		snprintf(what, size, "reads of DATA");
		for (i = pick(20); i; i--)
			if (naive_read(&naive, SLOWCHIP_DATA) !=
			    slowchip_read(&chip, now, SLOWCHIP_DATA))
				strcpy(what, "!reads of DATA: not the same");
		return;
	case 4:
		reg = SLOWCHIP_DATA;
		break;
	}
	if (reg == SLOWCHIP_PERIOD)
		val = val % 40 * TICK;
	snprintf(what, size, "write 0x%x to 0x%02x", val, reg);
	naive_write(&naive, reg, val);
	slowchip_write(&chip, now, reg, val);
}

/*
 * A line that is low, and left alone, does not rise before it was said to; and
 * where it was said to with received bytes alone in play, it does. On a copy.
 */
static int rises_otherwise(void)
{
	__u64 next = slowchip_next_irq(&chip);
	struct slowchip copy = chip;
	bool exact = chip.int_en == SLOWCHIP_INT_RX &&
		     !(chip.ctrl & SLOWCHIP_CTRL_LOOP) && !chip.tx_level &&
		     !chip.shifting;

	copy.out.size = 0;
	if (chip.irq)
		return 0;
	slowchip_advance(&copy, next == SLOWCHIP_NEVER ? now + (1 << 30) :
			 next - 1);
	if (copy.irq) {
		printf("# the line rose before %llu\n", next);
		return 1;
	}
	if (next == SLOWCHIP_NEVER || !exact)
		return 0;
	slowchip_advance(&copy, next);
	if (!copy.irq)
		printf("# the line did not rise at %llu\n", next);
	return !copy.irq;
}

/* Say what differs; 0 when nothing does. Reading DATA is left to accesses. */
static int differ(void)
{
	unsigned int reg;
	int bad = 0;

	for (reg = 0; reg < SLOWCHIP_REG_END; reg += 4) {
		__u32 want, is;

		if (reg == SLOWCHIP_DATA)
			continue;
		want = naive_read(&naive, reg);
		is = slowchip_read(&chip, now, reg);
		if (is == want)
			continue;
		printf("# register 0x%02x is 0x%x, not 0x%x\n", reg, is, want);
		bad = 1;
	}
	if (slowchip_irq(&chip) != naive.irq) {
		printf("# the interrupt line is %d\n", slowchip_irq(&chip));
		bad = 1;
	}
	for (; sent_seen < chip.out.count; sent_seen++)
		sent_sum = sent_sum * 31 + sent[sent_seen % sizeof(sent)];
	if (sent_sum != naive.out) {
		printf("# other bytes were sent\n");
		bad = 1;
	}
	return bad || rises_otherwise();
}

static int run(__u32 first_seed, int operations)
{
	char what[64] = "power-on";
	int i;

	for (i = 0; i < 256; i++)
		line[i] = i;
	seed = first_seed * 2654435761u | 1;
	now = 0;
	sent_seen = 0;
	sent_sum = 0;
	memset(&naive, 0, sizeof(naive));
	naive_reset(&naive);
	naive_settle(&naive);
	memset(&chip, 0xaa, sizeof(chip));
	chip.line = (struct slowchip_line){ line, 256, 0, 0 };
	chip.out = (struct slowchip_out){ sent, sizeof(sent), 0 };
	chip.board_period = BOARD;
	slowchip_init(&chip, 0);
	for (i = 0; i < operations; i++) {
		pass(some_ticks());
		some_access(what, sizeof(what));
		if (*what == '!' || differ()) {
			printf("# seed %u, operation %d at %llu ns: %s\n",
			       first_seed, i, (unsigned long long)now, what);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int operations = argc > 2 ? atoi(argv[2]) : 20000;
	__u32 s = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
	__u32 last = argc > 1 ? s : 8;
	int failures = 0;
	int tests = 0;
	int bad;

	for (; s <= last; s++) {
		bad = run(s, operations);
		failures += bad;
		printf("%sok %d - %d operations, seed %u\n",
		       bad ? "not " : "", ++tests, operations, s);
	}
	printf("1..%d\n", tests);
	return failures != 0;
}
