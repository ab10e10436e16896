// SPDX-License-Identifier: MIT
/*
 * The board's clock: events between instructions, `wait`, the end.
 *
 * The fast path is one comparison an instruction: has the clock reached the
 * horizon? What will be due brings the horizon nearer (machine_due); what has
 * to be done before the next instruction sets it to 0 (machine_reschedule).
 * A look too many does no harm, so nothing moves it away but the look itself.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"

volatile int machine_signalled;
static struct machine *signalled_machine;

/* ---- the clock -------------------------------------------------------- */

uint64_t machine_ns_at(const struct machine *m, uint64_t tick)
{
	return tick * 1000 / m->clock_mhz;
}

uint64_t machine_ns(const struct machine *m)
{
	return machine_ns_at(m, m->cpu.ticks);
}

uint64_t machine_tick_at(const struct machine *m, uint64_t ns)
{
	uint64_t product;

	/* a division of 128 bits is dear, and rarely needed */
	if (!__builtin_mul_overflow(ns, m->clock_mhz, &product) &&
	    product <= UINT64_MAX - 999)
		return (product + 999) / 1000;
	return ((unsigned __int128)ns * m->clock_mhz + 999) / 1000;
}

/* ---- the end ---------------------------------------------------------- */

void machine_exit(struct machine *m, int status)
{
	if (m->ended)
		return;
	m->ended = true;
	m->status = status;
	machine_reschedule(m);
}

void machine_end(struct machine *m, int status, const char *format, ...)
{
	va_list args;

	if (m->ended)
		return;
	va_start(args, format);
	vsnprintf(m->why, sizeof(m->why), format, args);
	va_end(args);
	machine_exit(m, status);
}

void machine_signal(int signal)
{
	machine_signalled = signal;
	if (signalled_machine)
		machine_reschedule(signalled_machine);
}

/* ---- events ----------------------------------------------------------- */

/* Whose event is next? Due together, the chip's comes first. */
static uint64_t next_event(const struct machine *m)
{
	uint64_t next = m->slow.next_tick;

	if (m->cpu.cp0.timer_tick < next)
		next = m->cpu.cp0.timer_tick;
	if (m->uart.input && dev_uart_next(m) < next)
		next = dev_uart_next(m);
	if (m->spim.on && dev_spim_next(m) < next)
		next = dev_spim_next(m);
	return next;
}

static void run_event(struct machine *m, uint64_t tick)
{
	if (m->slow.next_tick == tick)
		dev_slow_event(m);
	else if (m->cpu.cp0.timer_tick == tick)
		cp0_timer_rises(&m->cpu);
	else if (dev_uart_next(m) == tick)
		dev_uart_event(m);
	else
		dev_spim_event(m);
}

/* Gives when the next one is due. */
static uint64_t run_due_events(struct machine *m)
{
	uint64_t tick;

	while ((tick = next_event(m)) <= m->cpu.ticks && !m->ended)
		run_event(m, tick);
	return tick;
}

/* `wait` has been executed: jump from event to event until it ends. @tick: the
 * next one. Gives when the next one is due behind it. */
static uint64_t wait_for_interrupt(struct machine *m, uint64_t tick)
{
	struct cpu *cpu = &m->cpu;
	uint64_t began = machine_ns(m);

	while (!cp0_irq_ready(cpu) && !m->ended && !machine_signalled) {
		if (!stuck_may_be_interrupted(m)) {
			stuck_wait(m);
			break;
		}
		if (tick > MACHINE_LAST_TICK) {
			machine_end(m, EXIT_STUCK, "wait at 0x%08x: the "
				    "simulated clock ends here", cpu->at);
			break;
		}
		m->skipped += tick - cpu->ticks;
		cpu->ticks = tick;
		tick = run_due_events(m);
	}
	cpu->waiting = false;
	stats_slept(m, machine_ns(m) - began);
	if (!m->ended && !machine_signalled)
		timeline_wake(m, machine_ns(m) - began);
	return tick;
}

/* Is the run over, or the guest stuck? Gives the tick at which to ask again. */
static uint64_t look_at_limits(struct machine *m)
{
	const struct cpu *cpu = &m->cpu;
	uint64_t insns = machine_insns(m);
	uint64_t next = stuck_next(m);

	if (insns >= m->max_insns) {
		machine_end(m, EXIT_OUT_OF_INSNS, "stopped after %llu "
			    "instructions (--max-insns), the next at 0x%08x",
			    (unsigned long long)m->max_insns, cpu->pc);
		return MACHINE_NEVER;
	}
	if (cpu->ticks >= next) {
		stuck_look(m);
		next = stuck_next(m);
	}
	/* without more `wait`, the limit is reached at this tick */
	if (next - cpu->ticks > m->max_insns - insns)
		next = cpu->ticks + (m->max_insns - insns);
	return next;
}

static bool over(const struct machine *m)
{
	return m->ended || machine_signalled;
}

/* The horizon has been reached. False: the run is over. (Not in line: between
 * most instructions there is but the question whether to call this.) */
__attribute__((noinline))
static bool look(struct machine *m)
{
	struct cpu *cpu = &m->cpu;
	uint64_t horizon, limit;

	horizon = run_due_events(m);
	if (cpu->waiting && !m->ended)
		horizon = wait_for_interrupt(m, horizon);
	if (over(m))
		return false;
	limit = look_at_limits(m);
	if (limit < horizon)
		horizon = limit;
	if (!m->ended && cp0_irq_ready(cpu)) {
		if (cpu->slot)
			horizon = 0;	/* behind it */
		else
			cp0_take_irq(cpu);
	}
	cpu->horizon = horizon;
	if (over(m)) {
		cpu->horizon = 0;
		return false;
	}
	return true;
}

void machine_self_jump(struct machine *m)
{
	const struct cpu *cpu = &m->cpu;
	uint32_t paddr;
	const uint8_t *slot;

	/* with a nop in its slot nothing changes from one turn to the next */
	if (cpu_translate(cpu, cpu->at + 4, &paddr))
		return;
	slot = bus_ram(m, paddr, 4);
	if (!slot || slot[0] || slot[1] || slot[2] || slot[3])
		return;
	if (!stuck_may_be_interrupted(m))
		stuck_self_jump(m);
}

void machine_start(struct machine *m)
{
	signalled_machine = m;
	trace_note(&m->traced, &m->cpu);
	machine_reschedule(m);
}

bool machine_ready(struct machine *m)
{
	return m->cpu.ticks < m->cpu.horizon || look(m);
}

void machine_step(struct machine *m)
{
	if (m->trace.file)
		trace_step(m);
	else
		cpu_step(&m->cpu);
	if (m->profile)
		profile_step(m->profile, &m->cpu);
}

void machine_go_on(struct machine *m, uint64_t max_insns)
{
	m->max_insns = max_insns;
	m->ended = false;
	m->why[0] = '\0';
	machine_reschedule(m);
}

void machine_run(struct machine *m)
{
	struct cpu *cpu = &m->cpu;

	machine_start(m);
	if (m->engine != ENGINE_STEP && !m->trace.file) {
		block_run(m);
	} else if (m->trace.file || m->profile) {
		while (machine_ready(m))
			machine_step(m);
	} else {
		while (machine_ready(m))
			cpu_step(cpu);
	}
}

/* ---- snapshots ---------------------------------------------------------- */

struct saved {
	uint64_t skipped;
	struct trace_was traced;
	struct stuck stuck;
	int status;
	bool ended;
	char why[sizeof(((struct machine *)0)->why)];
};

static size_t state_size(const struct machine *m)
{
	(void)m;
	return sizeof(struct saved);
}

static void save(const struct machine *m, void *to)
{
	struct saved *saved = to;

	saved->skipped = m->skipped;
	saved->traced = m->traced;
	saved->stuck = m->stuck;
	saved->status = m->status;
	saved->ended = m->ended;
	strcpy(saved->why, m->why);
}

static void restore(struct machine *m, const void *from)
{
	const struct saved *saved = from;

	m->skipped = saved->skipped;
	m->traced = saved->traced;
	m->stuck = saved->stuck;
	m->status = saved->status;
	m->ended = saved->ended;
	strcpy(m->why, saved->why);
}

const struct snapshot_part machine_part = { state_size, save, restore };
