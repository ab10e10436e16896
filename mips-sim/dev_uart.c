// SPDX-License-Identifier: MIT
/*
 * The console UART. See dev_uart.h.
 *
 * The transmitter empties at once. Input comes in gulps: when the receiver is
 * empty, and has been for GAP_NS, it takes up to a FIFO of bytes, at most to
 * the end of a line, when the guest looks (reads LSR, IIR or RBR) or when it
 * waits for the receive interrupt. So a run depends on the bytes alone, not
 * on how fast somebody types, and a prompt is printed before its answer is
 * waited for. The line's settings (baud rate, parity, break) change nothing.
 */
#include <stddef.h>
#include <string.h>

#include "mips-sim/dev_uart.h"
#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"

#define GAP_NS		10000

enum uart_reg {
	UART_RBR_THR,		/* DLL while LCR.DLAB */
	UART_IER,		/* DLM while LCR.DLAB */
	UART_IIR_FCR,
	UART_LCR,
	UART_MCR,
	UART_LSR,
	UART_MSR,
	UART_SCR,
};

#define IER_RDI		0x01	/* received data */
#define IER_THRI	0x02	/* transmitter empty */
#define IER_RLSI	0x04	/* the line's status: overrun */
#define IER_BITS	0x0f
#define IIR_NONE	0x01
#define IIR_THRI	0x02
#define IIR_RDI		0x04
#define IIR_RLSI	0x06
#define IIR_TIMEOUT	0x0c	/* data below the trigger, and silence */
#define IIR_FIFOS	0xc0
#define FCR_ENABLE	0x01
#define FCR_CLEAR_RX	0x02
#define FCR_CLEAR_TX	0x04
#define LCR_DLAB	0x80
#define MCR_BITS	0x1f
#define MCR_OUT2	0x08	/* up after reset, as QEMU's */
#define MCR_LOOP	0x10
#define LSR_DR		0x01
#define LSR_OE		0x02	/* overrun: only the loop can be so fast */
#define LSR_EMPTY	0x60	/* holding register and shifter */
#define MSR_IDLE	0xb0	/* CTS, DSR and DCD are up */

static bool input_due(const struct machine *m)
{
	const struct dev_uart *uart = &m->uart;

	return uart->input && !uart->input->ended && !uart->rx_level &&
	       m->cpu.ticks >= uart->due_tick;
}

static unsigned int rx_size(const struct dev_uart *uart)
{
	return uart->fcr & FCR_ENABLE ? DEV_UART_FIFO : 1;
}

static void put_rx(struct dev_uart *uart, uint8_t byte)
{
	if (!(uart->fcr & FCR_ENABLE))
		uart->rbr = byte;
	uart->rx[(uart->rx_head + uart->rx_level++) % DEV_UART_FIFO] = byte;
}

static void take_input(struct machine *m)
{
	struct dev_uart *uart = &m->uart;
	int c = 0;

	if (!input_due(m))
		return;
	while (uart->rx_level < rx_size(uart) && c != '\n') {
		c = input_next(m, uart->input);
		if (c < 0)
			break;
		put_rx(uart, c);
	}
}

/* The reason for an interrupt, the most urgent one. */
static uint8_t iir(const struct dev_uart *uart)
{
	static const unsigned int triggers[] = { 1, 4, 8, 14 };
	unsigned int trigger = 1;

	if (uart->fcr & FCR_ENABLE)
		trigger = triggers[uart->fcr >> 6];
	if (uart->ier & IER_RLSI && uart->overrun)
		return IIR_RLSI;
	if (uart->ier & IER_RDI && uart->rx_level >= trigger)
		return IIR_RDI;
	/* nothing more comes before the receiver is empty: silence */
	if (uart->ier & IER_RDI && uart->rx_level)
		return IIR_TIMEOUT;
	if (uart->ier & IER_THRI && uart->thr_interrupt)
		return IIR_THRI;
	return IIR_NONE;
}

static void update(struct machine *m)
{
	cp0_set_irq(&m->cpu, IRQ_UART, iir(&m->uart) != IIR_NONE);
	machine_due(m, dev_uart_next(m));
}

/* The receiver is empty now: when does more come? */
static void emptied(struct machine *m)
{
	m->uart.rx_level = 0;
	m->uart.due_tick = machine_tick_at(m, machine_ns(m) + GAP_NS);
}

/* With nothing there an empty FIFO gives 0; a single register has the byte
 * still, which is only no longer a new one. */
static uint8_t peek_rbr(const struct dev_uart *uart)
{
	if (!(uart->fcr & FCR_ENABLE))
		return uart->rbr;
	return uart->rx_level ? uart->rx[uart->rx_head] : 0;
}

static uint8_t load_rbr(struct machine *m)
{
	struct dev_uart *uart = &m->uart;
	uint8_t val;

	take_input(m);
	val = peek_rbr(uart);
	if (!uart->rx_level)
		return val;
	uart->rx_head = (uart->rx_head + 1) % DEV_UART_FIFO;
	if (!--uart->rx_level)
		emptied(m);
	return val;
}

static uint8_t peek_iir(const struct dev_uart *uart)
{
	return uart->fcr & FCR_ENABLE ? iir(uart) | IIR_FIFOS : iir(uart);
}

static uint8_t load_iir(struct machine *m)
{
	struct dev_uart *uart = &m->uart;
	uint8_t val;

	take_input(m);
	val = peek_iir(uart);
	if (iir(uart) == IIR_THRI)
		uart->thr_interrupt = false;
	return val;
}

/* With MCR.LOOP the modem's outputs are its inputs. */
static uint8_t load_msr(const struct dev_uart *uart)
{
	uint8_t mcr = uart->mcr;

	if (!(mcr & MCR_LOOP))
		return MSR_IDLE;
	return (mcr & 0x0c) << 4 | (mcr & 0x02) << 3 | (mcr & 0x01) << 5;
}

uint8_t dev_uart_peek(const struct machine *m, uint32_t offset)
{
	const struct dev_uart *uart = &m->uart;
	bool dlab = uart->lcr & LCR_DLAB;

	switch ((enum uart_reg)offset) {
	case UART_RBR_THR:
		return dlab ? uart->dll : peek_rbr(uart);
	case UART_IER:
		return dlab ? uart->dlm : uart->ier;
	case UART_IIR_FCR:
		return peek_iir(uart);
	case UART_LCR:
		return uart->lcr;
	case UART_MCR:
		return uart->mcr;
	case UART_LSR:
		return LSR_EMPTY | (uart->rx_level ? LSR_DR : 0) |
		       (uart->overrun ? LSR_OE : 0);
	case UART_MSR:
		return load_msr(uart);
	case UART_SCR:
		return uart->scr;
	}
	return 0;
}

uint8_t dev_uart_load(struct machine *m, uint32_t offset)
{
	bool dlab = m->uart.lcr & LCR_DLAB;
	uint8_t val;

	if (offset == UART_RBR_THR && !dlab) {
		val = load_rbr(m);
	} else if (offset == UART_IIR_FCR) {
		val = load_iir(m);
	} else {
		if (offset == UART_LSR)
			take_input(m);
		val = dev_uart_peek(m, offset);
		if (offset == UART_LSR)
			m->uart.overrun = false;
	}
	update(m);
	return val;
}

/* When there is no room a FIFO loses the new byte, the single register the
 * old one. */
static void receive_own(struct dev_uart *uart, uint8_t val)
{
	if (uart->rx_level == rx_size(uart)) {
		uart->overrun = true;
		if (uart->fcr & FCR_ENABLE)
			return;
		uart->rx_level = 0;
	}
	put_rx(uart, val);
}

static void store_thr(struct machine *m, uint8_t val)
{
	struct dev_uart *uart = &m->uart;

	if (uart->mcr & MCR_LOOP) {
		receive_own(uart, val);
	} else {
		output_bytes(m, &m->standard_out, &val, 1);
	}
	uart->thr_interrupt = true;	/* empty again */
}

static void store_ier(struct dev_uart *uart, uint8_t val)
{
	if (val & ~uart->ier & IER_THRI)
		uart->thr_interrupt = true;	/* it is empty already */
	uart->ier = val & IER_BITS;
}

static void store_fcr(struct machine *m, uint8_t val)
{
	struct dev_uart *uart = &m->uart;
	bool both = (val ^ uart->fcr) & FCR_ENABLE;

	if (both || val & FCR_CLEAR_RX)
		uart->rx_level = 0;
	if (both || val & FCR_CLEAR_TX)
		uart->thr_interrupt = true;	/* emptied once more */
	uart->fcr = val & FCR_ENABLE ? val & 0xc9 : 0;
}

void dev_uart_store(struct machine *m, uint32_t offset, uint8_t val)
{
	struct dev_uart *uart = &m->uart;
	bool dlab = uart->lcr & LCR_DLAB;

	switch ((enum uart_reg)offset) {
	case UART_RBR_THR:
		if (dlab)
			uart->dll = val;
		else
			store_thr(m, val);
		break;
	case UART_IER:
		if (dlab)
			uart->dlm = val;
		else
			store_ier(uart, val);
		break;
	case UART_IIR_FCR:
		store_fcr(m, val);
		break;
	case UART_LCR:
		uart->lcr = val;
		break;
	case UART_MCR:
		uart->mcr = val & MCR_BITS;
		break;
	case UART_SCR:
		uart->scr = val;
		break;
	case UART_LSR:
	case UART_MSR:
		break;
	}
	update(m);
}

void dev_uart_init(struct machine *m, struct input *input)
{
	m->uart = (struct dev_uart){ .input = input, .dll = 12,
				     .mcr = MCR_OUT2 };
	emptied(m);
}

uint64_t dev_uart_next(const struct machine *m)
{
	const struct dev_uart *uart = &m->uart;

	if (!uart->input || uart->input->ended || uart->rx_level ||
	    !(uart->ier & IER_RDI))
		return MACHINE_NEVER;
	return uart->due_tick;
}

void dev_uart_event(struct machine *m)
{
	take_input(m);
	update(m);
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return offsetof(struct dev_uart, input);
}

static void save(const struct machine *m, void *to)
{
	memcpy(to, &m->uart, state_size(m));
}

static void restore(struct machine *m, const void *from)
{
	memcpy(&m->uart, from, state_size(m));
}

const struct snapshot_part dev_uart_part = { state_size, save, restore };
