/* SPDX-License-Identifier: MIT */
/*
 * What run.c needs from call.S and from the world it runs in: linux.c or bare.c.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

/* Offsets into struct state, for assembly. */
#define STATE_RS	0
#define STATE_RT	4
#define STATE_RD	8
#define STATE_HI	12
#define STATE_LO	16
#define STATE_V0	20
#define STATE_A0	24

#ifndef __ASSEMBLER__

typedef unsigned int u32;
typedef unsigned char u8;

struct state {
	u32 rs, rt, rd, hi, lo, v0, a0;
};

void put_char(char c);
void put_string(const char *s);
void put_hex(u32 value, int digits);

/*
 * call.S: run the code with the registers of *state and leave there what it
 * made of them. NULL, or if it trapped (*state is then unchanged) what
 * call_abort() was given by the world, which catches the trap.
 */
const char *call(struct state *state, u32 code);
void call_abort(const char *trap) __attribute__((noreturn));

int main(void);

#endif
#endif
