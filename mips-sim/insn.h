/* SPDX-License-Identifier: MIT */
/*
 * Every instruction of MIPS32 release 2 that the processor has: one row each.
 *
 * INSN(mnemonic, mask, match, operands, kind, exec): a word is this
 * instruction when (word & mask) == match; the first row that fits wins.
 * operands says how disasm.c prints it, exec names the function exec_... that
 * runs it (in insn_*.c). decode.c makes its table of this list, exec.h the
 * prototypes. A word that no row fits is a reserved instruction.
 *
 * kind is for the block engine (block.h): STRAIGHT computes or reaches memory
 * and goes on behind itself; BRANCH, LIKELY, JUMP and REGISTER go elsewhere
 * behind their delay slot, as conditional branches, branches likely, j or jal,
 * jr or jalr do; SYSTEM goes on behind itself too, but must know the time or
 * moves the next event; RETURN goes elsewhere at once; STEP is run by cpu_step()
 * alone. In doubt it is STEP.
 *
 * Rows that all end in the same exception share an exec: cp1 and cp2 are the
 * coprocessors this processor has not, reserved is for what it knows but
 * lacks (deret: no EJTAG).
 */
#define INSN_TABLE(INSN)						\
	/* three shifts of $zero that have names of their own */	\
	INSN("nop",	0xffffffff, 0x00000000, NONE,       STRAIGHT, nop)     \
	INSN("ssnop",	0xffffffff, 0x00000040, NONE,       STRAIGHT, nop)     \
	INSN("ehb",	0xffffffff, 0x000000c0, NONE,       STRAIGHT, nop)     \
	/* SPECIAL: opcode 0, the function in bits 5:0 */		\
	INSN("sll",	0xffe0003f, 0x00000000, RD_RT_SA,   STRAIGHT, sll)     \
	INSN("movf",	0xfc0307ff, 0x00000001, RD_RS_CC,   STEP,     cp1)     \
	INSN("movt",	0xfc0307ff, 0x00010001, RD_RS_CC,   STEP,     cp1)     \
	INSN("srl",	0xffe0003f, 0x00000002, RD_RT_SA,   STRAIGHT, srl)     \
	INSN("rotr",	0xffe0003f, 0x00200002, RD_RT_SA,   STRAIGHT, rotr)    \
	INSN("sra",	0xffe0003f, 0x00000003, RD_RT_SA,   STRAIGHT, sra)     \
	INSN("sllv",	0xfc0007ff, 0x00000004, RD_RT_RS,   STRAIGHT, sllv)    \
	INSN("srlv",	0xfc0007ff, 0x00000006, RD_RT_RS,   STRAIGHT, srlv)    \
	INSN("rotrv",	0xfc0007ff, 0x00000046, RD_RT_RS,   STRAIGHT, rotrv)   \
	INSN("srav",	0xfc0007ff, 0x00000007, RD_RT_RS,   STRAIGHT, srav)    \
	INSN("jr.hb",	0xfc1fffff, 0x00000408, RS,         REGISTER, jr)      \
	INSN("jr",	0xfc1ff83f, 0x00000008, RS,         REGISTER, jr)      \
	INSN("jalr.hb",	0xfc1f07ff, 0x00000409, RD_RS,      REGISTER, jalr)    \
	INSN("jalr",	0xfc1f003f, 0x00000009, RD_RS,      REGISTER, jalr)    \
	INSN("movz",	0xfc0007ff, 0x0000000a, RD_RS_RT,   STRAIGHT, movz)    \
	INSN("movn",	0xfc0007ff, 0x0000000b, RD_RS_RT,   STRAIGHT, movn)    \
	INSN("syscall",	0xfc00003f, 0x0000000c, CODE20,     STEP,     syscall) \
	INSN("break",	0xfc00003f, 0x0000000d, CODES,      STEP,     break)   \
	INSN("sync",	0xfffff83f, 0x0000000f, STYPE,      STRAIGHT, nop)     \
	INSN("mfhi",	0xffff07ff, 0x00000010, RD,         STRAIGHT, mfhi)    \
	INSN("mthi",	0xfc1fffff, 0x00000011, RS,         STRAIGHT, mthi)    \
	INSN("mflo",	0xffff07ff, 0x00000012, RD,         STRAIGHT, mflo)    \
	INSN("mtlo",	0xfc1fffff, 0x00000013, RS,         STRAIGHT, mtlo)    \
	INSN("mult",	0xfc00ffff, 0x00000018, RS_RT,      STRAIGHT, mult)    \
	INSN("multu",	0xfc00ffff, 0x00000019, RS_RT,      STRAIGHT, multu)   \
	INSN("div",	0xfc00ffff, 0x0000001a, DIVISION,   STRAIGHT, div)     \
	INSN("divu",	0xfc00ffff, 0x0000001b, DIVISION,   STRAIGHT, divu)    \
	INSN("add",	0xfc0007ff, 0x00000020, RD_RS_RT,   STRAIGHT, add)     \
	INSN("addu",	0xfc0007ff, 0x00000021, RD_RS_RT,   STRAIGHT, addu)    \
	INSN("sub",	0xfc0007ff, 0x00000022, RD_RS_RT,   STRAIGHT, sub)     \
	INSN("subu",	0xfc0007ff, 0x00000023, RD_RS_RT,   STRAIGHT, subu)    \
	INSN("and",	0xfc0007ff, 0x00000024, RD_RS_RT,   STRAIGHT, and)     \
	INSN("or",	0xfc0007ff, 0x00000025, RD_RS_RT,   STRAIGHT, or)      \
	INSN("xor",	0xfc0007ff, 0x00000026, RD_RS_RT,   STRAIGHT, xor)     \
	INSN("nor",	0xfc0007ff, 0x00000027, RD_RS_RT,   STRAIGHT, nor)     \
	INSN("slt",	0xfc0007ff, 0x0000002a, RD_RS_RT,   STRAIGHT, slt)     \
	INSN("sltu",	0xfc0007ff, 0x0000002b, RD_RS_RT,   STRAIGHT, sltu)    \
	INSN("tge",	0xfc00003f, 0x00000030, RS_RT_CODE, STRAIGHT, tge)     \
	INSN("tgeu",	0xfc00003f, 0x00000031, RS_RT_CODE, STRAIGHT, tgeu)    \
	INSN("tlt",	0xfc00003f, 0x00000032, RS_RT_CODE, STRAIGHT, tlt)     \
	INSN("tltu",	0xfc00003f, 0x00000033, RS_RT_CODE, STRAIGHT, tltu)    \
	INSN("teq",	0xfc00003f, 0x00000034, RS_RT_CODE, STRAIGHT, teq)     \
	INSN("tne",	0xfc00003f, 0x00000036, RS_RT_CODE, STRAIGHT, tne)     \
	/* REGIMM: opcode 1, the function in the rt field */		\
	INSN("bltz",	0xfc1f0000, 0x04000000, RS_OFF,     BRANCH,   bltz)    \
	INSN("bgez",	0xfc1f0000, 0x04010000, RS_OFF,     BRANCH,   bgez)    \
	INSN("bltzl",	0xfc1f0000, 0x04020000, RS_OFF,     LIKELY,   bltzl)   \
	INSN("bgezl",	0xfc1f0000, 0x04030000, RS_OFF,     LIKELY,   bgezl)   \
	INSN("tgei",	0xfc1f0000, 0x04080000, RS_SIMM,    STRAIGHT, tgei)    \
	INSN("tgeiu",	0xfc1f0000, 0x04090000, RS_SIMM,    STRAIGHT, tgeiu)   \
	INSN("tlti",	0xfc1f0000, 0x040a0000, RS_SIMM,    STRAIGHT, tlti)    \
	INSN("tltiu",	0xfc1f0000, 0x040b0000, RS_SIMM,    STRAIGHT, tltiu)   \
	INSN("teqi",	0xfc1f0000, 0x040c0000, RS_SIMM,    STRAIGHT, teqi)    \
	INSN("tnei",	0xfc1f0000, 0x040e0000, RS_SIMM,    STRAIGHT, tnei)    \
	INSN("bltzal",	0xfc1f0000, 0x04100000, RS_OFF,     STEP,     bltzal)  \
	INSN("bgezal",	0xfc1f0000, 0x04110000, RS_OFF,     STEP,     bgezal)  \
	INSN("bltzall",	0xfc1f0000, 0x04120000, RS_OFF,     STEP,     bltzall) \
	INSN("bgezall",	0xfc1f0000, 0x04130000, RS_OFF,     STEP,     bgezall) \
	INSN("synci",	0xfc1f0000, 0x041f0000, BASE,       STRAIGHT, synci)   \
	/* jumps, branches, immediates: by opcode alone */		\
	INSN("j",	0xfc000000, 0x08000000, TARGET,     JUMP,     j)       \
	INSN("jal",	0xfc000000, 0x0c000000, TARGET,     JUMP,     jal)     \
	INSN("beq",	0xfc000000, 0x10000000, RS_RT_OFF,  BRANCH,   beq)     \
	INSN("bne",	0xfc000000, 0x14000000, RS_RT_OFF,  BRANCH,   bne)     \
	INSN("blez",	0xfc1f0000, 0x18000000, RS_OFF,     BRANCH,   blez)    \
	INSN("bgtz",	0xfc1f0000, 0x1c000000, RS_OFF,     BRANCH,   bgtz)    \
	INSN("addi",	0xfc000000, 0x20000000, RT_RS_SIMM, STRAIGHT, addi)    \
	INSN("addiu",	0xfc000000, 0x24000000, RT_RS_SIMM, STRAIGHT, addiu)   \
	INSN("slti",	0xfc000000, 0x28000000, RT_RS_SIMM, STRAIGHT, slti)    \
	INSN("sltiu",	0xfc000000, 0x2c000000, RT_RS_SIMM, STRAIGHT, sltiu)   \
	INSN("andi",	0xfc000000, 0x30000000, RT_RS_UIMM, STRAIGHT, andi)    \
	INSN("ori",	0xfc000000, 0x34000000, RT_RS_UIMM, STRAIGHT, ori)     \
	INSN("xori",	0xfc000000, 0x38000000, RT_RS_UIMM, STRAIGHT, xori)    \
	INSN("lui",	0xffe00000, 0x3c000000, RT_UIMM,    STRAIGHT, lui)     \
	/* COP0: opcode 0x10, the last row for all it does not have */	\
	INSN("mfc0",	0xffe007f8, 0x40000000, RT_CP0,     SYSTEM,   mfc0)    \
	INSN("mtc0",	0xffe007f8, 0x40800000, RT_CP0,     SYSTEM,   mtc0)    \
	INSN("rdpgpr",	0xffe007ff, 0x41400000, RD_RT,      STEP,     movpgpr) \
	INSN("di",	0xffe0ffff, 0x41606000, RT,         SYSTEM,   di)      \
	INSN("ei",	0xffe0ffff, 0x41606020, RT,         SYSTEM,   ei)      \
	INSN("wrpgpr",	0xffe007ff, 0x41c00000, RD_RT,      STEP,     movpgpr) \
	INSN("tlbr",	0xffffffff, 0x42000001, NONE,       STEP,     tlbr)    \
	INSN("tlbwi",	0xffffffff, 0x42000002, NONE,       STEP,     tlbw)    \
	INSN("tlbwr",	0xffffffff, 0x42000006, NONE,       STEP,     tlbw)    \
	INSN("tlbp",	0xffffffff, 0x42000008, NONE,       STEP,     tlbp)    \
	INSN("eret",	0xffffffff, 0x42000018, NONE,       RETURN,   eret)    \
	INSN("deret",	0xffffffff, 0x4200001f, NONE,       STEP,     cp0)     \
	INSN("wait",	0xfe00003f, 0x42000020, CODE19,     STEP,     wait)    \
	INSN("cop0",	0xfc000000, 0x40000000, WORD,       STEP,     cp0)     \
	/* coprocessors that are not there */				\
	INSN("cop1",	0xfc000000, 0x44000000, WORD,       STEP,     cp1)     \
	INSN("cop2",	0xfc000000, 0x48000000, WORD,       STEP,     cp2)     \
	INSN("cop1x",	0xfc000000, 0x4c000000, WORD,       STEP,     cp1)     \
	/* branch likely: not taken, the delay slot is not executed */	\
	INSN("beql",	0xfc000000, 0x50000000, RS_RT_OFF,  LIKELY,   beql)    \
	INSN("bnel",	0xfc000000, 0x54000000, RS_RT_OFF,  LIKELY,   bnel)    \
	INSN("blezl",	0xfc1f0000, 0x58000000, RS_OFF,     LIKELY,   blezl)   \
	INSN("bgtzl",	0xfc1f0000, 0x5c000000, RS_OFF,     LIKELY,   bgtzl)   \
	/* SPECIAL2 */							\
	INSN("madd",	0xfc00ffff, 0x70000000, RS_RT,      STRAIGHT, madd)    \
	INSN("maddu",	0xfc00ffff, 0x70000001, RS_RT,      STRAIGHT, maddu)   \
	INSN("mul",	0xfc0007ff, 0x70000002, RD_RS_RT,   STRAIGHT, mul)     \
	INSN("msub",	0xfc00ffff, 0x70000004, RS_RT,      STRAIGHT, msub)    \
	INSN("msubu",	0xfc00ffff, 0x70000005, RS_RT,      STRAIGHT, msubu)   \
	INSN("clz",	0xfc0007ff, 0x70000020, COUNT,      STRAIGHT, clz)     \
	INSN("clo",	0xfc0007ff, 0x70000021, COUNT,      STRAIGHT, clo)     \
	INSN("sdbbp",	0xfc00003f, 0x7000003f, CODE20,     STEP,     sdbbp)   \
	/* SPECIAL3 */							\
	INSN("ext",	0xfc00003f, 0x7c000000, EXT,        STRAIGHT, ext)     \
	INSN("ins",	0xfc00003f, 0x7c000004, INS,        STRAIGHT, ins)     \
	INSN("wsbh",	0xffe007ff, 0x7c0000a0, RD_RT,      STRAIGHT, wsbh)    \
	INSN("seb",	0xffe007ff, 0x7c000420, RD_RT,      STRAIGHT, seb)     \
	INSN("seh",	0xffe007ff, 0x7c000620, RD_RT,      STRAIGHT, seh)     \
	INSN("rdhwr",	0xffe007ff, 0x7c00003b, RT_HWR,     SYSTEM,   rdhwr)   \
	/* loads and stores */						\
	INSN("lb",	0xfc000000, 0x80000000, RT_BASE,    STRAIGHT, lb)      \
	INSN("lh",	0xfc000000, 0x84000000, RT_BASE,    STRAIGHT, lh)      \
	INSN("lwl",	0xfc000000, 0x88000000, RT_BASE,    STRAIGHT, lwl)     \
	INSN("lw",	0xfc000000, 0x8c000000, RT_BASE,    STRAIGHT, lw)      \
	INSN("lbu",	0xfc000000, 0x90000000, RT_BASE,    STRAIGHT, lbu)     \
	INSN("lhu",	0xfc000000, 0x94000000, RT_BASE,    STRAIGHT, lhu)     \
	INSN("lwr",	0xfc000000, 0x98000000, RT_BASE,    STRAIGHT, lwr)     \
	INSN("sb",	0xfc000000, 0xa0000000, RT_BASE,    STRAIGHT, sb)      \
	INSN("sh",	0xfc000000, 0xa4000000, RT_BASE,    STRAIGHT, sh)      \
	INSN("swl",	0xfc000000, 0xa8000000, RT_BASE,    STRAIGHT, swl)     \
	INSN("sw",	0xfc000000, 0xac000000, RT_BASE,    STRAIGHT, sw)      \
	INSN("swr",	0xfc000000, 0xb8000000, RT_BASE,    STRAIGHT, swr)     \
	INSN("cache",	0xfc000000, 0xbc000000, OP_BASE,    STEP,     cache)   \
	INSN("ll",	0xfc000000, 0xc0000000, RT_BASE,    STEP,     ll)      \
	INSN("lwc1",	0xfc000000, 0xc4000000, FT_BASE,    STEP,     cp1)     \
	INSN("lwc2",	0xfc000000, 0xc8000000, C2_BASE,    STEP,     cp2)     \
	INSN("pref",	0xfc000000, 0xcc000000, OP_BASE,    STRAIGHT, nop)     \
	INSN("ldc1",	0xfc000000, 0xd4000000, FT_BASE,    STEP,     cp1)     \
	INSN("ldc2",	0xfc000000, 0xd8000000, C2_BASE,    STEP,     cp2)     \
	INSN("sc",	0xfc000000, 0xe0000000, RT_BASE,    STEP,     sc)      \
	INSN("swc1",	0xfc000000, 0xe4000000, FT_BASE,    STEP,     cp1)     \
	INSN("swc2",	0xfc000000, 0xe8000000, C2_BASE,    STEP,     cp2)     \
	INSN("sdc1",	0xfc000000, 0xf4000000, FT_BASE,    STEP,     cp1)     \
	INSN("sdc2",	0xfc000000, 0xf8000000, C2_BASE,    STEP,     cp2)
