// SPDX-License-Identifier: MIT
/*
 * Hardware that is broken on purpose: the driver loses no byte that the chip
 * did not lose, counts each, and lives on.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"

#define LOST_EVERY	4	/* rises of the line */
#define VANISH_AFTER	100	/* bytes */

static void fault_path(char *path, size_t size, int dev)
{
	snprintf(path, size, "/sys/bus/platform/devices/slowdev.%d/fault",
		 dev);
}

static int set_fault(int dev, const char *fault)
{
	char path[64];
	ssize_t n;

	fault_path(path, sizeof(path), dev);
	n = sd_write_file(path, fault, strlen(fault));
	return n < 0 ? (int)n : 0;
}

static const char *get_fault(int dev)
{
	static char text[32];
	char path[64];

	fault_path(path, sizeof(path), dev);
	if (sd_read_file(path, text, sizeof(text)) < 0)
		return "";
	return text;
}

static bool there(int dev)
{
	char path[32];

	sd_path(path, sizeof(path), dev);
	return access(path, F_OK) == 0;
}

/* Read @count bytes of a counter that stands at @next. */
static void read_counter(struct __test_metadata *_metadata, int fd,
			 uint8_t *next, int count)
{
	uint8_t byte;

	while (count--) {
		ASSERT_EQ(1, read(fd, &byte, 1));
		if (*next != byte)
			SD_UNLESS_PAUSED();
		ASSERT_EQ(*next, byte);
		++*next;
	}
}

TEST_F(slowdev, takes_its_names_and_no_others)
{
	static const char * const good[] = {
		"stuck", "lost\n", "spurious", "vanish", "none\n",
	};
	static const char * const bad[] = {
		"\n", " ", "x", "None", "stuck x", "stuckk", "lost\n\n", "0",
	};
	char want[32];
	size_t i;

	sd_load(_metadata, "source=line");
	EXPECT_STREQ("none\n", get_fault(0));
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		ASSERT_EQ(0, set_fault(0, good[i]));
		snprintf(want, sizeof(want), "%.*s\n",
			 (int)strcspn(good[i], "\n"), good[i]);
		EXPECT_STREQ(want, get_fault(0));
	}
	ASSERT_EQ(0, set_fault(0, "lost"));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, set_fault(0, bad[i])) {
			TH_LOG("'%s'", bad[i]);
		}
		EXPECT_STREQ("lost\n", get_fault(0));
	}
}

TEST_F(slowdev, parameter_is_for_all_chips_file_for_one)
{
	static const char * const bad[] = {
		"fault=", "fault=x", "fault=Stuck", "fault=none,stuck",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, sd_insmod("slowdev_hw", bad[i]));
	sd_load(_metadata, "devices=3 source=line fault=lost");
	ASSERT_EQ(0, set_fault(1, "none"));
	EXPECT_STREQ("lost\n", get_fault(0));
	EXPECT_STREQ("none\n", get_fault(1));
	EXPECT_STREQ("lost\n", get_fault(2));
}

/* A byte whose interrupt was lost comes with the next one's. */
TEST_F(slowdev, lost_interrupts_lose_no_byte)
{
	struct sd_stats stats;
	uint8_t next = 0;
	int fd;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=1000 fault=lost");
	fd = sd_open(_metadata, O_RDONLY);
	read_counter(_metadata, fd, &next, 1000);
	sd_close(fd);
	sd_check_counts(_metadata, 0);
	sd_get_stats(0, &stats);
	EXPECT_EQ(0, stats.overruns);
	EXPECT_EQ(1000, stats.rx_bytes);
	/* of five bytes the fourth is not heard, and comes with the fifth */
	EXPECT_GE(stats.arrived - 150, stats.interrupts);
	EXPECT_LE(stats.arrived * 7 / 10, stats.interrupts);
}

/* The last byte of all has no next one: the receive time-out brings it. */
TEST_F(slowdev, lost_the_time_out_helps)
{
	long long began_ns, took_ns;
	char byte, want;
	int fd, late = 0;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=line period_us=10000 fault=lost");
	fd = sd_open(_metadata, O_RDONLY);
	for (want = 0; want < 4 * LOST_EVERY; want++) {
		began_ns = sd_now_ns();
		ASSERT_EQ(1, sd_line_in(0, &want, 1));
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(want, byte);
		took_ns = sd_now_ns() - began_ns;
		/* a period, and four for the time-out */
		EXPECT_GT(60000000, took_ns);
		late += took_ns > 40000000;
	}
	EXPECT_EQ(4, late);
	EXPECT_EQ(4 * LOST_EVERY, sd_get(0, "stats/interrupts"));
}

TEST_F(slowdev, lost_both_ways_at_once)
{
	uint8_t in[1000], out[1000], next = 0;
	size_t done = 0;
	ssize_t n;
	int fd;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=1000 fault=lost");
	fd = sd_open(_metadata, O_RDWR | O_NONBLOCK);
	sd_fill(in, sizeof(in), 0);
	ASSERT_EQ((ssize_t)sizeof(in), write(fd, in, sizeof(in)));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, 0));
	read_counter(_metadata, fd, &next, 500);
	ASSERT_TRUE(sd_until((n = sd_line_out(0, out + done,
					      sizeof(out) - done)) < 0 ||
			     (done += n) == sizeof(out)));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
	EXPECT_EQ(0, sd_get(0, "stats/overruns"));
}

/* Interrupts without a cause: the driver says so, and does nothing. */
TEST_F(slowdev, spurious_interrupts)
{
	struct sd_stats stats;
	uint8_t next = 0;
	int fd;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=10000 fault=spurious");
	fd = sd_open(_metadata, O_RDONLY);
	read_counter(_metadata, fd, &next, 200);
	sd_close(fd);
	/* eight a second, open or not */
	usleep(1000000);
	sd_check_counts(_metadata, 0);
	sd_get_stats(0, &stats);
	EXPECT_EQ(stats.arrived, stats.interrupts);
	EXPECT_EQ(0, stats.overruns);
	EXPECT_LE(stats.interrupts + 20, sd_proc_interrupts("slowdev0"));
	EXPECT_GE(stats.interrupts + 26, sd_proc_interrupts("slowdev0"));
}

/*
 * The line stays high whatever the driver does. The kernel calls it all the
 * time, as often as the hardware lets it, and gives up on the line only after
 * 100,000 calls (see test-stuck); until then bytes are taken as ever.
 */
TEST_F(slowdev, stuck_line)
{
	long long calls;
	uint8_t next = 0;
	int fd;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=10000 fault=stuck");
	fd = sd_open(_metadata, O_RDONLY);
	read_counter(_metadata, fd, &next, 100);
	calls = sd_proc_interrupts("slowdev0");
	EXPECT_LE(5000 / sd_slower(), calls);
	EXPECT_GE(21000, calls);
	EXPECT_GE(110, sd_get(0, "stats/interrupts"));
	/* repaired */
	ASSERT_EQ(0, set_fault(0, "none"));
	calls = sd_proc_interrupts("slowdev0");
	read_counter(_metadata, fd, &next, 100);
	EXPECT_GE(calls + 110, sd_proc_interrupts("slowdev0"));
	/* and gone while it is stuck, with a reader asleep */
	ASSERT_EQ(0, set_fault(0, "stuck"));
	usleep(10000);
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	while (read(fd, &next, 1) == 1)
		;
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(slowdev, vanishes_after_a_hundred_bytes)
{
	struct sd_call calls[2];
	char bytes[2][SD_BUFFER];
	uint8_t next = 0, byte;
	int fd, i;

	sd_load(_metadata,
		"devices=2 source=counter period_us=1000 fault=vanish");
	ASSERT_EQ(0, set_fault(1, "none"));
	fd = sd_open(_metadata, O_RDONLY);
	read_counter(_metadata, fd, &next, VANISH_AFTER);
	/* the removal may be a few bytes late, but loses none */
	while (read(fd, &byte, 1) == 1) {
		if (byte != next)
			SD_UNLESS_PAUSED();
		ASSERT_EQ(next++, byte);
	}
	EXPECT_EQ(ENODEV, errno);
	EXPECT_GE(VANISH_AFTER + 10 * sd_slower(), next);
	EXPECT_TRUE(sd_until(!there(0)));
	EXPECT_STREQ("", get_fault(0));
	/* the other stays; it goes when told to, and wakes who sleeps */
	next = 0;
	fd = sd_open_dev(_metadata, 1, O_RDONLY);
	read_counter(_metadata, fd, &next, 2 * VANISH_AFTER);
	ASSERT_EQ(0, set_fault(1, "vanish"));
	for (i = 0; i < 2; i++) {
		calls[i] = (struct sd_call){
			.fd = fd, .buf = bytes[i], .len = 1,
		};
		do {
			sd_start(_metadata, &calls[i], sd_do_read);
			sd_join(_metadata, &calls[i]);
		} while (calls[i].ret == 1);
		EXPECT_EQ(-ENODEV, calls[i].ret);
	}
	EXPECT_TRUE(sd_until(!there(1)));
}

/* The chip goes while the module does, at every moment of either. */
TEST_F_TIMEOUT(slowdev, vanishes_while_the_module_goes, 60)
{
	uint8_t byte;
	int fd, round;

	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	for (round = 0; round < 40; round++) {
		ASSERT_EQ(0, sd_insmod("slowdev_hw", "devices=3 source=counter period_us=100 fault=vanish"));
		ASSERT_TRUE(sd_until(there(0)));
		fd = sd_open(_metadata, O_RDONLY);
		sd_until(!there(0) || sd_get(0, "stats/arrived") >= 90);
		usleep(round * 50);
		ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
		while (read(fd, &byte, 1) == 1)
			;
		ASSERT_EQ(ENODEV, errno);
		sd_close(fd);
	}
}

/* Another driver's turn begins with a new count. */
TEST_F(slowdev, vanish_counts_from_the_bind)
{
	uint8_t byte;
	int fd, i, n = 0;

	sd_load(_metadata, "source=counter period_us=1000 fault=vanish");
	for (i = 0; i < 3; i++) {
		fd = sd_open(_metadata, O_RDONLY);
		for (n = 0; n < VANISH_AFTER / 2; n++)
			ASSERT_EQ(1, read(fd, &byte, 1));
		sd_close(fd);
		ASSERT_EQ(0, sd_bind("unbind", 0));
		ASSERT_EQ(0, sd_bind("bind", 0));
		ASSERT_TRUE(sd_until(there(0)));
	}
}

/* All of them, one after the other, in the middle of traffic. */
TEST_F(slowdev, faults_come_and_go)
{
	static const char * const faults[] = {
		"lost", "spurious", "stuck", "none",
	};
	uint8_t next = 0;
	int fd, i;

	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, set_fault(0, faults[i % 4]));
		read_counter(_metadata, fd, &next, 50);
	}
	if (!sd_host_time())
		EXPECT_EQ(0, sd_get(0, "stats/overruns"));
}

TEST_HARNESS_MAIN
