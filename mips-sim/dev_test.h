/* SPDX-License-Identifier: MIT */
/*
 * The test device: print a character, end the run. Reads give 0 (bus.c).
 */
#ifndef MIPS_SIM_DEV_TEST_H
#define MIPS_SIM_DEV_TEST_H

#include <stdint.h>

struct machine;

#define DEV_TEST_PUTC	0
#define DEV_TEST_EXIT	4
#define DEV_TEST_SIZE	8

void dev_test_store(struct machine *m, uint32_t offset, uint32_t val);

#endif
