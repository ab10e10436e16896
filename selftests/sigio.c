// SPDX-License-Identifier: MIT
/*
 * SIGIO: POLL_IN for every interrupt that brings bytes, POLL_OUT when room
 * appears after EAGAIN, POLL_HUP at removal.
 */
#include "slowdev_test.h"

#define ROUNDS	3000

/* Have @fd's signals, as queued ones with their reason, sent to us. */
static int listen_to(struct __test_metadata *_metadata, int fd)
{
	int sig = SIGRTMIN;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));
	ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(fd, F_SETSIG, sig));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC));
	return sig;
}

/* The next signal's reason, 0 if there is none for @timeout_s. */
static int next(int sig, int fd, int timeout_s)
{
	struct timespec timeout = { timeout_s, 0 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	if (sigtimedwait(&set, &info, &timeout) != sig)
		return 0;
	return info.si_fd == fd ? info.si_code : -1;
}

TEST_F(slowdev, every_interrupt_that_brings_bytes)
{
	int fd, sig, i;

	SD_COUNTED_TIME();
	sd_load(_metadata, "source=line period_us=10000");
	fd = sd_open(_metadata, O_RDONLY);
	sig = listen_to(_metadata, fd);
	EXPECT_EQ(0, next(sig, fd, 0));
	/* RX_TRIG is 1: an interrupt a byte; none of them is read */
	sd_arrive(_metadata, 0, "abcde", 5);
	for (i = 0; i < 5; i++)
		ASSERT_EQ(POLL_IN, next(sig, fd, 5));
	EXPECT_EQ(0, next(sig, fd, 1));
}

TEST_F(slowdev, plain_sigio)
{
	siginfo_t info;
	sigset_t set;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));
	ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_ASYNC));
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	EXPECT_EQ(SIGIO, sigwaitinfo(&set, &info));
}

TEST_F(slowdev, every_file_that_asked)
{
	int fds[3], sig = 0, seen[3] = { 0 }, i, j;
	struct timespec timeout = { 1, 0 };
	siginfo_t info;
	sigset_t set;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 0; i < 3; i++)
		fds[i] = sd_open(_metadata, O_RDONLY);
	/* the third does not ask */
	for (i = 0; i < 2; i++)
		sig = listen_to(_metadata, fds[i]);
	sd_arrive(_metadata, 0, "x", 1);
	sigemptyset(&set);
	sigaddset(&set, sig);
	while (sigtimedwait(&set, &info, &timeout) == sig) {
		for (j = 0; j < 3; j++)
			seen[j] += info.si_fd == fds[j];
	}
	EXPECT_EQ(1, seen[0]);
	EXPECT_EQ(1, seen[1]);
	EXPECT_EQ(0, seen[2]);
}

TEST_F(slowdev, can_be_switched_off)
{
	int fd, sig;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sig = listen_to(_metadata, fd);
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(POLL_IN, next(sig, fd, 5));
	ASSERT_EQ(0, fcntl(fd, F_SETFL, 0));
	sd_arrive(_metadata, 0, "y", 1);
	EXPECT_EQ(0, next(sig, fd, 1));
}

TEST_F(slowdev, none_after_close)
{
	int fd, other, sig;

	sd_load(_metadata, "source=line period_us=1000");
	other = sd_open(_metadata, O_RDONLY);
	fd = sd_open(_metadata, O_RDONLY);
	sig = listen_to(_metadata, fd);
	sd_close(fd);
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(0, next(sig, fd, 1));
	sd_close(other);
}

TEST_F(slowdev, room_after_eagain)
{
	int fd, sig;

	sd_load(_metadata, "source=line period_us=100000");
	fd = sd_open(_metadata, O_RDWR);
	sig = listen_to(_metadata, fd);
	sd_fill_tx(_metadata, fd);
	EXPECT_EQ(POLL_OUT, next(sig, fd, 10));
	/* once: who has not been told EAGAIN again waits for nothing */
	EXPECT_EQ(0, next(sig, fd, 1));
	ASSERT_EQ(1, write(fd, "x", 1));
}

/*
 * Room appears at any moment of a write that finds none: before it is refused,
 * and then it is not, or after, and then there is a signal. The wait before it,
 * in empty loops, grows while it is refused and shrinks when it is not, so that
 * most rounds are near the moment of which this is decided.
 */
TEST_F(slowdev, room_is_told_whenever_it_appears)
{
	int fd, sig, round, loops = 0, refused = 0, taken = 0;
	char out[64] = { 0 };
	volatile int i;
	ssize_t n;

	SD_COUNTED_TIME();	/* a moment is looked for */
	/* what is sent is slower than we write, or there is always room */
	sd_load_with(_metadata, "source=line period_us=%d", 5 * sd_slower());
	fd = sd_open(_metadata, O_WRONLY | O_NONBLOCK);
	sig = listen_to(_metadata, fd);
	for (round = 0; round < ROUNDS; round++) {
		sd_fill_tx(_metadata, fd);
		for (i = 0; i < loops; i++)
			;
		n = write(fd, out, sizeof(out));
		ASSERT_TRUE(n > 0 || errno == EAGAIN);
		refused += n < 0;
		taken += n > 0;
		ASSERT_EQ(POLL_OUT, next(sig, fd, 5)) {
			TH_LOG("after %d loops: %zd", loops, n);
		}
		if (n > 0)
			loops -= loops < 7 ? loops : 7;
		else
			loops += taken ? 3 : 100;
	}
	EXPECT_LT(0, refused);
	EXPECT_LT(0, taken);
}

TEST_F(slowdev, hangup_at_removal)
{
	int fd, sig;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sig = listen_to(_metadata, fd);
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_EQ(POLL_HUP, next(sig, fd, 5));
	EXPECT_EQ(0, next(sig, fd, 0));
}

TEST_HARNESS_MAIN
