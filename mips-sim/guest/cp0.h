/* SPDX-License-Identifier: MIT */
/*
 * The coprocessor 0 registers and bits that guests use, for assembly and C.
 * Numbers and names are those of the MIPS32 PRA, volume III.
 */
#ifndef GUEST_CP0_H
#define GUEST_CP0_H

#define CP0_COUNT	$9		/* one for every second instruction */
#define CP0_COMPARE	$11		/* an interrupt when Count gets there */
#define CP0_STATUS	$12
#define CP0_CAUSE	$13
#define CP0_EPC		$14
#define CP0_EBASE	$15, 1

#define STATUS_IE	0x00000001	/* interrupts may be taken */
#define STATUS_EXL	0x00000002	/* in an exception: none are */
#define STATUS_IM2	0x00000400	/* of IP2, the chip's line */
#define STATUS_IM7	0x00008000	/* of IP7, Count and Compare */

#define CAUSE_CODE	0x0000007c	/* what happened; 0: an interrupt */
#define CAUSE_CODE_SYS	0x00000020	/* a syscall instruction */
#define CAUSE_IP2	0x00000400	/* the chip's line is up */
#define CAUSE_IP7	0x00008000	/* Count has got to Compare */
#define CAUSE_IV	0x00800000	/* interrupts enter at EBase + 0x200 */

#endif
