// SPDX-License-Identifier: MIT
/*
 * Sixteen readers of every kind sleep, and the chip goes: each is woken with
 * the right result, soon. Again and again: SLOWDEV_CYCLES times.
 */
#include "slowdev_test.h"
#include "slowdev_kernel.h"
#include "slowdev_ways.h"

#define SLEEPERS	16
#define DEADLINE_NS	(5 * 1000000000LL)
#define GONE		(EPOLLHUP | EPOLLERR)

static const enum sd_way ways[SLEEPERS] = {
	SD_READ, SD_READ, SD_READ, SD_POLL, SD_POLL, SD_EPOLL, SD_EPOLL,
	SD_EPOLL_EXCLUSIVE, SD_EPOLL_EXCLUSIVE, SD_EPOLL_EXCLUSIVE, SD_SIGIO,
	SD_URING, SD_URING, SD_URING, SD_URING_CMD, SD_URING_CMD,
};

struct sleeper {
	struct sd_call call;
	struct sd_waiter waiter;
	long long woke_ns;
};

static struct sleeper sleepers[SLEEPERS];

static void sleep_once(struct sd_call *call)
{
	struct sleeper *sleeper = (struct sleeper *)call;
	int err = sd_way_begin(&sleeper->waiter, sleeper->waiter.way, call->fd);
	char byte;

	if (err) {
		errno = -err;
		call->ret = -1;
		return;
	}
	call->nr = sleeper->waiter.nr;
	call->ret = sd_way_read(&sleeper->waiter, &byte, 1);
	sleeper->woke_ns = sd_now_ns();
	sd_way_end(&sleeper->waiter);
	errno = -call->ret;
}

/* What the wake-up said, of those that are told. */
static uint32_t expected_said(enum sd_way way)
{
	switch (way) {
	case SD_POLL:
	case SD_EPOLL:
	case SD_EPOLL_EXCLUSIVE:
		return GONE;
	case SD_SIGIO:
		return POLL_HUP;
	default:
		return 0;
	}
}

static int by_value(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* One cycle: how long from the unbind until the last of them was awake. */
static long long wake_by_unbind(struct __test_metadata *_metadata)
{
	long long began_ns, last_ns = 0;
	int i, shared;

	shared = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < SLEEPERS; i++) {
		sleepers[i].waiter.way = ways[i];
		/* two share a file, where one has its own */
		sleepers[i].call.fd = i < 2 ? shared :
				      sd_open(_metadata, O_RDONLY);
		sd_start(_metadata, &sleepers[i].call, sleep_once);
	}
	for (i = 0; i < SLEEPERS; i++)
		sd_await_asleep(_metadata, &sleepers[i].call);
	began_ns = sd_now_ns();
	ASSERT_EQ(0, sd_bind("unbind", 0));
	for (i = 0; i < SLEEPERS; i++) {
		sd_join(_metadata, &sleepers[i].call);
		ASSERT_EQ(-ENODEV, sleepers[i].call.ret) {
			TH_LOG("%s", sd_way_name(ways[i]));
		}
		ASSERT_EQ(expected_said(ways[i]), sleepers[i].waiter.said) {
			TH_LOG("%s", sd_way_name(ways[i]));
		}
		if (sleepers[i].woke_ns > last_ns)
			last_ns = sleepers[i].woke_ns;
	}
	while (sd_nfiles)
		sd_close(sd_files[0]);
	ASSERT_EQ(0, sd_bind("bind", 0));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	return last_ns - began_ns;
}

TEST_F_TIMEOUT(slowdev, all_wake_at_unbind, SD_ENDURE_S)
{
	int cycles = sd_cycles(), cycle;
	long long *took_ns = calloc(cycles, sizeof(*took_ns));

	ASSERT_NE(NULL, took_ns);
	sd_load(_metadata, "source=line period_us=1000");
	for (cycle = 0; cycle < cycles; cycle++) {
		took_ns[cycle] = wake_by_unbind(_metadata);
		ASSERT_GT(DEADLINE_NS, took_ns[cycle]) {
			TH_LOG("cycle %d", cycle);
		}
	}
	qsort(took_ns, cycles, sizeof(*took_ns), by_value);
	TH_LOG("%d times %d sleepers: from unbind to the last awake %lld us median, %lld us at most",
	       cycles, SLEEPERS, took_ns[cycles / 2] / 1000,
	       took_ns[cycles - 1] / 1000);
	free(took_ns);
	sd_check_leaks(_metadata);
}

TEST_HARNESS_MAIN
