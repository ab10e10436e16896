// SPDX-License-Identifier: MIT
/*
 * Fuzz target: the ELF loader, and what reads the symbols. The input is the
 * file.
 *
 * It is refused in one line, or loaded into RAM with an entry that can be. Of
 * the symbols each is found where it says it is, by an address of its own.
 */
#include <stdlib.h>

#include "mips-sim/elf.h"
#include "mips-sim/fuzz/board.h"
#include "mips-sim/symbols.h"

static struct machine machine;
static struct board_file file;

static void load(void *arg)
{
	struct machine *m = arg;

	elf_load(m, file.path);
	if (m->cpu.pc & 3 || m->cpu.pc >> 30 != 2)
		abort();
}

static void name(void)
{
	struct symbols *symbols = symbols_load(file.path);
	const struct symbol *symbol, *found;
	char text[SYMBOLS_TEXT_MAX];
	size_t i;

	for (i = 0; (symbol = symbols_get(symbols, i)); i++) {
		found = symbols_at(symbols, symbol->at);
		if (!found || found->at != symbol->at ||
		    symbol->end <= symbol->at ||
		    symbols_index(symbols, symbol) != i ||
		    !symbols_text(symbols, symbol->at, text) || !*text ||
		    !symbols_named(symbols, symbol->name))
			abort();
	}
	symbols_free(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	board_file(&file, data, size);
	board_on(&machine, ENGINE_STEP, 0, NULL, NULL);
	board_try(load, &machine);
	board_off(&machine);
	name();
	return 0;
}
