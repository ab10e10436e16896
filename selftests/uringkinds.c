// SPDX-License-Identifier: MIT
/*
 * Commands on rings of every kind, and the ways to call one back: SQPOLL,
 * DEFER_TASKRUN, ASYNC_CANCEL, exec.
 */
#include <sys/wait.h>

#include "slowdev_test.h"
#include "slowdev_ring.h"

/* Since 6.7 io_uring calls back to cancel commands. */
static bool kernel_calls_back(void)
{
	unsigned int major, minor;
	struct utsname uts;

	uname(&uts);
	return sscanf(uts.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 7));
}

/* Some that wait, one that finds a byte, and one that removal ends. */
static void on_a_ring(struct __test_metadata *_metadata, unsigned int flags)
{
	uint8_t bytes[8], sent[8];
	uintptr_t id;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up_flags(_metadata, flags);
	for (i = 0; i < 8; i++)
		start_cmd(_metadata, fd, &bytes[i], 1, i);
	sd_fill(sent, sizeof(sent), 'a');
	/* one after the other: two at once may be read in any order */
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(1, sd_line_in(0, &sent[i], 1));
		EXPECT_EQ(1, completed(_metadata, &id));
		EXPECT_EQ(i, id);
	}
	EXPECT_EQ(0, memcmp(bytes, sent, sizeof(sent)));
	sd_arrive(_metadata, 0, "x", 1);
	start_cmd(_metadata, fd, bytes, 8, 8);
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ('x', bytes[0]);
	start_cmd(_metadata, fd, bytes, 8, 9);
	/* SQPOLL: until its thread has it, removal would find nobody */
	EXPECT_TRUE(sd_until(io_uring_sq_ready(&ring) == 0));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_EQ(-ENODEV, completed(_metadata, &id));
	io_uring_queue_exit(&ring);
	sd_close(fd);
	/* nothing holds the driver, whatever the ring was like */
	EXPECT_EQ(0, sd_unload("slowdev"));
}

TEST_F(slowdev, sqpoll)
{
	on_a_ring(_metadata, IORING_SETUP_SQPOLL);
}

TEST_F(slowdev, single_issuer)
{
	on_a_ring(_metadata, IORING_SETUP_SINGLE_ISSUER);
}

TEST_F(slowdev, defer_taskrun)
{
	on_a_ring(_metadata, IORING_SETUP_SINGLE_ISSUER |
		  IORING_SETUP_DEFER_TASKRUN);
}

TEST_F(slowdev, coop_taskrun)
{
	on_a_ring(_metadata, IORING_SETUP_COOP_TASKRUN);
}

/*
 * A ring that goes with commands pending: those of an SQPOLL ring were asked
 * for by its thread, which goes with it.
 */
static void end_of_a_ring(struct __test_metadata *_metadata,
			  unsigned int flags)
{
	char bytes[4];
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up_flags(_metadata, flags);
	for (i = 0; i < 4; i++)
		start_cmd(_metadata, fd, &bytes[i], 1, i);
	EXPECT_TRUE(sd_until(io_uring_sq_ready(&ring) == 0));
	io_uring_queue_exit(&ring);
	sd_close(fd);
	EXPECT_EQ(0, sd_unload("slowdev"));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
}

TEST_F(slowdev, end_of_a_plain_ring)
{
	end_of_a_ring(_metadata, 0);
}

TEST_F(slowdev, end_of_a_deferring_ring)
{
	end_of_a_ring(_metadata, IORING_SETUP_SINGLE_ISSUER |
		      IORING_SETUP_DEFER_TASKRUN);
}

TEST_F(slowdev, end_of_an_sqpoll_ring)
{
	end_of_a_ring(_metadata, IORING_SETUP_SQPOLL);
}

/*
 * No kernel of ours can take a single command back by request: it says so,
 * and the command goes on to get its byte.
 */
TEST_F(slowdev, async_cancel_finds_no_command)
{
	uintptr_t id;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	start_cmd(_metadata, fd, &byte, 1, 1);
	io_uring_prep_cancel(request(_metadata, 2), (void *)1, 0);
	ASSERT_EQ(1, io_uring_submit(&ring));
	EXPECT_EQ(-ENOENT, completed(_metadata, &id));
	EXPECT_TRUE(pending());
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(1, completed(_metadata, &id));
	EXPECT_EQ(1, id);
	EXPECT_EQ('x', byte);
	io_uring_queue_exit(&ring);
}

/*
 * exec() with a command pending. Where the kernel calls back it is at once
 * another program; 6.1 first waits for the command, which only a byte or the
 * chip's end completes.
 */
TEST_F(slowdev, exec)
{
	char *argv[] = { "true", NULL };
	static char byte;
	int fd, status;
	pid_t pid;

	sd_load(_metadata, "source=line period_us=1000");
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		struct sd_area area = { (uintptr_t)&byte, 1, 0 };

		fd = open("/dev/slowdev0", O_RDONLY | O_CLOEXEC);
		if (fd < 0 || io_uring_queue_init(8, &ring, 0))
			_exit(2);
		prep_cmd(io_uring_get_sqe(&ring), fd, 1, &area);
		if (io_uring_submit(&ring) != 1 || !pending())
			_exit(3);
		execv("/bin/true", argv);
		_exit(4);
	}
	if (!kernel_calls_back()) {
		ASSERT_TRUE(sd_until(sd_asleep(pid, SYS_execve)));
		EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
		ASSERT_EQ(1, sd_line_in(0, "x", 1));
	}
	ASSERT_TRUE(sd_until(waitpid(pid, &status, WNOHANG) == pid));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, sd_unload("slowdev"));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
}

TEST_HARNESS_MAIN
