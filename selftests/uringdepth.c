// SPDX-License-Identifier: MIT
/*
 * io_uring with few and many requests in flight: how many of them the kernel
 * hands to a worker thread, by its own tracepoint.
 *
 * A plain read that finds nothing waits by poll, and every byte wakes all that
 * wait; one tries in vain while the others do, and the kernel gives it to a
 * worker after 128 times. A command has its place in a queue.
 */
#include "slowdev_test.h"
#include "slowdev_ring.h"

#define MOST	200

typedef void start_fn(struct __test_metadata *_metadata, int fd, void *buf,
		      uint32_t len, uintptr_t id);

/*
 * @depth requests, then a byte for each, a millisecond apart. What was handed
 * to workers, or -1 when that cannot be seen. In order: the one that waits
 * longest must be served first.
 */
static int punts_of(struct __test_metadata *_metadata, start_fn *start,
		    int flags, int depth, bool in_order)
{
	static uint8_t bytes[MOST], sent[MOST];
	unsigned int seen[256] = { 0 };
	int fd, i, count;
	uintptr_t id;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | flags);
	ring_up(_metadata);
	if (!watch_punts())
		return -1;
	for (i = 0; i < depth; i++)
		start(_metadata, fd, &bytes[i], 1, i);
	EXPECT_TRUE(pending());
	sd_fill(sent, depth, 0);
	ASSERT_EQ(depth, sd_line_in(0, sent, depth));
	for (i = 0; i < depth; i++) {
		ASSERT_EQ(1, completed(_metadata, &id));
		ASSERT_GT(depth, id);
		seen[bytes[id]]++;
		if (in_order)
			EXPECT_EQ(i, id);
	}
	for (i = 0; i < depth; i++)
		EXPECT_EQ(1, seen[i]);
	count = punts();
	io_uring_queue_exit(&ring);
	sd_close(fd);
	ASSERT_EQ(0, sd_unload("slowdev_hw"));
	ASSERT_EQ(0, sd_unload("slowdev"));
	TH_LOG("%d in flight: %d handed to a worker", depth, count);
	return count;
}

TEST_F(slowdev, commands_never_need_a_worker)
{
	static const int depths[] = { 1, 8, 64, 200 };
	unsigned int i;

	SD_COUNTED_TIME();
	for (i = 0; i < ARRAY_SIZE(depths); i++)
		EXPECT_EQ(0, punts_of(_metadata, start_cmd, 0, depths[i],
				      true));
}

TEST_F(slowdev, few_reads_need_no_worker)
{
	EXPECT_EQ(0, punts_of(_metadata, start_read, 0, 1, false));
	EXPECT_EQ(0, punts_of(_metadata, start_read, 0, 8, false));
	EXPECT_EQ(0, punts_of(_metadata, start_read, 0, 32, false));
	EXPECT_EQ(0, punts_of(_metadata, start_read, O_NONBLOCK, 32, false));
}

/*
 * slowdev(4) has these figures: with 64 in flight nobody is tried 128 times;
 * with 200 the last 73 are, and no others. Each is served all the same.
 */
TEST_F(slowdev, many_reads_need_some)
{
	int count;

	EXPECT_EQ(0, punts_of(_metadata, start_read, 0, 64, false));
	count = punts_of(_metadata, start_read, 0, 200, false);
	EXPECT_LT(0, count);
	EXPECT_GE(200 - 127, count);
}

/* One poll request for all bytes: a completion a wake-up, and no worker. */
TEST_F(slowdev, multishot_poll_needs_none)
{
	struct io_uring_cqe *cqe;
	uint8_t byte;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	ring_up(_metadata);
	ASSERT_TRUE(watch_punts());
	io_uring_prep_poll_multishot(request(_metadata, 0), fd, POLLIN);
	ASSERT_EQ(1, io_uring_submit(&ring));
	for (i = 0; i < MOST; i++) {
		byte = i;
		ASSERT_EQ(1, sd_line_in(0, &byte, 1));
		ASSERT_EQ(0, io_uring_wait_cqe(&ring, &cqe));
		EXPECT_EQ(POLLIN, cqe->res);
		EXPECT_TRUE(cqe->flags & IORING_CQE_F_MORE);
		io_uring_cqe_seen(&ring, cqe);
		ASSERT_EQ(1, read(fd, &byte, 1));
		EXPECT_EQ((uint8_t)i, byte);
		EXPECT_EQ(-1, read(fd, &byte, 1));
		EXPECT_EQ(EAGAIN, errno);
	}
	EXPECT_EQ(0, punts());
	/* at the end of the chip the request ends, too */
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	ASSERT_EQ(0, io_uring_wait_cqe(&ring, &cqe));
	EXPECT_EQ(POLLERR | POLLHUP, cqe->res & (POLLERR | POLLHUP));
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
