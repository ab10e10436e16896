/* SPDX-License-Identifier: MIT */
/*
 * The fuzzer's two halves: calls.c and sysfs.c know what can be done to a
 * slowdev, and fuzz.c which of it to do next.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>

#define FUZZ_DEVICES	4U	/* /dev/slowdev0 to 3 */
#define FUZZ_MAX_OPS	24	/* in a sequence */

/* One system call; all of it is chance. What x and y mean is the call's. */
struct fuzz_op {
	uint8_t call;
	uint8_t file;
	uint16_t x;
	uint32_t y;
};

struct fuzz_seq {
	unsigned int nops;
	struct fuzz_op ops[FUZZ_MAX_OPS];
};

/* 0, or -1 with a line on standard error. Once a process. */
int fuzz_calls_init(void);

/*
 * Do what @seq says, in this process, and leave no file open. What sleeps is
 * interrupted by the process's timer.
 */
void fuzz_run(const struct fuzz_seq *seq);

/* @seq as a line that a person can read, on standard output; and back. */
void fuzz_print(const struct fuzz_seq *seq);
int fuzz_parse(struct fuzz_seq *seq, const char *line);	/* 0, or -1 */

#endif
