// SPDX-License-Identifier: MIT
/*
 * One instruction as text, by the operands column of insn.h, in the words of
 * GNU objdump: its names of registers, its short forms.
 */
#include <stdarg.h>
#include <stdio.h>

#include "mips-sim/disasm.h"
#include "mips-sim/exec.h"
#include "mips-sim/symbols.h"

/* ---- names ------------------------------------------------------------- */

/*
 * Short forms: what is written for a word that one of insn.h's rows fits. The
 * first that fits wins.
 */
#define ALIAS(name, mask, match, operands) \
	{ name, mask, match, OPERANDS_##operands, KIND_STEP, NULL }

static const struct insn aliases[] = {
	ALIAS("pause",	0xffffffff, 0x00000140, NONE),
	ALIAS("ror",	0xffe0003f, 0x00200002, RD_RT_SA),
	ALIAS("rorv",	0xfc0007ff, 0x00000046, RD_RT_RS),
	ALIAS("jalr.hb", 0xfc1fffff, 0x0000fc09, RS),
	ALIAS("jalr",	0xfc1ff83f, 0x0000f809, RS),
	ALIAS("sync_wmb", 0xffffffff, 0x0000010f, NONE),
	ALIAS("sync_mb", 0xffffffff, 0x0000040f, NONE),
	ALIAS("sync_acquire", 0xffffffff, 0x0000044f, NONE),
	ALIAS("sync_release", 0xffffffff, 0x0000048f, NONE),
	ALIAS("sync_rmb", 0xffffffff, 0x000004cf, NONE),
	ALIAS("move",	0xfc1f07ff, 0x00000021, RD_RS),
	ALIAS("neg",	0xffe007ff, 0x00000022, RD_RT),
	ALIAS("negu",	0xffe007ff, 0x00000023, RD_RT),
	ALIAS("move",	0xfc1f07ff, 0x00000025, RD_RS),
	ALIAS("b",	0xffff0000, 0x04010000, OFF),
	ALIAS("bal",	0xffff0000, 0x04110000, OFF),
	ALIAS("b",	0xffff0000, 0x10000000, OFF),
	ALIAS("beqz",	0xfc1f0000, 0x10000000, RS_OFF),
	ALIAS("bnez",	0xfc1f0000, 0x14000000, RS_OFF),
	ALIAS("li",	0xffe00000, 0x24000000, RT_SIMM),
	ALIAS("li",	0xffe00000, 0x34000000, RT_UIMM),
	ALIAS("beqzl",	0xfc1f0000, 0x50000000, RS_OFF),
	ALIAS("bnezl",	0xfc1f0000, 0x54000000, RS_OFF),
};

static const struct insn *find(uint32_t word)
{
	unsigned int i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if ((word & aliases[i].mask) == aliases[i].match)
			return &aliases[i];
	return decode(word);
}

#define CP0_SELECTS 8

/* By number and select. "-": the one of select 0, with the select behind. */
static const char *const cp0_names[32][CP0_SELECTS] = {
	{ "index", "mvpcontrol", "mvpconf0", "mvpconf1" },
	{ "random", "vpecontrol", "vpeconf0", "vpeconf1", "yqmask",
	  "vpeschedule", "vpeschefback" },
	{ "entrylo0", "tcstatus", "tcbind", "tcrestart", "tchalt",
	  "tccontext", "tcschedule", "tcschefback" },
	{ "entrylo1" },
	{ "context", "contextconfig" },
	{ "pagemask", "pagegrain" },
	{ "wired", "srsconf0", "srsconf1", "srsconf2", "srsconf3",
	  "srsconf4" },
	{ "hwrena" },
	{ "badvaddr" },
	{ "count" },
	{ "entryhi" },
	{ "compare" },
	{ "status", "intctl", "srsctl", "srsmap" },
	{ "cause" },
	{ "epc" },
	{ "prid", "ebase" },
	{ "config", "config1", "config2", "config3" },
	{ "lladdr" },
	{ "watchlo", "-", "-", "-", "-", "-", "-", "-" },
	{ "watchhi", "-", "-", "-", "-", "-", "-", "-" },
	{ "xcontext" },
	{ NULL },
	{ NULL },
	{ "debug", "tracecontrol", "tracecontrol2", "usertracedata",
	  "tracebpc" },
	{ "depc" },
	{ "perfcnt", "-", "-", "-", "-", "-", "-", "-" },
	{ "errctl" },
	{ "cacheerr", "-", "-", "-" },
	{ "taglo", "datalo", "taglo1", "datalo1", "taglo2", "datalo2",
	  "taglo3", "datalo3" },
	{ "taghi", "datahi", "taghi1", "datahi1", "taghi2", "datahi2",
	  "taghi3", "datahi3" },
	{ "errorepc" },
	{ "desave" },
};

static const char *const hwr_names[32] = {
	"hwr_cpunum", "hwr_synci_step", "hwr_cc", "hwr_ccres",
};

static const char *reg(unsigned int number)
{
	return cpu_reg_names[number];
}

/* ---- writing ----------------------------------------------------------- */

struct text {
	char *at;
	size_t room;
};

__attribute__((format(printf, 2, 3)))
static void put(struct text *t, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(t->at, t->room, format, args);
	va_end(args);
	if (len >= (int)t->room)
		len = t->room - 1;
	t->at += len;
	t->room -= len;
}

static void put_address(struct text *t, const struct symbols *symbols,
			uint32_t address)
{
	char name[SYMBOLS_TEXT_MAX];

	if (symbols && symbols_text(symbols, address, name))
		put(t, "%x <%s>", address, name);
	else
		put(t, "0x%x", address);
}

static void put_cp0(struct text *t, unsigned int number, unsigned int select)
{
	const char *name = cp0_names[number][select];

	if (name && *name != '-')
		put(t, "c0_%s", name);
	else if (name)
		put(t, "c0_%s,%u", cp0_names[number][0], select);
	else if (select)
		put(t, "$%u,%u", number, select);
	else
		put(t, "$%u", number);
}

/* The register that clz and clo write is to be in both fields. */
static void put_count(struct text *t, unsigned int rd, unsigned int rt)
{
	if (rd && rt && rd != rt)
		put(t, "%s or %s", reg(rd), reg(rt));
	else
		put(t, "%s", reg(rd | rt));
}

static void put_codes(struct text *t, unsigned int upper, unsigned int lower)
{
	if (upper || lower)
		put(t, "0x%x", upper);
	if (lower)
		put(t, ",0x%x", lower);
}

/* Nothing for 0. */
static void put_code(struct text *t, unsigned int code)
{
	if (code)
		put(t, "0x%x", code);
}

static void put_operands(struct text *t, const struct symbols *symbols,
			 uint32_t at, uint32_t w, enum insn_operands operands)
{
	const char *rs = reg(field_rs(w));
	const char *rt = reg(field_rt(w));
	const char *rd = reg(field_rd(w));
	int simm = (int16_t)w;
	uint32_t near = at + 4 + (field_simm(w) << 2);
	uint32_t far = ((at + 4) & 0xf0000000) | (w << 2 & 0x0ffffffc);

	switch (operands) {
	case OPERANDS_NONE:
		break;
	case OPERANDS_RD:
		put(t, "%s", rd);
		break;
	case OPERANDS_RS:
		put(t, "%s", rs);
		break;
	case OPERANDS_RT:
		if (field_rt(w))
			put(t, "%s", rt);
		break;
	case OPERANDS_RD_RS:
		put(t, "%s,%s", rd, rs);
		break;
	case OPERANDS_RD_RT:
		put(t, "%s,%s", rd, rt);
		break;
	case OPERANDS_RS_RT:
		put(t, "%s,%s", rs, rt);
		break;
	case OPERANDS_RD_RS_RT:
		put(t, "%s,%s,%s", rd, rs, rt);
		break;
	case OPERANDS_RD_RT_RS:
		put(t, "%s,%s,%s", rd, rt, rs);
		break;
	case OPERANDS_RD_RT_SA:
		put(t, "%s,%s,0x%x", rd, rt, field_sa(w));
		break;
	case OPERANDS_RD_RS_CC:
		put(t, "%s,%s,$fcc%u", rd, rs, field_rt(w) >> 2);
		break;
	case OPERANDS_RS_RT_CODE:
		put(t, "%s,%s", rs, rt);
		if (w >> 6 & 0x3ff)
			put(t, ",0x%x", w >> 6 & 0x3ff);
		break;
	case OPERANDS_DIVISION:
		put(t, "zero,%s,%s", rs, rt);
		break;
	case OPERANDS_COUNT:
		put_count(t, field_rd(w), field_rt(w));
		put(t, ",%s", rs);
		break;
	case OPERANDS_RT_RS_SIMM:
		put(t, "%s,%s,%d", rt, rs, simm);
		break;
	case OPERANDS_RT_RS_UIMM:
		put(t, "%s,%s,0x%x", rt, rs, field_uimm(w));
		break;
	case OPERANDS_RT_SIMM:
		put(t, "%s,%d", rt, simm);
		break;
	case OPERANDS_RT_UIMM:
		put(t, "%s,0x%x", rt, field_uimm(w));
		break;
	case OPERANDS_RS_SIMM:
		put(t, "%s,%d", rs, simm);
		break;
	case OPERANDS_OFF:
		put_address(t, symbols, near);
		break;
	case OPERANDS_RS_OFF:
		put(t, "%s,", rs);
		put_address(t, symbols, near);
		break;
	case OPERANDS_RS_RT_OFF:
		put(t, "%s,%s,", rs, rt);
		put_address(t, symbols, near);
		break;
	case OPERANDS_TARGET:
		put_address(t, symbols, far);
		break;
	case OPERANDS_RT_BASE:
		put(t, "%s,%d(%s)", rt, simm, rs);
		break;
	case OPERANDS_OP_BASE:
		put(t, "0x%x,%d(%s)", field_rt(w), simm, rs);
		break;
	case OPERANDS_FT_BASE:
		put(t, "$f%u,%d(%s)", field_rt(w), simm, rs);
		break;
	case OPERANDS_C2_BASE:
		put(t, "$%u,%d(%s)", field_rt(w), simm, rs);
		break;
	case OPERANDS_BASE:
		put(t, "%d(%s)", simm, rs);
		break;
	case OPERANDS_RT_CP0:
		put(t, "%s,", rt);
		put_cp0(t, field_rd(w), w & 7);
		break;
	case OPERANDS_RT_HWR:
		if (hwr_names[field_rd(w)])
			put(t, "%s,%s", rt, hwr_names[field_rd(w)]);
		else
			put(t, "%s,$%u", rt, field_rd(w));
		break;
	case OPERANDS_EXT:
		put(t, "%s,%s,0x%x,0x%x", rt, rs, field_sa(w),
		    field_rd(w) + 1);
		break;
	case OPERANDS_INS:
		put(t, "%s,%s,0x%x,0x%x", rt, rs, field_sa(w),
		    field_rd(w) - field_sa(w) + 1);
		break;
	case OPERANDS_STYPE:
		put_code(t, field_sa(w));
		break;
	case OPERANDS_CODE19:
		put_code(t, w >> 6 & 0x7ffff);
		break;
	case OPERANDS_CODE20:
		put_code(t, w >> 6 & 0xfffff);
		break;
	case OPERANDS_CODES:
		put_codes(t, w >> 16 & 0x3ff, w >> 6 & 0x3ff);
		break;
	case OPERANDS_WORD:
		put(t, "0x%x", w);
		break;
	}
}

void disasm(const struct symbols *symbols, uint32_t at, uint32_t word,
	    char *text)
{
	const struct insn *insn = find(word);
	struct text t = { text, DISASM_MAX };

	put(&t, "%-7s ", insn->operands == OPERANDS_WORD ? ".word" :
			 insn->name);
	put_operands(&t, symbols, at, word, insn->operands);
	while (t.at[-1] == ' ')
		*--t.at = '\0';
}
