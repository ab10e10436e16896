// SPDX-License-Identifier: MIT
/*
 * Puts tables of operands through every test of the insn_tests section and
 * prints a line for each: the name, what went in, what came out.
 *
 * The same object is linked with linux.c (for qemu-mipsel, which gives the
 * expected lines) and with bare.c (for mips-sim); only those two know
 * how to print, to end, and what happens when an instruction traps.
 */
#include "insn.h"
#include "world.h"

struct insn_test {
	const char *name;
	u32 code;
	u32 inputs;
};

extern const struct insn_test __start_insn_tests[], __stop_insn_tests[];

/* 0, 1, the ends of both number ranges, their halves, sign-bit patterns. */
static const u32 edges[] = {
	0x00000000, 0x00000001, 0x00000002, 0x0000001f, 0x00000020,
	0x0000007f, 0x00000080, 0x000000ff, 0x00007fff, 0x00008000,
	0x0000ffff, 0x00010000, 0x12345678, 0x7ffffffe, 0x7fffffff,
	0x80000000, 0x80000001, 0x89abcdef, 0xaaaa5555, 0xffff7fff,
	0xffff8000, 0xffffff80, 0xfffffffe, 0xffffffff,
};

/* Fewer, for what is run with several HI and LO. */
static const u32 factors[] = {
	0x00000000, 0x00000001, 0x00000003, 0x00010001, 0x7fffffff,
	0x80000000, 0x89abcdef, 0xfffffffe, 0xffffffff,
};

static const u32 hilos[][2] = {
	{ 0x00000000, 0x00000000 }, { 0xffffffff, 0xffffffff },
	{ 0x7fffffff, 0xffffffff }, { 0x80000000, 0x00000000 },
	{ 0x12345678, 0x9abcdef0 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static u8 buffer[32] __attribute__((aligned(16)));
#define MIDDLE (buffer + 16)

static void put_field(const char *name, u32 value)
{
	put_char(' ');
	put_string(name);
	put_char('=');
	put_hex(value, 8);
}

static void put_state(const struct state *s, u32 inputs)
{
	u32 rs = s->rs;

	if ((inputs & 0xff) == IN_MEMORY)
		rs -= (u32)MIDDLE;
	put_field("rs", rs);
	put_field("rt", s->rt);
	put_field("rd", s->rd);
	if (inputs & OUT_HILO) {
		put_field("hi", s->hi);
		put_field("lo", s->lo);
	}
}

/* HI and LO are no part of a test that does not say so: they may hold junk. */
static void one(const struct insn_test *t, u32 rs, u32 rt, u32 hi, u32 lo)
{
	struct state s = { .rs = rs, .rt = rt, .rd = 0xdeadbeef,
			   .hi = hi, .lo = lo, .a0 = (u32)MIDDLE };
	const char *trap;
	unsigned int i;

	for (i = 0; i < sizeof(buffer); i++)
		buffer[i] = 0x71 + 0x1d * i;	/* both signs, no two alike */
	put_string(t->name);
	put_char(':');
	put_state(&s, t->inputs);
	put_string(" ->");
	trap = call(&s, t->code);
	if (trap) {
		put_char(' ');
		put_string(trap);
	} else {
		put_state(&s, t->inputs);
		put_field("v0", s.v0);
	}
	if (t->inputs & OUT_MEMORY) {
		put_char(' ');
		for (i = 0; i < sizeof(buffer); i++)
			put_hex(buffer[i], 2);
	}
	put_char('\n');
}

static void pairs(const struct insn_test *t)
{
	unsigned int i, j;

	for (i = 0; i < COUNT(edges); i++)
		for (j = 0; j < COUNT(edges); j++)
			one(t, edges[i], edges[j], 0x55, 0xaa);
}

static void divide(const struct insn_test *t)
{
	unsigned int i, j;

	/* By 0, and the one quotient that does not fit: not defined. */
	for (i = 0; i < COUNT(edges); i++)
		for (j = 1; j < COUNT(edges); j++)
			if (edges[i] != 0x80000000 || edges[j] != 0xffffffff)
				one(t, edges[i], edges[j], 0x55, 0xaa);
}

static void hilo(const struct insn_test *t)
{
	unsigned int i, j, k;

	for (i = 0; i < COUNT(factors); i++)
		for (j = 0; j < COUNT(factors); j++)
			for (k = 0; k < COUNT(hilos); k++)
				one(t, factors[i], factors[j],
				    hilos[k][0], hilos[k][1]);
}

static void memory(const struct insn_test *t)
{
	int offset;

	for (offset = -8; offset < 8; offset++) {
		one(t, (u32)MIDDLE + offset, 0x12345678, 0, 0);
		one(t, (u32)MIDDLE + offset, 0xfedcba98, 0, 0);
	}
}

int main(void)
{
	const struct insn_test *t;
	unsigned int i;

	/* the linker puts both around one array */
	/* cppcheck-suppress comparePointers */
	for (t = __start_insn_tests; t < __stop_insn_tests; t++) {
		switch (t->inputs & 0xff) {
		case IN_PAIRS:
			pairs(t);
			break;
		case IN_ONE:
			for (i = 0; i < COUNT(edges); i++) {
				one(t, 0, edges[i], 0, 0);
				one(t, 0x87654321, edges[i], 0, 0);
			}
			break;
		case IN_HILO:
			hilo(t);
			break;
		case IN_DIVIDE:
			divide(t);
			break;
		case IN_MEMORY:
			memory(t);
			break;
		case IN_NONE:
			one(t, 0x01234567, 0x89abcdef, 0, 0);
			break;
		}
	}
	put_string("end\n");
	return 0;
}
