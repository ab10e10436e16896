/* SPDX-License-Identifier: MIT */
/*
 * One instruction as text. Called by trace.c.
 */
#ifndef MIPS_SIM_DISASM_H
#define MIPS_SIM_DISASM_H

#include <stdint.h>

#define DISASM_MAX	64

/* @word at address @at; @text holds DISASM_MAX characters. */
void disasm(uint32_t at, uint32_t word, char *text);

#endif
