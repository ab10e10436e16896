// SPDX-License-Identifier: MIT
/*
 * Counting. See stats.h.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "mips-sim/machine.h"
#include "mips-sim/stats.h"

/* ---- polling --------------------------------------------------------- */

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
	load->offset = ~0u;	/* not run yet */
	load->next = *head;
	*head = load;
	return load;
}

/*
 * Two runs of a load between which nothing was stored, with one answer: all
 * that was executed from the first to the second was for nothing. A loop with
 * two such loads must not count twice, hence poll_until.
 */
void stats_poll(struct machine *m, uint32_t offset, uint32_t val)
{
	struct stats *stats = &m->stats;
	struct stats_load *load = find_load(stats, m->cpu.at);
	uint64_t now = machine_insns(m);

	if (load->offset == offset && load->val == val &&
	    load->stores == m->cpu.stores) {
		if (stats->poll_until < load->insns)
			stats->poll_until = load->insns;
		stats->poll_insns += now - stats->poll_until;
		stats->poll_until = now;
	}
	load->offset = offset;
	load->val = val;
	load->stores = m->cpu.stores;
	load->insns = now;
}

/* ---- interrupts ------------------------------------------------------ */

void stats_enter(struct machine *m, int interrupt)
{
	struct stats *stats = &m->stats;

	if (interrupt) {
		stats->interrupts++;
		if (!stats->entered)
			stats->isr_since = machine_insns(m);
	}
	stats->entered = stats->entered << 1 | interrupt;
}

void stats_leave(struct machine *m)
{
	struct stats *stats = &m->stats;

	if (stats->entered && !(stats->entered >> 1))
		stats->isr_insns += machine_insns(m) + 1 - stats->isr_since;
	stats->entered >>= 1;
}

/* ---- latency --------------------------------------------------------- */

void stats_latency(struct machine *m, uint64_t insns)
{
	struct stats *stats = &m->stats;

	if (stats->latencies == stats->latency_room) {
		stats->latency_room = 2 * stats->latency_room + 1024;
		stats->latency = realloc(stats->latency, stats->latency_room *
					 sizeof(*stats->latency));
		if (!stats->latency)
			die("no memory for the statistics");
	}
	stats->latency[stats->latencies++] = insns;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_latency(struct machine *m, struct output *out)
{
	struct stats *stats = &m->stats;
	size_t n = stats->latencies;
	const uint64_t *sorted = stats->latency;

	if (!n) {
		output_print(m, out, "{\"min\": null, \"p50\": null, "
			     "\"p99\": null, \"max\": null}");
		return;
	}
	qsort(stats->latency, n, sizeof(*stats->latency), ascending);
	/* nearest rank: the smallest that p per cent do not exceed */
	output_print(m, out, "{\"min\": %" PRIu64 ", \"p50\": %" PRIu64
		     ", \"p99\": %" PRIu64 ", \"max\": %" PRIu64 "}",
		     sorted[0], sorted[(n * 50 + 99) / 100 - 1],
		     sorted[(n * 99 + 99) / 100 - 1], sorted[n - 1]);
}

void stats_print(struct machine *m, struct output *out)
{
	const struct stats *stats = &m->stats;
	uint64_t isr_insns = stats->isr_insns;

	if (stats->entered)	/* the end came within a handler */
		isr_insns += machine_insns(m) - stats->isr_since;
	output_print(m, out, "{\"insns\": %" PRIu64 ", \"ns\": %" PRIu64
		     ", \"idle_ns\": %" PRIu64 ", \"exit\": %d"
		     ", \"interrupts\": %" PRIu64 ", \"isr_insns\": %" PRIu64
		     ", \"poll_insns\": %" PRIu64 ", \"rx_bytes\": %" PRIu64
		     ", \"rx_lost\": %" PRIu64 ", \"tx_bytes\": %" PRIu64
		     ", \"latency_insns\": ",
		     machine_insns(m), machine_ns(m), stats->idle_ns,
		     m->status, stats->interrupts, isr_insns,
		     stats->poll_insns, stats->rx_bytes, stats->rx_lost,
		     stats->tx_bytes);
	print_latency(m, out);
	if (m->profile) {
		profile_gather(m->profile);
		output_print(m, out, ",\n");
		profile_print(m, out);
	}
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
	free(stats->latency);
}
