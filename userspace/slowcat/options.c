// SPDX-License-Identifier: MIT
/*
 * The command line, the same for every slowcat. Called once, before anything
 * is open. Bad input ends the program with one line and status 1.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { JSON = 256, STAMPS, SHOW_PHASES, ONE_BYTE };

static const struct option long_options[] = {
	{ "json", no_argument, NULL, JSON },
	{ "stamps", required_argument, NULL, STAMPS },
	{ "help", no_argument, NULL, 'h' },
	{ "show-phases", no_argument, NULL, SHOW_PHASES },
	{ "one-byte", no_argument, NULL, ONE_BYTE },
	{ 0 },
};

static void print_usage(const struct client *client, FILE *to)
{
	fprintf(to, "usage: slowcat-%s [-n BYTES] [-d DEVICE]%s [--json]"
		" [--stamps FILE]%s%s [-h]\n", client->strategy,
		client->flags & CLIENT_MANY ? "..." : "",
		client->flags & CLIENT_PHASES ? " [--show-phases]" : "",
		client->flags & CLIENT_ONE_BYTE ? " [--one-byte]" : "");
}

static void help(const struct client *client)
{
	print_usage(client, stdout);
	printf("Copy a device to standard output, waiting by %s, and say what "
	       "the waiting cost.\n", client->strategy);
	printf("  -n BYTES       stop after so many, and read no more\n"
	       "  -d DEVICE      instead of /dev/slowdev0%s\n"
	       "  --json         the cost as one line of JSON\n"
	       "  --stamps FILE  a line of JSON for each byte's way\n",
	       client->flags & CLIENT_MANY ? "; may be repeated" : "");
	if (client->flags & CLIENT_PHASES)
		printf("  --show-phases  say which phase called what; a timer "
		       "and an idle\n                 callback run beside\n");
	if (client->flags & CLIENT_ONE_BYTE)
		printf("  --one-byte     read one byte a wait: a mistake with "
		       "edges, shown\n");
	if (fflush(stdout) || ferror(stdout)) {
		client_fail((struct client *)client, "standard output", errno);
		exit(1);
	}
	exit(0);
}

static uint64_t parse_bytes(const struct client *client, const char *text)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	/* strtoull takes blanks and signs; we do not. The most means "none". */
	if (*text < '0' || *text > '9' || *end || errno ||
	    value == UINT64_MAX) {
		fprintf(stderr, "slowcat-%s: -n %s: not a number of bytes\n",
			client->strategy, text);
		exit(1);
	}
	return value;
}

static void add_device(struct client *client, const char *path)
{
	if (client->count && !(client->flags & CLIENT_MANY)) {
		fprintf(stderr, "slowcat-%s: -d %s: can wait for one device "
			"only\n", client->strategy, path);
		exit(1);
	}
	client->devices[client->count++].path = path;
}

void client_options(struct client *client, int argc, char **argv)
{
	int option;

	/* no more devices than words, and one by default */
	client->devices = calloc(argc + 1, sizeof(*client->devices));
	if (!client->devices) {
		client_fail(client, "devices", ENOMEM);
		exit(1);
	}
	opterr = 0;
	while ((option = getopt_long(argc, argv, "n:d:h", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'n':
			client->limit = parse_bytes(client, optarg);
			continue;
		case 'd':
			add_device(client, optarg);
			continue;
		case JSON:
			client->json = true;
			continue;
		case STAMPS:
			client->stamps_path = optarg;
			continue;
		case SHOW_PHASES:
			if (!(client->flags & CLIENT_PHASES))
				break;
			client->show_phases = true;
			continue;
		case ONE_BYTE:
			if (!(client->flags & CLIENT_ONE_BYTE))
				break;
			client->one_byte = true;
			continue;
		case 'h':
			help(client);
		}
		fprintf(stderr, "slowcat-%s: %s: unknown, or lacks its value; ",
			client->strategy, argv[optind - 1]);
		print_usage(client, stderr);
		exit(1);
	}
	if (optind < argc) {
		fprintf(stderr, "slowcat-%s: %s: unexpected; ",
			client->strategy, argv[optind]);
		print_usage(client, stderr);
		exit(1);
	}
	if (!client->count)
		add_device(client, "/dev/slowdev0");
}
