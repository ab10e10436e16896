// SPDX-License-Identifier: MIT
/*
 * Every exception: its code, its vector, EPC and BD, BadVAddr, and that the
 * instruction that raised it changed nothing. QEMU's mipssim differs in
 * this: mfc2 is RI there; sc does not check its address when the link is to
 * another one, and then leaves the link; cache and synci never miss; a jump to
 * an odd address enters MIPS16; the TLB holds entries for page 0 after reset.
 */
#include "harness.h"

#define RAM	0x80400000	/* used by nothing else */

static void overflow(void)
{
	u32 kept;

	RAISE(0x7fffffff, "li $t1, 1\n 8: add $t2, $t0, $t1");
	caught("add past the end: Ov", 0x180, OV, 0, 0);
	RAISE(0x80000000, "li $t1, 1\n 8: sub $t2, $t0, $t1");
	caught("sub past the end: Ov", 0x180, OV, 0, 0);
	RAISE(0x7fffffff, "8: addi $t2, $t0, 1");
	caught("addi past the end: Ov", 0x180, OV, 0, 0);
	RAISE(0x80000000, "8: addi $t2, $t0, -1");
	caught("addi before the beginning: Ov", 0x180, OV, 0, 0);
	RAISE(0x7fffffff, "b 9f\n 8: addi $t0, $t0, 1");
	kept = 0;
	want_epc -= 4;
	caught("addi in a slot: Ov, EPC at the branch", 0x180, OV, 1, 0);

	forget();
	asm volatile(".set push\n.set noreorder\n li %0, 0x7fffffff\n"
		     "addi %0, %0, 1\n.set pop" : "=&r"(kept));
	same(kept, 0x7fffffff, "Ov leaves the destination alone");
	same(seen.count, 1, "  and came once");
	forget();
	asm volatile(".set push\n.set noreorder\n li %0, 0x7fffffff\n"
		     "add $0, %0, %0\n.set pop" : "=&r"(kept));
	same(seen.cause >> 2 & 31, OV, "add to $0 overflows as well");
}

static void calls(void)
{
	RAISE(0, "8: syscall");
	caught("syscall", 0x180, SYS, 0, 0);
	RAISE(0, "8: syscall 0x12345");
	caught("syscall with a code", 0x180, SYS, 0, 0);
	RAISE(0, "8: break");
	caught("break", 0x180, BP, 0, 0);
	RAISE(0, "8: break 5, 6");
	caught("break with a code", 0x180, BP, 0, 0);
	RAISE(0, "8: b 9f\n syscall");
	caught("syscall in a slot", 0x180, SYS, 1, 0);
	RAISE(0, "8: jr $t9\n break");
	caught("break in the slot of jr", 0x180, BP, 1, 0);
	RAISE(0, "8: bal 9f\n syscall");
	caught("syscall in the slot of bal", 0x180, SYS, 1, 0);
	RAISE(0, "8: bne $t0, $0, 9f\n syscall");
	caught("syscall in the slot of a branch not taken", 0x180, SYS, 1, 0);
	RAISE(0, "8: beql $0, $0, 9f\n syscall");
	caught("syscall in the slot of a likely branch taken", 0x180, SYS, 1,
	       0);
	RAISE(0, "bnel $0, $0, 9f\n break\n 8: syscall");
	caught("break in a nullified slot does not happen", 0x180, SYS, 0, 0);
}

static void traps(void)
{
	RAISE(5, "li $t1, 5\n 8: teq $t0, $t1");
	caught("teq", 0x180, TR, 0, 0);
	RAISE(5, "li $t1, 6\n 8: tne $t0, $t1, 7");
	caught("tne", 0x180, TR, 0, 0);
	RAISE(-5, "li $t1, -5\n 8: tge $t0, $t1");
	caught("tge", 0x180, TR, 0, 0);
	RAISE(-5, "li $t1, 5\n 8: tgeu $t0, $t1");
	caught("tgeu", 0x180, TR, 0, 0);
	RAISE(-5, "li $t1, 5\n 8: tlt $t0, $t1");
	caught("tlt", 0x180, TR, 0, 0);
	RAISE(5, "li $t1, -5\n 8: tltu $t0, $t1");
	caught("tltu", 0x180, TR, 0, 0);
	RAISE(-5, "8: teqi $t0, -5");
	caught("teqi", 0x180, TR, 0, 0);
	RAISE(-5, "8: tnei $t0, 5");
	caught("tnei", 0x180, TR, 0, 0);
	RAISE(5, "8: tgei $t0, -5");
	caught("tgei", 0x180, TR, 0, 0);
	RAISE(-1, "8: tgeiu $t0, -5");
	caught("tgeiu", 0x180, TR, 0, 0);
	RAISE(-6, "8: tlti $t0, -5");
	caught("tlti", 0x180, TR, 0, 0);
	RAISE(5, "8: tltiu $t0, -5");
	caught("tltiu", 0x180, TR, 0, 0);
	RAISE(5, "8: b 9f\n teqi $t0, 5");
	caught("teqi in a slot", 0x180, TR, 1, 0);
}

static void reserved(void)
{
	RAISE(0, "8: .word 0x0000003f");
	caught("SPECIAL 63 is reserved", 0x180, RI, 0, 0);
	RAISE(0, "8: .word 0x70000006");
	caught("SPECIAL2 6 is reserved", 0x180, RI, 0, 0);
	RAISE(0, "8: .word 0x7c00000a");
	caught("SPECIAL3 10 (DSP) is reserved", 0x180, RI, 0, 0);
	RAISE(0, "8: .word 0x041e0000");
	caught("REGIMM 30 is reserved", 0x180, RI, 0, 0);
	RAISE(0, "8: .word 0xdc000000");
	caught("ld (64 bits) is reserved", 0x180, RI, 0, 0);
	RAISE(0, "8: b 9f\n .word 0x0000003f");
	caught("a reserved instruction in a slot", 0x180, RI, 1, 0);

	RAISE(0, "8: .word 0x44000000");	/* mfc1 */
	caught("mfc1 without a coprocessor 1: CpU", 0x180, CPU, 0, 0);
	same(seen.cause >> 28 & 3, 1, "  Cause.CE is 1");
	RAISE(RAM, "8: .word 0xc5000000");	/* lwc1 $f0, 0($t0) */
	caught("lwc1: CpU", 0x180, CPU, 0, 0);
	same(seen.cause >> 28 & 3, 1, "  Cause.CE is 1");
	RAISE(RAM, "8: .word 0xe5000000");	/* swc1 */
	caught("swc1: CpU", 0x180, CPU, 0, 0);
	RAISE(RAM, "8: .word 0xd5000000");	/* ldc1 */
	caught("ldc1: CpU", 0x180, CPU, 0, 0);
	RAISE(0, "8: .word 0x48000000");	/* mfc2 */
	caught("mfc2: CpU", 0x180, CPU, 0, 0);
	same(seen.cause >> 28 & 3, 2, "  Cause.CE is 2");
	RAISE(0, "8: .word 0x00000001");	/* movf */
	caught("movf: CpU", 0x180, CPU, 0, 0);
	same(seen.cause >> 28 & 3, 1, "  Cause.CE is 1");
}

static const u8 pattern[] = {
	0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
};

static void fill(void)
{
	u32 i;

	for (i = 0; i < sizeof(pattern); i++)
		((volatile u8 *)RAM)[i] = pattern[i];
}

static int filled(void)
{
	u32 i;

	for (i = 0; i < sizeof(pattern); i++)
		if (((volatile u8 *)RAM)[i] != pattern[i])
			return 0;
	return 1;
}

static void addresses(void)
{
	u32 kept;

	fill();
	RAISE(RAM + 1, "8: lw $t1, 0($t0)");
	caught("lw at 1: AdEL", 0x180, ADEL, 0, RAM + 1);
	RAISE(RAM, "8: lw $t1, 2($t0)");
	caught("lw at 2: AdEL", 0x180, ADEL, 0, RAM + 2);
	RAISE(RAM, "8: lw $t1, 3($t0)");
	caught("lw at 3: AdEL", 0x180, ADEL, 0, RAM + 3);
	RAISE(RAM, "8: lh $t1, 1($t0)");
	caught("lh at 1: AdEL", 0x180, ADEL, 0, RAM + 1);
	RAISE(RAM, "8: lhu $t1, 3($t0)");
	caught("lhu at 3: AdEL", 0x180, ADEL, 0, RAM + 3);
	RAISE(RAM, "8: ll $t1, 2($t0)");
	caught("ll at 2: AdEL", 0x180, ADEL, 0, RAM + 2);
	RAISE(RAM, "8: sw $t1, 1($t0)");
	caught("sw at 1: AdES", 0x180, ADES, 0, RAM + 1);
	RAISE(RAM, "8: sw $t1, 2($t0)");
	caught("sw at 2: AdES", 0x180, ADES, 0, RAM + 2);
	RAISE(RAM, "8: sh $t1, 1($t0)");
	caught("sh at 1: AdES", 0x180, ADES, 0, RAM + 1);
	RAISE(RAM, "ll $t1, 0($t0)\n 8: sc $t1, 2($t0)");
	caught("sc at 2: AdES", 0x180, ADES, 0, RAM + 2);
	ok(filled(), "none of these stores changed memory");
	RAISE(RAM, "8: b 9f\n lw $t1, 1($t0)");
	caught("lw at 1 in a slot: AdEL", 0x180, ADEL, 1, RAM + 1);
	RAISE(RAM, "8: b 9f\n sw $t1, 3($t0)");
	caught("sw at 3 in a slot: AdES", 0x180, ADES, 1, RAM + 3);

	forget();
	asm volatile(".set push\n.set noreorder\n li %0, 77\n"
		     "lw %0, 1(%1)\n.set pop" : "=&r"(kept) : "r"(RAM));
	same(kept, 77, "AdEL leaves the destination alone");

	RAISE(RAM + 2, "jr $t0\n nop");
	want_epc = RAM + 2;
	caught("a jump to 2: AdEL at the target", 0x180, ADEL, 0, RAM + 2);
	RAISE(RAM + 1, "jalr $t0\n nop");
	want_epc = RAM + 1;
	caught("a jump to 1: AdEL at the target", 0x180, ADEL, 0, RAM + 1);
}

static void translation(void)
{
	u32 kept;

	RAISE(0x00000000, "8: lw $t1, 0($t0)");
	caught("lw from 0 in KUSEG: TLBL, refill vector", 0, TLBL, 0, 0);
	RAISE(0x7ffffffc, "8: lw $t1, 0($t0)");
	caught("lw from the end of KUSEG: TLBL", 0, TLBL, 0, 0x7ffffffc);
	RAISE(0xc0000000, "8: lbu $t1, 5($t0)");
	caught("lbu from KSEG2: TLBL", 0, TLBL, 0, 0xc0000005);
	RAISE(0xe0001000, "8: lhu $t1, 2($t0)");
	caught("lhu from KSEG3: TLBL", 0, TLBL, 0, 0xe0001002);
	RAISE(0xfffffffc, "8: lwl $t1, 1($t0)");
	caught("lwl from the end of KSEG3: TLBL", 0, TLBL, 0, 0xfffffffd);
	RAISE(0x00400000, "8: lwr $t1, 2($t0)");
	caught("lwr from KUSEG: TLBL", 0, TLBL, 0, 0x00400002);
	RAISE(0x00400000, "8: ll $t1, 4($t0)");
	caught("ll from KUSEG: TLBL", 0, TLBL, 0, 0x00400004);
	RAISE(0x00005000, "8: sw $t1, 0($t0)");
	caught("sw to KUSEG: TLBS, refill vector", 0, TLBS, 0, 0x5000);
	RAISE(0x00005000, "8: sb $t1, 3($t0)");
	caught("sb to KUSEG: TLBS", 0, TLBS, 0, 0x5003);
	RAISE(0x00005000, "8: sh $t1, 2($t0)");
	caught("sh to KUSEG: TLBS", 0, TLBS, 0, 0x5002);
	RAISE(0xc0000000, "8: swl $t1, 1($t0)");
	caught("swl to KSEG2: TLBS", 0, TLBS, 0, 0xc0000001);
	RAISE(0xc0000000, "8: swr $t1, 2($t0)");
	caught("swr to KSEG2: TLBS", 0, TLBS, 0, 0xc0000002);
	RAISE(0x00001001, "8: lw $t1, 0($t0)");
	caught("unaligned in KUSEG: AdEL goes before TLBL", 0x180, ADEL, 0,
	       0x1001);
	RAISE(0x00001002, "8: sw $t1, 0($t0)");
	caught("unaligned in KUSEG: AdES goes before TLBS", 0x180, ADES, 0,
	       0x1002);
	RAISE(0x00005000, "8: b 9f\n lw $t1, 0($t0)");
	caught("lw from KUSEG in a slot: TLBL", 0, TLBL, 1, 0x5000);
	RAISE(0x00005000, "jr $t0\n nop");
	want_epc = 0x5000;
	caught("a jump to KUSEG: TLBL at the target", 0, TLBL, 0, 0x5000);
	RAISE(0xc0000000, "jr $t0\n nop");
	want_epc = 0xc0000000;
	caught("a jump to KSEG2: TLBL at the target", 0, TLBL, 0, 0xc0000000);

	RAISE(0x00400000, "8: cache 0x10, 4($t0)");
	caught("cache, a hit in KUSEG: TLBL", 0, TLBL, 0, 0x00400004);
	RAISE(0x00400000, "8: cache 0x15, 1($t0)");
	caught("cache, the data's, at an odd address: TLBL", 0, TLBL, 0,
	       0x00400001);
	RAISE(0x00400000, "8: synci 5($t0)");
	caught("synci in KUSEG, at an odd address: TLBL", 0, TLBL, 0,
	       0x00400005);
	RAISE(0xc0000000, "8: b 9f\n synci 0($t0)");
	caught("synci in KSEG2, in a slot: TLBL", 0, TLBL, 1, 0xc0000000);
	forget();
	asm volatile("cache 0x10, 0(%0)\n cache 0x00, 0(%1)\n synci 2(%0)"
		     :: "r"(RAM + 1), "r"(0x00400000) : "memory");
	same(seen.count, 0, "none in KSEG0, nor by index");
	RAISE(0xc0000000, "8: lw $t1, 0($t0)");

	same(read_cp0("$10") & 0xffffe000, 0xc0000000,
	     "EntryHi.VPN2 is the page pair that was missing");
	RAISE(0x12345678, "8: lw $t1, 0($t0)");
	same(read_cp0("$10") & 0xffffff00, 0x12344000, "  and of the next");
	same(read_cp0("$4") & 0x007ffff0, 0x12345678 >> 13 << 4,
	     "Context.BadVPN2 too");

	/* What is written into the TLB is lost. */
	write_cp0("$2", ~0);
	write_cp0("$3", ~0);
	write_cp0("$5", ~0);
	write_cp0("$10", ~0);
	asm volatile("tlbwi\n tlbwr\n tlbr\n ehb" ::: "memory");
	same(read_cp0("$2") | read_cp0("$3") | read_cp0("$5") |
	     read_cp0("$10"), 0, "an entry that was written reads 0");
	RAISE(0x12345678, "8: lw $t1, 0($t0)");
	caught("  and translates nothing", 0, TLBL, 0, 0x12345678);

	/* With EXL set a refill goes to 0x180, and EPC and BD stay. */
	forget();
	write_cp0(EPC, 0x80123454);
	asm volatile(".set push\n.set noreorder\n"
		     "mfc0 $t1, $12\n ori $t1, $t1, 2\n mtc0 $t1, $12\n ehb\n"
		     "la $t0, 9f\n la $t1, resume_at\n sw $t0, 0($t1)\n"
		     "lw $t1, 0x1230($0)\n"
		     "9:\n.set pop" ::: "$8", "$9", "memory");
	same(seen.vector, 0x180, "TLBL with EXL = 1: vector 0x180");
	same(seen.cause >> 2 & 31, TLBL, "  ExcCode TLBL");
	same(seen.epc, 0x80123454, "  EPC stays");
	same(seen.badvaddr, 0x1230, "  BadVAddr is new");

	/* ERL = 1: KUSEG is physical. */
	*(volatile u32 *)0xa0400010 = 0x600dbeef;
	forget();
	asm volatile(".set push\n.set noreorder\n"
		     "mfc0 $t1, $12\n ori $t1, $t1, 4\n mtc0 $t1, $12\n ehb\n"
		     "lui $t2, 0x40\n lw %0, 0x10($t2)\n"
		     "sw $t2, 0x14($t2)\n"
		     "xori $t1, $t1, 4\n mtc0 $t1, $12\n ehb\n"
		     ".set pop" : "=r"(kept) :: "$9", "$10", "memory");
	same(kept, 0x600dbeef, "ERL = 1: a load from KUSEG is physical");
	same(*(volatile u32 *)0x80400014, 0x00400000, "  a store too");
	same(seen.count, 0, "  and raises nothing");
	RAISE(0x00400010, "8: lw $t1, 0($t0)");
	caught("ERL = 0 again: TLBL", 0, TLBL, 0, 0x00400010);
}

static void nested(void)
{
	u32 kept;

	/* An exception inside one: EPC and BD are the first one's. */
	forget();
	write_cp0(EPC, 0x80123450);
	asm volatile(".set push\n.set noreorder\n"
		     "mfc0 $t1, $12\n ori $t1, $t1, 2\n mtc0 $t1, $12\n ehb\n"
		     "la $t0, 9f\n la $t1, resume_at\n sw $t0, 0($t1)\n"
		     "b 9f\n syscall\n"
		     "9:\n.set pop" ::: "$8", "$9", "memory");
	same(seen.epc, 0x80123450, "syscall with EXL = 1: EPC stays");
	same(seen.cause >> 31, 0, "  BD stays");
	same(seen.cause >> 2 & 31, SYS, "  ExcCode is new");
	same(read_cp0(STATUS) & (EXL | ERL), 0, "eret cleared EXL");

	/* eret with ERL = 1 goes to ErrorEPC and clears ERL alone. */
	asm volatile(".set push\n.set noreorder\n"
		     "la $t0, 7f\n mtc0 $t0, $30\n"
		     "la $t0, 8f\n mtc0 $t0, $14\n"
		     "mfc0 $t1, $12\n ori $t1, $t1, 6\n mtc0 $t1, $12\n ehb\n"
		     "li %0, 0\n eret\n ori %0, %0, 8\n"
		     "8: ori %0, %0, 1\n"
		     "7: mfc0 $t2, $12\n andi $t2, $t2, 6\n"
		     "sll $t2, $t2, 4\n or %0, %0, $t2\n"
		     "xori $t1, $t1, 6\n mtc0 $t1, $12\n ehb\n"
		     ".set pop" : "=&r"(kept) :: "$8", "$9", "$10", "memory");
	same(kept, 0x20, "eret with ERL and EXL: to ErrorEPC, EXL stays");

	/* eret has no slot. */
	asm volatile(".set push\n.set noreorder\n"
		     "la $t0, 8f\n mtc0 $t0, $14\n"
		     "mfc0 $t1, $12\n ori $t1, $t1, 2\n mtc0 $t1, $12\n ehb\n"
		     "li %0, 0\n eret\n ori %0, %0, 1\n"
		     "8:\n.set pop" : "=&r"(kept) :: "$8", "$9", "memory");
	same(kept, 0, "eret has no delay slot");

	/* ll, an exception, sc: the link is gone. */
	*(volatile u32 *)RAM = 1;
	asm volatile(".set push\n.set noreorder\n"
		     "ll $t0, 0(%1)\n addiu %0, $t0, 5\n syscall\n"
		     "sc %0, 0(%1)\n.set pop"
		     : "=&r"(kept) : "r"(RAM) : "$8", "memory");
	same(kept, 0, "sc behind an exception fails");
	same(*(volatile u32 *)RAM, 1, "  and stores nothing");
	asm volatile(".set push\n.set noreorder\n"
		     "ll $t0, 0(%1)\n addiu %0, $t0, 5\n"
		     "sc %0, 0(%1)\n.set pop"
		     : "=&r"(kept) : "r"(RAM) : "$8", "memory");
	same(kept, 1, "sc without one succeeds");
	same(*(volatile u32 *)RAM, 6, "  and stores");
}

/* ll's word, then sc, with `between` in between; $t1 holds RAM. */
#define LINK(between)							\
	({								\
		u32 _done;						\
									\
		*(volatile u32 *)RAM = 1;				\
		*(volatile u32 *)(RAM + 4) = 1;				\
		asm volatile(".set push\n.set noreorder\n"		\
			     "move $t1, %1\n ll $t0, 0($t1)\n li %0, 7\n" \
			     between "\n.set pop"			\
			     : "=&r"(_done) : "r"(RAM)			\
			     : "$8", "$9", "$10", "memory");		\
		_done;							\
	})

static void links(void)
{
	same(LINK("li $t2, 2\n sw $t2, 0($t1)\n sc %0, 0($t1)"), 0,
	     "sc fails when the word has been stored to");
	same(*(volatile u32 *)RAM, 2, "  and stores nothing");
	same(LINK("sb $0, 1($t1)\n sc %0, 0($t1)"), 1,
	     "it does not when that has changed nothing");
	same(LINK("li $t2, 2\n sw $t2, 4($t1)\n sc %0, 0($t1)"), 1,
	     "nor when it was the word next to it");
	same(LINK("sc %0, 4($t1)"), 0, "sc to another word fails");
	same(*(volatile u32 *)(RAM + 4), 1, "  and stores nothing");
	same(LINK("sc %0, 4($t1)\n li %0, 8\n sc %0, 0($t1)"), 0,
	     "  and the link is used up");
	same(LINK("ll $t0, 4($t1)\n sc %0, 0($t1)"), 0,
	     "the last ll counts");
}

/* User mode: Status.UM, CU0; code in KSEG is out of reach from there, so
 * what is seen is the fetch's AdEL.
 */
void to_kernel(void);
asm(".set push\n.set noreorder\n"
    "to_kernel: li $k0, 2\n mtc0 $k0, $12\n jr $k1\n ehb\n.set pop");

static void user_mode(void)
{
	hook = (u32)to_kernel;
	RAISE(0, "la $t1, 8f\n mtc0 $t1, $14\n"
	      "li $t1, 0x12\n mtc0 $t1, $12\n ehb\n eret\n nop\n 8: nop");
	caught("user mode cannot fetch from KSEG0: AdEL", 0x180, ADEL, 0,
	       want_epc);
	ok(seen.status & UM, "  and Status.UM stays set");
	hook = 0;
}

static void vectors_move(void)
{
	u32 ebase = read_cp0(EBASE), i;
	volatile u32 *from = (u32 *)ebase, *to = (u32 *)0xa0500000;

	for (i = 0; i < 0x1000 / 4; i++)
		to[i] = from[i];
	/* The copy says so: its three `li $k0` load other numbers. */
	to[1] = (to[1] & 0xffff0000) | 0x1000;
	to[0x184 / 4] = (to[0x184 / 4] & 0xffff0000) | 0x1180;
	for (i = 0; i < 0x1000; i += 32)
		asm volatile("synci 0(%0)" :: "r"(0x80500000 + i) : "memory");
	asm volatile("sync" ::: "memory");
	write_cp0(EBASE, 0x80500fff);
	same(read_cp0(EBASE), 0x80500000, "EBase keeps bits 29:12 and bit 31");
	RAISE(0, "8: syscall");
	caught("an exception goes to the new EBase + 0x180", 0x1180, SYS, 0,
	       0);
	RAISE(0x5000, "8: lw $t1, 0($t0)");
	caught("a refill to the new EBase + 0", 0x1000, TLBL, 0, 0x5000);
	write_cp0(EBASE, ebase);
	RAISE(0, "8: syscall");
	caught("and back", 0x180, SYS, 0, 0);
}

void tests(void)
{
	overflow();
	calls();
	traps();
	reserved();
	addresses();
	translation();
	nested();
	links();
	user_mode();
	vectors_move();
}
