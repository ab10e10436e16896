/* SPDX-License-Identifier: MIT */
/*
 * Loads and stores, at every alignment.
 */
#include "insn.h"

	.irp	op, lb, lbu, lh, lhu, lw, lwl, lwr, sb, sh, sw, swl, swr
	ONE	IN_MEMORY | OUT_MEMORY, \op $t1, 0($t0)
	.irp	offset, 1, 2, 3, 4, 7, -1, -2, -3, -4, -8
	ONE	IN_MEMORY | OUT_MEMORY, \op $t1, \offset($t0)
	.endr
	.endr

/* The ends of the offset. */
	.irp	op, lb, lbu, lh, lhu, lw, lwl, lwr, sb, sh, sw, swl, swr
	TEST	IN_MEMORY | OUT_MEMORY, \op at +0x7ffc
	addiu	$t3, $t0, -0x7ffc
	\op	$t1, 0x7ffc($t3)
	END
	TEST	IN_MEMORY | OUT_MEMORY, \op at -0x8000
	addiu	$t3, $t0, 0x4000
	addiu	$t3, $t3, 0x4000
	\op	$t1, -0x8000($t3)
	END
	.endr

/* Loads into the base, and to nowhere. */
	.irp	op, lb, lbu, lh, lhu, lw, lwl, lwr
	TEST	IN_MEMORY | OUT_MEMORY, \op into its base
	move	$t3, $t0
	move	$t4, $t0
	\op	$t3, 0($t3)
	\op	$t4, 0($t0)
	subu	$t2, $t3, $t4	/* lwl and lwr keep part of the address */
	END
	TEST	IN_MEMORY | OUT_MEMORY, \op into $0
	\op	$0, 0($t0)
	move	$t2, $0
	END
	.endr

/* The pair that loads and stores a word anywhere. */
	TEST	IN_MEMORY | OUT_MEMORY, lwl with lwr
	lwl	$t1, 3($t0)
	lwr	$t1, 0($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, lwr with lwl
	lwr	$t1, 0($t0)
	lwl	$t1, 3($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, swl with swr
	swl	$t1, 3($t0)
	swr	$t1, 0($t0)
	END

/* What was stored is what is loaded, in pieces and as a whole. */
	TEST	IN_MEMORY | OUT_MEMORY, sb then lw
	ins	$t0, $0, 0, 2
	sb	$t1, 2($t0)
	lw	$t2, 0($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, sw then lbu
	ins	$t0, $0, 0, 2
	sw	$t1, 0($t0)
	lbu	$t2, 1($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, sh then lh
	ins	$t0, $0, 0, 2
	sh	$t1, 2($t0)
	lh	$t2, 2($t0)
	END

/*
 * LL and SC. An SC without its LL is not defined, so there is none here; an
 * unaligned one is in bare/exceptions.c, for QEMU looks at the link first.
 */
	ONE	IN_MEMORY | OUT_MEMORY, ll $t1, 0($t0)
	TEST	IN_MEMORY | OUT_MEMORY, sc behind ll
	ll	$t2, 0($t0)
	sc	$t1, 0($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, ll with an offset
	ins	$t0, $0, 0, 2
	ll	$t2, -4($t0)
	END
	TEST	IN_MEMORY | OUT_MEMORY, sc with an offset
	ins	$t0, $0, 0, 2
	ll	$t2, 4($t0)
	addiu	$t2, $t2, 1
	sc	$t2, 4($t0)
	lw	$t1, 4($t0)
	END

/* Hints and barriers change nothing that can be seen. */
	.irp	hint, 0, 1, 4, 5, 6, 7, 25, 30
	ONE	IN_MEMORY | OUT_MEMORY, pref \hint, 0($t0)
	.endr
	TEST	IN_NONE, pref at an address that has nothing
	pref	0, 4($0)
	END
	ONE	IN_MEMORY | OUT_MEMORY, synci 0($t0)
	ONE	IN_MEMORY | OUT_MEMORY, sync
	ONE	IN_MEMORY | OUT_MEMORY, sync 0x10
