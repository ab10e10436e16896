/* SPDX-License-Identifier: MIT */
/*
 * UHI semihosting: `sdbbp 1` asks the host to do something. Called by the
 * instruction.
 */
#ifndef MIPS_SIM_UHI_H
#define MIPS_SIM_UHI_H

struct machine;

#define UHI_CODE	1	/* of sdbbp */

void uhi_call(struct machine *m);

#endif
