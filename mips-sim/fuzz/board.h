/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: a board that can be built again and again, and
 * a die() that comes back.
 */
#ifndef FUZZ_BOARD_H
#define FUZZ_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "mips-sim/machine.h"

#define BOARD_RAM	(1u << 20)	/* as little as --ram-mib lets one have */
#define BOARD_LINE_NS	1000		/* the chip's time for a byte: the least */

/*
 * Power on: RAM all zero, the files @line and @console (NULL: none) at chip
 * and UART, outputs to nowhere. *@m is all zero or has been a board before; the
 * engine's room, if any, is used again.
 */
void board_on(struct machine *m, enum engine engine, uint64_t max_insns,
	      const char *line, const char *console);
/* What it had of the host's is given back, but for RAM and engine. */
void board_off(struct machine *m);

/* Run @what, which may die(): false then, and files that it has left open are
 * closed. */
bool board_try(void (*what)(void *arg), void *arg);

/* A file of this process that holds the bytes; its name for open(). */
struct board_file {
	int fd;
	char path[32];
};

void board_file(struct board_file *file, const uint8_t *bytes, size_t len);

#endif
