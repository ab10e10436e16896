/* SPDX-License-Identifier: MIT */
/*
 * What the semantics in insn_*.c are written in.
 *
 * EXEC(name) { ... } is what an instruction does, once for all engines: the
 * step engine calls it by exec_name(cpu, w) with the instruction's word
 * (exec_step.h), the block engine compiles the same text again with w an
 * operation decoded before (exec_block.h, included by block_ops.c). So the text
 * is in words that both give their meaning:
 *
 *	EXEC_WORD			the type of w
 *	field_...(w)			its fields
 *	rs(cpu, w), rt(cpu, w)		registers by field
 *	set_rd(), set_rt(), set_reg()	writing $zero does nothing
 *	cpu_load(), cpu_store()		memory; false: it shall go no further
 *	cp0_exception(), cp0_bad_address()
 *					raise one; nothing may have changed yet
 *	cp0_usable()			false: not to this program; an exception
 *	branch(), branch_likely(), jump(), link_to()
 */
#ifndef MIPS_SIM_EXEC_H
#define MIPS_SIM_EXEC_H

#ifdef EXEC_BLOCK
#include "mips-sim/exec_block.h"
#else
#include "mips-sim/exec_step.h"
#endif

#endif
