// SPDX-License-Identifier: MIT
/*
 * The line runs while a file is open: what the first open, the last close and
 * the time between do to the bytes.
 */
#include <sys/wait.h>

#include "slowdev_test.h"

TEST_F(slowdev, first_open_empties_driver_and_fifo)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "abc", 3);
	sd_close(fd);
	EXPECT_EQ(3, sd_get(0, "stats/arrived"));
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(3, sd_get(0, "stats/dropped"));
	EXPECT_EQ(0, sd_get(0, "stats/buffered"));
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(slowdev, first_open_empties_the_chips_fifo_too)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "16"));
	fd = sd_open(_metadata, O_RDONLY);
	/* they stay in the chip: no trigger, no time-out yet */
	sd_arrive(_metadata, 0, "ab", 2);
	EXPECT_EQ(0, sd_get(0, "stats/interrupts"));
	sd_close(fd);
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(2, sd_get(0, "stats/dropped"));
	EXPECT_EQ(0, sd_get(0, "stats/buffered"));
	EXPECT_EQ(-1, read(fd, &byte, 1));
}

TEST_F(slowdev, only_the_first_open_does)
{
	char buf[4];
	int a, b;

	sd_load(_metadata, "source=line period_us=1000");
	a = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "abc", 3);
	b = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(3, sd_get(0, "stats/buffered"));
	sd_close(a);
	EXPECT_EQ(3, sd_get(0, "stats/buffered"));
	/* and the line goes on for the other */
	sd_arrive(_metadata, 0, "d", 1);
	EXPECT_EQ(4, read(b, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abcd", 4));
}

TEST_F(slowdev, line_waits_while_nobody_has_it_open)
{
	char buf[4];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	ASSERT_EQ(3, sd_line_in(0, "abc", 3));
	/* that nothing comes shows only after some time */
	usleep(100000);
	EXPECT_EQ(0, sd_get(0, "stats/arrived"));
	fd = sd_open(_metadata, O_RDONLY);
	sd_await(_metadata, 0, "stats/buffered", 3);
	sd_await_taken(_metadata, 0);
	EXPECT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
}

/* Close in the middle of a byte: it is put back, not lost. */
TEST_F(slowdev, counter_goes_on_where_it_stood)
{
	long long arrived, last = -1;
	uint8_t byte;
	int fd, i;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=10000");
	for (i = 0; i < 20; i++) {
		fd = sd_open(_metadata, O_RDONLY);
		arrived = sd_get(0, "stats/arrived");
		/* nothing came since the last close */
		if (last >= 0)
			ASSERT_EQ(last, arrived);
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ((uint8_t)arrived, byte);
		usleep(20000 + 770 * i);
		sd_close(fd);
		last = sd_get(0, "stats/arrived");
		ASSERT_LT(arrived, last);
	}
}

TEST_F(slowdev, first_byte_a_period_after_open)
{
	long long began_ns, took_us;
	char byte;
	int fd;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=counter period_us=50000");
	began_ns = sd_now_ns();
	fd = sd_open(_metadata, O_RDONLY);
	ASSERT_EQ(1, read(fd, &byte, 1));
	took_us = (sd_now_ns() - began_ns) / 1000;
	EXPECT_LE(50000, took_us);
	EXPECT_GE(60000, took_us);
}

TEST_F(slowdev, close_does_not_wait_for_what_was_written)
{
	uint8_t in[50], out[50];
	long long began_ns;
	int fd;

	sd_load(_metadata, "source=line period_us=100000");
	sd_fill(in, sizeof(in), 3);
	fd = sd_open(_metadata, O_WRONLY);
	ASSERT_EQ(50, write(fd, in, sizeof(in)));
	began_ns = sd_now_ns();
	sd_close(fd);
	EXPECT_GT(100000000LL, sd_now_ns() - began_ns);
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
}

/* What arrives while written bytes still leave is nobody's. */
TEST_F(slowdev, arrivals_after_the_last_close_are_dropped)
{
	long long arrived, dropped;
	uint8_t in[50] = { 0 }, out[50];
	int fd;

	sd_load(_metadata, "source=counter period_us=10000");
	fd = sd_open(_metadata, O_RDWR);
	ASSERT_EQ(50, write(fd, in, sizeof(in)));
	arrived = sd_get(0, "stats/arrived");
	dropped = sd_get(0, "stats/dropped");
	sd_close(fd);
	sd_await_out(_metadata, 0, out, sizeof(out));
	/* until EN is clear: nothing more comes then */
	ASSERT_TRUE(sd_until(sd_registers_say(0, "CTRL      0x00000000\n")));
	sd_check_counts(_metadata, 0);
	arrived = sd_get(0, "stats/arrived") - arrived;
	EXPECT_LE(45, arrived);
	EXPECT_GE(sd_host_time() ? 75 : 55, arrived);
	EXPECT_LE(arrived, sd_get(0, "stats/dropped") - dropped +
		  sd_get(0, "stats/buffered"));
	arrived = sd_get(0, "stats/arrived");
	usleep(200000);
	EXPECT_EQ(arrived, sd_get(0, "stats/arrived"));
}

TEST_F(slowdev, open_again_while_written_bytes_leave)
{
	uint8_t in[50], more[50], out[100], byte;
	int fd;

	sd_load(_metadata, "source=counter period_us=10000");
	sd_fill(in, sizeof(in), 3);
	sd_fill(more, sizeof(more), 53);
	fd = sd_open(_metadata, O_RDWR);
	ASSERT_EQ(50, write(fd, in, sizeof(in)));
	sd_close(fd);
	ASSERT_TRUE(sd_until(sd_get(0, "stats/arrived") >= 10));
	fd = sd_open(_metadata, O_RDWR);
	EXPECT_EQ(0, sd_get(0, "stats/buffered"));
	ASSERT_EQ(50, write(fd, more, sizeof(more)));
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_LE(10, byte);
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(out, in, 50));
	EXPECT_EQ(0, memcmp(out + 50, more, 50));
	/* the line did not stop when the first file's bytes had left */
	ASSERT_EQ(1, read(fd, &byte, 1));
}

/* The line stops when the last has left, however fast that has become. */
TEST_F(slowdev, shorter_period_while_written_bytes_leave)
{
	uint8_t in[50] = { 0 }, out[50];
	long long arrived;
	int fd;

	sd_load(_metadata, "source=counter period_us=1000000");
	fd = sd_open(_metadata, O_RDWR);
	ASSERT_EQ(50, write(fd, in, sizeof(in)));
	sd_close(fd);
	ASSERT_EQ(0, sd_put(0, "period_us", "1000"));
	sd_await_out(_metadata, 0, out, sizeof(out));
	arrived = sd_get(0, "stats/arrived");
	usleep(100000);
	/* some may have come until the driver saw it, not a hundred */
	EXPECT_GE(arrived + (sd_host_time() ? 60 : 10),
		  sd_get(0, "stats/arrived"));
}

TEST_F(slowdev, removal_while_written_bytes_leave)
{
	uint8_t in[50] = { 0 };
	int fd;

	sd_load(_metadata, "source=counter period_us=10000");
	fd = sd_open(_metadata, O_RDWR);
	ASSERT_EQ(50, write(fd, in, sizeof(in)));
	sd_close(fd);
	ASSERT_EQ(0, sd_unload("slowdev"));
	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	EXPECT_EQ(0, sd_get(0, "stats/tx_bytes"));
}

/* A file that a child inherited keeps the line running. */
TEST_F(slowdev, forked_files_count_once)
{
	int fd, pipefd[2], status;
	char byte;
	pid_t pid;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	ASSERT_LE(0, pid);
	if (pid == 0) {
		close(pipefd[1]);
		/* until the parent has closed its own and says so */
		_exit(read(pipefd[0], &byte, 1) == 1 &&
		      read(fd, &byte, 1) == 1 && byte == 'x' ? 0 : 1);
	}
	sd_close(fd);
	sd_arrive(_metadata, 0, "x", 1);
	ASSERT_EQ(1, write(pipefd[1], "g", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, sd_get(0, "stats/rx_bytes"));
	close(pipefd[0]);
	close(pipefd[1]);
}

TEST_HARNESS_MAIN
