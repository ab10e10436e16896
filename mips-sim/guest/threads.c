// SPDX-License-Identifier: MIT
/*
 * Two threads and a wait queue: what read(2) does inside a kernel. The frame
 * around thread-spin.c and thread-sleep.c.
 *
 * The reader wants BYTES bytes; the worker looks for primes and never stops. A
 * timer gives each a SLICE in turn, if it wants one. A thread that sleeps does
 * not: it is on the queue, and nobody runs it until the chip's interrupt takes
 * it off. switch.S does the switch; trap() is all the rest of the kernel, and
 * runs with EXL set, so nothing comes between a look and falling asleep.
 */
#include "primes.h"
#include "threads.h"

#define BYTES	32
#define SLICE	100000		/* of Count, that is 200000 instructions */
#define STACK	1024		/* words; the worker's (the reader has main's) */

static struct thread reader, worker;
static u32 reader_stack[STACK], worker_stack[STACK];
static u32 switches;
static struct primes primes;
static volatile u32 came[RING];	/* Count when the handler had the byte */

struct thread *current = &reader;
struct ring ring;

static struct thread *queue;	/* who waits for a byte; there is one reader */

static u32 count(void)
{
	u32 count;

	asm volatile("mfc0 %0, $9" : "=r"(count));
	return count;
}

static void timer_in(u32 ahead)
{
	asm volatile("mtc0 %0, $11; ehb" :: "r"(count() + ahead));
}

/* ---- the kernel ------------------------------------------------------- */

/* Whoever gets the processor gets a whole slice. */
static void run(struct thread *thread)
{
	switches += thread != current;
	current = thread;
	timer_in(SLICE);
}

static void run_the_other(void)
{
	struct thread *other = current == &reader ? &worker : &reader;

	run(other->asleep ? current : other);
}

/* A byte: v0 of the caller, who goes on behind its syscall. None: onto the
 * queue. Its EPC stays at the syscall, so when it is woken it asks again. */
static void sys_read(void)
{
	if (!ring_empty(&ring)) {
		current->reg[2] = ring_take(&ring);
		current->epc += 4;
		return;
	}
	queue = current;
	current->asleep = 1;
	run_the_other();
}

/* The chip has bytes. Who waits for them runs at once. */
static void chip_interrupt(void)
{
	u32 n = ring.in;

	ring_receive(&ring);
	for (; n != ring.in; n++)
		came[n % RING] = count();
	if (queue) {
		queue->asleep = 0;
		run(queue);
		queue = 0;
	}
}

void trap(void)
{
	u32 cause;

	asm volatile("mfc0 %0, $13" : "=r"(cause));
	if ((cause & CAUSE_CODE) == CAUSE_CODE_SYS) {
		sys_read();
	} else if (cause & CAUSE_CODE) {
		unexpected(cause, current->epc);
	} else if (cause & CAUSE_IP2) {
		chip_interrupt();
	} else if (cause & CAUSE_IP7) {
		run_the_other();
	}
}

/* ---- the threads ------------------------------------------------------ */

static void work(void)
{
	for (;;)
		primes_step(&primes);
}

static void read(void)
{
	u32 n, ticks, sum = 0, most = 0;

	for (n = 0; n < BYTES; n++) {
		u8 byte = read_byte();

		ticks = 2 * (count() - came[n % RING]);
		sum += ticks;
		if (ticks > most)
			most = ticks;
		put_hex(byte, 2);
		put_char((n + 1) % 16 ? ' ' : '\n');
	}

	irq_disable();
	put_decimal(switches);
	put_string(" switches; from handler to reader ");
	put_decimal(sum / BYTES);
	put_string(" instructions on average, ");
	put_decimal(most);
	put_string(" at most\n");
	primes_print(&primes);
	guest_exit(ring.lost != 0);
}

int main(void)
{
	reader.epc = (u32)read;
	reader.reg[29] = (u32)(reader_stack + STACK - 4);	/* sp */
	worker.epc = (u32)work;
	worker.reg[29] = (u32)(worker_stack + STACK - 4);

	chip_write(SLOWCHIP_INT_EN, SLOWCHIP_INT_RX);
	timer_in(SLICE);
	/* EXL: not yet. The eret into the first thread clears it. */
	asm volatile("mtc0 %0, $12; ehb" :: "r"(STATUS_IM2 | STATUS_IM7 |
						STATUS_EXL | STATUS_IE));
	chip_write(SLOWCHIP_CTRL, SLOWCHIP_CTRL_EN);
	thread_resume();
}
