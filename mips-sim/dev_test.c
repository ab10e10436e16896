// SPDX-License-Identifier: MIT
/*
 * The test device: the shortest way out of a test program.
 */
#include "mips-sim/dev_test.h"
#include "mips-sim/machine.h"

void dev_test_store(struct machine *m, uint32_t offset, uint32_t val)
{
	uint8_t c = val;

	if (offset == DEV_TEST_PUTC)
		output_bytes(m, &m->standard_out, &c, 1);
	else
		machine_exit(m, val & 0xff);
}
