// SPDX-License-Identifier: MIT
/*
 * No code generator for this host, or none wanted (JIT=jit_none). See jit.h.
 */
#include <stddef.h>

#include "mips-sim/jit.h"

struct jit *jit_open(void)
{
	return NULL;
}

void jit_close(struct jit *jit)
{
	(void)jit;
}

bool jit_has_room(const struct jit *jit)
{
	(void)jit;
	return true;
}

void jit_block(struct jit *jit, struct block *block)
{
	(void)jit;
	(void)block;
}

void jit_forget(struct jit *jit)
{
	(void)jit;
}
