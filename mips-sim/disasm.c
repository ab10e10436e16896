// SPDX-License-Identifier: MIT
/*
 * One instruction as text, by the operands column of insn.h.
 */
#include <stdio.h>

#include "mips-sim/disasm.h"
#include "mips-sim/exec.h"

static const char *reg(unsigned int number)
{
	return cpu_reg_names[number];
}

void disasm(uint32_t at, uint32_t w, char *text)
{
	const struct insn *insn = decode(w);
	const char *rs = reg(field_rs(w));
	const char *rt = reg(field_rt(w));
	const char *rd = reg(field_rd(w));
	int simm = (int16_t)w;
	unsigned int near = at + 4 + (field_simm(w) << 2);
	unsigned int far = ((at + 4) & 0xf0000000) | (w << 2 & 0x0ffffffc);
	int len = snprintf(text, DISASM_MAX, "%-7s ", insn->name);

#define PUT(...) snprintf(text + len, DISASM_MAX - len, __VA_ARGS__)
	switch (insn->operands) {
	case OPERANDS_NONE:
		while (len && text[len - 1] == ' ')
			text[--len] = '\0';
		break;
	case OPERANDS_RD:
		PUT("$%s", rd);
		break;
	case OPERANDS_RS:
		PUT("$%s", rs);
		break;
	case OPERANDS_RT:
		PUT("$%s", rt);
		break;
	case OPERANDS_RD_RS:
		PUT("$%s, $%s", rd, rs);
		break;
	case OPERANDS_RD_RT:
		PUT("$%s, $%s", rd, rt);
		break;
	case OPERANDS_RS_RT:
		PUT("$%s, $%s", rs, rt);
		break;
	case OPERANDS_RD_RS_RT:
		PUT("$%s, $%s, $%s", rd, rs, rt);
		break;
	case OPERANDS_RD_RT_RS:
		PUT("$%s, $%s, $%s", rd, rt, rs);
		break;
	case OPERANDS_RD_RT_SA:
		PUT("$%s, $%s, %u", rd, rt, field_sa(w));
		break;
	case OPERANDS_RT_RS_SIMM:
		PUT("$%s, $%s, %d", rt, rs, simm);
		break;
	case OPERANDS_RT_RS_UIMM:
		PUT("$%s, $%s, 0x%x", rt, rs, field_uimm(w));
		break;
	case OPERANDS_RT_UIMM:
		PUT("$%s, 0x%x", rt, field_uimm(w));
		break;
	case OPERANDS_RS_SIMM:
		PUT("$%s, %d", rs, simm);
		break;
	case OPERANDS_RS_OFF:
		PUT("$%s, 0x%08x", rs, near);
		break;
	case OPERANDS_RS_RT_OFF:
		PUT("$%s, $%s, 0x%08x", rs, rt, near);
		break;
	case OPERANDS_TARGET:
		PUT("0x%08x", far);
		break;
	case OPERANDS_RT_BASE:
		PUT("$%s, %d($%s)", rt, simm, rs);
		break;
	case OPERANDS_OP_BASE:
		PUT("0x%x, %d($%s)", field_rt(w), simm, rs);
		break;
	case OPERANDS_BASE:
		PUT("%d($%s)", simm, rs);
		break;
	case OPERANDS_RT_CP0:
		PUT("$%s, $%u, %u", rt, field_rd(w), (unsigned int)(w & 7));
		break;
	case OPERANDS_RT_HWR:
		PUT("$%s, $%u", rt, field_rd(w));
		break;
	case OPERANDS_EXT:
		PUT("$%s, $%s, %u, %u", rt, rs, field_sa(w), field_rd(w) + 1);
		break;
	case OPERANDS_INS:
		PUT("$%s, $%s, %u, %d", rt, rs, field_sa(w),
		    (int)field_rd(w) - (int)field_sa(w) + 1);
		break;
	case OPERANDS_CODE20:
		PUT("0x%x", (unsigned int)(w >> 6 & 0xfffff));
		break;
	case OPERANDS_CODE26:
		PUT("0x%x", (unsigned int)(w & 0x3ffffff));
		break;
	}
#undef PUT
}
