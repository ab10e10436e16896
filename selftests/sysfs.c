// SPDX-License-Identifier: MIT
/*
 * /sys/class/slowdev/slowdevN: settings with their limits, counters; and the
 * outside of the line, line_in and line_out.
 */
#include "slowdev_test.h"

#define LINE_QUEUE	65536

/* No number in either's range. */
static const char * const garbage[] = {
	"", "\n", " ", "x", "-1", "0", "+", "-", "1 2", "1x", "1.5", "1e3",
	"99999999999", "18446744073709551616", "18446744073709551617",
	"99999999999999999999999999999999", "\xff", "one",
};

TEST_F(slowdev, period_takes_its_range)
{
	sd_load(_metadata, "source=line period_us=1234");
	EXPECT_EQ(1234, sd_get(0, "period_us"));
	EXPECT_EQ(0, sd_put(0, "period_us", "1"));
	EXPECT_EQ(1, sd_get(0, "period_us"));
	EXPECT_EQ(0, sd_put(0, "period_us", "4294967\n"));
	EXPECT_EQ(4294967, sd_get(0, "period_us"));
	EXPECT_EQ(-EINVAL, sd_put(0, "period_us", "4294968"));
	EXPECT_EQ(4294967, sd_get(0, "period_us"));
}

TEST_F(slowdev, trigger_takes_its_range)
{
	char text[8];
	int i;

	sd_load(_metadata, "source=line period_us=1000");
	EXPECT_EQ(1, sd_get(0, "rx_trigger"));
	for (i = 1; i <= 16; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT_EQ(0, sd_put(0, "rx_trigger", text));
		EXPECT_EQ(i, sd_get(0, "rx_trigger"));
	}
	EXPECT_EQ(-EINVAL, sd_put(0, "rx_trigger", "17"));
	EXPECT_EQ(16, sd_get(0, "rx_trigger"));
}

TEST_F(slowdev, garbage_is_einval_and_changes_nothing)
{
	size_t i;

	sd_load(_metadata, "source=line period_us=1234");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "5"));
	for (i = 0; i < ARRAY_SIZE(garbage); i++) {
		/* an empty write(2) never reaches the driver */
		if (garbage[i][0]) {
			EXPECT_EQ(-EINVAL, sd_put(0, "period_us", garbage[i]))
				TH_LOG("period_us: '%s'", garbage[i]);
			EXPECT_EQ(-EINVAL, sd_put(0, "rx_trigger", garbage[i]))
				TH_LOG("rx_trigger: '%s'", garbage[i]);
		}
		ASSERT_EQ(1234, sd_get(0, "period_us"));
		ASSERT_EQ(5, sd_get(0, "rx_trigger"));
	}
}

TEST_F(slowdev, settings_survive_opens)
{
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	ASSERT_EQ(0, sd_put(0, "period_us", "7000"));
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "3"));
	fd = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(7000, sd_get(0, "period_us"));
	EXPECT_EQ(3, sd_get(0, "rx_trigger"));
	sd_close(fd);
	EXPECT_EQ(7000, sd_get(0, "period_us"));
	EXPECT_EQ(3, sd_get(0, "rx_trigger"));
}

/*
 * Ten bytes take ten periods, whichever period it is. None is short: we are
 * late at times, for what the kernel does meanwhile.
 */
TEST_F(slowdev, period_is_the_pace)
{
	static const int periods_us[] = { 10000, 50000, 20000 };
	long long began_ns, took_us, period;
	char text[16], buf[64];
	int fd, i, n;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < 3; i++) {
		period = periods_us[i] * sd_slower();
		snprintf(text, sizeof(text), "%lld", period);
		ASSERT_EQ(0, sd_put(0, "period_us", text));
		/* what came until now, and the one on its way then, had the
		 * period before
		 */
		ASSERT_LT(0, read(fd, buf, sizeof(buf)));
		ASSERT_EQ(1, read(fd, buf, 1));
		began_ns = sd_now_ns();
		for (n = 0; n < 10; n++)
			ASSERT_EQ(1, read(fd, buf, 1));
		took_us = (sd_now_ns() - began_ns) / 1000;
		EXPECT_LE(10 * period - period / 2, took_us);
		EXPECT_GE(10 * period + period / 2, took_us);
	}
}

TEST_F(slowdev, trigger_saves_interrupts)
{
	char buf[16];
	int fd;

	SD_COUNTED_TIME();
	/* slow, so that no handler is late enough to take two at once */
	sd_load(_metadata, "source=line period_us=10000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "0123456789abcdef", 16);
	EXPECT_EQ(16, sd_get(0, "stats/interrupts"));
	ASSERT_EQ(16, read(fd, buf, 16));
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "8"));
	ASSERT_EQ(16, sd_line_in(0, "0123456789abcdef", 16));
	sd_await(_metadata, 0, "stats/interrupts", 18);
	ASSERT_EQ(16, read(fd, buf, 16));
	EXPECT_EQ(0, memcmp(buf, "0123456789abcdef", 16));
	/* less than the trigger comes by the time-out, four periods later */
	ASSERT_EQ(3, sd_line_in(0, "xyz", 3));
	ASSERT_EQ(3, read(fd, buf, 16));
	EXPECT_EQ(19, sd_get(0, "stats/interrupts"));
}

TEST_F(slowdev, a_lower_trigger_takes_what_waits)
{
	char buf[16];
	int fd;

	sd_load(_metadata, "source=line period_us=1000000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "16"));
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	sd_arrive(_metadata, 0, "ab", 2);
	EXPECT_EQ(0, sd_get(0, "stats/interrupts"));
	EXPECT_EQ(2, sd_get(0, "stats/buffered"));
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "2"));
	EXPECT_TRUE(sd_until(sd_get(0, "stats/interrupts") == 1));
	EXPECT_EQ(2, read(fd, buf, sizeof(buf)));
}

TEST_F(slowdev, stats_cannot_be_written)
{
	const char * const names[] = {
		"interrupts", "arrived", "rx_bytes", "tx_bytes", "overruns",
		"dropped", "buffered",
	};
	char path[32];
	size_t i;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "stats/%s", names[i]);
		EXPECT_EQ(0, sd_get(0, path));
		EXPECT_GT(0, sd_put(0, path, "1"));
		EXPECT_EQ(0, sd_get(0, path));
	}
}

TEST_F(slowdev, stats_add_up_over_opens)
{
	char byte;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 1; i <= 3; i++) {
		fd = sd_open(_metadata, O_RDWR);
		sd_arrive(_metadata, 0, "ab", 2);
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(1, write(fd, "x", 1));
		EXPECT_EQ(2 * i, sd_get(0, "stats/arrived"));
		EXPECT_EQ(i, sd_get(0, "stats/rx_bytes"));
		EXPECT_EQ(i, sd_get(0, "stats/tx_bytes"));
		EXPECT_EQ(1, sd_get(0, "stats/buffered"));
		/* the one left behind goes at the next first open */
		EXPECT_EQ(i - 1, sd_get(0, "stats/dropped"));
		sd_close(fd);
	}
}

TEST_F(slowdev, line_in_takes_what_fits)
{
	static char data[LINE_QUEUE + 100];

	sd_load(_metadata, "source=line period_us=1000");
	/* nothing leaves the queue while no file is open */
	ASSERT_EQ(LINE_QUEUE - 6, sd_line_in(0, data, LINE_QUEUE - 6));
	EXPECT_EQ(6, sd_line_in(0, data, 100));
	EXPECT_EQ(-ENOSPC, sd_line_in(0, data, 100));
	EXPECT_EQ(-ENOSPC, sd_line_in(0, data, 1));
	EXPECT_EQ(0, sd_get(0, "stats/arrived"));
}

/* A pipe kept open takes more than one queue full, one after the other. */
TEST_F_TIMEOUT(slowdev, line_in_kept_open, 60)
{
	static uint8_t data[4096], buf[4096];
	size_t sent = 0, got = 0, i;
	uint8_t next = 0;
	int fd, line;
	ssize_t n;

	SD_COUNTED_TIME();
	sd_load_with(_metadata, "source=line period_us=%d",
		     sd_lossless_us(100));
	line = open("/sys/bus/platform/devices/slowdev.0/line_in", O_WRONLY);
	ASSERT_LE(0, line);
	fd = sd_open(_metadata, O_RDONLY);
	sd_fill(data, sizeof(data), 0);
	while (got < LINE_QUEUE + 8192) {
		if (sent < LINE_QUEUE + 8192) {
			n = write(line, data, sizeof(data));
			ASSERT_LT(0, n) {
				TH_LOG("after %zu bytes: %s", sent,
				       strerror(errno));
			}
			/* what was sent stays a counter */
			sent += n;
			sd_fill(data, sizeof(data), sent);
		}
		while (got < sent) {
			n = read(fd, buf, sizeof(buf));
			ASSERT_LT(0, n);
			for (i = 0; i < (size_t)n; i++, next++)
				ASSERT_EQ(next, buf[i]);
			got += n;
		}
	}
	close(line);
}

TEST_F(slowdev, line_out_is_consumed)
{
	char buf[16];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	ASSERT_EQ(6, write(fd, "abcdef", 6));
	ASSERT_TRUE(sd_until(sd_line_out(0, buf, 1) == 1));
	EXPECT_EQ('a', buf[0]);
	sd_await_out(_metadata, 0, buf, 5);
	EXPECT_EQ(0, memcmp(buf, "bcdef", 5));
	EXPECT_EQ(0, sd_line_out(0, buf, sizeof(buf)));
}

TEST_F_TIMEOUT(slowdev, line_out_keeps_the_newest, 60)
{
	static uint8_t out[LINE_QUEUE + 1];
	const size_t total = LINE_QUEUE + 4000;
	long long arrived;
	uint8_t data[1000];
	size_t done = 0, i;
	ssize_t n;
	int fd;

	sd_load(_metadata, "source=counter period_us=100");
	fd = sd_open(_metadata, O_WRONLY);
	while (done < total) {
		sd_fill(data, sizeof(data), done);
		n = total - done < sizeof(data) ? total - done : sizeof(data);
		n = write(fd, data, n);
		ASSERT_LT(0, n);
		done += n;
	}
	/* after the close the line runs until the last has left, and it
	 * brings a byte each 100 us as long as it runs
	 */
	sd_close(fd);
	do {
		arrived = sd_get(0, "stats/arrived");
		usleep(2000);
	} while (sd_get(0, "stats/arrived") != arrived);
	ASSERT_EQ(LINE_QUEUE, sd_line_out(0, out, sizeof(out)));
	for (i = 0; i < LINE_QUEUE; i++)
		ASSERT_EQ((uint8_t)(total - LINE_QUEUE + i), out[i]);
}

TEST_HARNESS_MAIN
