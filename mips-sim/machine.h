/* SPDX-License-Identifier: MIT */
/*
 * The whole board and its clock: what happens between two instructions.
 *
 * main.c builds one and runs it; the processor and the devices reach each
 * other through it. Nothing here looks at the host's clock.
 */
#ifndef MIPS_SIM_MACHINE_H
#define MIPS_SIM_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "mips-sim/cpu.h"
#include "mips-sim/dev_slow.h"
#include "mips-sim/dev_spim.h"
#include "mips-sim/dev_uart.h"
#include "mips-sim/files.h"
#include "mips-sim/profile.h"
#include "mips-sim/stats.h"
#include "mips-sim/stuck.h"
#include "mips-sim/symbols.h"
#include "mips-sim/timeline.h"
#include "mips-sim/trace.h"

/* Exit statuses that are not the guest's. */
#define EXIT_OUT_OF_INSNS	124
#define EXIT_BAD_INPUT		125	/* command line, program, files */
#define EXIT_STUCK		126	/* the guest cannot go on */

#define MACHINE_NEVER		UINT64_MAX	/* a tick that does not come */
/* The clock's end, far enough that ns still fit in 64 bits at 1 MHz. */
#define MACHINE_LAST_TICK	(1ULL << 53)

/* Who runs the instructions: all agree to the tick. */
enum engine {
	ENGINE_STEP,		/* cpu_step(), one by one */
	ENGINE_BLOCK,		/* block.h */
	ENGINE_JIT,		/* with jit.h, where the host lets it */
};

struct machine {
	struct cpu cpu;
	struct dev_slow slow;
	struct dev_uart uart;
	struct dev_spim spim;
	struct stats stats;
	struct stuck stuck;
	struct profile *profile;	/* NULL: no statistics are wanted */
	struct timeline timeline;

	struct input *standard_in;	/* UHI's fd 0, whoever else reads it */
	struct output standard_out;
	struct output standard_error;	/* the guest's, by UHI */
	struct output trace;		/* no file: no trace */
	struct trace_was traced;
	struct trace_only trace_only;
	struct symbols *symbols;	/* of the program */

	enum engine engine;
	const char *program;
	struct stat program_was;	/* when it was loaded */
	uint32_t program_end;		/* behind it, physical */
	uint32_t clock_mhz;
	uint64_t max_insns;
	uint64_t skipped;	/* ticks that `wait` jumped over */

	/*
	 * --gdb: who may break off the waiting for input (0: nobody), and that
	 * it was so: the run has ended somewhere within an instruction, and
	 * goes on from a snapshot alone. altered: not as the program has it.
	 */
	int debugger_fd;
	bool broken_off;
	bool altered;
	struct ram_image *ram_image;	/* NULL: nobody takes snapshots */

	bool ended;
	int status;		/* once ended */
	char why[1200];		/* one line; empty when the guest ended it */
};

/* Run until the end. m->status and m->why say how it was. */
void machine_run(struct machine *m);
/*
 * The same by hand: start, then, as long as it is ready, step. What is due
 * before an instruction (an interrupt taken, too) happens in machine_ready(),
 * which may be called again without a step.
 */
void machine_start(struct machine *m);
bool machine_ready(struct machine *m);
void machine_step(struct machine *m);
/* A run that m->max_insns has ended goes on, up to @max_insns. */
void machine_go_on(struct machine *m, uint64_t max_insns);

/* The run ends after the present instruction; only the first call counts. */
void machine_exit(struct machine *m, int status);
__attribute__((format(printf, 3, 4)))
void machine_end(struct machine *m, int status, const char *format, ...);
/* The same from a signal handler: at the next look, between instructions. */
void machine_signal(int signal);
extern volatile int machine_signalled;	/* the signal, or 0 */

/* Now, in ns and in instructions started (the present one not counted). */
uint64_t machine_ns(const struct machine *m);
static inline uint64_t machine_insns(const struct machine *m)
{
	return m->cpu.ticks - m->skipped;
}

/* The first tick at or after @ns. */
uint64_t machine_tick_at(const struct machine *m, uint64_t ns);
uint64_t machine_ns_at(const struct machine *m, uint64_t tick);

/* When something is due has changed: look before the next instruction. */
static inline void machine_reschedule(struct machine *m)
{
	m->cpu.horizon = 0;
}

/* Something of a device is due at @tick: look then, if not before. */
static inline void machine_due(struct machine *m, uint64_t tick)
{
	if (tick < m->cpu.horizon)
		m->cpu.horizon = tick;
	if (machine_signalled)		/* between these two lines */
		machine_reschedule(m);
}

/* The present instruction jumps to itself. */
void machine_self_jump(struct machine *m);

#endif
