/* SPDX-License-Identifier: MIT */
/*
 * UHI semihosting: `sdbbp 1` asks the host to do something. Called by the
 * instruction.
 */
#ifndef MIPS_SIM_UHI_H
#define MIPS_SIM_UHI_H

struct machine;

#define UHI_CODE	1	/* of sdbbp */
#define UHI_WORD	0x7000007f	/* sdbbp 1 */

/* $25 says what to do. */
enum uhi_operation {
	UHI_EXIT = 1,
	UHI_READ = 4,
	UHI_WRITE = 5,
	UHI_ARGC = 9,
	UHI_ARGNLEN = 10,
	UHI_ARGN = 11,
	UHI_PLOG = 13,
};

void uhi_call(struct machine *m);

#endif
