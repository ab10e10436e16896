// SPDX-License-Identifier: MIT
/*
 * O_NONBLOCK and RWF_NOWAIT: EAGAIN only when there is nothing or no room.
 */
#include "slowdev_test.h"

static ssize_t read_nowait(int fd, void *buf, size_t len)
{
	struct iovec iov = { buf, len };

	return preadv2(fd, &iov, 1, -1, RWF_NOWAIT);
}

static ssize_t write_nowait(int fd, void *buf, size_t len)
{
	struct iovec iov = { buf, len };

	return pwritev2(fd, &iov, 1, -1, RWF_NOWAIT);
}

TEST_F(slowdev, nothing_there_is_eagain)
{
	char buf[4];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	sd_arrive(_metadata, 0, "abc", 3);
	EXPECT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, read(fd, buf, 0));
}

/* Whenever poll says so, read gives a byte, and only then. */
TEST_F(slowdev, agrees_with_poll)
{
	struct pollfd pollfd = { .events = POLLIN };
	uint8_t byte, next = 0;
	bool said;
	ssize_t n;

	sd_load(_metadata, "source=counter period_us=1000");
	pollfd.fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	while (next < 200) {
		said = poll(&pollfd, 1, 0) == 1;
		n = read(pollfd.fd, &byte, 1);
		if (n == 1) {
			if (next != byte)
				SD_UNLESS_PAUSED();
			ASSERT_EQ(next, byte);
			next++;
		} else {
			ASSERT_EQ(-1, n);
			ASSERT_EQ(EAGAIN, errno);
			ASSERT_FALSE(said);
			ASSERT_EQ(1, poll(&pollfd, 1, 5000));
		}
	}
}

TEST_F(slowdev, flag_can_be_changed)
{
	char buf[4];
	struct sd_call call = { .buf = buf, .len = sizeof(buf) };
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	call.fd = fd;
	ASSERT_EQ(0, fcntl(fd, F_SETFL, 0));
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	/* it was asleep before: it sleeps on */
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(fd, buf, 1));
	EXPECT_EQ(EAGAIN, errno);
	sd_await_asleep(_metadata, &call);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
}

TEST_F(slowdev, no_room_is_eagain)
{
	char buf[8192] = { 0 };
	long long taken;
	ssize_t n;
	int fd;

	/* nothing leaves within this test */
	sd_load(_metadata, "source=line period_us=4000000");
	fd = sd_open(_metadata, O_WRONLY | O_NONBLOCK);
	n = write(fd, buf, sizeof(buf));
	/* some of it, and at least what the chip holds */
	ASSERT_LE(SD_CHIP_FIFO + 1, n);
	ASSERT_LT(n, (ssize_t)sizeof(buf));
	EXPECT_EQ(n, sd_get(0, "stats/tx_bytes"));
	sd_fill_tx(_metadata, fd);
	taken = sd_get(0, "stats/tx_bytes");
	EXPECT_EQ(-1, write(fd, buf, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(taken, sd_get(0, "stats/tx_bytes"));
}

TEST_F(slowdev, rwf_nowait_reads)
{
	char buf[4];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(-1, read_nowait(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	sd_arrive(_metadata, 0, "abc", 3);
	EXPECT_EQ(3, read_nowait(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	EXPECT_EQ(-1, read_nowait(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, read_nowait(fd, buf, 0));
}

TEST_F(slowdev, rwf_nowait_writes)
{
	char buf[8192] = { 0 };
	long long taken;
	int fd;

	sd_load(_metadata, "source=line period_us=4000000");
	fd = sd_open(_metadata, O_WRONLY);
	EXPECT_LE(SD_CHIP_FIFO + 1, write_nowait(fd, buf, sizeof(buf)));
	sd_fill_tx(_metadata, fd);
	taken = sd_get(0, "stats/tx_bytes");
	EXPECT_EQ(-1, write_nowait(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(taken, sd_get(0, "stats/tx_bytes"));
}

/* A reader that sleeps does not make the others' answers worse. */
TEST_F(slowdev, beside_a_sleeper)
{
	char buf[4];
	struct sd_call call = { .buf = buf, .len = 1 };
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	EXPECT_EQ(-1, read(fd, buf + 1, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, read_nowait(fd, buf + 1, 1));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
}

TEST_HARNESS_MAIN
