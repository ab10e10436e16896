/* SPDX-License-Identifier: MIT */
/*
 * For tests that run on the bare board and judge themselves: they print TAP
 * on the UART. Programs that keep to what QEMU's mipssim has run there too:
 *
 *	qemu-system-mipsel -M mipssim -nographic -semihosting -kernel X.elf
 */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

/* Offsets into struct seen, for harness.S. */
#define SEEN_COUNT	0
#define SEEN_VECTOR	4
#define SEEN_CAUSE	8
#define SEEN_EPC	12
#define SEEN_BADVADDR	16
#define SEEN_STATUS	20
#define SEEN_COUNTREG	24

/* Where _start puts what it finds, physical: 32 general registers ... */
#define RESET_GPRS	0x400
/* ... and then CP0, in the order of enum reset_cp0. */
#define RESET_CP0	0x480

#ifndef __ASSEMBLER__

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;

enum reset_cp0 {
	RESET_COUNT, RESET_STATUS, RESET_CAUSE, RESET_COMPARE, RESET_PRID,
	RESET_EBASE, RESET_INTCTL, RESET_CONFIG, RESET_CONFIG1,
	RESET_CONFIG2, RESET_CONFIG3, RESET_CONFIG7,
};

/* What the exception entry saw. */
struct seen {
	u32 count;	/* exceptions since the last forget() */
	u32 vector;	/* the last one's: 0, 0x180 or 0x200 from EBase */
	u32 cause, epc, badvaddr, status;
	u32 count_reg;	/* CP0 Count, at the entry's third instruction */
};
extern volatile struct seen seen;

/* Go on here, not at EPC + 4; the entry sets it to 0 again. */
extern volatile u32 resume_at;
/* Called by the entry with EXL set, $k0 and $k1 free, returns by jr $k1. */
extern volatile u32 hook;
/* Where an asm says it must happen. */
extern volatile u32 want_epc;

enum code {
	INT = 0, MOD, TLBL, TLBS, ADEL, ADES, IBE, DBE, SYS, BP, RI, CPU, OV, TR
};

/*
 * Run assembly that raises one exception at label 8 and goes on behind it.
 * The registers at, v0-v1, a0-a3 and t0-t9 are free; "in" is $t0.
 */
#define RAISE(in, code)							\
	do {								\
		forget();	/* a call, so before $t0 is in use */	\
		register u32 _in asm("$8") = (u32)(in);			\
		asm volatile(".set push\n.set noreorder\n.set noat\n"	\
			"la $t9, 9f\n la $t8, resume_at\n sw $t9, 0($t8)\n" \
			"la $t9, 8f\n la $t8, want_epc\n sw $t9, 0($t8)\n" \
			code "\n9:\n.set pop"				\
			: "+r"(_in) :: "$1", "$2", "$3", "$4", "$5", "$6", \
			"$7", "$9", "$10", "$11", "$12", "$13", "$14",	\
			"$15", "$24", "$25", "$31", "hi", "lo", "memory"); \
	} while (0)

void forget(void);

/*
 * A result: the last RAISE came once, to `vector`, with `code`, at label 8 or
 * (`bd`) at the branch there, EXL set. `badvaddr` is looked at for the codes
 * that set it.
 */
void caught(const char *what, u32 vector, enum code code, u32 bd,
	    u32 badvaddr);
void ok(int good, const char *what);
void same(u32 got, u32 want, const char *what);
void say(const char *name, u32 value);

#define read_cp0(reg) \
	({ u32 _v; asm volatile("mfc0 %0, " reg : "=r"(_v)); _v; })
#define write_cp0(reg, v) \
	asm volatile("mtc0 %z0, " reg "\n ehb" :: "rJ"(v) : "memory")

#define COUNT	"$9"
#define COMPARE	"$11"
#define STATUS	"$12"
#define CAUSE	"$13"
#define EPC	"$14"
#define EBASE	"$15, 1"
#define ERROREPC "$30"

#define IE	0x1
#define EXL	0x2
#define ERL	0x4
#define UM	0x10
#define IM(n)	(0x100 << (n))
#define CU0	0x10000000
#define BEV	0x00400000
#define IP(n)	(0x100 << (n))
#define IV	0x00800000
#define DC	0x08000000
#define TI	0x40000000
#define BD	0x80000000

/* The program's part. */
void tests(void);

void put_char(char c);
void put_string(const char *s);
void put_hex(u32 value, int digits);

#endif
#endif
