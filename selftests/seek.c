// SPDX-License-Identifier: MIT
/*
 * What the device is not: seekable, mappable, or a terminal.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "slowdev_test.h"

TEST_F(slowdev, not_seekable)
{
	const int whences[] = { SEEK_SET, SEEK_CUR, SEEK_END };
	char byte;
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-1, lseek(fd, 0, whences[i]));
		EXPECT_EQ(ESPIPE, errno);
	}
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(fd, "y", 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(0, sd_get(0, "stats/tx_bytes"));
}

TEST_F(slowdev, unknown_ioctls_are_enotty)
{
	/* TCGETS, FIONREAD, BLKGETSIZE64, and three of nobody's */
	const unsigned long requests[] = {
		0x5401, 0x541b, 0x80081272, 0, 0xdeadbeef, 0xffffffff,
	};
	char area[256] = { 0 };
	size_t i;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		EXPECT_EQ(-1, ioctl(fd, requests[i], area));
		EXPECT_EQ(ENOTTY, errno) {
			TH_LOG("request %#lx", requests[i]);
		}
	}
	EXPECT_EQ(0, isatty(fd));
}

TEST_F(slowdev, not_mappable)
{
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(slowdev, modes_are_kept)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(EBADF, errno);
	fd = sd_open(_metadata, O_WRONLY);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EBADF, errno);
}

TEST_HARNESS_MAIN
