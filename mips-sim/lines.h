/* SPDX-License-Identifier: MIT */
/*
 * The lines of the source that instructions are from, for messages to people.
 *
 * binutils' addr2line says it. It comes with the compiler that made the
 * program, and knows each version of DWARF; to read DWARF 5's line table by
 * ourselves would take some 250 lines.
 */
#ifndef MIPS_SIM_LINES_H
#define MIPS_SIM_LINES_H

#include <stdint.h>

#define LINES_MAX	80	/* bytes of a FILE:LINE, its end included */

/*
 * For each of the @count addresses in the ELF file @path its FILE:LINE, empty
 * where nobody knows: nothing is said of an addr2line that is not there.
 */
void lines_find(const char *path, const uint32_t *vaddrs, unsigned int count,
		char (*lines)[LINES_MAX]);

#endif
