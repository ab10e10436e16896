// SPDX-License-Identifier: MIT
/*
 * Receive lines by interrupt, until an empty one, and say what they were;
 * find prime numbers meanwhile. The twin of line-poll.c.
 *
 * The interrupt side puts the line together, and the main program hears of it
 * when it is whole: once a line instead of once a byte. Between them is a
 * ring again, of lines: one is filled while another is printed.
 *
 * Try it by hand: mips-sim --line-in - build/guest/line-irq.elf
 */
#include "board.h"
#include "primes.h"

#define MOST	80		/* bytes of a line that are kept */
#define LINES	2		/* a power of two, so that indices may wrap */

static struct line {
	u8 text[MOST];
	u32 length;
} lines[LINES];

static volatile u32 lines_in;	/* whole lines; the interrupt side's */
static volatile u32 lines_out;	/* lines printed; the main program's */
static u32 lost;		/* bytes that came when all were whole */

static void put(u8 byte)
{
	struct line *line = &lines[lines_in % LINES];

	if (lines_in - lines_out == LINES)
		lost++;
	else if (byte == '\n')
		lines_in++;	/* after its bytes: now main may see it */
	else if (line->length < MOST)
		line->text[line->length++] = byte;
}

void isr(void)
{
	u32 data;

	while ((data = chip_read(SLOWCHIP_DATA)) & SLOWCHIP_DATA_VALID)
		put(data & SLOWCHIP_DATA_BYTE);
}

int main(void)
{
	struct primes primes = { 0, 0 };
	struct line *line;
	u32 i;

	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	irq_enable();
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);

	for (;;) {
		while (lines_in == lines_out)
			primes_step(&primes);
		line = &lines[lines_out % LINES];
		if (!line->length)
			break;
		put_decimal(line->length);
		put_string(" bytes: ");
		for (i = 0; i < line->length; i++)
			put_char(line->text[i]);
		put_char('\n');
		line->length = 0;
		lines_out++;	/* after that: now isr() may refill it */
	}

	irq_disable();
	primes_print(&primes);
	return lost != 0;
}
