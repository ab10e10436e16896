// SPDX-License-Identifier: MIT
/*
 * Every allocation and every user copy of loading, binding, opening, reading
 * and so on is made to fail, one at a time (see slowdev_fail.h). None leaks,
 * none loses a byte, and the next attempt finds all as the first did.
 */
#include <sys/ioctl.h>

#include "slowdev_test.h"
#include "slowdev_kernel.h"
#include "slowdev_fail.h"
#include "slowdev_ways.h"

static int fd, wo_fd, epfd;	/* what the attempts use */
static char buf[64];
static struct sd_waiter waiter;

/* Loading, both orders, and unloading */

static ssize_t load_hardware(void)
{
	return sd_insmod("slowdev_hw", "devices=2 source=line");
}

static ssize_t load_driver(void)
{
	return sd_insmod("slowdev", "");
}

/*
 * Loaded once, by the attempt in which nothing fails: the driver then requests
 * interrupts that have their files in /proc already. The kernel warns of those
 * that had no memory for a file, when it takes them away.
 */
static void with_hardware(struct __test_metadata *_metadata)
{
	if (!sd_loaded("slowdev_hw"))
		ASSERT_EQ(0, load_hardware());
}

/* What failed is not there; what is there goes, and nothing is in its way. */
static void unload(struct __test_metadata *_metadata, ssize_t ret)
{
	(void)ret;
	ASSERT_EQ(0, sd_unload("slowdev"));
}

static void unload_all(struct __test_metadata *_metadata, ssize_t ret)
{
	unload(_metadata, ret);
	ASSERT_EQ(0, sd_unload("slowdev_hw"));
}

static void with_both(struct __test_metadata *_metadata)
{
	unload_all(_metadata, 0);
	ASSERT_EQ(0, load_hardware());
	ASSERT_EQ(0, load_driver());
}

static ssize_t unload_hardware(void)
{
	return sd_rmmod("slowdev_hw");
}

static ssize_t unload_driver(void)
{
	return sd_rmmod("slowdev");
}

TEST_F_TIMEOUT(slowdev, loading, SD_ENDURE_S)
{
	static const struct attempt attempts[] = {
		{ "slowdev_hw", NULL, load_hardware, unload_all },
		{ "slowdev", NULL, load_driver, unload },
		{ "slowdev, and two probes", with_hardware, load_driver,
		  unload },
		{ "rmmod slowdev_hw", with_both, unload_hardware, unload_all },
		{ "rmmod slowdev", with_both, unload_driver, unload_all },
	};

	if (!fail_everything(_metadata))
		SKIP(return, "no " FAIL_NTH " in this kernel");
	fail_all(_metadata, attempts, ARRAY_SIZE(attempts));
}

/* kvmalloc() asks twice for what it needs, so that one failure is none. */
TEST_F_TIMEOUT(slowdev, loading_with_two_failures, SD_ENDURE_S)
{
	static const struct attempt attempt = {
		"slowdev_hw, two", NULL, load_hardware, unload_all,
	};

	if (!fail_everything(_metadata))
		SKIP(return, "no " FAIL_NTH " in this kernel");
	twice = true;
	fail_each(_metadata, &attempt);
	sd_check_leaks(_metadata);
}

/* One device and what is done with it */

static ssize_t or_errno(ssize_t ret)
{
	return ret < 0 ? -errno : ret;
}

static ssize_t bind_chip(void)
{
	return sd_bind("bind", 0);
}

static ssize_t unbind_chip(void)
{
	return sd_bind("unbind", 0);
}

static void make_unbound(struct __test_metadata *_metadata)
{
	if (access("/dev/slowdev0", F_OK) == 0)
		ASSERT_EQ(0, sd_bind("unbind", 0));
}

static void make_bound(struct __test_metadata *_metadata)
{
	if (access("/dev/slowdev0", F_OK))
		ASSERT_EQ(0, sd_bind("bind", 0));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
}

/* Bound or not, as it said. */
static void is_bound(struct __test_metadata *_metadata, ssize_t ret)
{
	ASSERT_EQ(ret == 0, access("/dev/slowdev0", F_OK) == 0);
}

static ssize_t open_chip(void)
{
	int opened = open("/dev/slowdev0", O_RDWR | O_CLOEXEC);

	if (opened >= 0)
		close(opened);
	return or_errno(opened);
}

/* Four bytes are there, and none is lost whatever becomes of a read. */
static void bytes_come(struct __test_metadata *_metadata)
{
	memset(buf, 0, sizeof(buf));
	sd_arrive(_metadata, 0, "abcd", 4);
}

static void no_byte_lost(struct __test_metadata *_metadata, ssize_t ret)
{
	ssize_t got = ret > 0 ? ret : 0;

	while (got < 4) {
		ret = read(fd, buf + got, sizeof(buf) - got);
		ASSERT_LT(0, ret);
		got += ret;
	}
	ASSERT_EQ(4, got);
	ASSERT_EQ(0, memcmp(buf, "abcd", 4));
	ASSERT_EQ(0, sd_get(0, "stats/buffered"));
}

static ssize_t read_four(void)
{
	return or_errno(read(fd, buf, 8));
}

static ssize_t readv_four(void)
{
	struct iovec iov[] = { { buf, 2 }, { buf + 2, 6 } };

	return or_errno(readv(fd, iov, 2));
}

static ssize_t preadv2_four(void)
{
	struct iovec iov = { buf, 8 };

	return or_errno(preadv2(fd, &iov, 1, -1, RWF_NOWAIT));
}

static ssize_t uring_four(void)
{
	waiter.way = SD_URING;
	return sd_way_read(&waiter, buf, 8);
}

static ssize_t uring_cmd_four(void)
{
	waiter.way = SD_URING_CMD;
	return sd_way_read(&waiter, buf, 8);
}

static ssize_t write_four(void)
{
	struct iovec iov[] = { { "ab", 2 }, { "cd", 2 } };

	return or_errno(writev(wo_fd, iov, 2));
}

static void is_sent(struct __test_metadata *_metadata, ssize_t ret)
{
	if (ret > 0)
		sd_await_out(_metadata, 0, buf, ret);
	ASSERT_EQ(0, memcmp(buf, "abcd", ret > 0 ? ret : 0));
	ASSERT_EQ(0, sd_line_out(0, buf, 1));
}

static ssize_t poll_both(void)
{
	struct pollfd pollfds[] = { { fd, POLLIN, 0 }, { wo_fd, POLLOUT, 0 } };

	return or_errno(poll(pollfds, 2, 0));
}

static ssize_t epoll_add(void)
{
	struct epoll_event event = { .events = EPOLLIN };

	return or_errno(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
}

static void epoll_del(struct __test_metadata *_metadata, ssize_t ret)
{
	struct epoll_event event = { 0 };

	ASSERT_EQ(ret ? -1 : 0, epoll_ctl(epfd, EPOLL_CTL_DEL, fd, &event));
}

static ssize_t async_on(void)
{
	return or_errno(fcntl(wo_fd, F_SETFL, O_ASYNC));
}

static void async_off(struct __test_metadata *_metadata, ssize_t ret)
{
	(void)ret;
	ASSERT_EQ(0, fcntl(wo_fd, F_SETFL, 0));
}

static ssize_t unknown_ioctl(void)
{
	return ioctl(fd, 0x7301, NULL) && errno == ENOTTY ? 0 : -errno;
}

static ssize_t set_period(void)
{
	return sd_put(0, "period_us", "1000");
}

static ssize_t show_stats(void)
{
	return sd_get(0, "stats/rx_bytes");
}

static ssize_t feed_line(void)
{
	return sd_line_in(0, "abcd", 4);
}

static void line_was_fed(struct __test_metadata *_metadata, ssize_t ret)
{
	if (ret > 0)
		no_byte_lost(_metadata, 0);
}

static ssize_t see_arrivals(void)
{
	return sd_read_file("/sys/bus/platform/devices/slowdev.0/arrivals",
			    buf, sizeof(buf));
}

TEST_F_TIMEOUT(slowdev, binding, SD_ENDURE_S)
{
	static const struct attempt attempts[] = {
		{ "bind", make_unbound, bind_chip, is_bound },
		{ "unbind", make_bound, unbind_chip, NULL },
		{ "open", make_bound, open_chip, NULL },
	};

	if (!fail_everything(_metadata))
		SKIP(return, "no " FAIL_NTH " in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	fail_all(_metadata, attempts, ARRAY_SIZE(attempts));
}

TEST_F_TIMEOUT(slowdev, calls, SD_ENDURE_S)
{
	static const struct attempt attempts[] = {
		{ "read", bytes_come, read_four, no_byte_lost },
		{ "readv", bytes_come, readv_four, no_byte_lost },
		{ "preadv2", bytes_come, preadv2_four, no_byte_lost },
		{ "io_uring read", bytes_come, uring_four, no_byte_lost },
		{ "io_uring command", bytes_come, uring_cmd_four,
		  no_byte_lost },
		{ "writev", NULL, write_four, is_sent },
		{ "poll", NULL, poll_both, NULL },
		{ "epoll_ctl", NULL, epoll_add, epoll_del },
		{ "fcntl O_ASYNC", NULL, async_on, async_off },
		{ "ioctl", NULL, unknown_ioctl, NULL },
		{ "period_us", NULL, set_period, NULL },
		{ "stats", NULL, show_stats, NULL },
		{ "line_in", NULL, feed_line, line_was_fed },
		{ "arrivals", NULL, see_arrivals, NULL },
	};

	if (!fail_everything(_metadata))
		SKIP(return, "no " FAIL_NTH " in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	wo_fd = sd_open(_metadata, O_WRONLY);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_EQ(0, sd_way_begin(&waiter, SD_URING, fd));
	fail_all(_metadata, attempts, ARRAY_SIZE(attempts));
	sd_way_end(&waiter);
}

TEST_HARNESS_MAIN
