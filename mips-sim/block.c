// SPDX-License-Identifier: MIT
/*
 * The block engine's cache: finding blocks, chaining them, forgetting them.
 * See block.h.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/jit.h"
#include "mips-sim/machine.h"

#define CHAINS		(1u << 14)
#define ROOM		(16u << 20)	/* bytes of blocks */
/* Bounds the time until a signal is seen: ticks without a look around. */
#define TURN		(1u << 20)

struct block_cache {
	struct jit *jit;		/* NULL: block_ops.c runs all */
	struct block *chains[CHAINS];
	size_t used;		/* of room */
	uint8_t *code_words;	/* a bit for each word of RAM */
	uint8_t room[];
};

struct block block_none = { .insns = BLOCK_STALE, .pc = BLOCK_NO_PC };

static struct block **chain(struct block_cache *cache, uint32_t paddr)
{
	return &cache->chains[(paddr >> 2) % CHAINS];
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		die("no memory for the block engine");
	return memory;
}

/* ---- forgetting -------------------------------------------------------- */

void block_mode_changed(struct cpu *cpu)
{
	unsigned int i;

	page_flush(cpu);
	cpu->block.exit = NULL;
	cpu->block.stopped = &block_none;
	cpu->block.stopped_pc = BLOCK_NO_PC;
	for (i = 0; i < BLOCK_JUMPS; i++)
		cpu->block.jumps[i] = &block_none;
}

/* The room is full. No block runs now. */
static void forget_all(struct cpu *cpu)
{
	struct block_cache *cache = cpu->block.cache;
	uint32_t page;

	memset(cache->chains, 0, sizeof(cache->chains));
	cache->used = 0;
	if (cache->jit)
		jit_forget(cache->jit);
	if (cpu->machine->profile)
		profile_gather(cpu->machine->profile);
	for (page = 0; page < cpu->ram_size >> PAGE_SHIFT; page++) {
		if (!(cpu->page_marks[page] & PAGE_CODE))
			continue;
		cpu->page_marks[page] &= ~PAGE_CODE;
		memset(cache->code_words + page * (PAGE_SIZE / 32), 0,
		       PAGE_SIZE / 32);
	}
	block_mode_changed(cpu);
}

static bool holds(const struct cpu *cpu, uint32_t paddr)
{
	return cpu->block.cache->code_words[paddr / 32] >> paddr / 4 % 8 & 1;
}

/* The blocks in the chain @at that begin at @start and hold the word at
 * @paddr. One of them may be running: what it is made of stays. */
static void drop_from(struct block **at, uint32_t start, uint32_t paddr)
{
	struct block *block;

	/* calloc() cleared the chains: */
	/* cppcheck-suppress uninitvar */
	while ((block = *at)) {
		if (block->paddr == start &&
		    paddr - start < 4 * block->words) {
			block->insns = BLOCK_STALE;
			*at = block->next;
		} else {
			at = &block->next;
		}
	}
}

/* They begin at most a block's length before the word. */
static void drop_word(struct cpu *cpu, uint32_t paddr)
{
	struct block_cache *cache = cpu->block.cache;
	uint32_t start;

	cache->code_words[paddr / 32] &= ~(1u << paddr / 4 % 8);
	for (start = paddr; paddr - start <= 4 * BLOCK_INSNS; start -= 4)
		drop_from(chain(cache, start), start, paddr);
}

void block_drop(struct cpu *cpu, uint32_t paddr, uint32_t len)
{
	uint32_t word;

	for (word = paddr & ~3u; word - (paddr & ~3u) < (paddr & 3) + len;
	     word += 4)
		if (holds(cpu, word))
			drop_word(cpu, word);
}

/* ---- finding ----------------------------------------------------------- */

static void mark_code(struct cpu *cpu, const struct block *block)
{
	uint8_t *marks = &cpu->page_marks[block->paddr >> PAGE_SHIFT];
	uint32_t paddr = block->paddr;
	uint32_t i;

	for (i = 0; i < block->words; i++, paddr += 4)
		cpu->block.cache->code_words[paddr / 32] |=
			1u << paddr / 4 % 8;
	if (!*marks)
		page_flush(cpu);	/* it was open for stores */
	*marks |= PAGE_CODE;
}

static struct block *make(struct cpu *cpu, uint32_t paddr)
{
	struct block_cache *cache = cpu->block.cache;
	struct block **head = chain(cache, paddr);
	struct profile *profile = cpu->machine->profile;
	struct block *block;

	if (ROOM - cache->used < sizeof(*block) +
				 2 * BLOCK_OPS * sizeof(struct op) ||
	    (cache->jit && !jit_has_room(cache->jit)))
		forget_all(cpu);
	block = (struct block *)(cache->room + cache->used);
	*block = (struct block){ .pc = cpu->pc, .paddr = paddr,
				 .mode = cpu_mode(cpu), .next = *head };
	if (profile)
		block->counts = profile_block(profile);
	cache->used += translate(block, cpu->ram + paddr, cache->jit);
	if (profile)
		profile_made(profile, block, cpu->ram + paddr);
	if (cache->jit)
		jit_block(cache->jit, block);
	*head = block;
	mark_code(cpu, block);
	return block;
}

/* The block at cpu->pc, to enter at instruction @from; NULL: there is none to
 * be had. */
static struct block *find(struct cpu *cpu, uint32_t *from)
{
	struct block *block = block_at_hand(&cpu->block, cpu->pc, from);
	uint32_t paddr;

	if (block)
		return block;
	*from = 0;
	if (cpu->pc & 3 || cpu_translate(cpu, cpu->pc, &paddr) ||
	    !bus_ram(cpu->machine, paddr, 4))
		return NULL;
	block = *chain(cpu->block.cache, paddr);
	while (block && (block->paddr != paddr || block->pc != cpu->pc ||
			 block->mode != cpu_mode(cpu)))
		block = block->next;
	if (!block)
		block = make(cpu, paddr);
	*block_jump(&cpu->block, cpu->pc) = block;
	return block;
}

/* ---- running ----------------------------------------------------------- */

/*
 * An exit whose block was not known was the last thing that happened: from now
 * on it is. (No exit leads to another mode, and the addresses of one mode do
 * not change their meaning.)
 */
static void link_exit(struct cpu *cpu, struct block *block)
{
	struct exit *exit = cpu->block.exit;

	cpu->block.exit = NULL;
	if (exit && exit->pc == block->pc)
		exit->to = block;
}

/* One instruction by itself. */
static void step(struct machine *m)
{
	cpu_step(&m->cpu);
	if (m->profile)
		profile_step(m->profile, &m->cpu);
}

void block_turn(struct machine *m, uint64_t ticks)
{
	struct cpu *cpu = &m->cpu;
	uint64_t left = cpu->horizon - cpu->ticks;
	struct block *block;
	uint32_t from;

	block = cpu->slot ? NULL : find(cpu, &from);
	if (!block) {
		step(m);
		return;
	}
	link_exit(cpu, block);
	if (ticks < block->insns)
		ticks = block->insns;
	if (left > ticks)
		left = ticks;
	cpu->block.end = cpu->ticks + left;
	if (block->insns <= left + from)
		block_enter(cpu, block, from, left + from);
	else if (!block_part(cpu, block, from, left + from))
		step(m);
}

void block_start(struct machine *m)
{
	struct cpu *cpu = &m->cpu;

	cpu->block.cache = allocate(1, sizeof(*cpu->block.cache) + ROOM);
	cpu->block.cache->code_words = allocate(cpu->ram_size / 32, 1);
	cpu_allow_marks(cpu);
	if (m->engine == ENGINE_JIT)
		cpu->block.cache->jit = jit_open();
}

void block_stop(struct machine *m)
{
	struct block_cache *cache = m->cpu.block.cache;

	if (!cache)
		return;
	if (cache->jit)
		jit_close(cache->jit);
	free(cache->code_words);
	free(cache);
	free(m->cpu.page_marks);
	m->cpu.block.cache = NULL;
	m->cpu.page_marks = NULL;
}

void block_run(struct machine *m)
{
	block_start(m);
	while (machine_ready(m))
		block_turn(m, TURN);
}
