// SPDX-License-Identifier: MIT
/*
 * More than fits: in the driver's buffer, in the chip's FIFO, in the time the
 * hardware has. What is lost is counted, what is left is in order.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"

TEST_F(slowdev, full_buffer_drops_the_newest)
{
	uint8_t in[5000], buf[5000];
	size_t got = 0;
	ssize_t n;
	int fd;

	SD_COUNTED_TIME();
	sd_load_with(_metadata, "source=line period_us=%d",
		     sd_lossless_us(100));
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	sd_fill(in, sizeof(in), 0);
	sd_arrive(_metadata, 0, in, sizeof(in));
	ASSERT_EQ(SD_BUFFER, sd_get(0, "stats/buffered"));
	EXPECT_EQ(5000 - SD_BUFFER, sd_get(0, "stats/dropped"));
	EXPECT_EQ(0, sd_get(0, "stats/overruns"));
	sd_check_counts(_metadata, 0);
	while ((n = read(fd, buf + got, sizeof(buf) - got)) > 0)
		got += n;
	EXPECT_EQ(SD_BUFFER, got);
	EXPECT_EQ(0, memcmp(in, buf, SD_BUFFER));
	/* there is room again */
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(1, read(fd, buf, 1));
	EXPECT_EQ('x', buf[0]);
}

/* A byte each us, and the hardware wakes each 50 us: 16 of 50 fit. */
TEST_F(slowdev, overruns_are_counted)
{
	static uint8_t in[3000], buf[3000];
	size_t got = 0, at = 0, i;
	struct sd_stats stats;
	ssize_t n;
	int fd;

	sd_load(_metadata, "source=line period_us=1");
	/* numbers that come twice at most 250 apart show what is kept */
	for (i = 0; i < sizeof(in); i++)
		in[i] = i % 251;
	ASSERT_EQ((ssize_t)sizeof(in), sd_line_in(0, in, sizeof(in)));
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	sd_await(_metadata, 0, "stats/arrived", sizeof(in));
	sd_check_counts(_metadata, 0);
	sd_get_stats(0, &stats);
	EXPECT_LT(0, stats.overruns);
	EXPECT_LT(0, stats.buffered);
	EXPECT_EQ(0, stats.dropped);
	ASSERT_TRUE(sd_until((n = read(fd, buf + got, sizeof(buf) - got),
			      got += n > 0 ? n : 0,
			      (long long)got == stats.buffered)));
	/* in order: what is left is found in what was sent, from where the
	 * one before was found
	 */
	for (i = 0; i < got; i++, at++) {
		while (at < sizeof(in) && in[at] != buf[i])
			at++;
		ASSERT_LT(at, sizeof(in));
	}
}

/* Many chips at the shortest period leave the machine alive. */
TEST_F_TIMEOUT(slowdev, sixteen_chips_at_full_speed, 60)
{
	struct sd_stats stats;
	uint8_t buf[4096];
	int fds[16], i, n;

	sd_load(_metadata, "devices=16 source=counter period_us=1");
	for (i = 0; i < 16; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDONLY);
	for (n = 0; n < 10; n++) {
		for (i = 0; i < 16; i++)
			ASSERT_LT(0, read(fds[i], buf, sizeof(buf)));
	}
	while (sd_nfiles)
		sd_close(sd_files[0]);
	for (i = 0; i < 16; i++) {
		sd_check_counts(_metadata, i);
		sd_get_stats(i, &stats);
		EXPECT_LT(0, stats.rx_bytes);
		EXPECT_LT(0, stats.overruns);
	}
}

/* How often we get round in 200 ms. */
static long long laps(void)
{
	long long end_ns = sd_now_ns() + 200 * 1000000LL, n = 0;

	while (sd_now_ns() < end_ns)
		n++;
	return n;
}

/*
 * The hardware leaves at least half of a CPU to others, however much a wake-up
 * costs (with sanitizers more than there is between two); a tenth is for what
 * it does not see, the way into an interrupt and out.
 */
TEST_F_TIMEOUT(slowdev, others_have_time_too, 60)
{
	long long alone, beside;
	int i;

	SD_COUNTED_TIME();	/* others than we share the host */
	sd_load(_metadata, "devices=16 source=counter period_us=1");
	alone = laps();
	for (i = 0; i < 16; i++)
		sd_open_dev(_metadata, i, O_RDONLY);
	beside = laps();
	EXPECT_LE(alone * 4, beside * 10) {
		TH_LOG("%lld laps alone, %lld beside 16 chips", alone, beside);
	}
}

/*
 * The same where a wake-up is nearly all the kernel's way to the driver, which
 * finds nothing to do. Before it, writing "stuck" did not come back for 8 s on
 * a kernel with sanitizers, until the kernel gave the interrupt up.
 */
TEST_F_TIMEOUT(slowdev, a_stuck_line_leaves_time, 60)
{
	static const char fault[] = "/sys/bus/platform/devices/slowdev.0/fault";
	long long alone, beside;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=line");
	sd_open(_metadata, O_RDONLY);
	alone = laps();
	ASSERT_EQ(5, sd_write_file(fault, "stuck", 5));
	beside = laps();
	ASSERT_EQ(4, sd_write_file(fault, "none", 4));
	EXPECT_LE(alone * 4, beside * 10) {
		TH_LOG("%lld laps alone, %lld beside a stuck line", alone,
		       beside);
	}
	EXPECT_LT(500, sd_proc_interrupts("slowdev0"));
}

/* A period changed while bytes are on their way loses none. */
TEST_F(slowdev, period_changes_in_the_middle)
{
	char text[16];
	uint8_t byte;
	int fd, i;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < 300; i++) {
		if (i % 3 == 0) {
			snprintf(text, sizeof(text), "%d", 500 + i * 37 % 999);
			ASSERT_EQ(0, sd_put(0, "period_us", text));
		}
		if (i % 5 == 0) {
			snprintf(text, sizeof(text), "%d", 1 + i % 16);
			ASSERT_EQ(0, sd_put(0, "rx_trigger", text));
		}
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ((uint8_t)i, byte);
	}
	EXPECT_EQ(0, sd_get(0, "stats/overruns"));
}

/* So many files as the process may have; the device does not count them. */
TEST_F(slowdev, five_hundred_opens)
{
	char byte;
	int fd = -1, i;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 0; i < 500; i++)
		fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(1, read(fd, &byte, 1));
	for (i = 0; i < 499; i++)
		sd_close(sd_files[0]);
	sd_arrive(_metadata, 0, "y", 1);
	EXPECT_EQ(1, read(sd_files[0], &byte, 1));
	EXPECT_EQ('y', byte);
}

TEST_HARNESS_MAIN
