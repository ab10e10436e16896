// SPDX-License-Identifier: MIT
/*
 * The frame around ladder-poll.S and ladder-irq.S: run, check, print.
 *
 * The line must carry counter bytes (0, 1, ... 255, 0, ...). Prints a first
 * line for people, then `start T` (the tick at which the line was started)
 * and for each byte `tick T`: the tick of the first instruction that had it.
 * Ticks are instructions since reset, `wait` included, modulo 2^32. With
 * `--clock-mhz 1000` a tick is a nanosecond, and the timeline's `arrive`
 * events are on the same clock. Status 0 when no byte was lost or wrong.
 */
#include "board.h"
#include "ladder.h"

static u32 ticks[LADDER_BYTES];
static u8 bytes[LADDER_BYTES];

static void put_line(const char *word, u32 value)
{
	put_string(word);
	put_decimal(value);
	put_char('\n');
}

int main(void)
{
	u32 start = ladder_run(ticks, bytes);
	u32 lost = chip_read(SLOWCHIP_OVR_COUNT);
	u32 wrong = 0;
	u32 n;

	for (n = 0; n < LADDER_BYTES; n++)
		wrong += bytes[n] != (n & 0xff);

	put_decimal(LADDER_BYTES);
	put_string(" bytes, ");
	put_decimal(lost);
	put_string(" lost, ");
	put_decimal(wrong);
	put_string(" wrong\n");
	put_line("start ", start);
	for (n = 0; n < LADDER_BYTES; n++)
		put_line("tick ", ticks[n]);
	return lost || wrong;
}
