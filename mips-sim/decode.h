/* SPDX-License-Identifier: MIT */
/*
 * From an instruction word to its row in insn.h.
 *
 * cpu.c asks for what to run, translate.c for what a block is made of, disasm.c
 * for how it is written, profile.c and trace.c for what kind it is.
 */
#ifndef MIPS_SIM_DECODE_H
#define MIPS_SIM_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "mips-sim/bus.h"
#include "mips-sim/insn.h"

struct cpu;

/* How the operands of an instruction are written; see disasm.c. */
enum insn_operands {
	OPERANDS_NONE,
	OPERANDS_RD,
	OPERANDS_RS,
	OPERANDS_RT,		/* nothing when it is $zero */
	OPERANDS_RD_RS,
	OPERANDS_RD_RT,
	OPERANDS_RS_RT,
	OPERANDS_RD_RS_RT,
	OPERANDS_RD_RT_RS,
	OPERANDS_RD_RT_SA,
	OPERANDS_RD_RS_CC,	/* an FPU condition */
	OPERANDS_RS_RT_CODE,
	OPERANDS_DIVISION,	/* rs, rt; written as if it had an rd */
	OPERANDS_COUNT,		/* rd, rs; the rt field should be rd, too */
	OPERANDS_RT_RS_SIMM,
	OPERANDS_RT_RS_UIMM,
	OPERANDS_RT_SIMM,
	OPERANDS_RT_UIMM,
	OPERANDS_RS_SIMM,
	OPERANDS_OFF,
	OPERANDS_RS_OFF,
	OPERANDS_RS_RT_OFF,
	OPERANDS_TARGET,
	OPERANDS_RT_BASE,	/* rt, offset(base) */
	OPERANDS_OP_BASE,	/* the rt field as a number */
	OPERANDS_FT_BASE,	/* the same as an FPU register */
	OPERANDS_C2_BASE,	/* the same as one of coprocessor 2 */
	OPERANDS_BASE,
	OPERANDS_RT_CP0,
	OPERANDS_RT_HWR,
	OPERANDS_EXT,
	OPERANDS_INS,
	OPERANDS_STYPE,		/* what a sync orders */
	OPERANDS_CODE19,
	OPERANDS_CODE20,
	OPERANDS_CODES,		/* two of 10 bits, the upper one first */
	OPERANDS_WORD,		/* as .word: not in this processor */
};

/* How it goes on; see insn.h. From KIND_SYSTEM on more than registers and
 * memory has its part in it. */
enum insn_kind {
	KIND_STRAIGHT,
	KIND_BRANCH,
	KIND_LIKELY,
	KIND_JUMP,
	KIND_REGISTER,
	KIND_SYSTEM,
	KIND_RETURN,
	KIND_STEP,
};

/* What kind of work it does; see class.c. */
enum insn_class {
	CLASS_ALU,
	CLASS_MULDIV,
	CLASS_LOAD,
	CLASS_STORE,
	CLASS_BRANCH,
	CLASS_JUMP,
	CLASS_TRAP,	/* sdbbp too */
	CLASS_CP0,	/* wait, eret and rdhwr too */
	CLASS_SYNC,	/* what orders memory or helps the caches */
	CLASS_NOP,
	CLASS_NONE,	/* not in this processor, or there was no instruction */
	INSN_CLASSES,
};

struct insn {
	const char *name;
	uint32_t mask;
	uint32_t match;
	enum insn_operands operands;
	enum insn_kind kind;
	void (*exec)(struct cpu *cpu, uint32_t word);
};

/* Never NULL: a word that is no instruction has the row of `reserved`. */
const struct insn *decode(uint32_t word);
/* Its row in insn.h, from 0; behind the last one is `reserved`. */
unsigned int insn_row(const struct insn *insn);
enum insn_class insn_class(const struct insn *insn);
extern const char *const insn_class_names[INSN_CLASSES];
/* The general register that @word writes, or 0; for kinds STRAIGHT, SYSTEM
 * and REGISTER. */
unsigned int insn_written(const struct insn *insn, uint32_t word);
/* Of a load or a store: how much it wants of the bus. */
enum bus_width insn_width(uint32_t word);
/* bal and the like: of KIND_STEP because they are rare. */
bool insn_branches_and_links(const struct insn *insn);

#endif
