// SPDX-License-Identifier: MIT
/*
 * What happened when. See timeline.h.
 *
 * The Chrome trace has a row for the line, one for the interrupt line and one
 * for the processor. Its times are in us, with the ns behind the point.
 */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"
#include "mips-sim/timeline.h"

#define DEV	"slowdev0"	/* the board has one chip */

enum row {
	ROW_LINE = 1,
	ROW_IRQ,
	ROW_CPU,
};

void timeline_open(struct timeline *timeline, const char *lines,
		   const char *chrome)
{
	output_open(&timeline->lines, lines);
	output_open(&timeline->chrome, chrome);
}

static bool wanted(const struct machine *m)
{
	return m->timeline.lines.file || m->timeline.chrome.file;
}

static void name_row(struct machine *m, enum row row, const char *name)
{
	output_print(m, &m->timeline.chrome,
		     "{\"ph\": \"M\", \"name\": \"thread_name\", \"pid\": 1, "
		     "\"tid\": %d, \"args\": {\"name\": \"%s\"}},\n", row,
		     name);
}

/* The part of a Chrome event that all have; the caller adds the rest. */
static void chrome(struct machine *m, uint64_t ns, const char *phase,
		   enum row row, const char *name)
{
	struct timeline *timeline = &m->timeline;

	if (!timeline->chrome_begun) {
		output_print(m, &timeline->chrome, "{\"traceEvents\": [\n");
		name_row(m, ROW_LINE, "chip: bytes");
		name_row(m, ROW_IRQ, "chip: interrupt line");
		name_row(m, ROW_CPU, "processor");
		timeline->chrome_begun = true;
	} else {
		output_print(m, &timeline->chrome, ",\n");
	}
	output_print(m, &timeline->chrome,
		     "{\"ph\": \"%s\", \"name\": \"%s\", \"pid\": 1, "
		     "\"tid\": %d, \"ts\": %" PRIu64 ".%03u",
		     phase, name, row, ns / 1000, (unsigned int)(ns % 1000));
}

void timeline_byte(struct machine *m, uint64_t ns, const char *ev, uint32_t n,
		   uint8_t byte)
{
	if (!wanted(m))
		return;
	output_print(m, &m->timeline.lines,
		     "{\"t\": %" PRIu64 ", \"ev\": \"%s\", \"dev\": \"" DEV
		     "\", \"n\": %" PRIu32 ", \"byte\": %u}\n", ns, ev, n,
		     byte);
	chrome(m, ns, "i", ROW_LINE, ev);
	output_print(m, &m->timeline.chrome,
		     ", \"s\": \"t\", \"args\": {\"n\": %" PRIu32
		     ", \"byte\": %u}}", n, byte);
}

void timeline_lost(struct machine *m, uint64_t ns, uint32_t n)
{
	if (!wanted(m))
		return;
	output_print(m, &m->timeline.lines,
		     "{\"t\": %" PRIu64 ", \"ev\": \"lost\", \"dev\": \"" DEV
		     "\", \"n\": %" PRIu32 "}\n", ns, n);
	chrome(m, ns, "i", ROW_LINE, "lost");
	output_print(m, &m->timeline.chrome,
		     ", \"s\": \"t\", \"args\": {\"n\": %" PRIu32 "}}", n);
}

void timeline_irq(struct machine *m, uint64_t ns, bool level)
{
	if (!wanted(m))
		return;
	output_print(m, &m->timeline.lines,
		     "{\"t\": %" PRIu64 ", \"ev\": \"%s\", \"dev\": \"" DEV
		     "\"}\n", ns, level ? "irq_up" : "irq_down");
	chrome(m, ns, level ? "B" : "E", ROW_IRQ, "irq");
	output_print(m, &m->timeline.chrome, "}");
}

void timeline_enter(struct machine *m, bool interrupt)
{
	struct timeline *timeline = &m->timeline;
	const struct cp0 *cp0 = &m->cpu.cp0;
	unsigned int code = (cp0->cause & CAUSE_CODE) >> 2;
	uint64_t ns;

	if (!wanted(m))
		return;
	ns = machine_ns(m);
	timeline->entered = timeline->entered << 1 | interrupt;
	if (timeline->depth < 64)
		timeline->depth++;
	if (interrupt)
		output_print(m, &timeline->lines,
			     "{\"t\": %" PRIu64 ", \"ev\": \"isr_enter\", "
			     "\"epc\": %" PRIu32 ", \"ip\": %" PRIu32 "}\n",
			     ns, cp0->epc,
			     (cp0->cause & CAUSE_IP) >> CAUSE_IP_SHIFT);
	else
		output_print(m, &timeline->lines,
			     "{\"t\": %" PRIu64 ", \"ev\": \"exc_enter\", "
			     "\"epc\": %" PRIu32 ", \"code\": %u}\n",
			     ns, cp0->epc, code);
	chrome(m, ns, "B", ROW_CPU, interrupt ? "interrupt" :
	       cp0_exception_name(code));
	output_print(m, &timeline->chrome,
		     ", \"args\": {\"epc\": \"0x%08" PRIx32 "\"}}", cp0->epc);
}

void timeline_leave(struct machine *m)
{
	struct timeline *timeline = &m->timeline;
	uint64_t ns;

	if (!wanted(m) || !timeline->depth)
		return;
	ns = machine_ns(m);
	output_print(m, &timeline->lines,
		     "{\"t\": %" PRIu64 ", \"ev\": \"%s\"}\n", ns,
		     timeline->entered & 1 ? "isr_exit" : "exc_exit");
	chrome(m, ns, "E", ROW_CPU, "");
	output_print(m, &timeline->chrome, "}");
	timeline->entered >>= 1;
	timeline->depth--;
}

void timeline_wake(struct machine *m, uint64_t idle_ns)
{
	uint64_t ns = machine_ns(m);

	if (!wanted(m))
		return;
	output_print(m, &m->timeline.lines,
		     "{\"t\": %" PRIu64 ", \"ev\": \"wake\", \"idle_ns\": %"
		     PRIu64 "}\n", ns, idle_ns);
	chrome(m, ns - idle_ns, "X", ROW_CPU, "wait");
	output_print(m, &m->timeline.chrome, ", \"dur\": %" PRIu64 ".%03u}",
		     idle_ns / 1000, (unsigned int)(idle_ns % 1000));
}

void timeline_finish(struct machine *m)
{
	struct timeline *timeline = &m->timeline;

	if (timeline->chrome.file)
		output_print(m, &timeline->chrome, timeline->chrome_begun ?
			     "\n]}\n" : "{\"traceEvents\": []}\n");
}

/* ---- snapshots ---------------------------------------------------------- */

static size_t state_size(const struct machine *m)
{
	(void)m;
	return offsetof(struct timeline, lines);
}

static void save(const struct machine *m, void *to)
{
	memcpy(to, &m->timeline, state_size(m));
}

static void restore(struct machine *m, const void *from)
{
	memcpy(&m->timeline, from, state_size(m));
}

const struct snapshot_part timeline_part = { state_size, save, restore };
