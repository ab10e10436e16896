/* SPDX-License-Identifier: MIT */
/*
 * The host of the chip: its time, its line, its interrupt.
 *
 * bus.c hands it the accesses, machine.c the time between instructions. The
 * chip itself is chip/slowchip.c.
 */
#ifndef MIPS_SIM_DEV_SLOW_H
#define MIPS_SIM_DEV_SLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "chip/slowchip.h"
#include "mips-sim/files.h"

struct machine;

#define DEV_SLOW_SIZE	SLOWCHIP_REG_END

struct dev_slow {
	struct slowchip chip;
	__u8 line_byte;			/* the one byte on the line */
	bool line_unread;		/* which it is, is still to be read */
	__u64 next_ns;			/* chip's next event, and its tick */
	uint64_t next_tick;

	/* when each byte in the RX FIFO arrived, in instructions and in ns */
	uint64_t arrived_insns[SLOWCHIP_FIFO_SIZE];
	uint64_t arrived_ns[SLOWCHIP_FIFO_SIZE];
	unsigned int arrived_head;
	unsigned int arrived_count;

	/* all above is its state, which snapshots keep */
	struct input *line_in;		/* NULL: the line is quiet */
	struct output line_out;
};

/* Power on; line_in and line_out are open. @period_ns: PERIOD's reset value. */
void dev_slow_init(struct machine *m, uint32_t period_ns);
uint32_t dev_slow_load(struct machine *m, uint32_t offset);
void dev_slow_store(struct machine *m, uint32_t offset, uint32_t val);
/* The register at @offset, below DEV_SLOW_SIZE, in capitals. */
const char *dev_slow_name(uint32_t offset);
/* The chip's next event is due: let it happen. */
void dev_slow_event(struct machine *m);
/* Can the chip raise its line by itself? */
bool dev_slow_may_rise(const struct machine *m);

#endif
