// SPDX-License-Identifier: MIT
/*
 * The hardware's file `arrivals`: when each byte came, to the nanosecond, and
 * zeros for those of which that is not known.
 */
#include "slowdev_test.h"

#define ARRIVALS	"/sys/bus/platform/devices/slowdev.0/arrivals"
#define KEPT		8192

struct arrival {
	uint64_t arrived_ns;
	uint64_t raised_ns;
};

/* The records of @count bytes from index @first on; how many there are. */
static int get(uint32_t first, struct arrival *arrivals, int count)
{
	int fd = open(ARRIVALS, O_RDONLY | O_CLOEXEC);
	size_t size = count * sizeof(*arrivals), done = 0;
	ssize_t n = 0;

	while (fd >= 0 && done < size &&
	       (n = pread(fd, (char *)arrivals + done, size - done,
			  first * sizeof(*arrivals) + done)) > 0)
		done += n;
	close(fd);
	return fd < 0 || n < 0 ? -errno : (int)(done / sizeof(*arrivals));
}

static bool is_known(const struct arrival *arrival)
{
	return arrival->arrived_ns || arrival->raised_ns;
}

TEST_F(slowdev, a_period_from_each_to_the_next)
{
	struct arrival arrivals[6];
	long long began_ns, ended_ns;
	int i;

	sd_load(_metadata, "source=line period_us=1500");
	sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(0, get(0, arrivals, 1));
	began_ns = sd_now_ns();
	sd_arrive(_metadata, 0, "abcde", 5);
	ended_ns = sd_now_ns();
	ASSERT_EQ(5, get(0, arrivals, 6));
	EXPECT_LE(began_ns + 1500000, (long long)arrivals[0].arrived_ns);
	EXPECT_GE(ended_ns, (long long)arrivals[4].raised_ns);
	for (i = 0; i < 5; i++)
		EXPECT_LE(arrivals[i].arrived_ns, arrivals[i].raised_ns);
	for (i = 1; i < 5; i++)
		EXPECT_EQ(1500000, arrivals[i].arrived_ns -
				   arrivals[i - 1].arrived_ns);
}

/* A byte each us, and the hardware wakes each 50 us: 16 of 50 fit. */
TEST_F(slowdev, a_lost_byte_has_none)
{
	static struct arrival arrivals[3000];
	static uint8_t in[3000];
	struct sd_stats stats;
	int known = 0, i;

	sd_load(_metadata, "source=line period_us=1");
	ASSERT_EQ((ssize_t)sizeof(in), sd_line_in(0, in, sizeof(in)));
	sd_open(_metadata, O_RDONLY);
	sd_await(_metadata, 0, "stats/arrived", sizeof(in));
	sd_get_stats(0, &stats);
	ASSERT_LT(0, stats.overruns);
	ASSERT_EQ(3000, get(0, arrivals, 3000));
	for (i = 0; i < 3000; i++)
		known += is_known(&arrivals[i]);
	EXPECT_EQ(stats.arrived - stats.overruns, known);
}

TEST_F(slowdev, the_newest_are_kept)
{
	static uint8_t in[KEPT + 100];
	struct arrival arrival;

	SD_COUNTED_TIME();
	sd_load_with(_metadata, "source=line period_us=%d",
		     sd_lossless_us(100));
	sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, in, sizeof(in));
	ASSERT_EQ(0, sd_get(0, "stats/overruns"));
	ASSERT_EQ(1, get(sizeof(in) - 1, &arrival, 1));
	EXPECT_TRUE(is_known(&arrival));
	ASSERT_EQ(1, get(sizeof(in) - KEPT, &arrival, 1));
	EXPECT_TRUE(is_known(&arrival));
	ASSERT_EQ(1, get(sizeof(in) - KEPT - 1, &arrival, 1));
	EXPECT_FALSE(is_known(&arrival));
	ASSERT_EQ(1, get(0, &arrival, 1));
	EXPECT_FALSE(is_known(&arrival));
	EXPECT_EQ(0, get(sizeof(in), &arrival, 1));
}

TEST_HARNESS_MAIN
