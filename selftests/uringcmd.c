// SPDX-License-Identifier: MIT
/*
 * URING_CMD: a read that waits in the driver and is completed by the
 * interrupt. Completed exactly once, by bytes, by removal, or by the end of
 * whoever asked; and never handed to a worker thread.
 */
#include <liburing.h>
#include <sys/wait.h>

#include "slowdev_test.h"

#define EVENT	"/sys/kernel/tracing/events/io_uring/io_uring_queue_async_work"
#define TRACE	"/sys/kernel/tracing/trace"
#define DEPTH	200

struct area {
	uint64_t addr;
	uint32_t len;
	uint32_t flags;
};

static struct io_uring ring;

static void ring_up(struct __test_metadata *_metadata)
{
	ASSERT_EQ(0, io_uring_queue_init(256, &ring, 0));
}

static void submit(struct __test_metadata *_metadata, int fd, uint32_t op,
		   struct area area, uintptr_t id)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	ASSERT_NE(NULL, sqe);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = op;
	memcpy(sqe->cmd, &area, sizeof(area));
	io_uring_sqe_set_data(sqe, (void *)id);
	ASSERT_EQ(1, io_uring_submit(&ring));
}

static void start_read(struct __test_metadata *_metadata, int fd, void *buf,
		       uint32_t len, uintptr_t id)
{
	struct area area = { (uintptr_t)buf, len, 0 };

	submit(_metadata, fd, 1, area, id);
}

static int completed(struct __test_metadata *_metadata, uintptr_t *id)
{
	struct __kernel_timespec timeout = { .tv_sec = 10 };
	struct io_uring_cqe *cqe;
	int res;

	ASSERT_EQ(0, io_uring_wait_cqe_timeout(&ring, &cqe, &timeout));
	*id = (uintptr_t)io_uring_cqe_get_data(cqe);
	res = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return res;
}

static bool pending(void)
{
	struct io_uring_cqe *cqe;

	return io_uring_peek_cqe(&ring, &cqe) != 0;
}

TEST_F(slowdev, what_is_there_and_what_comes)
{
	char buf[8];
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	/* O_NONBLOCK is for those who would sleep; a command does not */
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	ring_up(_metadata);
	sd_arrive(_metadata, 0, "abc", 3);
	start_read(_metadata, fd, buf, sizeof(buf), 1);
	EXPECT_EQ(3, completed(_metadata, &id));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	start_read(_metadata, fd, buf, sizeof(buf), 2);
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(2, id);
	EXPECT_EQ('x', buf[0]);
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, bad_commands)
{
	struct area area = { 0, 8, 0 };
	char buf[8];
	uintptr_t id;
	int fd, wo;

	area.addr = (uintptr_t)buf;
	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	submit(_metadata, fd, 2, area, 0);
	EXPECT_EQ(-ENOTTY, completed(_metadata, &id));
	area.flags = 1;
	submit(_metadata, fd, 1, area, 0);
	EXPECT_EQ(-EINVAL, completed(_metadata, &id));
	area.flags = 0;
	area.len = 0;
	submit(_metadata, fd, 1, area, 0);
	EXPECT_EQ(0, completed(_metadata, &id));
	wo = sd_open(_metadata, O_WRONLY);
	area.len = 8;
	submit(_metadata, wo, 1, area, 0);
	EXPECT_EQ(-EBADF, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, a_bad_buffer_loses_nothing)
{
	char buf[8];
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	/* one that waits, and behind it one that will get the byte */
	start_read(_metadata, fd, (void *)16, 8, 1);
	start_read(_metadata, fd, buf, 8, 2);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(-EFAULT, completed(_metadata, &id));
	EXPECT_EQ(1, id);
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(2, id);
	EXPECT_EQ('x', buf[0]);
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, many_in_order_and_no_worker)
{
	static char bytes[DEPTH], text[65536];
	uint8_t sent[DEPTH];
	uintptr_t id;
	int fd, i;

	/* slow enough that each is done before the next byte comes */
	sd_load(_metadata, "source=line period_us=10000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	close(open(TRACE, O_WRONLY | O_TRUNC));
	ASSERT_EQ(1, sd_write_file(EVENT "/enable", "1", 1));
	for (i = 0; i < DEPTH; i++)
		start_read(_metadata, fd, &bytes[i], 1, i);
	sd_fill(sent, DEPTH, 0);
	ASSERT_EQ(DEPTH, sd_line_in(0, sent, DEPTH));
	for (i = 0; i < DEPTH; i++) {
		EXPECT_EQ(1, completed(_metadata, &id));
		/* the one that waits longest is served first */
		EXPECT_EQ(i, id);
	}
	EXPECT_EQ(0, memcmp(bytes, sent, DEPTH));
	sd_write_file(EVENT "/enable", "0", 1);
	ASSERT_LT(0, sd_read_file(TRACE, text, sizeof(text)));
	EXPECT_EQ(NULL, strstr(text, "io_uring_queue_async_work:"));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, beside_a_sleeping_reader)
{
	struct sd_call call = {};
	char buf, other;
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	call.fd = fd;
	call.buf = &other;
	call.len = 1;
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	start_read(_metadata, fd, &buf, 1, 0);
	/* a byte for each; whoever comes second must not be forgotten */
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, removal_ends_every_command)
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
	start_read(_metadata, fd, bytes, 1, 0);
	EXPECT_EQ(-ENODEV, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

/* A child asks for a byte that does not come, and ends in one way or other. */
static int child(int fd, void (*end)(int fd))
{
	static char buf[8];
	struct area area = { (uintptr_t)buf, 8, 0 };
	struct io_uring_sqe *sqe;

	if (io_uring_queue_init(8, &ring, 0))
		return 1;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = 1;
	memcpy(sqe->cmd, &area, sizeof(area));
	if (io_uring_submit(&ring) != 1 || !pending())
		return 2;
	end(fd);
	return 0;
}

static void end_by_exit(int fd)
{
	(void)fd;
}

static void end_by_close(int fd)
{
	close(fd);
}

static void end_by_ring(int fd)
{
	(void)fd;
	io_uring_queue_exit(&ring);
}

static void end_by_kill(int fd)
{
	(void)fd;
	raise(SIGKILL);
}

TEST_F(slowdev, the_end_of_who_asked)
{
	static void (*const ends[])(int) = {
		end_by_exit, end_by_close, end_by_ring, end_by_kill,
	};
	unsigned int i;
	int status;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		sd_load(_metadata, "source=line period_us=1000");
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid) {
			int fd = open("/dev/slowdev0", O_RDONLY);

			_exit(fd < 0 ? 3 : child(fd, ends[i]));
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(ends[i] == end_by_kill ? SIGKILL : 0, status) {
			TH_LOG("end %u", i);
		}
		/* nothing holds the driver: it unloads, at the latest soon */
		EXPECT_TRUE(sd_until(sd_rmmod("slowdev") == 0)) {
			TH_LOG("after end %u", i);
		}
		ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	}
}

TEST_F(slowdev, a_child_that_ends_takes_nothing_along)
{
	char buf[8];
	uintptr_t id;
	int fd, status;
	pid_t pid;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	start_read(_metadata, fd, buf, sizeof(buf), 5);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		close(fd);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ('x', buf[0]);
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
