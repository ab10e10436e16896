// SPDX-License-Identifier: MIT
/*
 * Counting. See stats.h.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/snapshot.h"
#include "mips-sim/stats.h"

/* ---- polling --------------------------------------------------------- */

/* It has not run yet. */
static void forget_load(struct stats_load *load)
{
	*load = (struct stats_load){ .next = load->next, .at = load->at,
				     .offset = ~0u };
}

static struct stats_load *find_load(struct stats *stats, uint32_t at)
{
	struct stats_load **head = &stats->loads[at / 4 % STATS_BUCKETS];
	struct stats_load *load;

	for (load = *head; load; load = load->next)
		if (load->at == at)
			return load;
	load = calloc(1, sizeof(*load));
	if (!load)
		die("no memory for the statistics");
	load->at = at;
	load->next = *head;
	forget_load(load);
	*head = load;
	return load;
}

/*
 * Two runs of a load between which nothing was stored, with one answer: all
 * that was executed from the first to the second was for nothing. A loop with
 * two such loads must not count twice, hence poll_until.
 */
void stats_load(struct machine *m, uint32_t offset, uint32_t val)
{
	struct stats *stats = &m->stats;
	struct stats_load *load = find_load(stats, m->cpu.at);
	uint64_t stores = cpu_stores(&m->cpu);
	uint64_t now = machine_insns(m);

	stats->chip[offset / 4].loads++;
	if (load->offset == offset && load->val == val &&
	    load->stores == stores) {
		/* where the last one ended the same wait goes on */
		if (stats->poll_until < load->insns || !stats->polled)
			stats->polled++;
		if (stats->poll_until < load->insns)
			stats->poll_until = load->insns;
		stats->poll_insns += now - stats->poll_until;
		load->poll_insns += now - stats->poll_until;
		load->again++;
		stats->poll_until = now;
	}
	load->offset = offset;
	load->val = val;
	load->stores = stores;
	load->insns = now;
}

void stats_store(struct machine *m, uint32_t offset)
{
	m->stats.chip[offset / 4].stores++;
}

void stats_slept(struct machine *m, uint64_t ns)
{
	struct stats *stats = &m->stats;

	stats->idle_ns += ns;
	if (ns && slowchip_irq(&m->slow.chip) &&
	    cp0_irq_open(&m->cpu, IRQ_SLOW)) {
		stats->slept++;
		stats->slept_ns += ns;
	}
}

/* ---- exceptions ------------------------------------------------------ */

/* What was executed up to @insns belongs to what has been entered by now. */
static void attribute(struct stats *stats, uint64_t insns)
{
	if (stats->entered)
		stats->isr_insns += insns - stats->since;
	else if (stats->depth)
		stats->exc_insns += insns - stats->since;
	stats->since = insns;
}

void stats_enter(struct machine *m, enum cp0_exccode code, bool nested)
{
	struct stats *stats = &m->stats;
	bool interrupt = code == EXC_INT;

	stats->exceptions++;
	stats->exceptions_by[code]++;
	if (nested)
		return;
	stats->interrupts += interrupt;
	/* the instruction that raises one is not the handler's */
	attribute(stats, machine_insns(m) + !interrupt);
	stats->entered = stats->entered << 1 | interrupt;
	if (stats->depth < 64)
		stats->depth++;
}

void stats_leave(struct machine *m)
{
	struct stats *stats = &m->stats;

	attribute(stats, machine_insns(m) + 1);
	stats->entered >>= 1;
	if (stats->depth)
		stats->depth--;
}

/* ---- latency --------------------------------------------------------- */

static void add_latency(struct stats_latencies *latencies, uint64_t val)
{
	if (latencies->count == latencies->room) {
		latencies->room = 2 * latencies->room + 1024;
		latencies->list = realloc(latencies->list, latencies->room *
					  sizeof(*latencies->list));
		if (!latencies->list)
			die("no memory for the statistics");
	}
	latencies->list[latencies->count++] = val;
}

void stats_latency(struct machine *m, uint64_t insns, uint64_t ns)
{
	if (!m->profile)	/* nobody will read them */
		return;
	add_latency(&m->stats.latency_insns, insns);
	add_latency(&m->stats.latency_ns, ns);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_latencies(struct machine *m, struct output *out,
			    const struct stats_latencies *latencies)
{
	uint64_t *sorted = latencies->list;
	size_t n = latencies->count;

	if (!n) {
		output_print(m, out, "{\"min\": null, \"p50\": null, "
			     "\"p99\": null, \"max\": null}");
		return;
	}
	qsort(sorted, n, sizeof(*sorted), ascending);
	/* nearest rank: the smallest that p per cent do not exceed */
	output_print(m, out, "{\"min\": %" PRIu64 ", \"p50\": %" PRIu64
		     ", \"p99\": %" PRIu64 ", \"max\": %" PRIu64 "}",
		     sorted[0], sorted[(n * 50 + 99) / 100 - 1],
		     sorted[(n * 99 + 99) / 100 - 1], sorted[n - 1]);
}

/* ---- telling --------------------------------------------------------- */

static void print_exceptions(struct machine *m, struct output *out)
{
	const char *comma = "";
	unsigned int i;

	output_print(m, out, " \"exceptions\": {");
	for (i = 0; i < EXC_CODES; i++) {
		if (!m->stats.exceptions_by[i])
			continue;
		output_print(m, out, "%s\"%s\": %" PRIu64, comma,
			     cp0_exception_name(i), m->stats.exceptions_by[i]);
		comma = ", ";
	}
	output_print(m, out, "},\n");
}

static void print_chip(struct machine *m, struct output *out)
{
	const struct stats_register *reg = m->stats.chip;
	const char *comma = "";
	unsigned int i;

	output_print(m, out, " \"chip\": {");
	for (i = 0; i < SLOWCHIP_REG_END / 4; i++) {
		if (!reg[i].loads && !reg[i].stores)
			continue;
		output_print(m, out, "%s\n  \"%s\": {\"loads\": %" PRIu64
			     ", \"stores\": %" PRIu64 "}", comma,
			     dev_slow_name(4 * i), reg[i].loads,
			     reg[i].stores);
		comma = ",";
	}
	output_print(m, out, "},\n");
}

static int by_poll_insns(const void *a, const void *b)
{
	const struct stats_load *x = *(const struct stats_load *const *)a;
	const struct stats_load *y = *(const struct stats_load *const *)b;

	if (x->poll_insns != y->poll_insns)
		return x->poll_insns > y->poll_insns ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* All loads that ever gave the same twice, in an array that is to be freed. */
static const struct stats_load **find_polls(const struct stats *stats,
					    size_t *count)
{
	const struct stats_load **polls = NULL;
	const struct stats_load *load;
	unsigned int i;

	*count = 0;
	for (i = 0; i < STATS_BUCKETS; i++) {
		for (load = stats->loads[i]; load; load = load->next) {
			if (!load->again)
				continue;
			polls = realloc(polls, (*count + 1) * sizeof(*polls));
			if (!polls)
				die("no memory for the statistics");
			polls[(*count)++] = load;
		}
	}
	if (polls)
		qsort(polls, *count, sizeof(*polls), by_poll_insns);
	return polls;
}

static void print_polls(struct machine *m, struct output *out)
{
	const struct stats_load **polls;
	char at[SYMBOLS_TEXT_MAX];
	size_t i, count;

	polls = find_polls(&m->stats, &count);
	output_print(m, out, " \"polls\": [");
	for (i = 0; i < count; i++) {
		if (!symbols_text(m->symbols, polls[i]->at, at))
			snprintf(at, sizeof(at), "0x%08" PRIx32, polls[i]->at);
		output_print(m, out, "%s\n  {\"at\": \"%s\", \"register\": "
			     "\"%s\", \"again\": %" PRIu64 ", \"insns\": %"
			     PRIu64 "}", i ? "," : "", at,
			     dev_slow_name(polls[i]->offset), polls[i]->again,
			     polls[i]->poll_insns);
	}
	output_print(m, out, "],\n");
	free(polls);
}

void stats_print(struct machine *m, struct output *out)
{
	struct stats *stats = &m->stats;

	if (!out->file)
		return;
	attribute(stats, machine_insns(m));	/* the end came in a handler */
	output_print(m, out, "{\"insns\": %" PRIu64 ", \"ns\": %" PRIu64
		     ", \"idle_ns\": %" PRIu64 ", \"exit\": %d"
		     ", \"interrupts\": %" PRIu64 ", \"isr_insns\": %" PRIu64
		     ", \"poll_insns\": %" PRIu64 ", \"rx_bytes\": %" PRIu64
		     ", \"rx_lost\": %" PRIu64 ", \"tx_bytes\": %" PRIu64
		     ", \"latency_insns\": ",
		     machine_insns(m), machine_ns(m), stats->idle_ns,
		     m->status, stats->interrupts, stats->isr_insns,
		     stats->poll_insns, stats->rx_bytes, stats->rx_lost,
		     stats->tx_bytes);
	print_latencies(m, out, &stats->latency_insns);
	output_print(m, out, ",\n \"latency_ns\": ");
	print_latencies(m, out, &stats->latency_ns);
	output_print(m, out, ",\n \"exc_insns\": %" PRIu64
		     ", \"chip_waits\": {\"polled\": %" PRIu64
		     ", \"slept\": %" PRIu64 ", \"slept_ns\": %" PRIu64 "},\n",
		     stats->exc_insns, stats->polled, stats->slept,
		     stats->slept_ns);
	print_exceptions(m, out);
	print_chip(m, out);
	print_polls(m, out);
	profile_print(m, out);
	output_print(m, out, "}\n");
}

void stats_free(struct stats *stats)
{
	struct stats_load *load;
	unsigned int i;

	for (i = 0; i < STATS_BUCKETS; i++) {
		while ((load = stats->loads[i])) {
			stats->loads[i] = load->next;
			free(load);
		}
	}
	free(stats->latency_insns.list);
	free(stats->latency_ns.list);
}

/* ---- snapshots --------------------------------------------------------- */

/*
 * The loads that have run, and how many latencies there are: what was behind
 * them at the time is behind them when the same run comes there again.
 */
struct saved {
	struct stats stats;	/* up to loads */
	size_t latencies;	/* of both lists */
	size_t loads;
	struct stats_load load[];
};

static size_t count_loads(const struct stats *stats)
{
	const struct stats_load *load;
	size_t count = 0;
	unsigned int i;

	for (i = 0; i < STATS_BUCKETS; i++)
		for (load = stats->loads[i]; load; load = load->next)
			count += load->offset != ~0u;
	return count;
}

static size_t state_size(const struct machine *m)
{
	return sizeof(struct saved) + count_loads(&m->stats) *
				      sizeof(struct stats_load);
}

static void save(const struct machine *m, void *to)
{
	const struct stats *stats = &m->stats;
	const struct stats_load *load;
	struct saved *saved = to;
	unsigned int i;

	memcpy(&saved->stats, stats, offsetof(struct stats, loads));
	saved->latencies = stats->latency_insns.count;
	saved->loads = 0;
	for (i = 0; i < STATS_BUCKETS; i++)
		for (load = stats->loads[i]; load; load = load->next)
			if (load->offset != ~0u)
				saved->load[saved->loads++] = *load;
}

static void restore(struct machine *m, const void *from)
{
	struct stats *stats = &m->stats;
	const struct saved *saved = from;
	struct stats_load *load, *next;
	unsigned int i;

	memcpy(stats, &saved->stats, offsetof(struct stats, loads));
	stats->latency_insns.count = saved->latencies;
	stats->latency_ns.count = saved->latencies;
	for (i = 0; i < STATS_BUCKETS; i++)
		for (load = stats->loads[i]; load; load = load->next)
			forget_load(load);
	for (i = 0; i < saved->loads; i++) {
		load = find_load(stats, saved->load[i].at);
		next = load->next;
		*load = saved->load[i];
		load->next = next;
	}
}

const struct snapshot_part stats_part = { state_size, save, restore };
