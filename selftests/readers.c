// SPDX-License-Identifier: MIT
/*
 * Several readers of one device: each byte goes to exactly one of them, and
 * none sleeps while a byte waits.
 */
#include "slowdev_test.h"

#define READERS	4
#define TOTAL	1024

static int budget;
static unsigned int seen[256];

/* Read byte by byte, each for itself, until all together have TOTAL. */
static void take_bytes(struct sd_call *call)
{
	uint8_t byte;

	call->nr = SYS_read;
	while (__atomic_sub_fetch(&budget, 1, __ATOMIC_RELAXED) >= 0) {
		call->ret = read(call->fd, &byte, 1);
		if (call->ret != 1)
			return;
		__atomic_add_fetch(&seen[byte], 1, __ATOMIC_RELAXED);
	}
}

TEST_F(slowdev, each_byte_to_exactly_one)
{
	struct sd_call calls[READERS] = { 0 };
	int i, shared;

	budget = TOTAL;
	sd_load(_metadata, "source=counter period_us=1000");
	shared = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < READERS; i++) {
		/* two with one file, two with their own */
		calls[i].fd = i < 2 ? shared : sd_open(_metadata, O_RDONLY);
		sd_start(_metadata, &calls[i], take_bytes);
	}
	for (i = 0; i < READERS; i++) {
		sd_join(_metadata, &calls[i]);
		EXPECT_EQ(1, calls[i].ret);
	}
	SD_UNLESS_PAUSED();
	for (i = 0; i < 256; i++)
		ASSERT_EQ(TOTAL / 256, seen[i]);
	EXPECT_EQ(TOTAL, sd_get(0, "stats/rx_bytes"));
}

/* One interrupt brings many bytes, each reader takes one. */
TEST_F(slowdev, who_leaves_bytes_wakes_the_next)
{
	struct sd_call calls[READERS];
	char bytes[READERS];
	unsigned int sum = 0;
	int i;

	sd_load(_metadata, "source=line period_us=1000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "4"));
	for (i = 0; i < READERS; i++) {
		calls[i] = (struct sd_call){
			.fd = sd_open(_metadata, O_RDONLY),
			.buf = &bytes[i], .len = 1,
		};
		sd_start(_metadata, &calls[i], sd_do_read);
		sd_await_asleep(_metadata, &calls[i]);
	}
	ASSERT_EQ(4, sd_line_in(0, "\1\2\4\10", 4));
	for (i = 0; i < READERS; i++) {
		sd_join(_metadata, &calls[i]);
		EXPECT_EQ(1, calls[i].ret);
		sum += bytes[i];
	}
	EXPECT_EQ(15, sum);
}

static void ignore_signal(int sig)
{
	(void)sig;
}

/*
 * Two sleep; a byte comes and a signal goes to one of them, in every order.
 * If that one takes no byte, the other must get it.
 */
TEST_F(slowdev, signal_does_not_eat_a_wake_up)
{
	struct sigaction action = { .sa_handler = ignore_signal };
	struct sd_call calls[2];
	char bytes[2];
	int fd, round, i, got;

	sd_load(_metadata, "source=line period_us=1000");
	sigaction(SIGUSR1, &action, NULL);
	fd = sd_open(_metadata, O_RDONLY);
	for (round = 0; round < 40; round++) {
		for (i = 0; i < 2; i++) {
			calls[i] = (struct sd_call){
				.fd = fd, .buf = &bytes[i], .len = 1,
			};
			sd_start(_metadata, &calls[i], sd_do_read);
			sd_await_asleep(_metadata, &calls[i]);
		}
		ASSERT_EQ(1, sd_line_in(0, "x", 1));
		/* the byte arrives 1 ms later, this is shortly before or after */
		usleep(900 + 5 * round);
		pthread_kill(calls[0].thread, SIGUSR1);
		if (!sd_until(sd_done(&calls[0]))) {
			ASSERT_TRUE(sd_done(&calls[1]));
			pthread_kill(calls[0].thread, SIGUSR1);
		}
		sd_join(_metadata, &calls[0]);
		got = calls[0].ret == 1;
		if (!got) {
			ASSERT_EQ(-EINTR, calls[0].ret);
			sd_join(_metadata, &calls[1]);
			ASSERT_EQ(1, calls[1].ret);
			continue;
		}
		ASSERT_EQ(1, sd_line_in(0, "y", 1));
		sd_join(_metadata, &calls[1]);
		ASSERT_EQ(1, calls[1].ret);
	}
}

/* A reader whose buffer is bad leaves its byte to the one that sleeps. */
TEST_F(slowdev, bad_buffer_does_not_eat_a_wake_up)
{
	struct sd_call bad = { .buf = (void *)8, .len = 1 };
	char byte = 0;
	struct sd_call good = { .buf = &byte, .len = 1 };

	sd_load(_metadata, "source=line period_us=1000");
	bad.fd = sd_open(_metadata, O_RDONLY);
	good.fd = bad.fd;
	sd_start(_metadata, &bad, sd_do_read);
	sd_await_asleep(_metadata, &bad);
	sd_start(_metadata, &good, sd_do_read);
	sd_await_asleep(_metadata, &good);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &good);
	EXPECT_EQ(1, good.ret);
	EXPECT_EQ('x', byte);
	if (!sd_done(&bad))
		ASSERT_EQ(1, sd_line_in(0, "y", 1));
	sd_join(_metadata, &bad);
	EXPECT_EQ(-EFAULT, bad.ret);
}

/* Pollers and readers, blocking or not, share one stream. */
TEST_F(slowdev, mixed_ways_to_wait)
{
	struct sd_call calls[2] = { 0 };
	struct pollfd pollfd = { .events = POLLIN };
	int i, got = 0;
	uint8_t byte;

	budget = TOTAL;
	memset(seen, 0, sizeof(seen));
	sd_load(_metadata, "source=counter period_us=1000");
	for (i = 0; i < 2; i++) {
		calls[i].fd = sd_open(_metadata, O_RDONLY);
		sd_start(_metadata, &calls[i], take_bytes);
	}
	pollfd.fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	while (__atomic_load_n(&budget, __ATOMIC_RELAXED) > 0) {
		poll(&pollfd, 1, 100);
		if (__atomic_sub_fetch(&budget, 1, __ATOMIC_RELAXED) < 0)
			break;
		if (read(pollfd.fd, &byte, 1) == 1) {
			__atomic_add_fetch(&seen[byte], 1, __ATOMIC_RELAXED);
			got++;
		} else {
			ASSERT_EQ(EAGAIN, errno);
			__atomic_add_fetch(&budget, 1, __ATOMIC_RELAXED);
		}
	}
	for (i = 0; i < 2; i++)
		sd_join(_metadata, &calls[i]);
	TH_LOG("%d of %d bytes by poll", got, TOTAL);
	EXPECT_EQ(TOTAL, sd_get(0, "stats/rx_bytes"));
	SD_UNLESS_PAUSED();
	for (i = 0; i < 256; i++)
		ASSERT_EQ(TOTAL / 256, seen[i]);
}

TEST_HARNESS_MAIN
