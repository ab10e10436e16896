/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the driver share: a fixture that leaves no module behind
 * and checks that every byte was counted, and the verbs to load chips, look
 * at their counters and wait for an event.
 *
 * Included once by each test program, which runs as root in the VM with no
 * module loaded. Functions take the harness's _metadata first, so that the
 * ASSERT and EXPECT macros work in them; these end or fail the test that
 * called them. Nothing here sleeps to be on time: sd_until() asks again and
 * again until something is so, and fails after a deadline.
 */
#ifndef SLOWDEV_TEST_H
#define SLOWDEV_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#define SD_DEADLINE_NS	(20 * 1000000000LL)
#define SD_MAX_FILES	600
#define SD_CHIP_FIFO	16	/* bytes, in each direction */
#define SD_BUFFER	4096	/* received bytes the driver keeps */

#define SD_UNUSED	__attribute__((unused))

#include "slowdev_here.h"

/* Files a test opened, so that its end can close them. */
static int sd_files[SD_MAX_FILES];
static int sd_nfiles;

struct sd_stats {
	long long interrupts;
	long long arrived;
	long long rx_bytes;
	long long tx_bytes;
	long long overruns;
	long long dropped;
	long long buffered;
};

static SD_UNUSED long long sd_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/*
 * Wait until @condition, which is evaluated every 100 us at first and rarer
 * when it takes long (a busy VM is dear); it is false afterwards only if the
 * deadline passed.
 */
#define sd_until(condition) ({						\
	long long _deadline_ns = sd_now_ns() + SD_DEADLINE_NS;		\
	unsigned int _tries = 0;					\
	bool _is;							\
									\
	while (!(_is = (condition)) && sd_now_ns() < _deadline_ns)	\
		usleep(++_tries < 1000 ? 100 : 10000);			\
	_is;								\
})

/* Files of sysfs and procfs: bytes read or written, or -errno. */

static SD_UNUSED ssize_t sd_read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (done < size - 1 &&
	       (n = read(fd, buf + done, size - 1 - done)) > 0)
		done += n;
	if (n < 0)
		n = -errno;
	close(fd);
	buf[done] = '\0';
	return n < 0 ? n : (ssize_t)done;
}

static SD_UNUSED ssize_t sd_write_file(const char *path, const void *data,
				       size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, data, len);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

/* The number in an attribute of slowdev@dev, or -errno. */
static SD_UNUSED long long sd_get(int dev, const char *attribute)
{
	char path[128], text[64], *end;
	long long value;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/slowdev/slowdev%d/%s", dev,
		 attribute);
	n = sd_read_file(path, text, sizeof(text));
	if (n < 0)
		return n;
	value = strtoll(text, &end, 10);
	/* a decimal number, a newline and nothing else */
	return end != text && !strcmp(end, "\n") ? value : -EBADMSG;
}

/* 0 or -errno */
static SD_UNUSED int sd_put(int dev, const char *attribute, const char *text)
{
	char path[128];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/slowdev/slowdev%d/%s", dev,
		 attribute);
	n = sd_write_file(path, text, strlen(text));
	return n < 0 ? (int)n : 0;
}

static SD_UNUSED void sd_get_stats(int dev, struct sd_stats *stats)
{
	stats->interrupts = sd_get(dev, "stats/interrupts");
	stats->arrived = sd_get(dev, "stats/arrived");
	stats->rx_bytes = sd_get(dev, "stats/rx_bytes");
	stats->tx_bytes = sd_get(dev, "stats/tx_bytes");
	stats->overruns = sd_get(dev, "stats/overruns");
	stats->dropped = sd_get(dev, "stats/dropped");
	stats->buffered = sd_get(dev, "stats/buffered");
}

/*
 * The outside of chip @dev's line. What line_in took (sysfs hands over a page
 * at most at a time), or -errno if that was nothing.
 */
static SD_UNUSED ssize_t sd_line_in(int dev, const void *data, size_t len)
{
	char path[128];
	size_t done = 0;
	ssize_t n = 0;
	int fd, err = 0;

	snprintf(path, sizeof(path),
		 "/sys/bus/platform/devices/slowdev.%d/line_in", dev);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (done < len &&
	       (n = write(fd, (const char *)data + done, len - done)) > 0)
		done += n;
	if (n < 0)
		err = -errno;
	close(fd);
	return done || !err ? (ssize_t)done : err;
}

/* What is taken from line_out; it may come in several pieces. */
static SD_UNUSED ssize_t sd_line_out(int dev, void *buf, size_t size)
{
	char path[128];
	size_t done = 0;
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path),
		 "/sys/bus/platform/devices/slowdev.%d/line_out", dev);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (done < size && (n = read(fd, (char *)buf + done,
					size - done)) > 0)
		done += n;
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)done;
}

/* Modules */

/*
 * 0 or -errno. The driver gets those in SLOWDEV_PARAMETERS, too: so a whole
 * test can be run with, say, threaded=1. On the host's time a period of 1 ms
 * becomes one of 10: the 16 bytes of a FIFO then last longer than a pause.
 */
static SD_UNUSED int sd_insmod(const char *module, const char *parameters)
{
	const char *more = getenv("SLOWDEV_PARAMETERS");
	char path[256], all[256], *period;
	struct utsname uts;
	int fd, err;

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/%s.ko",
		 uts.release, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(all, sizeof(all) - 1, "%s %s", parameters,
		 more && !strcmp(module, "slowdev") ? more : "");
	period = strstr(all, "period_us=1000 ");
	if (sd_host_time() && period) {
		period = strchr(period, ' ');
		memmove(period + 1, period, strlen(period) + 1);
		*period = '0';
	}
	err = syscall(SYS_finit_module, fd, all, 0) ? -errno : 0;
	close(fd);
	return err;
}

static SD_UNUSED int sd_rmmod(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

static SD_UNUSED bool sd_loaded(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", module);
	return access(path, F_OK) == 0;
}

/* Take out @module, waiting for the files of who was killed to be closed. */
static SD_UNUSED int sd_unload(const char *module)
{
	int err = 0;

	sd_until((err = sd_rmmod(module)) != -EAGAIN && err != -EBUSY);
	return err == -ENOENT ? 0 : err;
}

static SD_UNUSED void sd_path(char *path, size_t size, int dev)
{
	snprintf(path, size, "/dev/slowdev%d", dev);
}

/* Both modules, the hardware with @parameters; /dev/slowdev0 is there then. */
static SD_UNUSED void sd_load(struct __test_metadata *_metadata,
			      const char *parameters)
{
	ASSERT_EQ(0, sd_insmod("slowdev", ""));
	ASSERT_EQ(0, sd_insmod("slowdev_hw", parameters)) {
		TH_LOG("parameters: %s", parameters);
	}
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
}

/* The same with parameters that have a number, @format's %d. */
static SD_UNUSED __attribute__((format(printf, 2, 0)))
void sd_load_with(struct __test_metadata *_metadata, const char *format,
		  int number)
{
	char parameters[80];

	snprintf(parameters, sizeof(parameters), format, number);
	sd_load(_metadata, parameters);
}

static SD_UNUSED int sd_open_dev(struct __test_metadata *_metadata, int dev,
				 int flags)
{
	char path[32];
	int fd;

	sd_path(path, sizeof(path), dev);
	fd = open(path, flags | O_CLOEXEC);
	ASSERT_LE(0, fd) {
		TH_LOG("open %s: %s", path, strerror(errno));
	}
	ASSERT_LT(sd_nfiles, SD_MAX_FILES);
	sd_files[sd_nfiles++] = fd;
	return fd;
}

static SD_UNUSED int sd_open(struct __test_metadata *_metadata, int flags)
{
	return sd_open_dev(_metadata, 0, flags);
}

static SD_UNUSED void sd_close(int fd)
{
	int i;

	for (i = 0; i < sd_nfiles; i++) {
		if (sd_files[i] != fd)
			continue;
		sd_files[i] = sd_files[--sd_nfiles];
		close(fd);
		return;
	}
}

/*
 * With the line quiet every byte that arrived was read, is in a buffer, or
 * was lost and counted. Quiet is what did not move while we looked. Called in
 * the teardown too, where an ASSERT would begin the teardown again, for ever.
 */
static SD_UNUSED void sd_check_counts(struct __test_metadata *_metadata,
				      int dev)
{
	struct sd_stats was, is;
	bool quiet;

	quiet = sd_until((sd_get_stats(dev, &was), sd_get_stats(dev, &is),
			  !memcmp(&was, &is, sizeof(is))));
	EXPECT_TRUE(quiet) {
		TH_LOG("slowdev%d: the line does not become quiet", dev);
	}
	if (!quiet)
		return;
	EXPECT_LE(0, is.arrived) {
		TH_LOG("slowdev%d: no stats/arrived in sysfs: %s", dev,
		       strerror(-is.arrived));
	}
	if (is.arrived < 0)
		return;
	EXPECT_LE(0, is.interrupts);
	EXPECT_LE(0, is.tx_bytes);
	EXPECT_EQ(is.arrived,
		  is.rx_bytes + is.buffered + is.overruns + is.dropped) {
		TH_LOG("slowdev%d: arrived %lld, read %lld, buffered %lld, overruns %lld, dropped %lld",
		       dev, is.arrived, is.rx_bytes, is.buffered,
		       is.overruns, is.dropped);
	}
}

/* Wait until @attribute of slowdev@dev is @value. */
static SD_UNUSED void sd_await(struct __test_metadata *_metadata, int dev,
			       const char *attribute, long long value)
{
	long long seen;

	ASSERT_TRUE(sd_until((seen = sd_get(dev, attribute)) == value)) {
		TH_LOG("slowdev%d: %s is %lld, not %lld", dev, attribute,
		       seen, value);
	}
}

/*
 * Whether debugfs shows @text among the registers of chip @dev. If it shows no
 * registers, as with somebody else's hardware, we take it to be so.
 */
static SD_UNUSED bool sd_registers_say(int dev, const char *text)
{
	char path[80], all[2048];

	snprintf(path, sizeof(path),
		 "/sys/kernel/debug/slowdev_hw/slowdev.%d/registers", dev);
	return access(path, F_OK) ||
	       (sd_read_file(path, all, sizeof(all)) > 0 && strstr(all, text));
}

/*
 * Wait until the driver has taken what chip @dev holds, if each byte is worth
 * an interrupt: on another CPU that may be on its way still, or its thread. The
 * last look takes the driver's lock: the handler has woken who waited, by then.
 */
static SD_UNUSED void sd_await_taken(struct __test_metadata *_metadata,
				     int dev)
{
	if (sd_get(dev, "rx_trigger") != 1)
		return;
	ASSERT_TRUE(sd_until(sd_registers_say(dev, " RX_LEVEL=0 "))) {
		TH_LOG("slowdev%d: the driver leaves bytes in the chip", dev);
	}
	ASSERT_LE(0, sd_get(dev, "stats/arrived"));
}

/*
 * Put @data on the line and wait until all of it has arrived, and can be read
 * unless the trigger keeps it in the chip.
 */
static SD_UNUSED void sd_arrive(struct __test_metadata *_metadata, int dev,
				const void *data, size_t len)
{
	long long arrived = sd_get(dev, "stats/arrived");

	ASSERT_LE(0, arrived);
	ASSERT_EQ((ssize_t)len, sd_line_in(dev, data, len));
	sd_await(_metadata, dev, "stats/arrived", arrived + len);
	sd_await_taken(_metadata, dev);
}

/* Take @len bytes from line_out, which must hold no more than those. */
static SD_UNUSED void sd_await_out(struct __test_metadata *_metadata, int dev,
				   void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;
	char more;

	ASSERT_TRUE(sd_until((n = sd_line_out(dev, (char *)buf + done,
					      len - done)) < 0 ||
			     (done += n) == len)) {
		TH_LOG("%zu of %zu bytes were sent", done, len);
	}
	ASSERT_LE(0, n);
	EXPECT_EQ(0, sd_line_out(dev, &more, 1));
}

/* Write without sleeping until there is no room; how much was taken. */
static SD_UNUSED size_t sd_fill_tx(struct __test_metadata *_metadata, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	uint8_t buf[64];
	size_t done = 0;
	ssize_t n;

	ASSERT_LE(0, flags);
	ASSERT_EQ(0, fcntl(fd, F_SETFL, flags | O_NONBLOCK));
	do {
		size_t i;

		for (i = 0; i < sizeof(buf); i++)
			buf[i] = done + i;
		n = write(fd, buf, sizeof(buf));
		done += n > 0 ? n : 0;
		ASSERT_LT(done, 1 << 20);
	} while (n > 0);
	ASSERT_EQ(-1, n);
	ASSERT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, fcntl(fd, F_SETFL, flags));
	return done;
}

/* Take chip @dev from its driver, or give it back; 0 or -errno. */
static SD_UNUSED int sd_bind(const char *how, int dev)
{
	char path[64], name[32];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/slowdev/%s",
		 how);
	snprintf(name, sizeof(name), "slowdev.%d", dev);
	n = sd_write_file(path, name, strlen(name));
	return n < 0 ? (int)n : 0;
}

/* @len bytes @first, @first + 1, ... 255, 0, ... */
static SD_UNUSED void sd_fill(uint8_t *buf, size_t len, unsigned int first)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = first + i;
}

#include "slowdev_call.h"

/*
 * The fixture of every test: it begins without modules, loads what it needs
 * by sd_load(), and ends with the counts checked for each chip that is left.
 */
FIXTURE(slowdev) {
};

FIXTURE_SETUP(slowdev)
{
	/* a test that was killed left them */
	ASSERT_EQ(0, sd_unload("slowdev_hw"));
	ASSERT_EQ(0, sd_unload("slowdev"));
}

FIXTURE_TEARDOWN(slowdev)
{
	char path[32];
	int dev;

	/* an ASSERT that ended the test left this set, and every EXPECT here
	 * would say it failed
	 */
	_metadata->trigger = 0;
	while (sd_nfiles)
		sd_close(sd_files[0]);
	for (dev = 0; dev < 256; dev++) {
		sd_path(path, sizeof(path), dev);
		if (access(path, F_OK) == 0)
			sd_check_counts(_metadata, dev);
	}
	EXPECT_EQ(0, sd_unload("slowdev_hw"));
	EXPECT_EQ(0, sd_unload("slowdev"));
}

#endif
