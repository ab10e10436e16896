// SPDX-License-Identifier: MIT
/*
 * The block engine's operations: what runs. See block.h.
 *
 * Each is a function that does its instruction and calls the next one's. That
 * call is its last act, so the compiler makes it a jump (from -O2 on, hence
 * room.mk), and a block is one chain of jumps through `run`. The functions are
 * made from insn_*.c, where the semantics are: an instruction of kind STRAIGHT,
 * BRANCH, LIKELY, JUMP or REGISTER is in one of the files included here.
 */
#define EXEC_BLOCK
#include "mips-sim/decode.h"
#include "mips-sim/exec_block.h"

/* ---- in and out of blocks ----------------------------------------------- */

static inline void next(struct cpu *cpu, const struct op *op, uint64_t left)
{
	op[1].run(cpu, op + 1, left);
}

/* To where the next block would begin. */
__attribute__((noinline))
static void leave(struct cpu *cpu, uint64_t left, uint32_t pc)
{
	cpu->pc = pc;
	cpu->next_pc = pc + 4;
	cpu->ticks = cpu->block.end - left;
}

__attribute__((noinline))
static void leave_by(struct cpu *cpu, struct exit *exit, uint64_t left)
{
	if (exit->to->insns == BLOCK_STALE) {
		exit->to = &block_none;
		cpu->block.exit = exit;
	}
	leave(cpu, left, exit->pc);
}

static inline void enter(struct cpu *cpu, struct block *block, uint64_t left)
{
	cpu->block.now = block;
	block->ops->run(cpu, block->ops, left);
}

static inline void take(struct cpu *cpu, struct exit *exit, uint64_t left)
{
	left -= exit->insns;
	if (__builtin_expect(exit->to->insns <= left, 1))
		enter(cpu, exit->to, left);
	else
		leave_by(cpu, exit, left);
}

static inline void take_register(struct cpu *cpu, uint32_t target,
				 uint64_t left)
{
	struct block *block = *block_jump(&cpu->block, target);

	left -= cpu->block.now->insns;
	if (__builtin_expect(block->pc == target && block->insns <= left, 1))
		enter(cpu, block, left);
	else
		leave(cpu, left, target);
}

/* A jump to itself with nothing in its slot is for machine_self_jump(). */
static inline bool self_jump(const struct cpu *cpu, uint32_t target)
{
	uint32_t self = cpu->block.now->exits[EXIT_TAKEN].pc;

	return __builtin_expect(target == self, 0) && target != BLOCK_NO_PC;
}

void op_count(struct cpu *cpu, const struct op *op, uint64_t left)
{
	cpu->block.now->counts[op->word]++;
	next(cpu, op, left);
}

/* In front of @op's instruction, which cpu_step() runs. */
static void step(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;
	uint32_t insns = block->insn_of[op - block->ops];

	leave(cpu, left, block->pc + 4 * insns);
	cpu->ticks += insns;
	cpu_step(cpu);
}

/* What is behind @op's instruction has been counted, and was not executed. */
static void uncount(const struct block *block, const struct op *op)
{
	if (block->counts)
		block->counts[block->insn_of[op - block->ops] + 1]--;
}

void op_step(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;

	step(cpu, op, left);
	uncount(block, op);
}

/* The same, and where it only went on behind itself the block goes on: no
 * exception, no event, no store into this block, no branch before its slot. */
void op_step_on(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;
	uint64_t horizon = cpu->horizon;

	step(cpu, op, left);
	if (cpu->pc == cpu->at + 4 && !cpu->slot &&
	    cpu->horizon == horizon && block->insns != BLOCK_STALE)
		next(cpu, op, left);
	else
		uncount(block, op);
}

/* A load or store whose page is not at hand; perhaps it only was not until
 * now. */
static void op_memory(struct cpu *cpu, const struct op *op, uint64_t left)
{
	uint32_t vaddr = rs(cpu, op) + field_simm(op);

	if (page_of(cpu, vaddr)->load != (vaddr & PAGE_MASK) &&
	    page_fill(cpu, vaddr))
		op->run(cpu, op, left);
	else
		op_step_on(cpu, op, left);
}

/* ---- ways out ----------------------------------------------------------- */

void op_exit_on(struct cpu *cpu, const struct op *op, uint64_t left)
{
	(void)op;
	take(cpu, &cpu->block.now->exits[EXIT_ON], left);
}

void op_exit_taken(struct cpu *cpu, const struct op *op, uint64_t left)
{
	(void)op;
	take(cpu, &cpu->block.now->exits[EXIT_TAKEN], left);
}

/* Behind the slot of a branch that has been decided before. */
void op_exit_either(struct cpu *cpu, const struct op *op, uint64_t left)
{
	(void)op;
	take(cpu, &cpu->block.now->exits[cpu->block.taken], left);
}

void op_exit_register(struct cpu *cpu, const struct op *op, uint64_t left)
{
	(void)op;
	take_register(cpu, cpu->block.target, left);
}

/* ---- the instructions --------------------------------------------------- */

#define BODY(name)							\
static inline __attribute__((always_inline))				\
void try_##name(__attribute__((unused)) struct cpu *cpu,		\
		__attribute__((unused)) const struct op *w,		\
		__attribute__((unused)) struct outcome *out)

#define OP(name)							\
__attribute__((unused))							\
static void name(struct cpu *cpu, const struct op *op, uint64_t left)

#define STRAIGHT(name, otherwise)					\
BODY(name);								\
OP(op_##name)								\
{									\
	struct outcome out = { 0 };					\
									\
	try_##name(cpu, op, &out);					\
	if (__builtin_expect(out.gave_up, 0))				\
		otherwise(cpu, op, left);				\
	else								\
		next(cpu, op, left);					\
}									\
BODY(name)

#define EXEC(name) STRAIGHT(name, op_step)
#include "mips-sim/insn_alu.c"
#undef EXEC

#define EXEC(name) STRAIGHT(name, op_memory)
#include "mips-sim/insn_mem.c"
#undef EXEC

/*
 * Branches in four forms: last_ has its slot in front of it and is the end;
 * early_ has it behind, then op_exit_either; likely_ too, then op_exit_taken;
 * register_, early_register_ go where a register says.
 */
#define EXEC(name)							\
BODY(name);								\
OP(last_##name)								\
{									\
	struct outcome out = { .taken = true };				\
									\
	try_##name(cpu, op, &out);					\
	take(cpu, &cpu->block.now->exits[out.taken], left);		\
}									\
OP(early_##name)							\
{									\
	struct outcome out = { .taken = true };				\
									\
	try_##name(cpu, op, &out);					\
	cpu->block.taken = out.taken;					\
	next(cpu, op, left);						\
}									\
OP(likely_##name)							\
{									\
	struct outcome out = { .taken = true };				\
									\
	try_##name(cpu, op, &out);					\
	if (out.taken)							\
		next(cpu, op, left);					\
	else								\
		op_exit_on(cpu, op, left);				\
}									\
OP(register_##name)							\
{									\
	struct outcome out = { 0 };					\
									\
	try_##name(cpu, op, &out);					\
	if (self_jump(cpu, out.target))					\
		op_step(cpu, op, left);					\
	else								\
		take_register(cpu, out.target, left);			\
}									\
OP(early_register_##name)						\
{									\
	struct outcome out = { 0 };					\
									\
	try_##name(cpu, op, &out);					\
	cpu->block.target = out.target;					\
	next(cpu, op, left);						\
}									\
BODY(name)

#include "mips-sim/insn_branch.c"
#undef EXEC

/* ---- the table ---------------------------------------------------------- */

struct forms {
	void (*run)(struct cpu *cpu, const struct op *op, uint64_t left);
	void (*early)(struct cpu *cpu, const struct op *op, uint64_t left);
};

#define FORMS_STRAIGHT(exec)	{ op_##exec, NULL }
#define FORMS_BRANCH(exec)	{ last_##exec, early_##exec }
#define FORMS_LIKELY(exec)	{ NULL, likely_##exec }
#define FORMS_JUMP(exec)	{ last_##exec, early_##exec }
#define FORMS_REGISTER(exec)	{ register_##exec, early_register_##exec }
#define FORMS_STEP(exec)	{ op_step_on, NULL }
#define FORMS(text, mask, match, operands, kind, exec) FORMS_##kind(exec),

/* In the order of insn.h. */
static const struct forms forms[] = {
	INSN_TABLE(FORMS)
	{ op_step_on, NULL },	/* reserved */
};

static void set(struct op *op, uint32_t word)
{
	op->word = word;
	op->rs = word >> 21 & 31;
	op->rt = word >> 16 & 31;
	op->to_rt = op->rt ? op->rt : REG_SINK;
	op->to_rd = field_rd(op) ? field_rd(op) : REG_SINK;
}

void op_set(struct op *op, const struct insn *insn, uint32_t word)
{
	set(op, word);
	op->run = forms[insn_row(insn)].run;
}

void op_set_early(struct op *op, const struct insn *insn, uint32_t word)
{
	set(op, word);
	op->run = forms[insn_row(insn)].early;
}
