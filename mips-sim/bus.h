/* SPDX-License-Identifier: MIT */
/*
 * The physical address map: RAM and three devices.
 *
 * Called by cpu.c for what is not plain RAM, within an instruction.
 */
#ifndef MIPS_SIM_BUS_H
#define MIPS_SIM_BUS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct machine;

#define BUS_SLOW	0x1f000000	/* the chip */
#define BUS_TEST	0x1f001000	/* the test device */
#define BUS_UART	0x1fd003f8	/* the UART */

#define BUS_RAM_MIB_MAX	(BUS_SLOW >> 20)	/* RAM ends below the chip */

enum bus_width {
	BUS_BYTE,
	BUS_HALF,
	BUS_WORD,
	BUS_PART,	/* of a word: lwl, lwr, swl, swr, ll, sc. RAM only */
};

/*
 * False: a bus error, and nothing has changed. @paddr is aligned to its width
 * (BUS_PART: to a word).
 */
bool bus_load(struct machine *m, uint32_t paddr, enum bus_width width,
	      uint32_t *val);
bool bus_store(struct machine *m, uint32_t paddr, enum bus_width width,
	       uint32_t val);

/*
 * The byte at @paddr as it would be read now, and nothing changes: for whoever
 * looks on. False: there is nothing.
 */
bool bus_peek(const struct machine *m, uint32_t paddr, uint8_t *val);

/* RAM at @paddr, or NULL when it does not hold @len bytes from there on. */
uint8_t *bus_ram(const struct machine *m, uint32_t paddr, uint32_t len);

/* What is where, on one line, for people. */
void bus_print_map(const struct machine *m, FILE *out);

#endif
