/* SPDX-License-Identifier: MIT */
/* What the calls share, and those of them that are in sysfs.c. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "fuzz.h"

#define PAGE	4096
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define PICK(a, n)	((a)[(n) % COUNT(a)])

extern char *good;	/* 16 pages that may be written; behind them is none */

/* A buffer, by chance: half of them are good. */
void *buffer(uint32_t n);
/* How many bytes of it: few, many, or more than there are. */
size_t length(uint32_t n);

void do_store(const struct fuzz_op *op);
void do_show(const struct fuzz_op *op);
void do_line_in(const struct fuzz_op *op);
void do_bind(const struct fuzz_op *op);
void do_fault(const struct fuzz_op *op);
void do_log(const struct fuzz_op *op);

#endif
