/* SPDX-License-Identifier: MIT */
/*
 * RAM as the guest has it: little-endian, at any address of the host.
 */
#ifndef MIPS_SIM_RAM_H
#define MIPS_SIM_RAM_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "mips-sim/bus.h"

/* An access's alignment, checked before all else. */
static inline bool aligned(uint32_t vaddr, enum bus_width width)
{
	switch (width) {
	case BUS_HALF:
		return !(vaddr & 1);
	case BUS_WORD:
		return !(vaddr & 3);
	default:
		return true;
	}
}

static inline uint32_t ram_load(const uint8_t *at, enum bus_width width)
{
	uint16_t half;
	uint32_t word;

	switch (width) {
	case BUS_BYTE:
		return *at;
	case BUS_HALF:
		memcpy(&half, at, sizeof(half));
		return le16toh(half);
	default:
		memcpy(&word, at, sizeof(word));
		return le32toh(word);
	}
}

static inline void ram_store(uint8_t *at, enum bus_width width, uint32_t val)
{
	uint16_t half = htole16(val);
	uint32_t word = htole32(val);

	switch (width) {
	case BUS_BYTE:
		*at = val;
		break;
	case BUS_HALF:
		memcpy(at, &half, sizeof(half));
		break;
	default:
		memcpy(at, &word, sizeof(word));
		break;
	}
}

#endif
