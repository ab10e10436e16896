// SPDX-License-Identifier: MIT
/*
 * Buffers that are bad, at once or half-way: EFAULT or a short result, and no
 * byte is lost or counted that did not move.
 */
#include <sys/mman.h>

#include "slowdev_test.h"

/* The end of a page after which there is nothing. */
static char *edge(struct __test_metadata *_metadata)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, (void *)map);
	ASSERT_EQ(0, munmap(map + page, page));
	return map + page;
}

TEST_F(slowdev, read_into_nowhere)
{
	void *bad[] = { NULL, (void *)-1L, (void *)0xffff800000000000UL };
	char buf[4];
	size_t i;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "abc", 3);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-1, syscall(SYS_read, fd, bad[i], 3));
		EXPECT_EQ(EFAULT, errno);
	}
	EXPECT_EQ(3, sd_get(0, "stats/buffered"));
	EXPECT_EQ(0, sd_get(0, "stats/rx_bytes"));
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
}

TEST_F(slowdev, read_into_what_cannot_be_written)
{
	char buf[1], *page;
	int fd;

	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)page);
	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "x", 1);
	EXPECT_EQ(-1, syscall(SYS_read, fd, page, 1));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(1, read(fd, buf, 1));
	EXPECT_EQ('x', buf[0]);
}

TEST_F(slowdev, read_that_goes_bad_half_way)
{
	char *end = edge(_metadata), buf[8], want[5] = "hello";
	ssize_t k;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (k = 0; k <= 5; k++) {
		sd_arrive(_metadata, 0, want, 5);
		errno = 0;
		ASSERT_EQ(k ? k : -1, syscall(SYS_read, fd, end - k, 8));
		ASSERT_EQ(k ? 0 : EFAULT, errno);
		EXPECT_EQ(0, memcmp(end - k, want, k));
		ASSERT_EQ(5 - k, sd_get(0, "stats/buffered"));
		if (k < 5)
			ASSERT_EQ(5 - k, read(fd, buf, sizeof(buf)));
		EXPECT_EQ(0, memcmp(buf, want + k, k < 5 ? 5 - k : 0));
	}
	EXPECT_EQ(6 * 5, sd_get(0, "stats/rx_bytes"));
}

/* The buffer's ring wraps at 4096: every byte of it beside the edge. */
TEST_F_TIMEOUT(slowdev, read_around_the_ring, 60)
{
	char *end = edge(_metadata);
	uint8_t next = 0, line[640], buf[8];
	size_t round;
	ssize_t n, i;
	int fd;

	SD_COUNTED_TIME();
	sd_load_with(_metadata, "source=line period_us=%d",
		     sd_lossless_us(100));
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	sd_fill(line, sizeof(line), 0);
	for (round = 0; round < 10; round++) {
		/* 640 is no multiple of 256 */
		sd_fill(line, sizeof(line), round * sizeof(line));
		sd_arrive(_metadata, 0, line, sizeof(line));
		while ((n = syscall(SYS_read, fd, end - 3, 7)) > 0) {
			ASSERT_GE(3, n);
			for (i = 0; i < n; i++, next++)
				ASSERT_EQ(next, (uint8_t)end[i - 3]);
			n = read(fd, buf, 4);
			for (i = 0; i < n; i++, next++)
				ASSERT_EQ(next, buf[i]);
		}
		ASSERT_EQ(EAGAIN, errno);
	}
	EXPECT_EQ(10 * sizeof(line), sd_get(0, "stats/rx_bytes"));
}

TEST_F(slowdev, readv_with_a_bad_piece)
{
	char a[2], buf[8];
	struct iovec iov[] = {
		{ a, sizeof(a) }, { (void *)8, 2 }, { buf, sizeof(buf) },
	};
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "hello", 5);
	ASSERT_EQ(2, readv(fd, iov, 3));
	EXPECT_EQ(0, memcmp(a, "he", 2));
	EXPECT_EQ(-1, readv(fd, iov + 1, 2));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "llo", 3));
}

TEST_F(slowdev, write_from_nowhere)
{
	char out[1];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	EXPECT_EQ(-1, syscall(SYS_write, fd, (void *)8, 1));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, sd_get(0, "stats/tx_bytes"));
	ASSERT_EQ(1, write(fd, "x", 1));
	sd_await_out(_metadata, 0, out, 1);
	EXPECT_EQ('x', out[0]);
}

TEST_F(slowdev, write_that_goes_bad_half_way)
{
	char *end = edge(_metadata), out[3];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	memcpy(end - 3, "abc", 3);
	EXPECT_EQ(3, syscall(SYS_write, fd, end - 3, 10));
	EXPECT_EQ(3, sd_get(0, "stats/tx_bytes"));
	sd_await_out(_metadata, 0, out, 3);
	EXPECT_EQ(0, memcmp(out, "abc", 3));
}

TEST_F(slowdev, writev_with_a_bad_piece)
{
	struct iovec iov[] = { { "ab", 2 }, { (void *)8, 2 }, { "cd", 2 } };
	char out[2];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_WRONLY);
	EXPECT_EQ(2, writev(fd, iov, 3));
	EXPECT_EQ(-1, writev(fd, iov + 1, 2));
	EXPECT_EQ(EFAULT, errno);
	sd_await_out(_metadata, 0, out, 2);
	EXPECT_EQ(0, memcmp(out, "ab", 2));
	EXPECT_EQ(2, sd_get(0, "stats/tx_bytes"));
}

TEST_HARNESS_MAIN
