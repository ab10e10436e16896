// SPDX-License-Identifier: MIT
/*
 * The UART's registers, as QEMU's 16550A has them; what is received comes by
 * its loop (MCR.LOOP).
 *
 * The results are printed on the same UART: first all is done and noted, then
 * told. Left out is when a FIFO below its trigger interrupts: there QEMU lets
 * some time pass.
 */
#include "check.h"

#define UART	((volatile unsigned char *)UART_BASE)

enum reg { DATA, IER, IIR_FCR, LCR, MCR, LSR, MSR, SCR };

static const struct step {
	enum reg reg;
	unsigned char val;	/* to write, or what a read must give */
	const char *what;	/* said of a read; NULL: a write */
} steps[] = {
#define NULL		((void *)0)
#define SET(reg, val)	{ reg, val, NULL }
#define IS(reg, val, what) { reg, val, what }
#define SENT(n)	SET(DATA, n), SET(DATA, n + 1), SET(DATA, n + 2), \
		SET(DATA, n + 3)
#define CAME(n)	IS(DATA, n, "  in order"), IS(DATA, n + 1, "  in order"), \
		IS(DATA, n + 2, "  in order"), IS(DATA, n + 3, "  in order")
	IS(LSR, 0x60, "reset: LSR"),
	IS(IIR_FCR, 0x01, "reset: IIR"),
	IS(IER, 0x00, "reset: IER"),
	IS(LCR, 0x00, "reset: LCR"),
	IS(MCR, 0x08, "reset: MCR"),
	IS(MSR, 0xb0, "reset: MSR"),
	IS(SCR, 0x00, "reset: SCR"),
	SET(LCR, 0x80),
	IS(DATA, 12, "reset: the divisor"),
	IS(IER, 0, "  its upper half"),
	SET(LCR, 0x03),

	SET(MCR, 0xff),
	IS(MCR, 0x1f, "MCR has five bits"),
	IS(MSR, 0xf0, "MCR.LOOP: the outputs are the inputs"),
	SET(MCR, 0x12),
	IS(MSR, 0x10, "  RTS is CTS"),
	SET(MCR, 0x11),
	IS(MSR, 0x20, "  DTR is DSR"),
	SET(LSR, 0x00),
	IS(LSR, 0x60, "LSR cannot be written"),
	SET(MSR, 0x00),
	IS(MSR, 0x20, "nor MSR"),
	SET(IER, 0xff),
	IS(IER, 0x0f, "IER has four bits"),
	IS(IIR_FCR, 0x02, "IIR: the transmitter is empty"),
	IS(IIR_FCR, 0x01, "  told once"),
	SET(IER, 0x0f),
	IS(IIR_FCR, 0x01, "  nor by writing what IER has already"),
	SET(IER, 0x03),
	SET(DATA, 'z'),
	IS(IIR_FCR, 0x04, "received data comes before an empty transmitter"),
	IS(DATA, 'z', "  the byte"),
	IS(IIR_FCR, 0x02, "  then it is told"),
	SET(IER, 0x05),

	SET(DATA, 'a'),
	IS(LSR, 0x61, "without FIFO: a byte is there"),
	IS(IIR_FCR, 0x04, "  IIR: received data"),
	SET(DATA, 'b'),
	IS(IIR_FCR, 0x06, "a second one: IIR: the line's status"),
	IS(LSR, 0x63, "  LSR: overrun"),
	IS(LSR, 0x61, "  told once"),
	IS(IIR_FCR, 0x04, "  IIR: received data again"),
	IS(DATA, 'b', "  the second one is there"),
	IS(LSR, 0x60, "  and no other"),

	SET(IIR_FCR, 0x01),
	IS(IIR_FCR, 0xc1, "FIFOs on: IIR says so"),
	SENT(0), SENT(4), SENT(8), SENT(12),
	IS(LSR, 0x61, "16 bytes fit"),
	SET(DATA, 16),
	IS(LSR, 0x63, "the 17th is an overrun"),
	CAME(0), CAME(4), CAME(8),
	IS(DATA, 12, "  in order"), IS(DATA, 13, "  in order"),
	IS(DATA, 14, "  in order"),
	IS(LSR, 0x61, "  one is left"),
	IS(DATA, 15, "  the last"),
	IS(LSR, 0x60, "  none is left"),
	IS(DATA, 0, "  DATA gives 0"),

	SET(IER, 0x00),
	SET(DATA, 'x'), SET(DATA, 'y'),
	SET(IIR_FCR, 0x03),
	IS(LSR, 0x60, "FCR empties the FIFO"),
	SET(DATA, 'x'),
	SET(IIR_FCR, 0x00),
	IS(LSR, 0x60, "to switch it off, too"),
	IS(IIR_FCR, 0x01, "FIFOs off: IIR says so"),

	SET(IER, 0x02),
	IS(IIR_FCR, 0x02, "the transmitter is empty, told"),
	SET(IIR_FCR, 0x02),
	IS(IIR_FCR, 0x01, "FCR: to empty the receiver tells it not again"),
	SET(IIR_FCR, 0x04),
	IS(IIR_FCR, 0x02, "  to empty the transmitter does"),
	IS(IIR_FCR, 0x01, "  once"),
	SET(IIR_FCR, 0x01),
	IS(IIR_FCR, 0xc2, "  as does to switch the FIFOs on"),
	SET(IIR_FCR, 0x03),
	IS(IIR_FCR, 0xc1, "  not to empty the receiver's"),
	SET(IIR_FCR, 0x01),
	IS(IIR_FCR, 0xc1, "  nor to leave them on"),
	SET(IIR_FCR, 0x05),
	IS(IIR_FCR, 0xc2, "  to empty the transmitter's does"),
	SET(IIR_FCR, 0x00),
	IS(IIR_FCR, 0x02, "  and to switch them off"),
	SET(IIR_FCR, 0x04),
	SET(IER, 0x00),
	IS(IIR_FCR, 0x01, "  unless IER has it not"),
	SET(MCR, 0x12),
	SET(DATA, 'p'), SET(DATA, 'q'),
	IS(DATA, 'q', "FIFOs off: the byte, read"),
	IS(LSR, 0x62, "  is there no more"),
	IS(DATA, 'q', "  but read again it is the same"),
	SET(IIR_FCR, 0x02),
	IS(DATA, 'q', "  and when FCR has emptied the receiver"),
	SET(IIR_FCR, 0x01),
	IS(DATA, 0, "FIFOs on: an empty one gives 0"),
	SET(DATA, 'r'),
	IS(DATA, 'r', "  a byte"),
	IS(DATA, 0, "  once"),
	SET(DATA, 's'),
	SET(IIR_FCR, 0x00),
	IS(DATA, 'q', "FIFOs off: still the last that came without them"),
	SET(DATA, 't'),
	SET(IIR_FCR, 0x02),
	IS(LSR, 0x60, "a byte that FCR takes away unread"),
	IS(DATA, 't', "  is read all the same"),
	SET(SCR, 0x5a),
	IS(SCR, 0x5a, "SCR holds a byte"),
	SET(MCR, 0x08),
};

#define STEPS	(sizeof(steps) / sizeof(steps[0]))

int main(void)
{
	unsigned char got[STEPS];
	const struct step *step;
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		step = &steps[i];
		if (step->what)
			got[i] = UART[step->reg];
		else
			UART[step->reg] = step->val;
	}
	for (i = 0; i < STEPS; i++)
		if (steps[i].what)
			ok(got[i] == steps[i].val, steps[i].what);
	return done();
}

void isr(void)
{
}
