// SPDX-License-Identifier: MIT
/*
 * The decoder: a linear search through insn.h's rows, and a cache of answers.
 *
 * The cache is keyed by the word itself, not by its address. An answer can
 * therefore never become wrong, and a program that changes its own code needs
 * no care here.
 */
#include "mips-sim/decode.h"
#include "mips-sim/exec.h"

#define ROW(text, mask, match, operands, kind, exec) \
	{ text, mask, match, OPERANDS_##operands, KIND_##kind, exec_##exec },

static const struct insn rows[] = {
	INSN_TABLE(ROW)
	/* fits all */
	{ "reserved", 0, 0, OPERANDS_WORD, KIND_STEP, exec_reserved },
};

#define CACHE_BITS	14

struct cached {
	uint32_t word;
	const struct insn *insn;	/* NULL: empty */
};

static struct cached cache[1 << CACHE_BITS];

static const struct insn *search(uint32_t word)
{
	const struct insn *insn = rows;

	while ((word & insn->mask) != insn->match)
		insn++;
	return insn;
}

const struct insn *decode(uint32_t word)
{
	/* the multiplication (by 2^32 / golden ratio) spreads all bits up */
	struct cached *c = &cache[word * 0x9e3779b1u >> (32 - CACHE_BITS)];

	if (c->word != word || !c->insn) {
		c->word = word;
		c->insn = search(word);
	}
	return c->insn;
}

unsigned int insn_row(const struct insn *insn)
{
	return insn - rows;
}

/* The operands are written down with what is changed first, but for stores
 * and mtc0, which change nothing there: for them this says too much. */
unsigned int insn_written(const struct insn *insn, uint32_t word)
{
	switch (insn->operands) {
	case OPERANDS_RD:
	case OPERANDS_RD_RS:
	case OPERANDS_RD_RT:
	case OPERANDS_RD_RS_RT:
	case OPERANDS_RD_RT_RS:
	case OPERANDS_RD_RT_SA:
	case OPERANDS_COUNT:
		return field_rd(word);
	case OPERANDS_RT:
	case OPERANDS_RT_RS_SIMM:
	case OPERANDS_RT_RS_UIMM:
	case OPERANDS_RT_UIMM:
	case OPERANDS_RT_BASE:
	case OPERANDS_RT_CP0:
	case OPERANDS_RT_HWR:
	case OPERANDS_EXT:
	case OPERANDS_INS:
		return field_rt(word);
	default:
		return 0;
	}
}

enum bus_width insn_width(uint32_t word)
{
	switch (word >> 26 & 7) {
	case 1:
	case 5:
		return BUS_HALF;
	case 3:
		return BUS_WORD;
	case 2:
	case 6:
		return BUS_PART;
	default:
		return word >> 30 == 3 ? BUS_PART : BUS_BYTE;	/* ll, sc */
	}
}

bool insn_branches_and_links(const struct insn *insn)
{
	return insn->exec == exec_bltzal || insn->exec == exec_bgezal ||
	       insn->exec == exec_bltzall || insn->exec == exec_bgezall;
}
