// SPDX-License-Identifier: MIT
/*
 * The host of the chip. See dev_slow.h.
 *
 * Each verb of the chip is surrounded by a look at its counters, from which
 * the timeline's events and the statistics come: the chip tells nobody
 * anything by itself. Time goes to slowchip_next() and no further in one go,
 * so that no two events of a kind hide in one look.
 */
#include <stddef.h>
#include <string.h>

#include "mips-sim/dev_slow.h"
#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"

/* What was seen before a verb. */
struct seen {
	__u32 rx_count;
	__u32 ovr_count;
	__u32 tx_count;
	bool irq;
};

static struct seen look(const struct slowchip *chip)
{
	return (struct seen){ chip->rx_count, chip->ovr_count, chip->tx_count,
			      slowchip_irq(chip) };
}

/*
 * The chip takes a byte off the line when it has arrived, and needs to know
 * by then whether another follows. So the line always holds one, until there
 * are no more, as soon as EN is set; which one, it learns in the end. Whoever
 * types them shall see what the program does with one before giving the next.
 */
static void feed_line(struct machine *m, __u64 now)
{
	struct slowchip *chip = &m->slow.chip;

	if (chip->line.left || !m->slow.line_in || m->slow.line_in->ended ||
	    (chip->ctrl & (SLOWCHIP_CTRL_EN | SLOWCHIP_CTRL_LOOP)) !=
	    SLOWCHIP_CTRL_EN)
		return;
	m->slow.line_unread = true;
	chip->line.left = 1;
	slowchip_line_changed(chip, now);
}

/* If the byte on the line will have arrived at @now: which is it, if any? */
static void read_line(struct machine *m, __u64 now)
{
	struct dev_slow *slow = &m->slow;
	int c;

	if (!slow->line_unread || slow->chip.rx_due > now)
		return;
	slow->line_unread = false;
	c = input_next(m, slow->line_in);
	if (c >= 0) {
		slow->line_byte = c;
	} else {
		slow->chip.line.left = 0;
		slowchip_line_changed(&slow->chip, slow->chip.now);
	}
}

static void note_arrival(struct machine *m, __u64 now)
{
	struct dev_slow *slow = &m->slow;
	unsigned int at = (slow->arrived_head + slow->arrived_count) %
			  SLOWCHIP_FIFO_SIZE;

	slow->arrived_insns[at] = machine_insns(m);
	slow->arrived_ns[at] = now;
	slow->arrived_count++;
}

static void note_read(struct machine *m, __u64 now)
{
	struct dev_slow *slow = &m->slow;

	stats_latency(m, machine_insns(m) -
			 slow->arrived_insns[slow->arrived_head],
		      now - slow->arrived_ns[slow->arrived_head]);
	slow->arrived_head = (slow->arrived_head + 1) % SLOWCHIP_FIFO_SIZE;
	slow->arrived_count--;
}

/* After a verb at @now: say what happened, pass the line on. */
static void tell(struct machine *m, const struct seen *before, __u64 now)
{
	struct dev_slow *slow = &m->slow;
	struct slowchip *chip = &slow->chip;
	bool irq = slowchip_irq(chip);
	__u64 next;

	if (chip->tx_count == before->tx_count + 1) {
		output_bytes(m, &slow->line_out, &chip->sent, 1);
		m->stats.tx_bytes++;
		timeline_byte(m, now, "sent", before->tx_count, chip->sent);
	}
	if (chip->rx_count == before->rx_count + 1) {
		m->stats.rx_bytes++;
		if (chip->ovr_count == before->ovr_count) {
			note_arrival(m, now);
			timeline_byte(m, now, "arrive", before->rx_count,
				      chip->rx[(chip->rx_head + chip->rx_level -
						1) % SLOWCHIP_FIFO_SIZE].byte);
		} else {
			m->stats.rx_lost++;
			timeline_lost(m, now, before->rx_count);
		}
	}
	if (!chip->rx_level)
		slow->arrived_count = 0;	/* RST emptied it */
	if (irq != before->irq) {
		timeline_irq(m, now, irq);
		cp0_set_irq(&m->cpu, IRQ_SLOW, irq || dev_spim_tx_irq(m));
	}

	next = slowchip_next(chip);
	if (next != slow->next_ns) {
		slow->next_ns = next;
		slow->next_tick = next == SLOWCHIP_NEVER ? MACHINE_NEVER :
				  machine_tick_at(m, next);
		machine_due(m, slow->next_tick);
	}
}

void dev_slow_init(struct machine *m, uint32_t period_ns)
{
	struct dev_slow *slow = &m->slow;

	slow->chip.line.ring = &slow->line_byte;
	slow->chip.line.size = 1;
	slow->chip.board_period = period_ns < SLOWCHIP_PERIOD_MIN ?
				  SLOWCHIP_PERIOD_MIN : period_ns;
	slowchip_init(&slow->chip, 0);
	slow->next_ns = slowchip_next(&slow->chip);
	slow->next_tick = MACHINE_NEVER;
}

void dev_slow_event(struct machine *m)
{
	struct slowchip *chip = &m->slow.chip;
	struct seen before = look(chip);
	__u64 now = m->slow.next_ns;

	read_line(m, now);
	slowchip_advance(chip, now);
	feed_line(m, now);
	tell(m, &before, now);
}

uint32_t dev_slow_load(struct machine *m, uint32_t offset)
{
	struct slowchip *chip = &m->slow.chip;
	struct seen before = look(chip);
	__u64 now = machine_ns(m);
	uint32_t val = slowchip_read(chip, now, offset);

	stats_load(m, offset, val);
	if (offset == SLOWCHIP_DATA && val & SLOWCHIP_DATA_VALID) {
		note_read(m, now);
		timeline_byte(m, now, "read", chip->popped.n,
			      chip->popped.byte);
	}
	tell(m, &before, now);
	return val;
}

void dev_slow_store(struct machine *m, uint32_t offset, uint32_t val)
{
	struct slowchip *chip = &m->slow.chip;
	struct seen before = look(chip);
	__u64 now = machine_ns(m);

	stats_store(m, offset);
	slowchip_write(chip, now, offset, val);
	feed_line(m, now);
	tell(m, &before, now);
}

const char *dev_slow_name(uint32_t offset)
{
	static const char *const names[] = {
		[SLOWCHIP_ID / 4] = "ID", [SLOWCHIP_CTRL / 4] = "CTRL",
		[SLOWCHIP_STATUS / 4] = "STATUS", [SLOWCHIP_INT / 4] = "INT",
		[SLOWCHIP_INT_EN / 4] = "INT_EN", [SLOWCHIP_DATA / 4] = "DATA",
		[SLOWCHIP_PERIOD / 4] = "PERIOD", [SLOWCHIP_TRIG / 4] = "TRIG",
		[SLOWCHIP_RX_COUNT / 4] = "RX_COUNT",
		[SLOWCHIP_OVR_COUNT / 4] = "OVR_COUNT",
		[SLOWCHIP_TX_COUNT / 4] = "TX_COUNT",
		[SLOWCHIP_IRQ_COUNT / 4] = "IRQ_COUNT",
	};

	return names[offset / 4];
}

bool dev_slow_may_rise(const struct machine *m)
{
	return m->slow.chip.int_en && m->slow.next_tick != MACHINE_NEVER;
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return offsetof(struct dev_slow, line_in);
}

static void save(const struct machine *m, void *to)
{
	struct dev_slow *slow = to;

	memcpy(to, &m->slow, state_size(m));
	slow->chip.line.ring = NULL;	/* no state: where it is */
}

static void restore(struct machine *m, const void *from)
{
	memcpy(&m->slow, from, state_size(m));
	m->slow.chip.line.ring = &m->slow.line_byte;
}

const struct snapshot_part dev_slow_part = { state_size, save, restore };
