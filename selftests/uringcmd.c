// SPDX-License-Identifier: MIT
/*
 * URING_CMD: a read that waits in the driver and is completed by the
 * interrupt. Completed exactly once, by bytes, by removal, or by the end of
 * whoever asked.
 */
#include <sys/wait.h>

#include "slowdev_test.h"
#include "slowdev_ring.h"

static void submit(struct __test_metadata *_metadata, int fd, uint32_t op,
		   struct sd_area area)
{
	prep_cmd(request(_metadata, 0), fd, op, &area);
	ASSERT_EQ(1, io_uring_submit(&ring));
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
	start_cmd(_metadata, fd, buf, sizeof(buf), 1);
	EXPECT_EQ(3, completed(_metadata, &id));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	start_cmd(_metadata, fd, buf, sizeof(buf), 2);
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(2, id);
	EXPECT_EQ('x', buf[0]);
	io_uring_queue_exit(&ring);
}

/* One of io_uring's worker threads finds it; and another request may go on. */
TEST_F(slowdev, what_is_there_however_asked)
{
	struct io_uring_sqe *sqe;
	struct sd_area area;
	char bytes[2];
	uintptr_t id;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sd_arrive(_metadata, 0, "ab", 2);
	sqe = request(_metadata, 0);
	area = (struct sd_area){ (uintptr_t)&bytes[0], 1, 0 };
	prep_cmd(sqe, fd, 1, &area);
	sqe->flags |= IOSQE_ASYNC;
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_EQ(1, completed(_metadata, &id));
	sqe = request(_metadata, 0);
	area.addr = (uintptr_t)&bytes[1];
	prep_cmd(sqe, fd, 1, &area);
	sqe->flags |= IOSQE_IO_LINK;
	io_uring_prep_nop(request(_metadata, 0));
	ASSERT_EQ(2, io_uring_submit(&ring));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(0, completed(_metadata, &id));
	EXPECT_EQ(0, memcmp(bytes, "ab", 2));
	io_uring_queue_exit(&ring);
}

TEST_F(slowdev, bad_commands)
{
	struct sd_area area = { 0, 8, 0 };
	char buf[8];
	uintptr_t id;
	int fd, wo;

	area.addr = (uintptr_t)buf;
	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	submit(_metadata, fd, 2, area);
	EXPECT_EQ(-ENOTTY, completed(_metadata, &id));
	area.flags = 1;
	submit(_metadata, fd, 1, area);
	EXPECT_EQ(-EINVAL, completed(_metadata, &id));
	area.flags = 0;
	area.len = 0;
	submit(_metadata, fd, 1, area);
	EXPECT_EQ(0, completed(_metadata, &id));
	wo = sd_open(_metadata, O_WRONLY);
	area.len = 8;
	submit(_metadata, wo, 1, area);
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
	start_cmd(_metadata, fd, (void *)16, 8, 1);
	start_cmd(_metadata, fd, buf, 8, 2);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(-EFAULT, completed(_metadata, &id));
	EXPECT_EQ(1, id);
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(2, id);
	EXPECT_EQ('x', buf[0]);
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
	start_cmd(_metadata, fd, &buf, 1, 0);
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
		start_cmd(_metadata, fd, &bytes[i], 1, i);
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(-ENODEV, completed(_metadata, &id));
	start_cmd(_metadata, fd, bytes, 1, 0);
	EXPECT_EQ(-ENODEV, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
}

/* A child asks for a byte that does not come, and ends in one way or other. */
static int child(int fd, void (*end)(int fd))
{
	static char buf[8];
	struct sd_area area = { (uintptr_t)buf, 8, 0 };
	struct io_uring_sqe *sqe;

	if (io_uring_queue_init(8, &ring, 0))
		return 1;
	sqe = io_uring_get_sqe(&ring);
	prep_cmd(sqe, fd, 1, &area);
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
	start_cmd(_metadata, fd, buf, sizeof(buf), 5);
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

/* So much memory that giving it up takes longer than a byte. */
#define MUCH	(96 << 20)

/*
 * The byte comes while the process whose command is the first ends. It is not
 * read into memory that goes; the next command has it.
 */
TEST_F(slowdev, a_byte_for_one_who_ends)
{
	int fd, status, ready[2], go[2];
	uintptr_t id;
	char byte;
	pid_t pid;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=line period_us=2000");
	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, pipe(go));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		char *much = malloc(MUCH);

		fd = sd_open(_metadata, O_RDONLY);
		ring_up(_metadata);
		start_cmd(_metadata, fd, &byte, 1, 1);
		memset(much, 1, MUCH);
		_exit(write(ready[1], "x", 1) != 1 ||
		      read(go[0], much, 1) != 1);
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	start_cmd(_metadata, fd, &byte, 1, 2);
	ASSERT_EQ(1, sd_line_in(0, "y", 1));
	ASSERT_EQ(1, write(go[1], "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ('y', byte);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	io_uring_queue_exit(&ring);
}

/*
 * A command that is linked behind a read begins only when the read is done; by
 * then its file may be closed. It must end all the same.
 */
TEST_F(slowdev, a_linked_command_whose_file_was_closed)
{
	struct sd_area area = { 0, 1, 0 };
	struct io_uring_sqe *sqe;
	char first, buf;
	uintptr_t id;
	int fd, other;

	sd_load(_metadata, "devices=2 source=line period_us=1000");
	ASSERT_TRUE(sd_until(access("/dev/slowdev1", F_OK) == 0));
	fd = sd_open(_metadata, O_RDONLY);
	other = sd_open_dev(_metadata, 1, O_RDONLY);
	ring_up(_metadata);
	sqe = request(_metadata, 0);
	io_uring_prep_read(sqe, other, &first, 1, -1);
	io_uring_sqe_set_data(sqe, (void *)1);
	sqe->flags = IOSQE_IO_LINK;
	area.addr = (uintptr_t)&buf;
	sqe = request(_metadata, 0);
	prep_cmd(sqe, fd, 1, &area);
	io_uring_sqe_set_data(sqe, (void *)2);
	ASSERT_EQ(2, io_uring_submit(&ring));
	EXPECT_TRUE(pending());
	sd_close(fd);
	ASSERT_EQ(1, sd_line_in(1, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(1, id);
	io_uring_queue_exit(&ring);
	sd_close(other);
	/* the driver goes only when nothing holds it */
	EXPECT_EQ(0, sd_unload("slowdev"));
}

/* A ring is closed with a command that waits: the byte is the next reader's. */
TEST_F(slowdev, a_closed_ring_eats_no_byte)
{
	char buf[8] = "", byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	ring_up(_metadata);
	start_cmd(_metadata, fd, buf, sizeof(buf), 1);
	EXPECT_TRUE(pending());
	io_uring_queue_exit(&ring);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	ASSERT_TRUE(sd_until(read(fd, &byte, 1) == 1));
	EXPECT_EQ('x', byte);
	EXPECT_EQ('\0', buf[0]);
}

/* Of a registered file the ring is the only owner. Both go together. */
TEST_F(slowdev, a_ring_that_ends_with_a_registered_file)
{
	struct sd_area area = { 0, 1, 0 };
	struct io_uring_sqe *sqe;
	char buf;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	ASSERT_EQ(0, io_uring_register_files(&ring, &fd, 1));
	sd_close(fd);
	area.addr = (uintptr_t)&buf;
	sqe = request(_metadata, 0);
	prep_cmd(sqe, 0, 1, &area);
	sqe->flags = IOSQE_FIXED_FILE;
	ASSERT_EQ(1, io_uring_submit(&ring));
	/* the driver looks at rings once a second; it finds this one well */
	sleep(2);
	EXPECT_TRUE(pending());
	io_uring_queue_exit(&ring);
	EXPECT_EQ(0, sd_unload("slowdev"));
}

TEST_HARNESS_MAIN
