// SPDX-License-Identifier: MIT
/*
 * GDB's remote protocol, as much as a debugger needs: registers, memory, break-
 * and watchpoints, step and continue in both directions, interrupt, detach,
 * kill.
 *
 * The run is the same with and without it: stops are found by looking at the
 * processor and never written into memory, and the clock stands while GDB has
 * the word. A look at a device changes nothing (cpu_peek()); only RAM can be
 * written. A step in front of a delay slot stops in the slot.
 *
 * A watchpoint is told before the access, forward; GDB steps over it and looks
 * what has changed. Backward it is told behind the access, for the same step
 * goes back then.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/gdb.h"
#include "mips-sim/gdb_link.h"
#include "mips-sim/gdb_regs.h"
#include "mips-sim/gdb_stops.h"
#include "mips-sim/history.h"
#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"

#define POLL_STEPS	65536	/* between two looks for GDB's ctrl-C */

#define STOPPED		"S05"
#define INTERRUPTED	"S02"
#define NO_MORE_HISTORY	"T05replaylog:begin;"

struct gdb {
	struct machine *m;
	struct gdb_link link;
	struct gdb_stops stops;
	struct history *history;
	bool detached;
	bool end_told;		/* why the run cannot go on */
	bool over;		/* and that it has ended */
	char reply[PACKET_MAX + 1];
};

/* ---- text ------------------------------------------------------------------- */

static void print_hex(char *to, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t i;

	to[0] = '\0';
	for (i = 0; i < len; i++)
		snprintf(to + 2 * i, 3, "%02x", at[i]);
}

static bool scan_hex(const char *from, uint8_t *to, size_t len)
{
	char digits[3] = "";
	char *end;
	size_t i;

	for (i = 0; i < len; i++) {
		memcpy(digits, from + 2 * i, strnlen(from + 2 * i, 2));
		to[i] = strtoul(digits, &end, 16);
		if (end != digits + 2)
			return false;
	}
	return true;
}

/* A register as GDB has it: the target's bytes in order. */
static void print_reg(char *to, const struct cpu *cpu, unsigned int number)
{
	uint32_t val;

	if (!gdb_reg_get(cpu, number, &val)) {
		strcpy(to, "xxxxxxxx");
		return;
	}
	val = htole32(val);
	print_hex(to, &val, sizeof(val));
}

/* ---- registers and memory --------------------------------------------------- */

static const char *get_regs(struct gdb *gdb)
{
	unsigned int i;

	for (i = 0; i < gdb_regs_count(); i++)
		print_reg(gdb->reply + 8 * i, &gdb->m->cpu, i);
	return gdb->reply;
}

static const char *get_reg(struct gdb *gdb, const char *p)
{
	print_reg(gdb->reply, &gdb->m->cpu, strtoul(p, NULL, 16));
	return gdb->reply;
}

/* To what it is already: that is no change. */
static bool set_reg(struct gdb *gdb, unsigned int number, const uint8_t *bytes)
{
	uint32_t val, was;

	memcpy(&val, bytes, sizeof(val));
	val = le32toh(val);
	if (gdb_reg_get(&gdb->m->cpu, number, &was) && was == val)
		return true;
	if (gdb->m->ended || !gdb_reg_set(&gdb->m->cpu, number, val))
		return false;
	history_changed(gdb->history);
	return true;
}

static const char *set_regs(struct gdb *gdb, const char *p)
{
	uint8_t bytes[4];
	unsigned int i;

	for (i = 0; i < gdb_regs_count() && scan_hex(p, bytes, 4); i++, p += 8)
		set_reg(gdb, i, bytes);
	return i ? "OK" : "E22";
}

static const char *set_one_reg(struct gdb *gdb, const char *p)
{
	char *end;
	unsigned long number = strtoul(p, &end, 16);
	uint8_t bytes[4];

	if (*end != '=' || !scan_hex(end + 1, bytes, 4))
		return "E22";
	return set_reg(gdb, number, bytes) ? "OK" : "E01";
}

/* 'from,len' at *p. False: not so, or @len is above @max. */
static bool scan_range(const char **p, uint32_t *from, uint32_t *len,
		       uint32_t max)
{
	char *end;

	*from = strtoul(*p, &end, 16);
	if (*end != ',')
		return false;
	*len = strtoul(end + 1, &end, 16);
	*p = end;
	return *len <= max;
}

/* What there is, if only a part of what was asked for. */
static const char *get_memory(struct gdb *gdb, const char *p)
{
	uint8_t bytes[PACKET_MAX / 2];
	uint32_t vaddr, len, i;

	if (!scan_range(&p, &vaddr, &len, sizeof(bytes)))
		return "E22";
	for (i = 0; i < len; i++)
		if (!cpu_peek(&gdb->m->cpu, vaddr + i, &bytes[i]))
			break;
	if (len && !i)
		return "E14";
	print_hex(gdb->reply, bytes, i);
	return gdb->reply;
}

static const char *set_memory(struct gdb *gdb, const char *p)
{
	struct cpu *cpu = &gdb->m->cpu;
	uint8_t bytes[PACKET_MAX / 2];
	uint32_t vaddr, len, paddr;
	uint8_t *at = NULL;

	if (!scan_range(&p, &vaddr, &len, sizeof(bytes)) ||
	    *p++ != ':' || strlen(p) != 2 * (size_t)len || !scan_hex(p, bytes, len))
		return "E22";
	if (!cpu_translate(cpu, vaddr, &paddr))
		at = bus_ram(gdb->m, paddr, len);
	if (!at || gdb->m->ended)
		return "E14";
	if (memcmp(at, bytes, len) == 0)
		return "OK";
	memcpy(at, bytes, len);
	cpu_written(cpu, at, len);
	history_changed(gdb->history);
	return "OK";
}

/* ---- running ---------------------------------------------------------------- */

static const char *watch_reply(struct gdb *gdb, const struct watch *watch)
{
	static const char *const names[] = {
		[WATCH_WRITE] = "watch", [WATCH_READ] = "rwatch",
		[WATCH_ACCESS] = "awatch",
	};

	snprintf(gdb->reply, sizeof(gdb->reply), "T05%s:%" PRIx32 ";",
		 names[watch->kind], watch->vaddr);
	return gdb->reply;
}

/* @text is printed by GDB. */
static void tell(struct gdb *gdb, const char *text)
{
	char packet[2 * sizeof(gdb->m->why) + 64] = "O";

	print_hex(packet + 1, text, strlen(text));
	gdb_link_send(&gdb->link, packet);
}

/*
 * The run is not ready for another instruction. When it is not the guest who
 * ended it, one may want to know why and go back: that is a stop (SIGABRT), and
 * only the next try is the end.
 */
static const char *ended(struct gdb *gdb)
{
	struct machine *m = gdb->m;
	char text[sizeof(m->why) + 32];

	if (!m->ended && !machine_signalled) {
		gdb_link_interrupted(&gdb->link);
		return INTERRUPTED;
	}
	if (m->ended && m->why[0] && m->status != EXIT_BAD_INPUT &&
	    !gdb->end_told) {
		gdb->end_told = true;
		snprintf(text, sizeof(text), "mips-sim: %s\n", m->why);
		tell(gdb, text);
		return "S06";
	}
	gdb->over = true;
	snprintf(gdb->reply, sizeof(gdb->reply), "W%02x",
		 m->ended ? m->status : 128 + machine_signalled);
	return gdb->reply;
}

/* Run @steps instructions at most. Gives the answer that says why it ended. */
static const char *forward(struct gdb *gdb, uint64_t steps)
{
	struct machine *m = gdb->m;
	uint32_t began = m->cpu.pc;
	const struct watch *watch;
	uint64_t i;

	for (i = 0; i < steps; i++) {
		if (i % POLL_STEPS == POLL_STEPS - 1 &&
		    gdb_link_interrupted(&gdb->link))
			return INTERRUPTED;
		if (!history_ready(gdb->history))
			return ended(gdb);
		/* an interrupt may have moved the pc since we began */
		if ((i || m->cpu.pc != began) &&
		    gdb_stops_break(&gdb->stops, m->cpu.pc))
			return STOPPED;
		watch = gdb_stops_watch(&gdb->stops, &m->cpu);
		if (watch)
			return watch_reply(gdb, watch);
		machine_step(m);
	}
	return history_ready(gdb->history) ? STOPPED : ended(gdb);
}

/* c and s, or C and S: those come with a signal, which nobody here takes. */
static const char *go(struct gdb *gdb, const char *packet, uint64_t steps)
{
	const char *p = packet + 1;
	uint32_t pc;

	if (packet[0] == 'C' || packet[0] == 'S') {
		p = strchr(packet, ';');
		p = p ? p + 1 : "";
	}
	if (*p) {
		pc = htole32(strtoul(p, NULL, 16));
		set_reg(gdb, GDB_PC, (const uint8_t *)&pc);
	}
	return forward(gdb, steps);
}

/* Where history begins, behind us. */
static bool at_first(const struct gdb *gdb)
{
	return machine_insns(gdb->m) <= history_first(gdb->history);
}

static const char *step_back(struct gdb *gdb)
{
	if (at_first(gdb))
		return NO_MORE_HISTORY;
	gdb->end_told = false;
	history_go(gdb->history, machine_insns(gdb->m) - 1);
	return STOPPED;
}

/*
 * Run from a snapshot up to the moment @end. The last stop on the way is where
 * a run backward would have come to first: its moment to *@at, and the answer.
 * A breakpoint stops in front of its instruction, a watchpoint behind it, so
 * the latter may be at @end. NULL: there is none, or (m->ended) ctrl-C.
 */
static const char *last_stop(struct gdb *gdb, uint64_t end, uint64_t *at)
{
	struct machine *m = gdb->m;
	const struct watch *watch;
	const char *found = NULL;
	uint64_t i;

	for (i = 1; machine_insns(m) < end && machine_ready(m); i++) {
		if (gdb_stops_break(&gdb->stops, m->cpu.pc)) {
			found = STOPPED;
			*at = machine_insns(m);
		}
		watch = gdb_stops_watch(&gdb->stops, &m->cpu);
		machine_step(m);
		if (watch) {
			found = watch_reply(gdb, watch);
			*at = machine_insns(m);
		}
		if (i % POLL_STEPS == 0 && gdb_link_interrupted(&gdb->link)) {
			*at = UINT64_MAX;
			return INTERRUPTED;
		}
	}
	return found;
}

/* Snapshot by snapshot, the last first. */
static const char *continue_back(struct gdb *gdb)
{
	uint64_t end = machine_insns(gdb->m);
	const char *found;
	uint64_t from, at;

	if (at_first(gdb))
		return NO_MORE_HISTORY;
	gdb->end_told = false;
	while (history_go_before(gdb->history, end)) {
		from = machine_insns(gdb->m);
		found = last_stop(gdb, end, &at);
		if (found) {
			history_go(gdb->history, at == UINT64_MAX ? from : at);
			return found;
		}
		end = from;
	}
	history_go(gdb->history, history_first(gdb->history));
	return NO_MORE_HISTORY;
}

/* ---- packets ---------------------------------------------------------------- */

/* qXfer:features:read:target.xml: a part of it, 'offset,length' at @p. */
static const char *get_description(struct gdb *gdb, const char *p)
{
	const char *xml = gdb_regs_xml();
	size_t size = strlen(xml);
	uint32_t offset, len;

	if (!scan_range(&p, &offset, &len, PACKET_MAX - 1) || offset > size)
		return "E22";
	snprintf(gdb->reply, sizeof(gdb->reply), "%c%.*s",
		 offset + len < size ? 'm' : 'l', (int)len, xml + offset);
	return gdb->reply;
}

/* GDB's `monitor`: what it has no packet for. */
static const char *monitor(struct gdb *gdb, const char *hex)
{
	struct machine *m = gdb->m;
	uint8_t command[16] = "";
	size_t len = strlen(hex) / 2;
	char text[160];

	if (len >= sizeof(command) || !scan_hex(hex, command, len))
		len = 0;
	if (len && strcmp((char *)command, "when") == 0)
		snprintf(text, sizeof(text), "instruction %" PRIu64 " at %"
			 PRIu64 " ns; history from %" PRIu64 " to %" PRIu64
			 "\n", machine_insns(m), machine_ns(m),
			 history_first(gdb->history),
			 history_last(gdb->history));
	else if (len && strcmp((char *)command, "state") == 0)
		snprintf(text, sizeof(text), "state %016" PRIx64 "\n",
			 snapshot_hash(m));
	else
		snprintf(text, sizeof(text), "monitor when: the instructions "
			 "and the time so far\nmonitor state: a number for "
			 "all that the board holds\n");
	print_hex(gdb->reply, text, strlen(text));
	return gdb->reply;
}

static const char *query(struct gdb *gdb, const char *p)
{
	static const char features[] = "Xfer:features:read:target.xml:";

	if (strncmp(p, "Supported", 9) == 0)
		return "PacketSize=fff;qXfer:features:read+;ReverseStep+;"
		       "ReverseContinue+";
	if (strncmp(p, features, strlen(features)) == 0)
		return get_description(gdb, p + strlen(features));
	if (strncmp(p, "Attached", 8) == 0)
		return "1";
	if (strncmp(p, "Rcmd,", 5) == 0)
		return monitor(gdb, p + 5);
	return "";
}

/* The answer to a packet; NULL: none. */
static const char *obey(struct gdb *gdb)
{
	const char *packet = gdb->link.packet;
	const char *p = packet + 1;

	switch (packet[0]) {
	case '?':
		return STOPPED;
	case 'g':
		return get_regs(gdb);
	case 'G':
		return set_regs(gdb, p);
	case 'p':
		return get_reg(gdb, p);
	case 'P':
		return set_one_reg(gdb, p);
	case 'm':
		return get_memory(gdb, p);
	case 'M':
		return set_memory(gdb, p);
	case 'c':
	case 'C':
		return go(gdb, packet, UINT64_MAX);
	case 's':
	case 'S':
		return go(gdb, packet, 1);
	case 'b':
		if (strcmp(p, "s") == 0)
			return step_back(gdb);
		if (strcmp(p, "c") == 0)
			return continue_back(gdb);
		return "";
	case 'Z':
		return gdb_stops_change(&gdb->stops, p, true);
	case 'z':
		return gdb_stops_change(&gdb->stops, p, false);
	case 'H':
		return "OK";		/* there is one thread */
	case 'D':
		gdb->detached = true;
		return "OK";
	case 'k':
		machine_end(gdb->m, EXIT_BAD_INPUT, "killed by GDB");
		gdb->over = true;
		return NULL;
	case 'q':
		return query(gdb, p);
	default:
		return "";		/* not supported */
	}
}

void gdb_run(struct machine *m, uint16_t port)
{
	struct gdb *gdb = calloc(1, sizeof(*gdb));
	const char *text;

	if (!gdb)
		die("no memory");
	gdb->m = m;
	gdb_link_open(&gdb->link, m, port);
	machine_start(m);
	gdb->history = history_open(m);
	m->debugger_fd = gdb->link.fd;
	while (!gdb->over && !gdb->detached && !machine_signalled &&
	       gdb_link_receive(&gdb->link)) {
		text = obey(gdb);
		if (text)
			gdb_link_send(&gdb->link, text);
	}
	m->debugger_fd = 0;
	history_close(gdb->history);
	if (gdb->detached)
		machine_run(m);
	gdb_link_close(&gdb->link);
	free(gdb);
}
