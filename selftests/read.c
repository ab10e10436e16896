// SPDX-License-Identifier: MIT
/*
 * read(2): what is there, at least one byte, in the order it came.
 */
#include "slowdev_test.h"

/* The counter shows loss, repetition and reordering. */
TEST_F(slowdev, thousand_counter_bytes)
{
	uint8_t buf[1000];
	size_t done = 0, i;
	ssize_t n;
	int fd;

	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	while (done < sizeof(buf)) {
		n = read(fd, buf + done, sizeof(buf) - done);
		ASSERT_LT(0, n);
		done += n;
	}
	SD_UNLESS_PAUSED();
	for (i = 0; i < sizeof(buf); i++)
		ASSERT_EQ((uint8_t)i, buf[i]);
	EXPECT_EQ(1000, sd_get(0, "stats/rx_bytes"));
}

TEST_F(slowdev, sleeps_until_the_first_byte)
{
	char buf[16];
	struct sd_call call = { .buf = buf, .len = sizeof(buf) };

	SD_COUNTED_TIME();
	/* slow, so that it is awake before the second comes */
	sd_load(_metadata, "source=line period_us=20000");
	call.fd = sd_open(_metadata, O_RDONLY);
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	ASSERT_EQ(3, sd_line_in(0, "abc", 3));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
	EXPECT_EQ('a', buf[0]);
}

TEST_F(slowdev, returns_what_is_there)
{
	char buf[16];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "hello", 5);
	ASSERT_EQ(2, read(fd, buf, 2));
	EXPECT_EQ(0, memcmp(buf, "he", 2));
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "llo", 3));
	EXPECT_EQ(5, sd_get(0, "stats/rx_bytes"));
}

TEST_F(slowdev, length_0_is_0)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(0, read(fd, &byte, 0));
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(0, read(fd, &byte, 0));
	EXPECT_EQ(1, sd_get(0, "stats/buffered"));
	EXPECT_EQ(1, read(fd, &byte, 1));
	/* nothing there any more */
	EXPECT_EQ(0, read(fd, &byte, 0));
	EXPECT_EQ('x', byte);
}

TEST_F(slowdev, readv_fills_one_after_the_other)
{
	char a[2], b[1], c[8];
	struct iovec iov[] = {
		{ a, sizeof(a) }, { NULL, 0 }, { b, sizeof(b) },
		{ c, sizeof(c) },
	};
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "hello", 5);
	ASSERT_EQ(5, readv(fd, iov, 4));
	EXPECT_EQ(0, memcmp(a, "he", 2));
	EXPECT_EQ('l', b[0]);
	EXPECT_EQ(0, memcmp(c, "lo", 2));
}

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	(void)sig;
	signals++;
}

TEST_F(slowdev, signal_is_eintr)
{
	struct sigaction action = { .sa_handler = count_signal };
	char buf[4];
	struct sd_call call = { .buf = buf, .len = sizeof(buf) };

	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	sigaction(SIGUSR1, &action, NULL);
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	pthread_kill(call.thread, SIGUSR1);
	sd_join(_metadata, &call);
	EXPECT_EQ(-EINTR, call.ret);
	EXPECT_EQ(1, signals);
}

TEST_F(slowdev, signal_with_sa_restart_sleeps_on)
{
	struct sigaction action = {
		.sa_handler = count_signal, .sa_flags = SA_RESTART,
	};
	char buf[4];
	struct sd_call call = { .buf = buf, .len = sizeof(buf) };

	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	sigaction(SIGUSR1, &action, NULL);
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	pthread_kill(call.thread, SIGUSR1);
	ASSERT_TRUE(sd_until(signals == 1));
	sd_await_asleep(_metadata, &call);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
	EXPECT_EQ('x', buf[0]);
}

/* The message comes again and again, and goes on where it stood. */
TEST_F(slowdev, message_is_repeated)
{
	char buf[8];
	size_t i;
	int fd;

	sd_load(_metadata, "message=abc period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < sizeof(buf); i++)
		ASSERT_EQ(1, read(fd, buf + i, 1));
	EXPECT_EQ(0, memcmp(buf, "abcabcab", 8));
}

TEST_F(slowdev, message_of_one_byte)
{
	char buf[4];
	size_t i;
	int fd;

	sd_load(_metadata, "message=x period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < sizeof(buf); i++)
		ASSERT_EQ(1, read(fd, buf + i, 1));
	EXPECT_EQ(0, memcmp(buf, "xxxx", 4));
}

TEST_HARNESS_MAIN
