// SPDX-License-Identifier: MIT
/*
 * Fuzz target: the ELF loader. The input is the file.
 *
 * It is refused in one line, or loaded into RAM with an entry that can be.
 */
#include <stdlib.h>

#include "mips-sim/elf.h"
#include "mips-sim/fuzz/board.h"

static struct machine machine;
static struct board_file file;

static void load(void *arg)
{
	struct machine *m = arg;

	elf_load(m, file.path);
	if (m->cpu.pc & 3 || m->cpu.pc >> 30 != 2)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	board_file(&file, data, size);
	board_on(&machine, ENGINE_STEP, 0, NULL, NULL);
	board_try(load, &machine);
	board_off(&machine);
	return 0;
}
