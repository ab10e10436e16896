// SPDX-License-Identifier: MIT
/*
 * Several chips: each has its own line, buffer and counters.
 */
#include <sys/epoll.h>

#include "slowdev_test.h"

TEST_F(slowdev, each_has_its_own_line)
{
	char byte, out;
	int fds[8], i;

	sd_load(_metadata, "devices=8 source=line period_us=1000");
	for (i = 0; i < 8; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDWR | O_NONBLOCK);
	for (i = 0; i < 8; i++) {
		byte = 'a' + i;
		ASSERT_EQ(1, sd_line_in(i, &byte, 1));
		byte = 'A' + i;
		ASSERT_EQ(1, write(fds[i], &byte, 1));
	}
	for (i = 0; i < 8; i++) {
		sd_await(_metadata, i, "stats/buffered", 1);
		sd_await_taken(_metadata, i);
		EXPECT_EQ(1, read(fds[i], &byte, 1));
		EXPECT_EQ('a' + i, byte);
		EXPECT_EQ(-1, read(fds[i], &byte, 1));
		sd_await_out(_metadata, i, &out, 1);
		EXPECT_EQ('A' + i, out);
		EXPECT_EQ(1, sd_get(i, "stats/rx_bytes"));
		EXPECT_EQ(1, sd_get(i, "stats/tx_bytes"));
	}
}

/* One thread, sixteen counters, nothing lost or mixed up. */
TEST_F(slowdev, sixteen_counters_by_epoll)
{
	struct epoll_event event, events[16];
	uint8_t next[16] = { 0 }, buf[64];
	int fds[16], epfd, i, n, total = 0;
	ssize_t got, j;

	/* a FIFO lasts longer than a pause, of whichever kind there are */
	sd_load_with(_metadata, "devices=16 source=counter period_us=%d",
		     sd_host_time() ? 20000 : 4000);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < 16; i++) {
		fds[i] = sd_open_dev(_metadata, i, O_RDONLY | O_NONBLOCK);
		event = (struct epoll_event){ EPOLLIN, { .u32 = i } };
		ASSERT_EQ(0, epoll_ctl(epfd, EPOLL_CTL_ADD, fds[i], &event));
	}
	while (total < 16 * 100) {
		n = epoll_wait(epfd, events, 16, 5000);
		ASSERT_LT(0, n);
		while (n--) {
			i = events[n].data.u32;
			got = read(fds[i], buf, sizeof(buf));
			ASSERT_LT(0, got);
			total += got;
			for (j = 0; j < got; j++) {
				ASSERT_EQ(next[i], buf[j]);
				next[i]++;
			}
		}
	}
	close(epfd);
	for (i = 0; i < 16; i++)
		EXPECT_EQ(0, sd_get(i, "stats/overruns"));
}

TEST_F(slowdev, settings_are_each_ones_own)
{
	sd_load(_metadata, "devices=3 source=line period_us=1500");
	ASSERT_EQ(0, sd_put(1, "period_us", "2000"));
	ASSERT_EQ(0, sd_put(2, "rx_trigger", "9"));
	EXPECT_EQ(1500, sd_get(0, "period_us"));
	EXPECT_EQ(2000, sd_get(1, "period_us"));
	EXPECT_EQ(1500, sd_get(2, "period_us"));
	EXPECT_EQ(1, sd_get(0, "rx_trigger"));
	EXPECT_EQ(1, sd_get(1, "rx_trigger"));
	EXPECT_EQ(9, sd_get(2, "rx_trigger"));
}

/* 256 where there are interrupt numbers for them; all run at once. */
TEST_F_TIMEOUT(slowdev, as_many_as_may_be, 60)
{
	int fds[256], most = sd_most_devices(), i, n;
	uint8_t byte;
	char path[32];

	sd_load_with(_metadata, "devices=%d source=counter period_us=100000",
		     most);
	sd_path(path, sizeof(path), most);
	EXPECT_NE(0, access(path, F_OK));
	for (i = 0; i < most; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDONLY);
	for (n = 0; n < 3; n++) {
		for (i = 0; i < most; i++) {
			ASSERT_EQ(1, read(fds[i], &byte, 1));
			ASSERT_EQ(n, byte);
		}
	}
}

/* What chip @dev is given: as many bytes each way as no other near it. */
static size_t share(int dev)
{
	return 1 + dev % 61;
}

/* All of them both ways at once, each with a load of its own, and at the end
 * every count of every chip is exact.
 */
TEST_F_TIMEOUT(slowdev, all_counts_of_so_many, 100)
{
	int fds[256], most = sd_most_devices(), i;
	uint8_t in[64], out[64];
	struct sd_stats stats;
	size_t size, got;
	ssize_t n;

	SD_COUNTED_TIME();
	sd_load_with(_metadata, "devices=%d source=line period_us=40000",
		     most);
	for (i = 0; i < most; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDWR);
	for (i = 0; i < most; i++) {
		size = share(i);
		sd_fill(in, size, i);
		ASSERT_EQ((ssize_t)size, sd_line_in(i, in, size));
		sd_fill(out, size, 3 * i);
		ASSERT_EQ((ssize_t)size, write(fds[i], out, size));
	}
	for (i = 0; i < most; i++) {
		size = share(i);
		sd_await(_metadata, i, "stats/buffered", size);
		/* the last may be in the chip still, if a thread takes it */
		for (got = 0; got < size; got += n) {
			n = read(fds[i], in + got, sizeof(in) - got);
			ASSERT_LT(0, n);
		}
		ASSERT_EQ(size, got);
		sd_fill(out, size, i);
		EXPECT_EQ(0, memcmp(in, out, size));
		sd_await_out(_metadata, i, in, size);
		sd_fill(out, size, 3 * i);
		EXPECT_EQ(0, memcmp(in, out, size));
		sd_get_stats(i, &stats);
		EXPECT_EQ((long long)size, stats.arrived);
		EXPECT_EQ((long long)size, stats.rx_bytes);
		EXPECT_EQ((long long)size, stats.tx_bytes);
		EXPECT_EQ(0, stats.buffered);
		EXPECT_EQ(0, stats.overruns);
		EXPECT_EQ(0, stats.dropped);
		/* one a byte that came, and one each time few were left to
		 * be sent, which may be the same one; but a thread that is
		 * late takes two at once
		 */
		if (!sd_threaded())
			EXPECT_LE((long long)size, stats.interrupts);
		EXPECT_GE((long long)(2 * size), stats.interrupts);
	}
}

TEST_F(slowdev, one_goes_the_others_stay)
{
	char byte, path[32];
	int fds[3], i;

	sd_load(_metadata, "devices=3 source=line period_us=1000");
	for (i = 0; i < 3; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDONLY);
	ASSERT_EQ(0, sd_bind("unbind", 1));
	sd_path(path, sizeof(path), 1);
	EXPECT_TRUE(sd_until(access(path, F_OK) != 0));
	EXPECT_EQ(-1, read(fds[1], &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	for (i = 0; i < 3; i += 2) {
		ASSERT_EQ(1, sd_line_in(i, "x", 1));
		ASSERT_EQ(1, read(fds[i], &byte, 1));
	}
	/* and comes back under its name */
	ASSERT_EQ(0, sd_bind("bind", 1));
	ASSERT_TRUE(sd_until(access(path, F_OK) == 0));
	fds[1] = sd_open_dev(_metadata, 1, O_RDONLY);
	ASSERT_EQ(1, sd_line_in(1, "y", 1));
	ASSERT_EQ(1, read(fds[1], &byte, 1));
	EXPECT_EQ('y', byte);
}

TEST_HARNESS_MAIN
