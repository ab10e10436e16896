// SPDX-License-Identifier: MIT
/*
 * Instructions by class and by function. See profile.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/decode.h"
#include "mips-sim/machine.h"
#include "mips-sim/profile.h"
#include "mips-sim/ram.h"
#include "mips-sim/snapshot.h"

/* What the counters of a block stand for. */
struct counted {
	struct counted *next;
	uint32_t pc;
	uint32_t insns;
	bool likely;		/* the last is the slot of a branch likely */
	uint8_t classes[BLOCK_INSNS + 1];
	uint64_t counts[BLOCK_INSNS + 2];
};

struct profile {
	const struct symbols *symbols;
	struct counted *blocks;		/* not gathered */
	uint64_t classes[INSN_CLASSES];
	uint64_t *functions;		/* by symbols_index() */
	size_t functions_count;
	uint64_t elsewhere;
	/* the function counted last, and its counter */
	uint32_t first;
	uint32_t last;
	uint64_t *counter;
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		die("no memory for the statistics");
	return memory;
}

struct profile *profile_new(const struct symbols *symbols)
{
	struct profile *p = allocate(1, sizeof(*p));

	p->symbols = symbols;
	while (symbols_get(symbols, p->functions_count))
		p->functions_count++;
	p->functions = allocate(p->functions_count + 1,
				sizeof(*p->functions));
	p->first = 1;	/* to 0: none */
	return p;
}

void profile_free(struct profile *p)
{
	profile_gather(p);
	free(p->functions);
	free(p);
}

/* ---- counting ----------------------------------------------------------- */

static void count(struct profile *p, uint32_t pc, unsigned int class,
		  uint64_t times)
{
	const struct symbol *symbol;

	p->classes[class] += times;
	if (pc < p->first || pc > p->last) {
		symbol = symbols_at(p->symbols, pc);
		p->first = symbol ? symbol->at : pc;
		p->last = symbol ? symbol->end - 1 : pc;
		p->counter = symbol ? &p->functions[symbols_index(p->symbols,
								  symbol)] :
			     &p->elsewhere;
	}
	*p->counter += times;
}

void profile_step(struct profile *p, const struct cpu *cpu)
{
	count(p, cpu->at, cpu->fetch_failed ? CLASS_NONE :
	      insn_class(decode(cpu->word)), 1);
}

uint64_t *profile_block(struct profile *p)
{
	struct counted *block = allocate(1, sizeof(*block));

	block->next = p->blocks;
	p->blocks = block;
	return block->counts;
}

void profile_made(struct profile *p, const struct block *block,
		  const uint8_t *code)
{
	struct counted *counted = p->blocks;
	const struct insn *insn;
	uint32_t i;

	counted->pc = block->pc;
	counted->insns = block->words;
	for (i = 0; i < block->words; i++) {
		insn = decode(ram_load(code + 4 * i, BUS_WORD));
		counted->classes[i] = insn_class(insn);
		/* one that only cpu_step() runs is the last */
		if (insn->kind == KIND_LIKELY && i + 1 < block->words)
			counted->likely = true;
	}
}

static void gather(struct profile *p, const struct counted *block)
{
	uint64_t times = 0;
	uint32_t i;

	for (i = 0; i < block->insns; i++) {
		if (block->likely && i + 1 == block->insns)
			times = 0;
		times += block->counts[i];
		if (times)
			count(p, block->pc + 4 * i, block->classes[i], times);
	}
}

void profile_gather(struct profile *p)
{
	struct counted *block;

	while ((block = p->blocks)) {
		p->blocks = block->next;
		gather(p, block);
		free(block);
	}
}

/* ---- telling ------------------------------------------------------------ */

bool profile_same(const struct profile *a, const struct profile *b)
{
	return memcmp(a->classes, b->classes, sizeof(a->classes)) == 0 &&
	       memcmp(a->functions, b->functions, a->functions_count *
		      sizeof(*a->functions)) == 0 &&
	       a->elsewhere == b->elsewhere;
}

struct row {
	const char *name;
	uint64_t count;
};

static int by_name(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	return strcmp(x->name, y->name);
}

static int by_count(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Several files can have a function of one name: they are one row. */
static size_t merge(struct row *rows, size_t n)
{
	size_t i, to = 0;

	qsort(rows, n, sizeof(*rows), by_name);
	for (i = 0; i < n; i++) {
		if (to && strcmp(rows[to - 1].name, rows[i].name) == 0)
			rows[to - 1].count += rows[i].count;
		else
			rows[to++] = rows[i];
	}
	return to;
}

/* The most first; nothing of what was never counted. */
static void print_rows(struct machine *m, struct output *out,
		       struct row *rows, size_t n)
{
	size_t i;

	qsort(rows, n, sizeof(*rows), by_count);
	for (i = 0; i < n && rows[i].count; i++)
		output_print(m, out, "%s\n  \"%s\": %" PRIu64, i ? "," : "",
			     rows[i].name, rows[i].count);
	output_print(m, out, "}");
}

void profile_print(struct machine *m, struct output *out)
{
	const struct profile *p = m->profile;
	size_t n = p->functions_count + 1;
	struct row classes[INSN_CLASSES];
	struct row *rows = allocate(n, sizeof(*rows));
	size_t i;

	profile_gather(m->profile);
	for (i = 0; i < INSN_CLASSES; i++)
		classes[i] = (struct row){ insn_class_names[i],
					   p->classes[i] };
	output_print(m, out, " \"classes\": {");
	print_rows(m, out, classes, INSN_CLASSES);

	for (i = 0; i < p->functions_count; i++)
		rows[i] = (struct row){ symbols_get(p->symbols, i)->name,
					p->functions[i] };
	rows[i] = (struct row){ "-", p->elsewhere };
	output_print(m, out, ",\n \"symbols\": {");
	print_rows(m, out, rows, merge(rows, n));
	free(rows);
}

/* ---- snapshots ----------------------------------------------------------- */

/* Blocks are not counted: who takes snapshots steps. */
struct saved {
	uint64_t classes[INSN_CLASSES];
	uint64_t elsewhere;
	uint64_t functions[];
};

static size_t functions_size(const struct profile *p)
{
	return p->functions_count * sizeof(*p->functions);
}

static size_t state_size(const struct machine *m)
{
	return m->profile ? sizeof(struct saved) + functions_size(m->profile) :
			    0;
}

static void save(const struct machine *m, void *to)
{
	const struct profile *p = m->profile;
	struct saved *saved = to;

	if (!p)
		return;
	memcpy(saved->classes, p->classes, sizeof(p->classes));
	saved->elsewhere = p->elsewhere;
	memcpy(saved->functions, p->functions, functions_size(p));
}

static void restore(struct machine *m, const void *from)
{
	struct profile *p = m->profile;
	const struct saved *saved = from;

	if (!p)
		return;
	memcpy(p->classes, saved->classes, sizeof(p->classes));
	p->elsewhere = saved->elsewhere;
	memcpy(p->functions, saved->functions, functions_size(p));
}

const struct snapshot_part profile_part = { state_size, save, restore };
