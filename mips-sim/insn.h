/* SPDX-License-Identifier: MIT */
/*
 * Every instruction of MIPS32 release 2 that the processor has: one row each.
 *
 * INSN(mnemonic, mask, match, operands, exec): a word is this instruction
 * when (word & mask) == match; the first row that fits wins. operands says
 * how disasm.c prints it, exec names the function exec_... that runs it (in
 * insn_*.c). decode.c makes its table of this list, exec.h the prototypes.
 * A word that no row fits is a reserved instruction.
 *
 * Rows that all end in the same exception share an exec: cp1 and cp2 are the
 * coprocessors this processor has not, reserved is for what it knows but
 * lacks (deret: no EJTAG).
 */
#define INSN_TABLE(INSN)						\
	/* three shifts of $zero that have names of their own */	\
	INSN("nop",	0xffffffff, 0x00000000, NONE,		nop)	\
	INSN("ssnop",	0xffffffff, 0x00000040, NONE,		nop)	\
	INSN("ehb",	0xffffffff, 0x000000c0, NONE,		nop)	\
	/* SPECIAL: opcode 0, the function in bits 5:0 */		\
	INSN("sll",	0xffe0003f, 0x00000000, RD_RT_SA,	sll)	\
	INSN("movf",	0xfc0307ff, 0x00000001, RD_RS,		cp1)	\
	INSN("movt",	0xfc0307ff, 0x00010001, RD_RS,		cp1)	\
	INSN("srl",	0xffe0003f, 0x00000002, RD_RT_SA,	srl)	\
	INSN("rotr",	0xffe0003f, 0x00200002, RD_RT_SA,	rotr)	\
	INSN("sra",	0xffe0003f, 0x00000003, RD_RT_SA,	sra)	\
	INSN("sllv",	0xfc0007ff, 0x00000004, RD_RT_RS,	sllv)	\
	INSN("srlv",	0xfc0007ff, 0x00000006, RD_RT_RS,	srlv)	\
	INSN("rotrv",	0xfc0007ff, 0x00000046, RD_RT_RS,	rotrv)	\
	INSN("srav",	0xfc0007ff, 0x00000007, RD_RT_RS,	srav)	\
	INSN("jr.hb",	0xfc1fffff, 0x00000408, RS,		jr)	\
	INSN("jr",	0xfc1ff83f, 0x00000008, RS,		jr)	\
	INSN("jalr.hb",	0xfc1f07ff, 0x00000409, RD_RS,		jalr)	\
	INSN("jalr",	0xfc1f003f, 0x00000009, RD_RS,		jalr)	\
	INSN("movz",	0xfc0007ff, 0x0000000a, RD_RS_RT,	movz)	\
	INSN("movn",	0xfc0007ff, 0x0000000b, RD_RS_RT,	movn)	\
	INSN("syscall",	0xfc00003f, 0x0000000c, CODE20,		syscall) \
	INSN("break",	0xfc00003f, 0x0000000d, CODE20,		break)	\
	INSN("sync",	0xfffff83f, 0x0000000f, NONE,		nop)	\
	INSN("mfhi",	0xffff07ff, 0x00000010, RD,		mfhi)	\
	INSN("mthi",	0xfc1fffff, 0x00000011, RS,		mthi)	\
	INSN("mflo",	0xffff07ff, 0x00000012, RD,		mflo)	\
	INSN("mtlo",	0xfc1fffff, 0x00000013, RS,		mtlo)	\
	INSN("mult",	0xfc00ffff, 0x00000018, RS_RT,		mult)	\
	INSN("multu",	0xfc00ffff, 0x00000019, RS_RT,		multu)	\
	INSN("div",	0xfc00ffff, 0x0000001a, RS_RT,		div)	\
	INSN("divu",	0xfc00ffff, 0x0000001b, RS_RT,		divu)	\
	INSN("add",	0xfc0007ff, 0x00000020, RD_RS_RT,	add)	\
	INSN("addu",	0xfc0007ff, 0x00000021, RD_RS_RT,	addu)	\
	INSN("sub",	0xfc0007ff, 0x00000022, RD_RS_RT,	sub)	\
	INSN("subu",	0xfc0007ff, 0x00000023, RD_RS_RT,	subu)	\
	INSN("and",	0xfc0007ff, 0x00000024, RD_RS_RT,	and)	\
	INSN("or",	0xfc0007ff, 0x00000025, RD_RS_RT,	or)	\
	INSN("xor",	0xfc0007ff, 0x00000026, RD_RS_RT,	xor)	\
	INSN("nor",	0xfc0007ff, 0x00000027, RD_RS_RT,	nor)	\
	INSN("slt",	0xfc0007ff, 0x0000002a, RD_RS_RT,	slt)	\
	INSN("sltu",	0xfc0007ff, 0x0000002b, RD_RS_RT,	sltu)	\
	INSN("tge",	0xfc00003f, 0x00000030, RS_RT,		tge)	\
	INSN("tgeu",	0xfc00003f, 0x00000031, RS_RT,		tgeu)	\
	INSN("tlt",	0xfc00003f, 0x00000032, RS_RT,		tlt)	\
	INSN("tltu",	0xfc00003f, 0x00000033, RS_RT,		tltu)	\
	INSN("teq",	0xfc00003f, 0x00000034, RS_RT,		teq)	\
	INSN("tne",	0xfc00003f, 0x00000036, RS_RT,		tne)	\
	/* REGIMM: opcode 1, the function in the rt field */		\
	INSN("bltz",	0xfc1f0000, 0x04000000, RS_OFF,		bltz)	\
	INSN("bgez",	0xfc1f0000, 0x04010000, RS_OFF,		bgez)	\
	INSN("bltzl",	0xfc1f0000, 0x04020000, RS_OFF,		bltzl)	\
	INSN("bgezl",	0xfc1f0000, 0x04030000, RS_OFF,		bgezl)	\
	INSN("tgei",	0xfc1f0000, 0x04080000, RS_SIMM,	tgei)	\
	INSN("tgeiu",	0xfc1f0000, 0x04090000, RS_SIMM,	tgeiu)	\
	INSN("tlti",	0xfc1f0000, 0x040a0000, RS_SIMM,	tlti)	\
	INSN("tltiu",	0xfc1f0000, 0x040b0000, RS_SIMM,	tltiu)	\
	INSN("teqi",	0xfc1f0000, 0x040c0000, RS_SIMM,	teqi)	\
	INSN("tnei",	0xfc1f0000, 0x040e0000, RS_SIMM,	tnei)	\
	INSN("bltzal",	0xfc1f0000, 0x04100000, RS_OFF,		bltzal)	\
	INSN("bgezal",	0xfc1f0000, 0x04110000, RS_OFF,		bgezal)	\
	INSN("bltzall",	0xfc1f0000, 0x04120000, RS_OFF,		bltzall) \
	INSN("bgezall",	0xfc1f0000, 0x04130000, RS_OFF,		bgezall) \
	INSN("synci",	0xfc1f0000, 0x041f0000, BASE,		nop)	\
	/* jumps, branches, immediates: by opcode alone */		\
	INSN("j",	0xfc000000, 0x08000000, TARGET,		j)	\
	INSN("jal",	0xfc000000, 0x0c000000, TARGET,		jal)	\
	INSN("beq",	0xfc000000, 0x10000000, RS_RT_OFF,	beq)	\
	INSN("bne",	0xfc000000, 0x14000000, RS_RT_OFF,	bne)	\
	INSN("blez",	0xfc1f0000, 0x18000000, RS_OFF,		blez)	\
	INSN("bgtz",	0xfc1f0000, 0x1c000000, RS_OFF,		bgtz)	\
	INSN("addi",	0xfc000000, 0x20000000, RT_RS_SIMM,	addi)	\
	INSN("addiu",	0xfc000000, 0x24000000, RT_RS_SIMM,	addiu)	\
	INSN("slti",	0xfc000000, 0x28000000, RT_RS_SIMM,	slti)	\
	INSN("sltiu",	0xfc000000, 0x2c000000, RT_RS_SIMM,	sltiu)	\
	INSN("andi",	0xfc000000, 0x30000000, RT_RS_UIMM,	andi)	\
	INSN("ori",	0xfc000000, 0x34000000, RT_RS_UIMM,	ori)	\
	INSN("xori",	0xfc000000, 0x38000000, RT_RS_UIMM,	xori)	\
	INSN("lui",	0xffe00000, 0x3c000000, RT_UIMM,	lui)	\
	/* COP0: opcode 0x10, the last row for all it does not have */	\
	INSN("mfc0",	0xffe007f8, 0x40000000, RT_CP0,		mfc0)	\
	INSN("mtc0",	0xffe007f8, 0x40800000, RT_CP0,		mtc0)	\
	INSN("rdpgpr",	0xffe007ff, 0x41400000, RD_RT,		movpgpr) \
	INSN("di",	0xffe0ffff, 0x41606000, RT,		di)	\
	INSN("ei",	0xffe0ffff, 0x41606020, RT,		ei)	\
	INSN("wrpgpr",	0xffe007ff, 0x41c00000, RD_RT,		movpgpr) \
	INSN("tlbr",	0xffffffff, 0x42000001, NONE,		tlbr)	\
	INSN("tlbwi",	0xffffffff, 0x42000002, NONE,		tlbw)	\
	INSN("tlbwr",	0xffffffff, 0x42000006, NONE,		tlbw)	\
	INSN("tlbp",	0xffffffff, 0x42000008, NONE,		tlbp)	\
	INSN("eret",	0xffffffff, 0x42000018, NONE,		eret)	\
	INSN("deret",	0xffffffff, 0x4200001f, NONE,		cp0)	\
	INSN("wait",	0xfe00003f, 0x42000020, NONE,		wait)	\
	INSN("cop0",	0xfc000000, 0x40000000, CODE26,		cp0)	\
	/* coprocessors that are not there */				\
	INSN("cop1",	0xfc000000, 0x44000000, CODE26,		cp1)	\
	INSN("cop2",	0xfc000000, 0x48000000, CODE26,		cp2)	\
	INSN("cop1x",	0xfc000000, 0x4c000000, CODE26,		cp1)	\
	/* branch likely: not taken, the delay slot is not executed */	\
	INSN("beql",	0xfc000000, 0x50000000, RS_RT_OFF,	beql)	\
	INSN("bnel",	0xfc000000, 0x54000000, RS_RT_OFF,	bnel)	\
	INSN("blezl",	0xfc1f0000, 0x58000000, RS_OFF,		blezl)	\
	INSN("bgtzl",	0xfc1f0000, 0x5c000000, RS_OFF,		bgtzl)	\
	/* SPECIAL2 */							\
	INSN("madd",	0xfc00ffff, 0x70000000, RS_RT,		madd)	\
	INSN("maddu",	0xfc00ffff, 0x70000001, RS_RT,		maddu)	\
	INSN("mul",	0xfc0007ff, 0x70000002, RD_RS_RT,	mul)	\
	INSN("msub",	0xfc00ffff, 0x70000004, RS_RT,		msub)	\
	INSN("msubu",	0xfc00ffff, 0x70000005, RS_RT,		msubu)	\
	INSN("clz",	0xfc0007ff, 0x70000020, RD_RS,		clz)	\
	INSN("clo",	0xfc0007ff, 0x70000021, RD_RS,		clo)	\
	INSN("sdbbp",	0xfc00003f, 0x7000003f, CODE20,		sdbbp)	\
	/* SPECIAL3 */							\
	INSN("ext",	0xfc00003f, 0x7c000000, EXT,		ext)	\
	INSN("ins",	0xfc00003f, 0x7c000004, INS,		ins)	\
	INSN("wsbh",	0xffe007ff, 0x7c0000a0, RD_RT,		wsbh)	\
	INSN("seb",	0xffe007ff, 0x7c000420, RD_RT,		seb)	\
	INSN("seh",	0xffe007ff, 0x7c000620, RD_RT,		seh)	\
	INSN("rdhwr",	0xffe007ff, 0x7c00003b, RT_HWR,		rdhwr)	\
	/* loads and stores */						\
	INSN("lb",	0xfc000000, 0x80000000, RT_BASE,	lb)	\
	INSN("lh",	0xfc000000, 0x84000000, RT_BASE,	lh)	\
	INSN("lwl",	0xfc000000, 0x88000000, RT_BASE,	lwl)	\
	INSN("lw",	0xfc000000, 0x8c000000, RT_BASE,	lw)	\
	INSN("lbu",	0xfc000000, 0x90000000, RT_BASE,	lbu)	\
	INSN("lhu",	0xfc000000, 0x94000000, RT_BASE,	lhu)	\
	INSN("lwr",	0xfc000000, 0x98000000, RT_BASE,	lwr)	\
	INSN("sb",	0xfc000000, 0xa0000000, RT_BASE,	sb)	\
	INSN("sh",	0xfc000000, 0xa4000000, RT_BASE,	sh)	\
	INSN("swl",	0xfc000000, 0xa8000000, RT_BASE,	swl)	\
	INSN("sw",	0xfc000000, 0xac000000, RT_BASE,	sw)	\
	INSN("swr",	0xfc000000, 0xb8000000, RT_BASE,	swr)	\
	INSN("cache",	0xfc000000, 0xbc000000, OP_BASE,	cache)	\
	INSN("ll",	0xfc000000, 0xc0000000, RT_BASE,	ll)	\
	INSN("lwc1",	0xfc000000, 0xc4000000, OP_BASE,	cp1)	\
	INSN("lwc2",	0xfc000000, 0xc8000000, OP_BASE,	cp2)	\
	INSN("pref",	0xfc000000, 0xcc000000, OP_BASE,	nop)	\
	INSN("ldc1",	0xfc000000, 0xd4000000, OP_BASE,	cp1)	\
	INSN("ldc2",	0xfc000000, 0xd8000000, OP_BASE,	cp2)	\
	INSN("sc",	0xfc000000, 0xe0000000, RT_BASE,	sc)	\
	INSN("swc1",	0xfc000000, 0xe4000000, OP_BASE,	cp1)	\
	INSN("swc2",	0xfc000000, 0xe8000000, OP_BASE,	cp2)	\
	INSN("sdc1",	0xfc000000, 0xf4000000, OP_BASE,	cp1)	\
	INSN("sdc2",	0xfc000000, 0xf8000000, OP_BASE,	cp2)
