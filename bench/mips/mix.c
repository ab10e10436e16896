// SPDX-License-Identifier: MIT
/*
 * The work by which simulators are compared: seven kinds, in rounds.
 *
 * Integer arithmetic, shifts, memory in bytes, halfwords and words, branches
 * that are and are not foreseeable, calls, recursion, calls by pointer. A
 * round is about 1.1 million instructions, alike in all kinds. How many rounds,
 * the linker says (--defsym=rounds=N): 0 is the start-up alone. It prints a
 * checksum of all results; mips-sim and QEMU's mipssim run the same file.
 *
 * With timer_counts=N (0: never) Count/Compare interrupts every N counts, 2 * N
 * instructions of mips-sim; with chip_runs=1 the chip does with every
 * byte, one in 10 us (mips-sim alone). Not both.
 */
#include "mips-sim/guest/board.h"

/* Numbers that the linker makes symbols' addresses, hidden from a compiler
 * that knows no object to lie at 0. */
#define LINKED(name)							\
({									\
	extern const char name[];					\
	const char *address = name;					\
									\
	asm("" : "+r"(address));					\
	(u32)address;							\
})

static u32 seed;

static u32 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* ---- bytes: the sieve of Eratosthenes --------------------------------- */

#define SIEVE	12000

static u8 composite[SIEVE];

static u32 sieve(void)
{
	u32 i, k, count = 0;

	for (i = 0; i < SIEVE; i++)
		composite[i] = 0;
	for (i = 2; i < SIEVE; i++) {
		if (composite[i])
			continue;
		count++;
		for (k = i + i; k < SIEVE; k += i)
			composite[k] = 1;
	}
	return count;
}

/* ---- a table and shifts: CRC-32 ---------------------------------------- */

static u32 crc_table[256];

static void crc_init(void)
{
	u32 i, k, c;

	for (i = 0; i < 256; i++) {
		for (c = i, k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
		crc_table[i] = c;
	}
}

static u32 crc(const u8 *bytes, u32 len)
{
	u32 c = ~0u;

	while (len--)
		c = crc_table[(c ^ *bytes++) & 255] ^ c >> 8;
	return ~c;
}

/* ---- multiplication: a matrix of halfwords ---------------------------- */

#define SIZE	24

static short a[SIZE][SIZE], b[SIZE][SIZE];
static int product[SIZE][SIZE];

static u32 matrix(void)
{
	u32 i, j, k, sum = 0;
	int dot;

	for (i = 0; i < SIZE; i++)
		for (j = 0; j < SIZE; j++) {
			a[i][j] = draw();
			b[i][j] = draw();
		}
	for (i = 0; i < SIZE; i++)
		for (j = 0; j < SIZE; j++) {
			for (dot = 0, k = 0; k < SIZE; k++)
				dot += a[i][k] * b[k][j];
			product[i][j] = dot;
			sum = sum * 31 + dot;
		}
	return sum;
}

/* ---- branches nobody foresees: quicksort ------------------------------ */

#define WORDS	2000

static u32 words[WORDS];

static void sort(u32 *first, u32 *last)
{
	u32 pivot, t, *i, *k;

	while (first < last) {
		pivot = first[(last - first) / 2];
		for (i = first, k = last; i <= k; ) {
			while (*i < pivot)
				i++;
			while (*k > pivot)
				k--;
			if (i <= k) {
				t = *i;
				*i++ = *k;
				*k-- = t;
			}
		}
		sort(first, k);
		first = i;
	}
}

static u32 sorted(void)
{
	u32 i, sum = 0;

	for (i = 0; i < WORDS; i++)
		words[i] = draw();
	sort(words, words + WORDS - 1);
	for (i = 0; i < WORDS; i++)
		sum = sum * 33 + words[i];
	return sum;
}

/* ---- calls: Fibonacci's numbers as one should not --------------------- */

static u32 __attribute__((noinline)) fibonacci(u32 n)
{
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/* ---- pointers: a list in a random order ------------------------------- */

#define NODES	1024

static struct node {
	struct node *next;
	u32 value;
} nodes[NODES];

static u32 chase(u32 turns)
{
	struct node *node, t;
	u32 i, k, sum = 0;

	for (i = 0; i < NODES; i++) {
		nodes[i].next = &nodes[i];
		nodes[i].value = i;
	}
	/* swapping two successors of one cycle each joins the cycles */
	for (i = NODES - 1; i; i--) {
		k = draw() % i;
		t = nodes[i];
		nodes[i].next = nodes[k].next;
		nodes[k].next = t.next;
	}
	for (node = nodes, i = 0; i < turns * NODES; i++, node = node->next)
		sum = sum * 5 + node->value;
	return sum;
}

/* ---- calls by pointer: a small machine's code ------------------------- */

static u32 op_add(u32 x, u32 y)
{
	return x + y;
}

static u32 op_xor(u32 x, u32 y)
{
	return x ^ y >> 3;
}

static u32 op_choose(u32 x, u32 y)
{
	return x > y ? x - y : y * 3;
}

static u32 op_bits(u32 x, u32 y)
{
	return (x & 0x00ff00ff) << 8 | (y >> 8 & 0x00ff00ff);
}

static u32 (*const ops[4])(u32 x, u32 y) = {
	op_add, op_xor, op_choose, op_bits,
};

static u32 interpret(u32 steps)
{
	u32 x = seed, y = 1, z;

	while (steps--) {
		z = ops[draw() & 3](x, y);
		y = x;
		x = z;
	}
	return x;
}

/* ---- all of it -------------------------------------------------------- */

static u32 timer;

/* From start.S, saved and restored as any handler in C. */
void isr(void)
{
	u32 compare;

	if (timer) {
		asm volatile("mfc0 %0, $11" : "=r"(compare));
		asm volatile("mtc0 %0, $11; ehb" :: "r"(compare + timer));
	} else {
		chip_read(SLOWCHIP_DATA);
	}
}

static void begin_disturbance(void)
{
	timer = LINKED(timer_counts);
	if (LINKED(chip_runs)) {
		chip_write(SLOWCHIP_PERIOD, 10000);
		chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
		chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
		irq_enable();
	}
	if (timer)
		asm volatile("mtc0 $0, $9; mtc0 %0, $11; mtc0 %1, $12; ehb"
			     :: "r"(timer), "r"(0x8001));
}

int main(void)
{
	u32 sum = 0, turns = LINKED(rounds), i;

	seed = 2463534242u;
	crc_init();
	begin_disturbance();
	for (i = 0; i < turns; i++) {
		sum = sum * 7 + sieve();
		sum = sum * 7 + crc(composite, SIEVE);
		sum = sum * 7 + matrix();
		sum = sum * 7 + sorted();
		sum = sum * 7 + fibonacci(17);
		sum = sum * 7 + chase(12);
		sum = sum * 7 + interpret(6000);
	}
	irq_disable();
	put_string("checksum ");
	put_hex(sum, 8);
	put_char('\n');
	return 0;
}
