// SPDX-License-Identifier: MIT
/*
 * The names of a program's addresses. See symbols.h.
 *
 * The whole file is read. Nothing in it is believed: offsets and sizes are
 * checked against it, in 64 bits, where 32-bit sums do not wrap.
 */
#include <elf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/files.h"
#include "mips-sim/symbols.h"

#define FILE_MAX	(64u << 20)	/* bytes; no program for us is larger */
#define NAME_LEN_MAX	255		/* a longer one is none */

struct symbols {
	char *file;
	size_t size;
	struct symbol *list;	/* in order of addresses */
	size_t count;
};

/* ---- the file ----------------------------------------------------------- */

static void read_file(struct symbols *s, const char *path)
{
	FILE *in = fopen(path, "re");
	long size;

	if (!in)
		return;
	if (fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) > 0 &&
	    size <= FILE_MAX && fseek(in, 0, SEEK_SET) == 0) {
		s->file = malloc(size + 1);
		if (s->file)
			s->size = fread(s->file, 1, size, in);
	}
	fclose(in);
}

/* @len bytes at @offset, when the file has them. */
static const void *at(const struct symbols *s, uint64_t offset, uint64_t len)
{
	return offset + len <= s->size ? s->file + offset : NULL;
}

static bool section(const struct symbols *s, unsigned int i, Elf32_Shdr *to)
{
	const Elf32_Ehdr *e = at(s, 0, sizeof(*e));
	const void *from;

	if (!e || i >= le16toh(e->e_shnum) ||
	    le16toh(e->e_shentsize) != sizeof(*to))
		return false;
	from = at(s, le32toh(e->e_shoff) + i * (uint64_t)sizeof(*to),
		  sizeof(*to));
	if (from)
		memcpy(to, from, sizeof(*to));
	return from;
}

/* A string of the table in section @table; NULL: it is not there. */
static const char *string(const struct symbols *s, unsigned int table,
			  uint32_t offset)
{
	Elf32_Shdr sh;

	if (!section(s, table, &sh) || le32toh(sh.sh_type) != SHT_STRTAB ||
	    offset >= le32toh(sh.sh_size) ||
	    !at(s, le32toh(sh.sh_offset), le32toh(sh.sh_size)))
		return NULL;
	/* one that goes on behind the table ends where the file does */
	return s->file + le32toh(sh.sh_offset) + offset;
}

/* ---- names -------------------------------------------------------------- */

/* What could be printed without harm, and says something. */
static bool printable(const char *name)
{
	unsigned int i;

	if (!name || !*name)
		return false;
	for (i = 0; name[i]; i++)
		if (i == NAME_LEN_MAX || name[i] <= ' ' || name[i] > '~' ||
		    name[i] == '"' || name[i] == '\\')
			return false;
	return true;
}

/* Code goes on to the next name (cut() below), a variable is as long as it
 * says, both end with their section. */
static void add(struct symbols *s, const Elf32_Sym *sym, unsigned int strings)
{
	const char *name = string(s, strings, le32toh(sym->st_name));
	unsigned int type = ELF32_ST_TYPE(sym->st_info);
	uint32_t from = le32toh(sym->st_value);
	uint32_t size = le32toh(sym->st_size);
	Elf32_Shdr sh;
	uint32_t left;
	bool code;

	if ((type != STT_NOTYPE && type != STT_FUNC && type != STT_OBJECT) ||
	    !printable(name) || le16toh(sym->st_shndx) >= SHN_LORESERVE ||
	    !section(s, le16toh(sym->st_shndx), &sh))
		return;
	code = le32toh(sh.sh_flags) & SHF_EXECINSTR;
	left = le32toh(sh.sh_addr) + le32toh(sh.sh_size) - from;
	if (!left || left > le32toh(sh.sh_size) ||
	    (!code && (type != STT_OBJECT || !size)))
		return;
	if (!code && size < left)
		left = size;
	if (from + left < from)		/* to the end of all addresses */
		return;
	s->list[s->count++] = (struct symbol){
		.at = from, .end = from + left, .name = name, .code = code,
		.rank = 2 * (type == STT_NOTYPE) +
			(ELF32_ST_BIND(sym->st_info) == STB_LOCAL),
	};
}

static void add_table(struct symbols *s, const Elf32_Shdr *sh)
{
	uint32_t count = le32toh(sh->sh_size) / sizeof(Elf32_Sym);
	const char *from = at(s, le32toh(sh->sh_offset), le32toh(sh->sh_size));
	Elf32_Sym sym;
	uint32_t i;

	if (!from || s->list)
		return;
	s->list = calloc(count + 1, sizeof(*s->list));
	for (i = 0; s->list && i < count; i++) {
		memcpy(&sym, from + i * sizeof(sym), sizeof(sym));
		add(s, &sym, le32toh(sh->sh_link));
	}
}

/* The best of one address is the last of them. */
static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return strcmp(y->name, x->name);	/* the same one in each run */
}

/* None goes on behind the next one's begin. */
static void cut(struct symbols *s)
{
	uint32_t next = UINT32_MAX;	/* the first begin behind this one's */
	size_t i;

	for (i = s->count; i--;) {
		if (i + 1 < s->count && s->list[i + 1].at != s->list[i].at)
			next = s->list[i + 1].at;
		if (s->list[i].end > next)
			s->list[i].end = next;
	}
}

struct symbols *symbols_load(const char *path)
{
	struct symbols *s = calloc(1, sizeof(*s));
	Elf32_Shdr sh;
	unsigned int i;

	if (!s)
		die("no memory for the program's symbols");
	read_file(s, path);
	if (s->file)
		s->file[s->size] = '\0';
	for (i = 0; section(s, i, &sh); i++)
		if (le32toh(sh.sh_type) == SHT_SYMTAB)
			add_table(s, &sh);
	if (s->list) {
		qsort(s->list, s->count, sizeof(*s->list), by_address);
		cut(s);
	}
	return s;
}

void symbols_free(struct symbols *s)
{
	free(s->list);
	free(s->file);
	free(s);
}

/* ---- looking up --------------------------------------------------------- */

const struct symbol *symbols_at(const struct symbols *s, uint32_t vaddr)
{
	size_t low = 0, high = s->count, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (s->list[middle].at <= vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || vaddr >= s->list[low - 1].end)
		return NULL;
	return &s->list[low - 1];
}

const struct symbol *symbols_named(const struct symbols *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (strcmp(s->list[i].name, name) == 0)
			return &s->list[i];
	return NULL;
}

const struct symbol *symbols_get(const struct symbols *s, size_t index)
{
	return index < s->count ? &s->list[index] : NULL;
}

size_t symbols_index(const struct symbols *s, const struct symbol *symbol)
{
	return symbol - s->list;
}

bool symbols_text(const struct symbols *s, uint32_t vaddr,
		  char text[SYMBOLS_TEXT_MAX])
{
	const struct symbol *symbol = symbols_at(s, vaddr);

	if (!symbol)
		return false;
	if (vaddr == symbol->at)
		snprintf(text, SYMBOLS_TEXT_MAX, "%.60s", symbol->name);
	else
		snprintf(text, SYMBOLS_TEXT_MAX, "%.60s+0x%x", symbol->name,
			 vaddr - symbol->at);
	return true;
}
