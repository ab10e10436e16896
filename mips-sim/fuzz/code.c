// SPDX-License-Identifier: MIT
/*
 * Fuzz target: memory full of whatever, run as a program.
 *
 * The input: a byte that chooses the engine that runs beside the step engine
 * (block or jit), and whether that one writes a trace, a timeline and
 * statistics; one whose bits choose what registers point at, two of
 * Status.IM; the rest is what is in memory, from its first byte on, vectors and
 * all. Both run it for some thousand instructions and must end alike, to the
 * last bit of registers and RAM.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/decode.h"
#include "mips-sim/fuzz/board.h"
#include "mips-sim/profile.h"
#include "mips-sim/symbols.h"

#define INSNS	3000
#define HEAD	4
#define START	0x80000400	/* behind the vectors */

static struct machine step, other;

/* Where something is: RAM, its end, code, vectors, devices, nothing. */
static const uint32_t places[8] = {
	0x80080000, 0x800ffffe, START, 0x80000180,
	0xa0000000 | BUS_SLOW, 0xa0000000 | BUS_TEST, 0xa0000000 | BUS_UART,
	0x80000000 | BOARD_RAM,
};

static void power_on(struct machine *m, enum engine engine,
		     const uint8_t *data, size_t size)
{
	struct cpu *cpu = &m->cpu;
	unsigned int i;

	board_on(m, engine, INSNS, NULL, NULL);
	memcpy(cpu->ram, data + HEAD,
	       size - HEAD < BOARD_RAM ? size - HEAD : BOARD_RAM);
	cp0_set_status(cpu, (data[2] << 8 & STATUS_IM) | (data[3] & STATUS_IE));
	cpu->pc = START;
	cpu->next_pc = START + 4;
	for (i = 1; i < 32; i++)
		cpu->gpr[i] = i & 3 ? i * 0x01234567 + data[1] :
			      places[(i / 4 + data[1]) % 8];
}

/* To nowhere. What is written must make no difference. */
static void write_all(struct machine *m)
{
	static struct symbols *symbols;
	static FILE *nowhere;

	if (!nowhere) {
		nowhere = fopen("/dev/null", "w");
		symbols = symbols_load("/dev/null");
	}
	m->symbols = symbols;
	m->profile = profile_new(symbols);
	m->trace.file = nowhere;
	m->timeline.lines.file = nowhere;
	m->timeline.chrome.file = nowhere;
}

static void run_steps(void *arg)
{
	struct machine *m = arg;

	machine_start(m);
	while (machine_ready(m))
		machine_step(m);
}

static void run_blocks(void *arg)
{
	struct machine *m = arg;

	machine_start(m);
	while (machine_ready(m))
		block_turn(m, 1000);
}

static void compare(const struct machine *a, const struct machine *b)
{
	const struct cpu *x = &a->cpu;
	const struct cpu *y = &b->cpu;

	if (a->ended != b->ended || a->status != b->status ||
	    strcmp(a->why, b->why) != 0 || x->ticks != y->ticks ||
	    x->pc != y->pc || x->next_pc != y->next_pc || x->slot != y->slot ||
	    memcmp(x->gpr, y->gpr, 32 * sizeof(*x->gpr)) != 0 ||
	    x->hi != y->hi || x->lo != y->lo || x->stores != y->stores ||
	    memcmp(&x->cp0, &y->cp0, sizeof(x->cp0)) != 0 ||
	    memcmp(x->ram, y->ram, BOARD_RAM) != 0)
		abort();
}

/* Two boards, since the room of one engine is not the other's. */
static struct machine *beside(uint8_t choice)
{
	static struct machine jit;

	return choice & 1 ? &jit : &other;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine *m;

	if (size < HEAD)
		return 0;
	m = beside(data[0]);
	power_on(&step, ENGINE_STEP, data, size);
	if (data[0] & 2)
		write_all(&step);
	power_on(m, data[0] & 1 ? ENGINE_JIT : ENGINE_BLOCK, data, size);
	if (!board_try(run_steps, &step) || !board_try(run_blocks, m))
		abort();
	compare(&step, m);
	if (step.profile) {
		stats_print(&step, &step.trace);
		profile_free(step.profile);
	}
	board_off(&step);
	board_off(m);
	return 0;
}

/* ---- mutation ---------------------------------------------------------- */

/* libFuzzer's own mutations, and one in two an instruction from insn.h. */
#define ROW(text, mask, match, operands, kind, exec) { mask, match },
static const struct {
	uint32_t mask;
	uint32_t match;
} rows[] = { INSN_TABLE(ROW) };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t code = HEAD + (START & 0xffff);
	uint32_t word, row, at;

	if (seed & 1 || max_size < code + 4)
		return LLVMFuzzerMutate(data, size, max_size);
	if (size < code + 4) {
		memset(data + size, 0, code + 4 - size);
		size = code + 4;
	}
	srand(seed);
	/* one in four among the vectors, or right behind the end */
	at = rand() % 4 ? code + rand() % (size - code) :
	     rand() % 2 ? HEAD + rand() % code : size;
	at = HEAD + (at - HEAD) / 4 * 4;
	if (at + 4 > max_size)
		at = code;
	row = rand() % (sizeof(rows) / sizeof(rows[0]));
	word = rows[row].match | (~rows[row].mask &
				  ((uint32_t)rand() << 16 ^ rand()));
	memcpy(data + at, &word, 4);
	return at + 4 > size ? at + 4 : size;
}
