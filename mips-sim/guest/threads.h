/* SPDX-License-Identifier: MIT */
/*
 * Two threads and a wait queue: what switch.S, threads.c and the twins
 * thread-spin.c and thread-sleep.c share.
 */
#ifndef GUEST_THREADS_H
#define GUEST_THREADS_H

/* Offsets in struct thread, for switch.S. */
#define THREAD_HI	128
#define THREAD_LO	132
#define THREAD_EPC	136

#ifndef __ASSEMBLER__
#include "board.h"
#include "ring.h"

/* All that a thread is while it does not run. */
struct thread {
	u32 reg[32];		/* by number; 0, k0 and k1 are not kept */
	u32 hi, lo;
	u32 epc;		/* where it goes on */
	int asleep;		/* not to be run */
};

/* The kernel's: who runs, or will when the handler is left. */
extern struct thread *current;

/* switch.S: leave the handler, to where `current` was. */
void thread_resume(void) __attribute__((noreturn));

/* threads.c, from switch.S: something interrupted `current`. */
void trap(void);

/* What the handler received, and the reader has not yet taken. */
extern struct ring ring;

/* A system call: the next byte; sleeps until there is one. */
static inline u8 thread_read(void)
{
	register u32 byte asm("v0");

	asm volatile("syscall" : "=r"(byte) :: "memory");
	return byte;
}

/* How the reader waits: the one difference of the twins. */
u8 read_byte(void);

#endif
#endif
