/* SPDX-License-Identifier: MIT */
/*
 * The names of a program's addresses: its functions and labels, its variables.
 *
 * From the ELF file's symbol table, and of whatever may be wrong with that no
 * more than fewer names.
 */
#ifndef MIPS_SIM_SYMBOLS_H
#define MIPS_SIM_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

struct symbol {
	uint32_t at;
	uint32_t end;		/* the first address behind it */
	const char *name;	/* in the file */
	bool code;
	unsigned int rank;	/* of several at one address the lowest wins */
};

/* Never NULL; without names when the file at @path has none. */
struct symbols *symbols_load(const char *path);
void symbols_free(struct symbols *symbols);

/* The function, label or variable that @vaddr is in; NULL: in none. */
const struct symbol *symbols_at(const struct symbols *symbols, uint32_t vaddr);
/* The one of that name, or NULL. */
const struct symbol *symbols_named(const struct symbols *symbols,
				   const char *name);
/* All, in order of addresses: @index from 0; NULL: there are no more. */
const struct symbol *symbols_get(const struct symbols *symbols, size_t index);
size_t symbols_index(const struct symbols *symbols,
		     const struct symbol *symbol);

#define SYMBOLS_TEXT_MAX	80

/* "name" or "name+0x1c", a long name cut short. False: @vaddr has none. */
bool symbols_text(const struct symbols *symbols, uint32_t vaddr,
		  char text[SYMBOLS_TEXT_MAX]);

#endif
