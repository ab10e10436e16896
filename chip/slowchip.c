// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * slowchip: what the chip does, as docs/chip.md describes it.
 *
 * Called by the chip's host, which serializes the calls; any context will do.
 * Compiled into the kernel, a simulator and tests, for 64 and 32 bits, so the
 * file needs no library at all: no division of 64 bits, no memset.
 *
 * The idea: a few moments in time (*_due) say when something happens next by
 * itself. slowchip_advance() lets them happen in order. A register access
 * first advances to the present, then does its work, then settles what that
 * work has made due.
 */
#include "slowchip.h"

#define FIFO_MASK	(SLOWCHIP_FIFO_SIZE - 1)

/* @at + @ns, but not past the end of time. */
static __u64 after(__u64 at, __u64 ns)
{
	return at + ns < at ? SLOWCHIP_NEVER : at + ns;
}

/* @a / @b by shifts of one: a 32-bit compiler calls its library for more. */
static __u64 divide(__u64 a, __u32 b, __u32 *rest)
{
	__u64 quotient = 0;
	__u64 r = 0;
	int bit;

	for (bit = 0; bit < 64; bit++) {
		r = r << 1 | a >> 63;
		a <<= 1;
		quotient <<= 1;
		if (r >= b) {
			r -= b;
			quotient |= 1;
		}
	}
	*rest = r;
	return quotient;
}

static bool en(const struct slowchip *chip)
{
	return chip->ctrl & SLOWCHIP_CTRL_EN;
}

static bool loop(const struct slowchip *chip)
{
	return chip->ctrl & SLOWCHIP_CTRL_LOOP;
}

/* The byte leaves the way to the chip: it is not on the line any more. */
static void line_take(struct slowchip_line *line, __u64 count)
{
	__u32 rest;

	if (count > 1) {
		divide(count, line->size, &rest);
	} else {
		rest = count;
		if (rest == line->size)
			rest = 0;
	}
	/* pos + rest may not fit in 32 bits */
	if (rest >= line->size - line->pos)
		line->pos = rest - (line->size - line->pos);
	else
		line->pos += rest;
	if (line->left != SLOWCHIP_ENDLESS)
		line->left -= count;
}

static bool line_waits(const struct slowchip_line *line)
{
	return line->size && line->left;
}

/*
 * Start what can move and does not: the next byte of the line, the shifter.
 * Stop what may not. Each start takes a whole PERIOD from @at on.
 */
static void start(struct slowchip *chip, __u64 at)
{
	if (!en(chip) || loop(chip) || !line_waits(&chip->line))
		chip->rx_due = SLOWCHIP_NEVER;
	else if (chip->rx_due == SLOWCHIP_NEVER)
		chip->rx_due = after(at, chip->period);

	if (!en(chip)) {
		chip->tx_due = SLOWCHIP_NEVER;
		return;
	}
	if (!chip->shifting && chip->tx_level) {
		chip->shifter = chip->tx[chip->tx_head];
		chip->tx_head = (chip->tx_head + 1) & FIFO_MASK;
		chip->tx_level--;
		chip->shifting = true;
	}
	if (chip->shifting && chip->tx_due == SLOWCHIP_NEVER)
		chip->tx_due = after(at, chip->period);
}

/* A byte is here. A full FIFO loses it, not an old one. */
static void arrive(struct slowchip *chip, __u64 at, __u8 byte)
{
	struct slowchip_byte *slot;

	if (chip->rx_level == SLOWCHIP_FIFO_SIZE) {
		chip->ovr = true;
		chip->ovr_count++;
	} else {
		slot = &chip->rx[(chip->rx_head + chip->rx_level) & FIFO_MASK];
		slot->at = at;
		slot->n = chip->rx_count;
		slot->byte = byte;
		chip->rx_level++;
	}
	chip->rx_count++;
	chip->rx_last = at;
}

/* The byte on the line has come to its end. */
static void line_arrive(struct slowchip *chip)
{
	__u64 at = chip->rx_due;

	arrive(chip, at, chip->line.ring[chip->line.pos]);
	line_take(&chip->line, 1);
	chip->rx_due = SLOWCHIP_NEVER;
	start(chip, at);
}

/*
 * The FIFO is full and nobody reads before @now: all that come by then are
 * lost, as many as they are, in one step.
 */
static void line_lose(struct slowchip *chip, __u64 now)
{
	struct slowchip_line *line = &chip->line;
	__u32 unused;
	__u64 count = divide(now - chip->rx_due, chip->period, &unused) + 1;

	if (count > line->left)		/* never, when it is endless */
		count = line->left;
	chip->ovr = true;
	chip->ovr_count += count;
	chip->rx_count += count;
	chip->rx_last = chip->rx_due + (count - 1) * chip->period;
	line_take(line, count);
	chip->rx_due = SLOWCHIP_NEVER;
	start(chip, chip->rx_last);
}

/* The byte in the shifter has left it. */
static void leave(struct slowchip *chip)
{
	struct slowchip_out *out = &chip->out;
	__u64 at = chip->tx_due;

	chip->sent = chip->shifter;
	chip->shifting = false;
	chip->tx_count++;
	if (loop(chip)) {
		arrive(chip, at, chip->sent);
	} else if (out->size) {
		out->ring[out->count & (out->size - 1)] = chip->sent;
		out->count++;
	}
	chip->tx_due = SLOWCHIP_NEVER;
	start(chip, at);
}

/* When the receive time-out is reached, if nothing comes before. */
static __u64 timeout_due(const struct slowchip *chip)
{
	if (!chip->rx_level || chip->rx_timed_out)
		return SLOWCHIP_NEVER;
	return after(chip->rx_last,
		     (__u64)SLOWCHIP_TIMEOUT_PERIODS * chip->period);
}

static __u64 next_due(const struct slowchip *chip)
{
	__u64 next = timeout_due(chip);

	if (chip->rx_due < next)
		next = chip->rx_due;
	if (chip->tx_due < next)
		next = chip->tx_due;
	return next;
}

static __u32 pending(const struct slowchip *chip)
{
	__u32 causes = 0;

	if (chip->rx_level >= chip->rx_trig || chip->rx_timed_out)
		causes |= SLOWCHIP_INT_RX;
	if (chip->tx_level <= chip->tx_trig)
		causes |= SLOWCHIP_INT_TX;
	if (chip->ovr)
		causes |= SLOWCHIP_INT_OVR;
	return causes;
}

/* The line, and the next moment, after anything has changed. */
static void settle(struct slowchip *chip)
{
	bool irq = pending(chip) & chip->int_en;

	if (irq && !chip->irq)
		chip->irq_count++;
	chip->irq = irq;
	chip->next = next_due(chip);
}

/*
 * slowchip_advance()'s. The work is bounded: 17 bytes can leave, 16 can arrive,
 * one time-out can be reached; what arrives then is lost in one step.
 *
 * Without an access from outside causes only come and none goes, so the line
 * rises once at most, and a look at it in the end sees that.
 */
void slowchip_catch_up(struct slowchip *chip)
{
	__u64 next;

	while ((next = next_due(chip)) <= chip->now &&
	       next != SLOWCHIP_NEVER) {
		/* a time-out reached as a byte arrives was reached */
		if (next == timeout_due(chip))
			chip->rx_timed_out = true;
		else if (next == chip->tx_due)
			leave(chip);
		else if (chip->rx_level == SLOWCHIP_FIFO_SIZE)
			line_lose(chip, chip->now);
		else
			line_arrive(chip);
	}
	settle(chip);
}

__u64 slowchip_next_irq(const struct slowchip *chip)
{
	__u64 periods;	/* from the next arrival to the one that counts */

	if (!chip->int_en)
		return SLOWCHIP_NEVER;
	if (!(chip->int_en & SLOWCHIP_INT_RX) ||
	    (chip->int_en & SLOWCHIP_INT_TX) || loop(chip) ||
	    chip->rx_due == SLOWCHIP_NEVER || timeout_due(chip) <= chip->rx_due)
		return chip->next;
	periods = chip->rx_trig - 1 - (chip->irq ? 0 : chip->rx_level);
	/* the line's data ends before: then the time-out after its last byte */
	if (periods >= chip->line.left)
		periods = chip->line.left - 1 + SLOWCHIP_TIMEOUT_PERIODS;
	return after(chip->rx_due, periods * chip->period);
}

static void reset(struct slowchip *chip)
{
	chip->ctrl = 0;
	chip->int_en = 0;
	chip->period = chip->board_period;
	if (chip->period < SLOWCHIP_PERIOD_MIN)
		chip->period = SLOWCHIP_PERIOD_MIN;
	chip->rx_trig = SLOWCHIP_TRIG_RESET & SLOWCHIP_TRIG_RX_MASK;
	chip->tx_trig = SLOWCHIP_TRIG_RESET >> SLOWCHIP_TRIG_TX_SHIFT;
	chip->ovr = false;
	chip->rx_count = 0;
	chip->ovr_count = 0;
	chip->tx_count = 0;
	chip->irq_count = 0;

	chip->rx_head = 0;
	chip->rx_level = 0;
	chip->rx_timed_out = false;
	chip->rx_last = 0;
	chip->rx_due = SLOWCHIP_NEVER;
	chip->popped.at = 0;
	chip->popped.n = 0;
	chip->popped.byte = 0;

	chip->tx_head = 0;
	chip->tx_level = 0;
	chip->shifting = false;
	chip->shifter = 0;
	chip->tx_due = SLOWCHIP_NEVER;
	chip->sent = 0;
	chip->irq = false;
}

void slowchip_init(struct slowchip *chip, __u64 now)
{
	chip->now = now;
	reset(chip);
	settle(chip);
}

static __u32 status(const struct slowchip *chip)
{
	__u32 bits = (__u32)chip->rx_level << SLOWCHIP_STATUS_RX_LEVEL_SHIFT |
		     (__u32)chip->tx_level << SLOWCHIP_STATUS_TX_LEVEL_SHIFT;

	if (chip->rx_level)
		bits |= SLOWCHIP_STATUS_RX_RDY;
	if (chip->tx_level < SLOWCHIP_FIFO_SIZE)
		bits |= SLOWCHIP_STATUS_TX_RDY;
	if (!chip->tx_level && !chip->shifting)
		bits |= SLOWCHIP_STATUS_TX_IDLE;
	if (chip->ovr)
		bits |= SLOWCHIP_STATUS_OVR;
	return bits;
}

/* The oldest byte leaves the RX FIFO, if there is one. */
static void pop(struct slowchip *chip)
{
	const struct slowchip_byte *oldest = &chip->rx[chip->rx_head];

	if (!chip->rx_level)
		return;
	/* one by one: a compiler may call memcpy() for the whole */
	chip->popped.at = oldest->at;
	chip->popped.n = oldest->n;
	chip->popped.byte = oldest->byte;
	chip->rx_head = (chip->rx_head + 1) & FIFO_MASK;
	chip->rx_level--;
	if (!chip->rx_level)
		chip->rx_timed_out = false;
}

static inline __u32 look(const struct slowchip *chip, unsigned int reg)
{
	switch (reg) {
	case SLOWCHIP_ID:
		return SLOWCHIP_ID_VALUE;
	case SLOWCHIP_CTRL:
		return chip->ctrl;
	case SLOWCHIP_STATUS:
		return status(chip);
	case SLOWCHIP_INT:
		return pending(chip);
	case SLOWCHIP_INT_EN:
		return chip->int_en;
	case SLOWCHIP_DATA:
		return chip->rx_level ? chip->rx[chip->rx_head].byte |
					SLOWCHIP_DATA_VALID : 0;
	case SLOWCHIP_PERIOD:
		return chip->period;
	case SLOWCHIP_TRIG:
		return chip->rx_trig |
		       (__u32)chip->tx_trig << SLOWCHIP_TRIG_TX_SHIFT;
	case SLOWCHIP_RX_COUNT:
		return chip->rx_count;
	case SLOWCHIP_OVR_COUNT:
		return chip->ovr_count;
	case SLOWCHIP_TX_COUNT:
		return chip->tx_count;
	case SLOWCHIP_IRQ_COUNT:
		return chip->irq_count;
	default:
		return 0;
	}
}

__u32 slowchip_peek(const struct slowchip *chip, unsigned int reg)
{
	return look(chip, reg);
}

/* What a look shows, and DATA's byte is taken besides. */
__u32 slowchip_read(struct slowchip *chip, __u64 now, unsigned int reg)
{
	__u32 val;

	slowchip_advance(chip, now);
	val = look(chip, reg);
	if (reg == SLOWCHIP_DATA) {
		pop(chip);
		settle(chip);	/* which makes nothing due */
	}
	return val;
}

static void push(struct slowchip *chip, __u8 byte)
{
	if (chip->tx_level == SLOWCHIP_FIFO_SIZE)
		return;
	chip->tx[(chip->tx_head + chip->tx_level) & FIFO_MASK] = byte;
	chip->tx_level++;
}

static void set_trig(struct slowchip *chip, __u32 val)
{
	__u32 rx = val & SLOWCHIP_TRIG_RX_MASK;
	__u32 tx = val >> SLOWCHIP_TRIG_TX_SHIFT & SLOWCHIP_TRIG_TX_MASK;

	if (!rx)
		rx = 1;
	if (rx > SLOWCHIP_FIFO_SIZE)
		rx = SLOWCHIP_FIFO_SIZE;
	if (tx > SLOWCHIP_FIFO_SIZE - 1)
		tx = SLOWCHIP_FIFO_SIZE - 1;
	chip->rx_trig = rx;
	chip->tx_trig = tx;
}

void slowchip_write(struct slowchip *chip, __u64 now, unsigned int reg,
		    __u32 val)
{
	slowchip_advance(chip, now);
	switch (reg) {
	case SLOWCHIP_CTRL:
		if (val & SLOWCHIP_CTRL_RST)
			reset(chip);
		else
			chip->ctrl = val & (SLOWCHIP_CTRL_EN |
					    SLOWCHIP_CTRL_LOOP);
		break;
	case SLOWCHIP_INT:
		if (val & SLOWCHIP_INT_OVR)
			chip->ovr = false;
		break;
	case SLOWCHIP_INT_EN:
		chip->int_en = val & (SLOWCHIP_INT_RX | SLOWCHIP_INT_TX |
				      SLOWCHIP_INT_OVR);
		break;
	case SLOWCHIP_DATA:
		push(chip, val & SLOWCHIP_DATA_BYTE);
		break;
	case SLOWCHIP_PERIOD:
		chip->period = val < SLOWCHIP_PERIOD_MIN ?
			       SLOWCHIP_PERIOD_MIN : val;
		break;
	case SLOWCHIP_TRIG:
		set_trig(chip, val);
		break;
	}
	start(chip, chip->now);
	slowchip_catch_up(chip);
}

void slowchip_line_changed(struct slowchip *chip, __u64 now)
{
	slowchip_advance(chip, now);
	start(chip, chip->now);
	settle(chip);
}
