// SPDX-License-Identifier: MIT
/*
 * What kind of work an instruction does: for statistics and the trace.
 *
 * By its encoding, in which MIPS has the classes together. A new row of insn.h
 * is in the class of its neighbours.
 */
#include "mips-sim/decode.h"

const char *const insn_class_names[INSN_CLASSES] = {
	[CLASS_ALU] = "alu", [CLASS_MULDIV] = "muldiv",
	[CLASS_LOAD] = "load", [CLASS_STORE] = "store",
	[CLASS_BRANCH] = "branch", [CLASS_JUMP] = "jump",
	[CLASS_TRAP] = "trap", [CLASS_CP0] = "cp0", [CLASS_SYNC] = "sync",
	[CLASS_NOP] = "nop", [CLASS_NONE] = "none",
};

/* Opcode 0: by the function. */
static enum insn_class special(uint32_t function)
{
	switch (function) {
	case 0x01:		/* movf, movt: FPU conditions */
		return CLASS_NONE;
	case 0x0c:
	case 0x0d:
	case 0x30 ... 0x36:
		return CLASS_TRAP;
	case 0x0f:
		return CLASS_SYNC;
	case 0x10 ... 0x1b:
		return CLASS_MULDIV;
	default:
		return CLASS_ALU;
	}
}

/* Opcode 1: by the rt field. Its branches are known already. */
static enum insn_class regimm(uint32_t rt)
{
	switch (rt) {
	case 0x08 ... 0x0e:
		return CLASS_TRAP;
	case 0x1f:
		return CLASS_SYNC;
	default:		/* those that link */
		return CLASS_BRANCH;
	}
}

static enum insn_class special2(uint32_t function)
{
	switch (function) {
	case 0x00 ... 0x05:
		return CLASS_MULDIV;
	case 0x3f:
		return CLASS_TRAP;
	default:
		return CLASS_ALU;
	}
}

enum insn_class insn_class(const struct insn *insn)
{
	uint32_t function = insn->match & 0x3f;

	if (!insn->mask || insn->operands == OPERANDS_WORD)
		return CLASS_NONE;
	if (insn->kind == KIND_BRANCH || insn->kind == KIND_LIKELY)
		return CLASS_BRANCH;
	if (insn->kind == KIND_JUMP || insn->kind == KIND_REGISTER)
		return CLASS_JUMP;
	switch (insn->match >> 26) {
	case 0x00:
		return insn->mask == UINT32_MAX ? CLASS_NOP :
		       special(function);
	case 0x01:
		return regimm(insn->match >> 16 & 31);
	case 0x10:
		return CLASS_CP0;
	case 0x1c:
		return special2(function);
	case 0x1f:
		return function == 0x3b ? CLASS_CP0 : CLASS_ALU;
	case 0x20 ... 0x26:
	case 0x30:
		return CLASS_LOAD;
	case 0x28 ... 0x2e:
	case 0x38:
		return CLASS_STORE;
	case 0x2f:
	case 0x33:
		return CLASS_SYNC;
	case 0x31 ... 0x32:	/* loads and stores of the coprocessors */
	case 0x34 ... 0x37:
	case 0x39 ... 0x3f:
		return CLASS_NONE;
	default:
		return CLASS_ALU;
	}
}
