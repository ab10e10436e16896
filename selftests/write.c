// SPDX-License-Identifier: MIT
/*
 * write(2): takes at least one byte, sleeps only when there is no room; what
 * it took leaves the chip in order.
 */
#include "slowdev_test.h"

TEST_F(slowdev, leaves_by_the_line)
{
	char out[5];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	ASSERT_EQ(5, write(fd, "hello", 5));
	EXPECT_EQ(5, sd_get(0, "stats/tx_bytes"));
	sd_await_out(_metadata, 0, out, 5);
	EXPECT_EQ(0, memcmp(out, "hello", 5));
}

TEST_F(slowdev, thousand_bytes_in_order)
{
	uint8_t in[1000], out[1000];
	size_t done = 0;
	ssize_t n;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	sd_fill(in, sizeof(in), 7);
	while (done < sizeof(in)) {
		n = write(fd, in + done, sizeof(in) - done);
		ASSERT_LT(0, n);
		done += n;
	}
	EXPECT_EQ(1000, sd_get(0, "stats/tx_bytes"));
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
}

TEST_F(slowdev, writev_takes_one_after_the_other)
{
	struct iovec iov[] = {
		{ "ab", 2 }, { NULL, 0 }, { "c", 1 }, { "de", 2 },
	};
	char out[5];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	ASSERT_EQ(5, writev(fd, iov, 4));
	sd_await_out(_metadata, 0, out, 5);
	EXPECT_EQ(0, memcmp(out, "abcde", 5));
}

TEST_F(slowdev, length_0_is_0)
{
	int fd;

	sd_load(_metadata, "source=line period_us=1000000");
	fd = sd_open(_metadata, O_WRONLY);
	EXPECT_EQ(0, write(fd, "x", 0));
	sd_fill_tx(_metadata, fd);
	EXPECT_EQ(0, write(fd, "x", 0));
}

TEST_F(slowdev, sleeps_only_without_room)
{
	struct sd_call call = { .buf = "xyz", .len = 3 };
	long long taken;

	sd_load(_metadata, "source=line period_us=100000");
	call.fd = sd_open(_metadata, O_WRONLY);
	/* the chip alone holds a FIFO and a shifter */
	ASSERT_LE(SD_CHIP_FIFO + 1, sd_fill_tx(_metadata, call.fd));
	taken = sd_get(0, "stats/tx_bytes");
	sd_start(_metadata, &call, sd_do_write);
	sd_await_asleep(_metadata, &call);
	sd_join(_metadata, &call);
	EXPECT_LE(1, call.ret);
	EXPECT_GE(3, call.ret);
	EXPECT_EQ(taken + call.ret, sd_get(0, "stats/tx_bytes"));
}

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	(void)sig;
	signals++;
}

TEST_F(slowdev, signal_is_eintr_and_takes_nothing)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct sd_call call = { .buf = "x", .len = 1 };
	long long taken;

	/* nothing leaves within this test */
	sd_load(_metadata, "source=line period_us=4000000");
	call.fd = sd_open(_metadata, O_WRONLY);
	sigaction(SIGUSR1, &action, NULL);
	sd_fill_tx(_metadata, call.fd);
	taken = sd_get(0, "stats/tx_bytes");
	sd_start(_metadata, &call, sd_do_write);
	sd_await_asleep(_metadata, &call);
	pthread_kill(call.thread, SIGUSR1);
	sd_join(_metadata, &call);
	EXPECT_EQ(-EINTR, call.ret);
	EXPECT_EQ(1, signals);
	EXPECT_EQ(taken, sd_get(0, "stats/tx_bytes"));
}

TEST_F(slowdev, two_writers_lose_nothing)
{
	struct sd_call calls[2];
	uint8_t in[2][1], out[600];
	unsigned int seen[2] = { 0, 0 };
	size_t i, round;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 0; i < 2; i++) {
		in[i][0] = i;
		calls[i] = (struct sd_call){
			.fd = sd_open(_metadata, O_WRONLY),
			.buf = in[i], .len = 1,
		};
	}
	for (round = 0; round < 300; round++) {
		for (i = 0; i < 2; i++)
			sd_start(_metadata, &calls[i], sd_do_write);
		for (i = 0; i < 2; i++) {
			sd_join(_metadata, &calls[i]);
			ASSERT_EQ(1, calls[i].ret);
		}
	}
	sd_await_out(_metadata, 0, out, sizeof(out));
	for (i = 0; i < sizeof(out); i++) {
		ASSERT_GE(1, out[i]);
		seen[out[i]]++;
	}
	EXPECT_EQ(300, seen[0]);
	EXPECT_EQ(300, seen[1]);
}

/* Both directions at once do not disturb each other. */
TEST_F(slowdev, reads_and_writes_together)
{
	uint8_t in[400], out[400], buf[400];
	size_t sent = 0, got = 0;
	ssize_t n;
	int fd;

	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	sd_fill(in, sizeof(in), 100);
	while (sent < sizeof(in) || got < sizeof(buf)) {
		if (sent < sizeof(in)) {
			n = write(fd, in + sent, sizeof(in) - sent);
			ASSERT_LT(0, n);
			sent += n;
		}
		if (got < sizeof(buf)) {
			n = read(fd, buf + got, sizeof(buf) - got);
			ASSERT_LT(0, n);
			got += n;
		}
	}
	SD_UNLESS_PAUSED();
	for (got = 0; got < sizeof(buf); got++)
		ASSERT_EQ((uint8_t)got, buf[got]);
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
}

TEST_HARNESS_MAIN
