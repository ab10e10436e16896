// SPDX-License-Identifier: MIT
/*
 * SPIM's console. See dev_spim.h.
 *
 * As in SPIM sending a byte keeps the transmitter busy for 10,000
 * instructions, and what is written meanwhile is ignored. The keyboard's next
 * byte is there 10,000 ticks after the one before was read; like the UART's
 * input it is taken when the guest looks or when it waits for the interrupt,
 * so a run depends on the bytes alone.
 */
#include <stddef.h>
#include <string.h>

#include "mips-sim/dev_spim.h"
#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"

#define BYTE_TICKS	10000

enum spim_reg {
	SPIM_RX_CONTROL = 0,
	SPIM_RX_DATA = 4,
	SPIM_TX_CONTROL = 8,
	SPIM_TX_DATA = 12,
};

#define CONTROL_READY	1
#define CONTROL_IE	2

bool dev_spim_tx_irq(const struct machine *m)
{
	return m->spim.tx_enabled && !m->spim.tx_busy;
}

static void update(struct machine *m)
{
	const struct dev_spim *spim = &m->spim;

	cp0_set_irq(&m->cpu, IRQ_SPIM, spim->rx_ready && spim->rx_enabled);
	/* the chip has this line, too */
	cp0_set_irq(&m->cpu, IRQ_SLOW, dev_spim_tx_irq(m) ||
		    slowchip_irq(&m->slow.chip));
	machine_due(m, dev_spim_next(m));
}

static void take_input(struct machine *m)
{
	struct dev_spim *spim = &m->spim;
	int c;

	if (spim->rx_ready || m->cpu.ticks < spim->rx_tick)
		return;
	c = input_next(m, spim->input);
	if (c < 0)
		return;
	spim->rx_byte = c;
	spim->rx_ready = true;
}

static uint32_t value(const struct dev_spim *spim, enum spim_reg reg)
{
	switch (reg) {
	case SPIM_RX_CONTROL:
		return (spim->rx_ready ? CONTROL_READY : 0) |
		       (spim->rx_enabled ? CONTROL_IE : 0);
	case SPIM_RX_DATA:
		return spim->rx_byte;
	case SPIM_TX_CONTROL:
		return (spim->tx_busy ? 0 : CONTROL_READY) |
		       (spim->tx_enabled ? CONTROL_IE : 0);
	default:
		return spim->tx_byte;
	}
}

uint8_t dev_spim_peek(const struct machine *m, uint32_t vaddr)
{
	return value(&m->spim, vaddr & 12) >> 8 * (vaddr & 3);
}

uint32_t dev_spim_load(struct machine *m, uint32_t vaddr)
{
	struct dev_spim *spim = &m->spim;
	enum spim_reg reg = vaddr & 12;
	uint32_t val;

	if (reg == SPIM_RX_CONTROL)
		take_input(m);
	val = value(spim, reg) >> 8 * (vaddr & 3);
	if (reg == SPIM_RX_DATA && spim->rx_ready) {
		spim->rx_ready = false;
		spim->rx_tick = m->cpu.ticks + BYTE_TICKS;
	}
	update(m);
	return val;
}

static void send(struct machine *m, uint8_t byte)
{
	struct dev_spim *spim = &m->spim;

	if (spim->tx_busy)
		return;
	spim->tx_byte = byte;
	output_bytes(m, &m->standard_out, &byte, 1);
	spim->tx_busy = true;
	spim->tx_tick = m->cpu.ticks + BYTE_TICKS;
}

void dev_spim_store(struct machine *m, uint32_t vaddr, uint32_t val)
{
	switch (vaddr & 15) {
	case SPIM_RX_CONTROL:
		m->spim.rx_enabled = val & CONTROL_IE;
		break;
	case SPIM_TX_CONTROL:
		m->spim.tx_enabled = val & CONTROL_IE;
		break;
	case SPIM_TX_DATA:
		send(m, val);
		break;
	}
	update(m);
}

void dev_spim_init(struct machine *m, struct input *input)
{
	m->spim = (struct dev_spim){ .on = true, .input = input,
				     .rx_tick = BYTE_TICKS };
}

bool dev_spim_at(const struct machine *m, uint32_t vaddr)
{
	return vaddr - DEV_SPIM_VADDR < DEV_SPIM_SIZE && m->spim.on;
}

bool dev_spim_rx_may_rise(const struct machine *m)
{
	const struct dev_spim *spim = &m->spim;

	return spim->rx_enabled && !spim->rx_ready && spim->input &&
	       !spim->input->ended;
}

bool dev_spim_tx_may_rise(const struct machine *m)
{
	return m->spim.tx_enabled && m->spim.tx_busy;
}

uint64_t dev_spim_next(const struct machine *m)
{
	const struct dev_spim *spim = &m->spim;
	uint64_t next = MACHINE_NEVER;

	if (dev_spim_rx_may_rise(m))
		next = spim->rx_tick;
	if (spim->tx_busy && spim->tx_tick < next)
		next = spim->tx_tick;
	return next;
}

void dev_spim_event(struct machine *m)
{
	if (m->spim.tx_busy && m->spim.tx_tick <= m->cpu.ticks)
		m->spim.tx_busy = false;
	else
		take_input(m);
	update(m);
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return offsetof(struct dev_spim, on);
}

static void save(const struct machine *m, void *to)
{
	memcpy(to, &m->spim, state_size(m));
}

static void restore(struct machine *m, const void *from)
{
	memcpy(&m->spim, from, state_size(m));
}

const struct snapshot_part dev_spim_part = { state_size, save, restore };
