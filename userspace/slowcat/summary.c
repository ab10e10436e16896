// SPDX-License-Identifier: MIT
/*
 * What the waiting cost, on standard error: one line for people, or one JSON
 * object for programs. Called once, at the end.
 */
#include "userspace/slowcat/client.h"

#include <inttypes.h>
#include <stdio.h>

static void print_json(const struct client *client,
		       const struct client_cost *cost)
{
	fprintf(stderr, "{\"strategy\": \"%s\", \"devices\": %u, \"bytes\": %"
		PRIu64 ", ", client->strategy, client->count, client->bytes);
	if (client->flags & CLIENT_UNCOUNTED)
		fprintf(stderr, "\"syscalls\": null, ");
	else
		fprintf(stderr, "\"syscalls\": %" PRIu64 ", ",
			client->syscalls);
	fprintf(stderr, "\"vol_switches\": %ld, \"cpu_ns\": %" PRIu64
		", \"wall_ns\": %" PRIu64 ", \"latency_ns\": ",
		cost->vol_switches, cost->cpu_ns, cost->wall_ns);
	if (cost->has_latency)
		fprintf(stderr, "{\"p50\": %" PRIu64 ", \"p99\": %" PRIu64
			", \"max\": %" PRIu64 "}}\n",
			cost->p50_ns, cost->p99_ns, cost->max_ns);
	else
		fprintf(stderr, "null}\n");
}

static void print_text(const struct client *client,
		       const struct client_cost *cost)
{
	fprintf(stderr, "slowcat-%s: %" PRIu64 " bytes in %.3f s: ",
		client->strategy, client->bytes, cost->wall_ns / 1e9);
	if (!(client->flags & CLIENT_UNCOUNTED))
		fprintf(stderr, "%" PRIu64 " system calls, ",
			client->syscalls);
	fprintf(stderr, "%ld voluntary switches, %.3f ms CPU",
		cost->vol_switches, cost->cpu_ns / 1e6);
	if (cost->has_latency)
		fprintf(stderr, "; from arrival %.1f us median, %.1f us 99 %%,"
			" %.1f us at most", cost->p50_ns / 1e3,
			cost->p99_ns / 1e3, cost->max_ns / 1e3);
	fputc('\n', stderr);
}

void client_summary(const struct client *client,
		    const struct client_cost *cost)
{
	if (client->json)
		print_json(client, cost);
	else
		print_text(client, cost);
}
