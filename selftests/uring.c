// SPDX-License-Identifier: MIT
/*
 * io_uring: requests wait at the device, not in a worker thread; they can be
 * cancelled, and end when the chip goes.
 */
#include <dirent.h>
#include <sys/epoll.h>

#include "slowdev_test.h"
#include "slowdev_ring.h"

/* How many threads of ours are io_uring's workers. */
static int workers(void)
{
	char path[300], name[32];
	struct dirent *entry;
	int count = 0;
	DIR *dir = opendir("/proc/self/task");

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
			 entry->d_name);
		if (sd_read_file(path, name, sizeof(name)) > 0)
			count += !strncmp(name, "iou-wrk", 7);
	}
	if (dir)
		closedir(dir);
	return count;
}

TEST_F(slowdev, read_what_is_there)
{
	char buf[8];
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sd_arrive(_metadata, 0, "hello", 5);
	start_read(_metadata, fd, buf, sizeof(buf), 1);
	/* at once, in the call that submitted it */
	EXPECT_FALSE(pending());
	EXPECT_EQ(5, completed(_metadata, &id));
	EXPECT_EQ(0, memcmp(buf, "hello", 5));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, read_what_comes_later)
{
	char buf[8];
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	start_read(_metadata, fd, buf, sizeof(buf), 7);
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(7, id);
	EXPECT_EQ('x', buf[0]);
	EXPECT_EQ(0, workers());
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, thirty_two_without_a_worker)
{
	uint8_t bytes[32], line[32];
	unsigned int seen[256] = { 0 };
	uintptr_t id;
	int fd, i;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	if (!watch_punts())
		SKIP(return, "no " SD_PUNT_EVENT);
	for (i = 0; i < 32; i++)
		start_read(_metadata, fd, &bytes[i], 1, i);
	EXPECT_TRUE(pending());
	sd_fill(line, sizeof(line), 0);
	ASSERT_EQ(32, sd_line_in(0, line, sizeof(line)));
	for (i = 0; i < 32; i++) {
		ASSERT_EQ(1, completed(_metadata, &id));
		ASSERT_GT(32, id);
		seen[bytes[id]]++;
	}
	for (i = 0; i < 32; i++)
		EXPECT_EQ(1, seen[i]);
	EXPECT_EQ(0, workers());
	EXPECT_EQ(0, punts());
	io_uring_queue_exit(&ring);
}

/* The same with the bytes coming in bursts, which wake many at once. */
TEST_F(slowdev, thirty_two_and_bursts)
{
	uint8_t bytes[32], line[32];
	unsigned int seen[256] = { 0 };
	uintptr_t id;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "8"));
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	if (!watch_punts())
		SKIP(return, "no " SD_PUNT_EVENT);
	for (i = 0; i < 32; i++)
		start_read(_metadata, fd, &bytes[i], 1, i);
	sd_fill(line, sizeof(line), 0);
	ASSERT_EQ(32, sd_line_in(0, line, sizeof(line)));
	for (i = 0; i < 32; i++) {
		ASSERT_EQ(1, completed(_metadata, &id));
		seen[bytes[id]]++;
	}
	for (i = 0; i < 32; i++)
		EXPECT_EQ(1, seen[i]);
	EXPECT_EQ(0, workers());
	EXPECT_EQ(0, punts());
	io_uring_queue_exit(&ring);
}

/* A thousand one after the other: none lost, repeated or out of order. */
TEST_F(slowdev, thousand_counter_bytes)
{
	uint8_t buf[64];
	uintptr_t id;
	int fd, total = 0, n, i;

	sd_load(_metadata, "source=counter period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	while (total < 1000) {
		start_read(_metadata, fd, buf, sizeof(buf), 0);
		n = completed(_metadata, &id);
		ASSERT_LT(0, n);
		SD_UNLESS_PAUSED();
		for (i = 0; i < n; i++, total++)
			ASSERT_EQ((uint8_t)total, buf[i]);
	}
	EXPECT_EQ(0, workers());
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, rwf_nowait_is_eagain)
{
	struct io_uring_sqe *sqe;
	uintptr_t id;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sqe = request(_metadata, 0);
	io_uring_prep_read(sqe, fd, &byte, 1, -1);
	sqe->rw_flags = RWF_NOWAIT;
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_EQ(-EAGAIN, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

/* io_uring waits on O_NONBLOCK files all the same, and needs no worker. */
TEST_F(slowdev, o_nonblock_waits_too)
{
	uintptr_t id;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	ring_up(_metadata);
	start_read(_metadata, fd, &byte, 1, 0);
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(0, workers());
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, cancelled_reads_take_no_byte)
{
	uintptr_t id;
	char bytes[2];
	int fd, i, res, cancelled = 0;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	start_read(_metadata, fd, &bytes[0], 1, 1);
	start_read(_metadata, fd, &bytes[1], 1, 2);
	io_uring_prep_cancel(request(_metadata, 3), (void *)1, 0);
	ASSERT_EQ(1, io_uring_submit(&ring));
	for (i = 0; i < 2; i++) {
		res = completed(_metadata, &id);
		ASSERT_NE(2, id);
		if (id == 1) {
			EXPECT_EQ(-ECANCELED, res);
			cancelled++;
		} else {
			EXPECT_EQ(0, res);
		}
	}
	EXPECT_EQ(1, cancelled);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(2, id);
	EXPECT_EQ('x', bytes[1]);
	io_uring_queue_exit(&ring);
}

/* Reads of a ring that is gone hold nothing. */
TEST_F(slowdev, closed_ring_lets_go)
{
	char bytes[4];
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	for (i = 0; i < 3; i++)
		start_read(_metadata, fd, &bytes[i], 1, i);
	io_uring_queue_exit(&ring);
	/* what is in flight is cancelled in the background, on its own file
	 * reference: the device is idle when we can take the driver out
	 */
	sd_close(fd);
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	ASSERT_EQ(0, sd_unload("slowdev"));
}

TEST_F(slowdev, removal_ends_every_read)
{
	char bytes[8];
	uintptr_t id;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	for (i = 0; i < 8; i++)
		start_read(_metadata, fd, &bytes[i], 1, i);
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(-ENODEV, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, poll_requests)
{
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	ring_up(_metadata);
	io_uring_prep_poll_add(request(_metadata, 0), fd, POLLIN);
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(POLLIN, completed(_metadata, &id));
	io_uring_prep_poll_add(request(_metadata, 0), fd, POLLOUT);
	ASSERT_EQ(1, io_uring_submit(&ring));
	/* on MIPS, where POLLWRNORM is POLLOUT, 6.1 adds its EPOLLWRNORM */
	EXPECT_EQ(POLLOUT, completed(_metadata, &id) & ~EPOLLWRNORM);
	io_uring_prep_poll_add(request(_metadata, 0), fd, POLLPRI);
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_TRUE(pending());
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_EQ(POLLHUP | POLLERR, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, linked_timeout_ends_a_read)
{
	struct __kernel_timespec timeout = { .tv_nsec = 50000000 };
	struct io_uring_sqe *sqe;
	uintptr_t id;
	char byte;
	int fd, i, res;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sqe = request(_metadata, 0);
	io_uring_prep_read(sqe, fd, &byte, 1, -1);
	io_uring_sqe_set_data(sqe, (void *)1);
	io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
	sqe = request(_metadata, 0);
	io_uring_prep_link_timeout(sqe, &timeout, 0);
	io_uring_sqe_set_data(sqe, (void *)2);
	ASSERT_EQ(2, io_uring_submit(&ring));
	for (i = 0; i < 2; i++) {
		res = completed(_metadata, &id);
		EXPECT_EQ(id == 1 ? -ECANCELED : -ETIME, res);
	}
	io_uring_queue_exit(&ring);
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(1, read(fd, &byte, 1));
}

TEST_F(slowdev, bad_buffer)
{
	uintptr_t id;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sd_arrive(_metadata, 0, "x", 1);
	start_read(_metadata, fd, (void *)8, 1, 0);
	EXPECT_EQ(-EFAULT, completed(_metadata, &id));
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ('x', byte);
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, writes_wait_for_room)
{
	struct io_uring_sqe *sqe;
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=100000");
	fd = sd_open(_metadata, O_WRONLY);
	ring_up(_metadata);
	sd_fill_tx(_metadata, fd);
	if (!watch_punts())
		SKIP(return, "no " SD_PUNT_EVENT);
	sqe = request(_metadata, 0);
	io_uring_prep_write(sqe, fd, "x", 1, -1);
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_TRUE(pending());
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(0, workers());
	EXPECT_EQ(0, punts());
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
