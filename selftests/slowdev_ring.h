/* SPDX-License-Identifier: MIT */
/*
 * An io_uring for the tests: one ring, reads and commands by an id, their
 * completions, and how many requests the kernel handed to a worker thread.
 *
 * Included once by a test program, after slowdev_test.h; which see for
 * _metadata.
 */
#ifndef SLOWDEV_RING_H
#define SLOWDEV_RING_H

#include <liburing.h>

#define SD_RING_ENTRIES	256
#define SD_PUNT		"io_uring_queue_async_work"
#define SD_PUNT_EVENT	"/sys/kernel/tracing/events/io_uring/" SD_PUNT
#define SD_TRACE	"/sys/kernel/tracing/trace"

/* The command area of a URING_CMD, as the contract has it. */
struct sd_area {
	uint64_t addr;
	uint32_t len;
	uint32_t flags;
};

static struct io_uring ring;

static SD_UNUSED void ring_up_flags(struct __test_metadata *_metadata,
				    unsigned int flags)
{
	ASSERT_EQ(0, io_uring_queue_init(SD_RING_ENTRIES, &ring, flags));
}

static SD_UNUSED void ring_up(struct __test_metadata *_metadata)
{
	ring_up_flags(_metadata, 0);
}

static SD_UNUSED struct io_uring_sqe *
request(struct __test_metadata *_metadata, uintptr_t id)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	ASSERT_NE(NULL, sqe);
	/* prep functions clear user_data in some versions: set it again */
	io_uring_sqe_set_data(sqe, (void *)id);
	return sqe;
}

static SD_UNUSED void start_read(struct __test_metadata *_metadata, int fd,
				 void *buf, uint32_t len, uintptr_t id)
{
	struct io_uring_sqe *sqe = request(_metadata, id);

	io_uring_prep_read(sqe, fd, buf, len, -1);
	io_uring_sqe_set_data(sqe, (void *)id);
	ASSERT_EQ(1, io_uring_submit(&ring));
}

static SD_UNUSED void prep_cmd(struct io_uring_sqe *sqe, int fd, uint32_t op,
			       const struct sd_area *area)
{
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, NULL, 0, 0);
	sqe->cmd_op = op;
	memcpy(sqe->cmd, area, sizeof(*area));
}

static SD_UNUSED void start_cmd(struct __test_metadata *_metadata, int fd,
				void *buf, uint32_t len, uintptr_t id)
{
	struct sd_area area = { (uintptr_t)buf, len, 0 };
	struct io_uring_sqe *sqe = request(_metadata, id);

	prep_cmd(sqe, fd, 1, &area);
	io_uring_sqe_set_data(sqe, (void *)id);
	/* with SQPOLL what others have handed in may be counted, too */
	ASSERT_LE(1, io_uring_submit(&ring));
}

/* The next completion's result; its id in *@id. */
static SD_UNUSED int completed(struct __test_metadata *_metadata,
			       uintptr_t *id)
{
	struct __kernel_timespec timeout = { .tv_sec = 10 };
	struct io_uring_cqe *cqe;
	int res;

	ASSERT_EQ(0, io_uring_wait_cqe_timeout(&ring, &cqe, &timeout));
	*id = (uintptr_t)io_uring_cqe_get_data(cqe);
	res = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return res;
}

/* Nothing has completed that was not taken. */
static SD_UNUSED bool pending(void)
{
	struct io_uring_cqe *cqe;

	return io_uring_peek_cqe(&ring, &cqe) != 0;
}

/* Count what is handed to workers from now on; false if we cannot see it. */
static SD_UNUSED bool watch_punts(void)
{
	/* opening it to write empties it */
	close(open(SD_TRACE, O_WRONLY | O_TRUNC));
	return sd_write_file(SD_PUNT_EVENT "/enable", "1", 1) == 1;
}

static SD_UNUSED int punts(void)
{
	static char text[65536];
	char *at = text;
	int count = 0;

	sd_write_file(SD_PUNT_EVENT "/enable", "0", 1);
	if (sd_read_file(SD_TRACE, text, sizeof(text)) < 0)
		return -1;
	while ((at = strstr(at, SD_PUNT ":"))) {
		count++;
		at++;
	}
	return count;
}

#endif
