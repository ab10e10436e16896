// SPDX-License-Identifier: MIT
/*
 * From the byte's arrival at the chip to its being in our hands.
 *
 * The driver keeps the exact arrival times of the newest CLIENT_KEPT bytes
 * (docs/slowcat.1 says where). While copying we only note in memory when each
 * read came back and which bytes it brought; what the times were is looked up
 * at the end, when it disturbs nobody.
 *
 * Limits: none (has_latency false) where there are no arrival times (a FIFO,
 * a terminal), after the device has gone, and when bytes were lost or taken
 * by another reader during the run, for then we cannot know which were ours.
 */
#include "userspace/slowcat/client.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A record of sysfs' device/arrivals, at 16 * n. All zero: not kept. */
struct arrival {
	uint64_t arrived_ns;	/* at the chip, by its exact clock */
	uint64_t raised_ns;	/* visible in the chip, interrupt to come */
};

static int open_attribute(const struct client_device *device, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", device->sysfs, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static bool read_number(const struct client_device *device, const char *name,
			uint64_t *value)
{
	char text[32];
	ssize_t length;
	int fd = open_attribute(device, name);

	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	*value = strtoull(text, NULL, 10);
	return true;
}

static bool read_state(const struct client_device *device, uint32_t *next,
		       uint64_t *lost)
{
	uint64_t dropped, overruns, index;

	if (!read_number(device, "next", &index) ||
	    !read_number(device, "stats/dropped", &dropped) ||
	    !read_number(device, "stats/overruns", &overruns))
		return false;
	*next = index;
	*lost = dropped + overruns;
	return true;
}

void client_latency_prepare(struct client_device *device)
{
	size_t size = CLIENT_KEPT * sizeof(*device->stamps);

	device->stamps = malloc(size);
	/* touched now, lest its pages fault between two bytes */
	if (device->stamps)
		memset(device->stamps, 0xff, size);
}

void client_latency_start(struct client_device *device)
{
	struct stat info;

	if (fstat(device->fd, &info) || !S_ISCHR(info.st_mode))
		return;
	snprintf(device->sysfs, sizeof(device->sysfs), "/sys/dev/char/%u:%u",
		 major(info.st_rdev), minor(info.st_rdev));
	if (!read_state(device, &device->first, &device->lost))
		device->sysfs[0] = '\0';
}

void client_latency_stamp(struct client_device *device, uint64_t read_ns,
			  size_t count)
{
	if (device->stamps)
		device->stamps[device->reads++ % CLIENT_KEPT] =
			(struct client_stamp){
				.read_ns = read_ns,
				.n = device->first + device->bytes,
				.count = count,
			};
}

/* The arrival file, if all we read was ours and nothing was lost; or -1. */
static int open_arrivals(const struct client_device *device)
{
	uint32_t next;
	uint64_t lost;

	if (!device->sysfs[0] || !read_state(device, &next, &lost) ||
	    lost != device->lost ||
	    next != (uint32_t)(device->first + device->bytes))
		return -1;
	return open_attribute(device, "device/arrivals");
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Nearest rank: the smallest value that @percent of all do not exceed. */
static uint64_t percentile(const uint64_t *sorted, size_t count, size_t percent)
{
	return sorted[(count * percent + 99) / 100 - 1];
}

/* The bytes of one device: their latencies to @found, their lines to @out. */
static size_t look_up(const struct client_device *device, unsigned int index,
		      uint64_t *found, FILE *out)
{
	uint64_t kept = device->reads < CLIENT_KEPT ?
			device->reads : CLIENT_KEPT;
	int fd = open_arrivals(device);
	size_t count = 0;
	uint64_t i;

	for (i = device->reads - kept; i < device->reads; i++) {
		const struct client_stamp *stamp =
			&device->stamps[i % CLIENT_KEPT];
		uint32_t k;

		for (k = 0; k < stamp->count; k++) {
			uint32_t n = stamp->n + k;
			struct arrival at = { 0 };

			if (fd >= 0 && pread(fd, &at, sizeof(at),
					     (off_t)n * sizeof(at)) !=
			    sizeof(at))
				at = (struct arrival){ 0 };
			if (at.arrived_ns && count < CLIENT_KEPT)
				found[count++] = stamp->read_ns -
						 at.arrived_ns;
			if (!out)
				continue;
			fprintf(out, "{\"dev\": %u, \"n\": %" PRIu32 ", ",
				index, n);
			if (at.arrived_ns)
				fprintf(out, "\"arrived_ns\": %" PRIu64
					", \"raised_ns\": %" PRIu64 ", ",
					at.arrived_ns, at.raised_ns);
			else
				fprintf(out, "\"arrived_ns\": null, "
					"\"raised_ns\": null, ");
			fprintf(out, "\"read_ns\": %" PRIu64 "}\n",
				stamp->read_ns);
		}
	}
	if (fd >= 0)
		close(fd);
	return count;
}

int client_latency_finish(struct client *client, struct client_cost *cost)
{
	uint64_t *found = malloc((size_t)client->count * CLIENT_KEPT *
				 sizeof(*found));
	FILE *out = NULL;
	size_t count = 0;
	unsigned int i;
	int error = 0;

	if (!found)
		return client->stamps_path ? -ENOMEM : 0;
	if (client->stamps_path) {
		out = fdopen(client->stamps_fd, "w");
		if (!out) {
			free(found);
			return -errno;
		}
	}
	for (i = 0; i < client->count; i++)
		count += look_up(&client->devices[i], i, found + count, out);
	if (out) {
		if (fflush(out) || ferror(out))
			error = errno ? -errno : -EIO;
		fclose(out);
	}
	if (count) {
		qsort(found, count, sizeof(*found), compare);
		cost->has_latency = true;
		cost->p50_ns = percentile(found, count, 50);
		cost->p99_ns = percentile(found, count, 99);
		cost->max_ns = found[count - 1];
	}
	free(found);
	return error;
}
