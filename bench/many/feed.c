// SPDX-License-Identifier: MIT
/*
 * In the VM: bytes for many chips at the same moments.
 *
 *	many-feed CHIPS BYTES PERIOD_US
 *
 * Chips 0 to CHIPS-1 (slowdev_hw with source=line) get BYTES bytes each, one a
 * PERIOD; the first of every chip arrives at the same moment, to within some
 * microseconds. Each chip's device must be open already, or its line does not
 * run. Ends half a PERIOD after the last bytes.
 *
 * How: a byte takes the PERIOD in force when it starts. So each chip gets a
 * first PERIOD that ends at that moment, the bytes, and then the PERIOD of all
 * the others; there is no drift.
 *
 * Called by guest.sh. Bad input and errors get one line and status 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_CHIPS	256
#define MOST_BYTES	256
#define PREPARE_NS	200000000ull	/* for all chips to be told */

struct chip {
	unsigned int n;
	int period;	/* descriptors of its sysfs files */
	int line;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void __attribute__((format(printf, 1, 2), noreturn))
fail(const char *format, ...)
{
	va_list args;

	fputs("many-feed: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static unsigned int number(const char *text, unsigned int most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < 1 || value > most)
		fail("%s: must be 1 to %u", text, most);
	return value;
}

static int open_attribute(const char *format, unsigned int n)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), format, n);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static void put_line(const struct chip *chip, const char *from, size_t count)
{
	if (pwrite(chip->line, from, count, 0) != (ssize_t)count)
		fail("line_in of slowdev%u: %s", chip->n, strerror(errno));
}

static void put_period(const struct chip *chip, uint64_t us)
{
	if (dprintf(chip->period, "%llu", (unsigned long long)us) < 0)
		fail("period_us of slowdev%u: %s", chip->n, strerror(errno));
}

int main(int argc, char **argv)
{
	static struct chip chips[MOST_CHIPS];
	char bytes[MOST_BYTES];
	uint64_t first_ns, end_ns;
	unsigned int count, length, period_us, i;
	struct timespec end;

	if (argc != 4)
		fail("usage: many-feed CHIPS BYTES PERIOD_US");
	count = number(argv[1], MOST_CHIPS);
	length = number(argv[2], MOST_BYTES);
	period_us = number(argv[3], 1000000);
	for (i = 0; i < length; i++)
		bytes[i] = i;
	for (i = 0; i < count; i++) {
		chips[i].n = i;
		chips[i].period = open_attribute("/sys/class/slowdev/slowdev%u"
						 "/period_us", i);
		chips[i].line = open_attribute("/sys/bus/platform/devices/"
					       "slowdev.%u/line_in", i);
	}

	first_ns = now_ns() + PREPARE_NS;
	for (i = 0; i < count; i++) {
		uint64_t at_ns = now_ns();

		if (at_ns + 1000 > first_ns)
			fail("too slow: the first moment has passed");
		put_period(&chips[i], (first_ns - at_ns) / 1000);
		put_line(&chips[i], bytes, length);
		put_period(&chips[i], period_us);
	}

	end_ns = first_ns + (2ull * length - 1) * period_us * 500;
	end.tv_sec = end_ns / 1000000000;
	end.tv_nsec = end_ns % 1000000000;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) ==
	       EINTR)
		;
	return 0;
}
