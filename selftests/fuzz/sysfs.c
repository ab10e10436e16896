// SPDX-License-Identifier: MIT
/*
 * What a program can do to a slowdev by files in sysfs and debugfs, its chip's
 * coming and going included. As calls.c, whose table has these.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		errno = 0;	/* as said: no result is looked at */
	close(fd);
}

void do_store(const struct fuzz_op *op)
{
	/* 50 us, not less: four chips shall leave the fuzzer some time */
	static const char * const texts[] = {
		"50", "100", "1000", "1", "8", "16", "4294967", "4294968",
		"0", "-1", "", "x", "0x10", " 3", "99999999999999999999",
	};
	static const char * const names[] = {
		"period_us", "rx_trigger", "stats/arrived", "uevent",
	};
	const char *name = PICK(names, op->x >> 2);
	const char *text = PICK(texts, op->y);
	char path[96];

	if (!strcmp(name, "period_us") && strlen(text) == 1 && *text == '1')
		text = "50";
	snprintf(path, sizeof(path), "/sys/class/slowdev/slowdev%u/%s",
		 op->x % FUZZ_DEVICES, name);
	put(path, text);
}

void do_show(const struct fuzz_op *op)
{
	static const char * const paths[] = {
		"/sys/class/slowdev/slowdev%u/period_us",
		"/sys/class/slowdev/slowdev%u/rx_trigger",
		"/sys/class/slowdev/slowdev%u/next",
		"/sys/class/slowdev/slowdev%u/stats/arrived",
		"/sys/class/slowdev/slowdev%u/stats/buffered",
		"/sys/bus/platform/devices/slowdev.%u/arrivals",
		"/sys/bus/platform/devices/slowdev.%u/line_out",
		"/sys/bus/platform/devices/slowdev.%u/line_in",
		"/sys/bus/platform/devices/slowdev.%u/fault",
		"/sys/kernel/debug/slowdev_hw/slowdev.%u/registers",
	};
	char path[96];
	int fd;

	snprintf(path, sizeof(path), PICK(paths, op->y),
		 op->x % FUZZ_DEVICES);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	syscall(SYS_pread64, fd, buffer(op->x >> 2), length(op->y >> 8),
		op->y >> 4 & 0xfff);
	close(fd);
}

void do_line_in(const struct fuzz_op *op)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path),
		 "/sys/bus/platform/devices/slowdev.%u/line_in",
		 op->x % FUZZ_DEVICES);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	syscall(SYS_write, fd, good, op->y % (2 * PAGE));
	close(fd);
}

/* Three of four bring a chip back, so that most are there. */
void do_bind(const struct fuzz_op *op)
{
	char name[32];

	snprintf(name, sizeof(name), "slowdev.%u", op->y % FUZZ_DEVICES);
	put(op->x & 3 ? "/sys/bus/platform/drivers/slowdev/bind" :
	    "/sys/bus/platform/drivers/slowdev/unbind", name);
}

/* Not "stuck": the kernel complains of that one, as it should. */
void do_fault(const struct fuzz_op *op)
{
	static const char * const faults[] = {
		"none", "none", "none", "lost", "spurious", "vanish", "x", "",
	};
	char path[96];

	snprintf(path, sizeof(path),
		 "/sys/bus/platform/devices/slowdev.%u/fault",
		 op->x % FUZZ_DEVICES);
	put(path, PICK(faults, op->y));
}

void do_log(const struct fuzz_op *op)
{
	put("/sys/module/slowdev/parameters/isr_log",
	    op->x % 8 ? "0" : op->y & 1 ? "1" : "2");
}
