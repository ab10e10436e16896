/* SPDX-License-Identifier: MIT */
/*
 * The coprocessor 0 registers and bits that guests use, for assembly and C.
 * Numbers and names are those of the MIPS32 PRA, volume III.
 */
#ifndef GUEST_CP0_H
#define GUEST_CP0_H

#define CP0_COUNT	$9		/* one for every second instruction */
#define CP0_STATUS	$12
#define CP0_CAUSE	$13
#define CP0_EPC		$14
#define CP0_EBASE	$15, 1

#define STATUS_IE	0x00000001	/* interrupts may be taken */
#define STATUS_EXL	0x00000002	/* in an exception: none are */
#define STATUS_IM2	0x00000400	/* of IP2, the chip's line */

#define CAUSE_IV	0x00800000	/* interrupts enter at EBase + 0x200 */

#endif
