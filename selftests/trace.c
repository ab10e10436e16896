// SPDX-License-Identifier: MIT
/*
 * Tracepoints: each byte is found at each hop, once and in order.
 */
#include "slowdev_test.h"

#define TRACING	"/sys/kernel/tracing/"
#define BYTES	100

/* The hops of one byte, by line of the trace; 0: not seen. */
struct hops {
	int rx;
	int irq;
	int wake;
	int read;
};

/* Trace the driver's events from here on; the trace is empty. */
static void trace_on(struct __test_metadata *_metadata)
{
	close(open(TRACING "trace", O_WRONLY | O_TRUNC));
	ASSERT_EQ(1, sd_write_file(TRACING "events/slowdev/enable", "1", 1));
}

static void trace_off(char *text, size_t size)
{
	sd_write_file(TRACING "events/slowdev/enable", "0", 1);
	if (sd_read_file(TRACING "trace", text, size) < 0)
		*text = 0;
}

/* With a byte an interrupt, irq and wake belong to the byte before them. */
static void follow(struct __test_metadata *_metadata, char *text,
		   struct hops *hops)
{
	unsigned int n = 0, bytes, value, took;
	int at = 0;
	char *line;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *event = strstr(line, "slowdev_");

		at++;
		if (!event)
			continue;
		if (sscanf(event, "slowdev_rx: dev=0 n=%u byte=%x", &n,
			   &value) == 2) {
			ASSERT_GT(BYTES, n);
			EXPECT_EQ(n, value);
			EXPECT_EQ(0, hops[n].rx);
			hops[n].rx = at;
		} else if (sscanf(event,
				  "slowdev_irq: dev=0 number=%u causes=0x1 took=%u",
				  &value, &took) == 2) {
			EXPECT_EQ(n + 1, value);
			EXPECT_EQ(1, took);
			EXPECT_EQ(0, hops[n].irq);
			hops[n].irq = at;
		} else if (sscanf(event, "slowdev_wake: dev=0 key=0x1 level=%u",
				  &value) == 1) {
			EXPECT_EQ(1, value);
			EXPECT_EQ(0, hops[n].wake);
			hops[n].wake = at;
		} else if (sscanf(event, "slowdev_read: dev=0 n=%u bytes=%u",
				  &value, &bytes) == 2) {
			ASSERT_GT(BYTES, value);
			EXPECT_EQ(1, bytes);
			EXPECT_EQ(0, hops[value].read);
			hops[value].read = at;
		}
	}
}

TEST_F(slowdev, every_byte_at_every_hop)
{
	static char text[1 << 20];
	struct hops hops[BYTES] = {};
	int fd, i;
	char byte;

	SD_COUNTED_TIME();
	/* slow enough that each is read before the next one comes */
	sd_load(_metadata, "source=counter period_us=10000");
	trace_on(_metadata);
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < BYTES; i++) {
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(i, byte);
	}
	trace_off(text, sizeof(text));
	follow(_metadata, text, hops);
	for (i = 0; i < BYTES; i++) {
		EXPECT_TRUE(hops[i].rx && hops[i].rx < hops[i].irq &&
			    hops[i].irq < hops[i].wake &&
			    hops[i].wake < hops[i].read) {
			TH_LOG("byte %d: rx %d irq %d wake %d read %d", i,
			       hops[i].rx, hops[i].irq, hops[i].wake,
			       hops[i].read);
		}
		EXPECT_TRUE(!i || hops[i - 1].read < hops[i].rx);
	}
}

TEST_F(slowdev, polls_are_seen)
{
	static char text[65536];
	struct pollfd pollfd = { .events = POLLIN };

	sd_load(_metadata, "source=line period_us=1000");
	pollfd.fd = sd_open(_metadata, O_RDWR);
	trace_on(_metadata);
	EXPECT_EQ(0, poll(&pollfd, 1, 0));
	trace_off(text, sizeof(text));
	/* EPOLLOUT | EPOLLWRNORM */
	EXPECT_NE(NULL, strstr(text, "slowdev_poll: dev=0 mask=0x104"));
}

TEST_HARNESS_MAIN
