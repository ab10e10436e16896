// SPDX-License-Identifier: MIT
/*
 * disasm() for test_disasm.py: the words on standard input, one a line.
 *
 * usage: disasm ADDRESS [ELF]
 *
 * ADDRESS is the first word's; ELF has the symbols.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mips-sim/disasm.h"
#include "mips-sim/ram.h"
#include "mips-sim/symbols.h"

int main(int argc, char **argv)
{
	struct symbols *symbols = NULL;
	char text[DISASM_MAX];
	uint8_t word[4];
	uint32_t at;

	if (argc < 2 || argc > 3)
		return 2;
	at = strtoul(argv[1], NULL, 16);
	if (argc == 3)
		symbols = symbols_load(argv[2]);
	for (; fread(word, sizeof(word), 1, stdin) == 1; at += sizeof(word)) {
		disasm(symbols, at, ram_load(word, BUS_WORD), text);
		puts(text);
	}
	if (symbols)
		symbols_free(symbols);
	return ferror(stdin) || fflush(stdout) != 0;
}
