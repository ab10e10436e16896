/* SPDX-License-Identifier: MIT */
/*
 * Loading the program. Called by main.c before the run.
 */
#ifndef MIPS_SIM_ELF_H
#define MIPS_SIM_ELF_H

#include <stdbool.h>

struct machine;

/*
 * Load the ELF file at @path into RAM and set the pc to its entry. Any file
 * will do: what is not a program for this board ends with one line.
 */
void elf_load(struct machine *m, const char *path);
/* Is m->program still the file that was loaded? */
bool elf_unchanged(const struct machine *m);

#endif
