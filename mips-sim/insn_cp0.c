// SPDX-License-Identifier: MIT
/*
 * Instructions that ask what time it is, move the next event or end a handler.
 *
 * Compiled twice (see exec.h): called by cpu_step(), and part of the block
 * engine, since interrupt handlers are made of them. The rest of COP0 is in
 * insn_sys.c.
 */
#include "mips-sim/exec.h"

EXEC(mfc0)
{
	if (cp0_usable(cpu))
		set_rt(cpu, w, cp0_read(cpu, field_rd(w), field_sel(w)));
}

EXEC(mtc0)
{
	if (cp0_usable(cpu))
		cp0_write(cpu, field_rd(w), field_sel(w), rt(cpu, w));
}

/* di and ei give the Status from before. */
EXEC(di)
{
	uint32_t status = cpu->cp0.status;

	if (cp0_usable(cpu)) {
		set_rt(cpu, w, status);
		cp0_set_status(cpu, status & ~STATUS_IE);
	}
}

EXEC(ei)
{
	uint32_t status = cpu->cp0.status;

	if (cp0_usable(cpu)) {
		set_rt(cpu, w, status);
		cp0_set_status(cpu, status | STATUS_IE);
	}
}

/* Hardware registers that user mode reads where HWREna lets it. */
EXEC(rdhwr)
{
	unsigned int reg = field_rd(w);
	bool allowed = cpu_has_cp0(cpu) || cpu->cp0.hwrena >> reg & 1;
	uint32_t val;

	switch (reg) {
	case 0:			/* CPUNum */
		val = 0;
		break;
	case 1:			/* SYNCI_Step: bytes in a cache line */
		val = 32;
		break;
	case 2:			/* CC */
		val = cp0_count(cpu);
		break;
	case 3:			/* CCRes: ticks in a CC */
		val = 2;
		break;
	default:
		allowed = false;
		break;
	}
	if (allowed)
		set_rt(cpu, w, val);
	else
		cp0_exception(cpu, EXC_RI);
}

EXEC(eret)
{
	(void)w;
	if (cp0_usable(cpu))
		cp0_eret(cpu);
}
