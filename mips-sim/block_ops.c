// SPDX-License-Identifier: MIT
/*
 * The block engine's operations: what runs. See block.h.
 *
 * Each is a function that does its instruction and calls the next one's. That
 * call is its last act, so the compiler makes it a jump (from -O2 on, hence
 * room.mk), and a block is one chain of jumps through `run`. The functions are
 * made from insn_*.c, where the semantics are: an instruction of any kind but
 * STEP is in one of the files included here.
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
static inline void leave(struct cpu *cpu, uint64_t left, uint32_t pc)
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
	} else if (block_part(cpu, exit->to, 0, left)) {
		return;
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
	leave(cpu, left, cpu->block.now->pc + 4 * op->insn);
	cpu->ticks += op->insn;
	cpu_step(cpu);
}

/* What is behind @op's instruction has been counted, and was not executed. */
static inline void uncount(const struct block *block, const struct op *op)
{
	if (block->counts)
		block->counts[op->insn + 1]--;
}

/* Ticks left up to the next event, which an instruction may have moved. */
static inline uint64_t aim(struct cpu *cpu)
{
	if (cpu->horizon < cpu->block.end)
		cpu->block.end = cpu->horizon;
	return cpu->block.end < cpu->ticks ? 0 : cpu->block.end - cpu->ticks;
}

/* Behind @op, whose instruction may have moved the next event: on, if that is
 * where it was, or what is left of the block fits. Else @left is undefined. */
static inline bool still_fits(struct cpu *cpu, const struct op *op,
			      uint64_t *left)
{
	uint32_t insns = cpu->block.now->insns;
	uint32_t done = op->insn + 1;

	if (__builtin_expect(cpu->horizon >= cpu->block.end, 1))
		return insns != BLOCK_STALE;
	*left = aim(cpu) + done;
	return insns <= *left && *left != done;
}

void op_step(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;

	step(cpu, op, left);
	uncount(block, op);
}

/* On where the processor stands, if what is there is at hand and fits. */
static void go_on(struct cpu *cpu)
{
	uint64_t left = aim(cpu);
	struct block *block;
	uint32_t from;

	if (!left || cpu->slot)
		return;
	block = block_at_hand(&cpu->block, cpu->pc, &from);
	if (block && block->insns <= left + from)
		block_enter(cpu, block, from, left + from);
}

/* The same, and where it only went on behind itself the block goes on: no
 * exception, no event, no store into this block, no branch before its slot. */
void op_step_on(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;

	step(cpu, op, left);
	if (cpu->pc == cpu->at + 4 && !cpu->slot &&
	    still_fits(cpu, op, &left)) {
		next(cpu, op, left);
	} else if (cpu->slot && aim(cpu)) {
		cpu_step(cpu);		/* the slot, with which it ends */
		go_on(cpu);
	} else {
		uncount(block, op);
	}
}

void op_step_away(struct cpu *cpu, const struct op *op, uint64_t left)
{
	step(cpu, op, left);
	go_on(cpu);
}

/* ---- blocks in part ------------------------------------------------------ */

static struct op *op_of_insn(struct op *op, uint32_t insn)
{
	while (op->insn < insn)
		op++;
	return op;
}

void block_enter(struct cpu *cpu, struct block *block, uint32_t from,
		 uint64_t left)
{
	struct op *op = op_of_insn(block->ops, from);

	cpu->block.now = block;
	if (from && block->counts)
		block->counts[from]++;
	op->run(cpu, op, left);
}

/* In the place of the operation that nothing is left for. */
static void op_stop(struct cpu *cpu, const struct op *op, uint64_t left)
{
	struct block *block = cpu->block.now;

	(void)op;
	cpu->block.stopped = block;
	cpu->block.stopped_pc = block->pc + 4 * left;
	leave(cpu, 0, cpu->block.stopped_pc);
	if (block->counts)
		block->counts[left]--;
}

bool block_part(struct cpu *cpu, struct block *block, uint32_t from,
		uint64_t left)
{
	/* a branch is not parted from its slot, the last instruction */
	bool less = block->exits[EXIT_TAKEN].to && left + 1 == block->insns;
	void (*run)(struct cpu *cpu, const struct op *op, uint64_t left);
	struct op *stop, *op;

	if (left <= from + less)
		return false;
	cpu->block.end -= less;
	left -= less;
	op = op_of_insn(block->plain, from);
	stop = op_of_insn(op, left);
	cpu->block.now = block;
	if (from && block->counts)
		block->counts[from]++;
	run = stop->run;
	stop->run = op_stop;
	op->run(cpu, op, left);
	stop->run = run;
	return true;
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

#define EXEC(name)							\
BODY(name);								\
OP(op_##name)								\
{									\
	struct outcome out = { 0 };					\
									\
	try_##name(cpu, op, &out);					\
	if (__builtin_expect(out.gave_up, 0))				\
		op_step(cpu, op, left);					\
	else								\
		next(cpu, op, left);					\
}									\
BODY(name)

#include "mips-sim/insn_alu.c"
#undef EXEC

static inline uint64_t now(const struct cpu *cpu, const struct op *op,
			   uint64_t left)
{
	return cpu->block.end - left + op->insn;
}

/* Behind an instruction that may have moved the next event. */
static inline void behind(struct cpu *cpu, const struct op *op, uint64_t left)
{
	const struct block *block = cpu->block.now;

	if (__builtin_expect(still_fits(cpu, op, &left), 1)) {
		next(cpu, op, left);
	} else {
		cpu->pc = block->pc + 4 * (op->insn + 1);
		cpu->next_pc = cpu->pc + 4;
		uncount(block, op);
	}
}

/* The same behind a slot, in whose place @op is: the block ends with it, but
 * where to is not known yet. */
static inline void behind_slot(struct cpu *cpu, const struct op *op)
{
	uint64_t left = aim(cpu);

	if (!left)
		cpu->block.end = cpu->ticks;
	next(cpu, op, left + cpu->block.now->insns);
}

/* Is @op, which is no branch, in the place of the block's branch? */
static inline bool is_slot(const struct block *block, const struct op *op)
{
	return block->exits[EXIT_TAKEN].to && op->insn + 2u == block->insns;
}

/* A load or store whose page is not at hand: is it RAM, or @device's turn? */
__attribute__((noinline))
static void op_memory(struct cpu *cpu, const struct op *op, uint64_t left,
		      void (*device)(struct cpu *cpu, const struct op *op,
				     uint64_t left))
{
	uint32_t vaddr = rs(cpu, op) + field_simm(op);

	if (page_of(cpu, vaddr)->load != (vaddr & PAGE_MASK) &&
	    page_fill(cpu, vaddr))
		op->run(cpu, op, left);
	else
		device(cpu, op, left);
}

#define EXEC(name)							\
BODY(name);								\
OP(device_##name)							\
{									\
	bool slot = is_slot(cpu->block.now, op);			\
	struct outcome out = { .device = true };			\
									\
	cpu->ticks = now(cpu, op, left) + slot;				\
	cpu->at = cpu->block.now->pc + 4 * (op->insn + slot);		\
	try_##name(cpu, op, &out);					\
	cpu->ticks++;							\
	if (out.gave_up)						\
		op_step_on(cpu, op, left);				\
	else if (slot)							\
		behind_slot(cpu, op);					\
	else								\
		behind(cpu, op, left);					\
}									\
OP(op_##name)								\
{									\
	struct outcome out = { 0 };					\
									\
	try_##name(cpu, op, &out);					\
	if (__builtin_expect(out.gave_up, 0))				\
		op_memory(cpu, op, left, device_##name);		\
	else								\
		next(cpu, op, left);					\
}									\
BODY(name)

#include "mips-sim/insn_mem.c"
#undef EXEC

/*
 * What must know the time and may move the next event: op_ goes on behind
 * itself, return_ where the processor then stands.
 */
#define TIMED(name, then)						\
{									\
	struct outcome out = { 0 };					\
									\
	cpu->ticks = now(cpu, op, left);				\
	try_##name(cpu, op, &out);					\
	if (__builtin_expect(out.gave_up, 0)) {				\
		op_step(cpu, op, left);					\
	} else {							\
		cpu->ticks++;						\
		then;							\
	}								\
}

#define EXEC(name)							\
BODY(name);								\
OP(op_##name) TIMED(name, behind(cpu, op, left))			\
OP(return_##name) TIMED(name, go_on(cpu))				\
BODY(name)

#include "mips-sim/insn_cp0.c"
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
#define FORMS_SYSTEM(exec)	{ op_##exec, NULL }
#define FORMS_RETURN(exec)	{ return_##exec, NULL }
#define FORMS_STEP(exec)	{ op_step_on, NULL }
#define FORMS(text, mask, match, operands, kind, exec) FORMS_##kind(exec),

/* In the order of insn.h. */
static const struct forms forms[] = {
	INSN_TABLE(FORMS)
	{ op_step_on, NULL },	/* reserved */
};

struct op op_of(const struct insn *insn, uint32_t word)
{
	unsigned int written = insn_written(insn, word);

	return (struct op){
		.run = forms[insn_row(insn)].run, .word = word,
		.rs = word >> 21 & 31, .rt = word >> 16 & 31,
		.to = written ? written : REG_SINK,
	};
}

struct op op_of_early(const struct insn *insn, uint32_t word)
{
	struct op op = op_of(insn, word);

	op.run = forms[insn_row(insn)].early;
	return op;
}
