/* SPDX-License-Identifier: MIT */
/*
 * One instruction as text, as objdump -d has it. Called by trace.c.
 */
#ifndef MIPS_SIM_DISASM_H
#define MIPS_SIM_DISASM_H

#include <stdint.h>

struct symbols;

#define DISASM_MAX	160

/*
 * @word at address @at; @text holds DISASM_MAX characters. A branch's target
 * is given with its symbol, if @symbols (NULL: none) has one.
 */
void disasm(const struct symbols *symbols, uint32_t at, uint32_t word,
	    char *text);

#endif
