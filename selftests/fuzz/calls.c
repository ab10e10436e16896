// SPDX-License-Identifier: MIT
/*
 * What a program can do to a slowdev: a table of calls, each with arguments
 * out of a few that are interesting, by chance. Some are wrong in every way.
 *
 * Runs as root in the VM. No result is looked at: what is looked for is a
 * kernel that complains.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kmod/slowdev_cmd.h"

#include "calls.h"

#define FILES	6

/* What a sequence has open; -1 where nothing is. */
static int files[FILES];
static int epfd = -1, pipes[2] = { -1, -1 };
static struct io_uring ring;
static int ring_up;

char *good;
static char *read_only;

static int file(const struct fuzz_op *op)
{
	return files[op->file % FILES];
}

size_t length(uint32_t n)
{
	static const size_t lengths[] = {
		1, 0, 2, 16, 17, 300, PAGE - 1, PAGE, PAGE + 1, 65536,
		0x7ffff000, (size_t)-1,
	};

	/* most are small */
	return n & 1 ? n / 2 % 64 : PICK(lengths, n / 2);
}

void *buffer(uint32_t n)
{
	void *bad[] = {
		NULL, (void *)8, read_only, good + 16 * PAGE - 3,
		good + 16 * PAGE, (void *)0xffff888000000000UL,
		(void *)-4096L, (void *)0x800000000000UL,
	};

	return n & 1 ? good + n / 2 % PAGE : PICK(bad, n / 2);
}

static void do_open(const struct fuzz_op *op)
{
	static const int flags[] = {
		O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_NONBLOCK,
		O_RDONLY | O_NONBLOCK, O_WRONLY | O_NONBLOCK, O_RDWR | O_ASYNC,
		O_RDWR | O_APPEND | O_TRUNC, O_PATH, 3, O_RDWR | O_DSYNC,
	};
	char path[32];
	int *slot = &files[op->file % FILES];

	if (*slot >= 0)
		close(*slot);
	snprintf(path, sizeof(path), "/dev/slowdev%u",
		 op->x % FUZZ_DEVICES);
	*slot = open(path, PICK(flags, op->y) | O_CLOEXEC);
}

static void do_close(const struct fuzz_op *op)
{
	int *slot = &files[op->file % FILES];

	close(*slot);
	*slot = -1;
}

static void do_dup(const struct fuzz_op *op)
{
	int *slot = &files[op->x % FILES];

	if (*slot < 0)
		*slot = dup(file(op));
}

static void do_read(const struct fuzz_op *op)
{
	syscall(SYS_read, file(op), buffer(op->x), length(op->y));
}

static void do_write(const struct fuzz_op *op)
{
	syscall(SYS_write, file(op), buffer(op->x), length(op->y));
}

static void do_vector(const struct fuzz_op *op)
{
	static const int flags[] = {
		0, RWF_NOWAIT, RWF_HIPRI, RWF_APPEND, RWF_SYNC, 0x4000,
	};
	struct iovec iov[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		iov[i].iov_base = buffer(op->x >> 2 * i);
		iov[i].iov_len = length(op->y >> 3 * i);
	}
	syscall(op->y & 0x10000 ? SYS_pwritev2 : SYS_preadv2, file(op), iov,
		(op->y >> 20) % 5, op->y & 0x20000 ? 7L : -1L, -1L,
		PICK(flags, op->y >> 24));
}

static void do_poll(const struct fuzz_op *op)
{
	struct pollfd pollfds[2] = {
		{ file(op), op->x, 0 },
		{ files[op->y % FILES], op->x >> 5, 0 },
	};

	poll(pollfds, 2, op->y >> 8 & 1);
}

static void do_epoll_ctl(const struct fuzz_op *op)
{
	static const uint32_t events[] = {
		EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLET, EPOLLIN | EPOLLEXCLUSIVE,
		EPOLLIN | EPOLLOUT | EPOLLONESHOT, 0, EPOLLPRI | EPOLLRDHUP,
	};
	struct epoll_event event = { .events = PICK(events, op->y) };

	if (epfd < 0)
		epfd = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(epfd, op->x % 5, file(op), &event);
}

static void do_epoll_wait(const struct fuzz_op *op)
{
	struct epoll_event events[4];

	epoll_wait(epfd, events, 4, op->x & 1);
}

static void do_fcntl(const struct fuzz_op *op)
{
	static const int flags[] = {
		0, O_NONBLOCK, O_ASYNC, O_ASYNC | O_NONBLOCK, O_APPEND,
		O_DIRECT,
	};
	static const int cmds[] = {
		F_SETFL, F_SETFL, F_SETFL, F_SETSIG, F_SETOWN, F_GETFL,
		F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ, F_ADD_SEALS,
	};
	int cmd = PICK(cmds, op->x);

	fcntl(file(op), cmd, cmd == F_SETFL ? PICK(flags, op->y) :
	      cmd == F_SETOWN ? getpid() : cmd == F_SETSIG ? 0 :
	      (long)op->y);
}

static void do_ioctl(const struct fuzz_op *op)
{
	static const unsigned long cmds[] = {
		FIONBIO, FIOASYNC, FIONREAD, FIOQSIZE, FIOCLEX, TCGETS,
	};

	ioctl(file(op), op->x & 1 ? PICK(cmds, op->y) : op->y, buffer(op->x));
}

static void do_odd(const struct fuzz_op *op)
{
	int fd = file(op);
	void *map;

	switch (op->x % 10) {
	case 0:
		lseek(fd, op->y, op->y % 5);
		break;
	case 1:
		map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
		if (map != MAP_FAILED)
			munmap(map, PAGE);
		break;
	case 2:
		fsync(fd);
		break;
	case 3:
		syscall(SYS_fallocate, fd, 0, 0, 1);
		break;
	case 4:
		syscall(SYS_ftruncate, fd, 0);
		break;
	case 5:
		syscall(SYS_flock, fd, op->y);
		break;
	case 6:
		posix_fadvise(fd, 0, 0, op->y % 7);
		break;
	case 7:
		syscall(SYS_copy_file_range, fd, NULL,
			files[op->y % FILES], NULL, 9, 0);
		break;
	case 8:
		syscall(SYS_readahead, fd, 0, 9);
		break;
	default:
		sendfile(files[op->y % FILES], fd, NULL, 9);
	}
}

static void do_splice(const struct fuzz_op *op)
{
	if (pipes[0] < 0 && pipe2(pipes, O_CLOEXEC | O_NONBLOCK))
		return;
	if (op->x & 1)
		splice(file(op), NULL, pipes[1], NULL, length(op->y),
		       op->x >> 1 & 15);
	else
		splice(pipes[0], NULL, file(op), NULL, length(op->y),
		       op->x >> 1 & 15);
}

static struct io_uring_sqe *sqe_for(const struct fuzz_op *op)
{
	static const unsigned int flags[] = {
		0, IORING_SETUP_CQE32, IORING_SETUP_SQE128,
		IORING_SETUP_COOP_TASKRUN, IORING_SETUP_SINGLE_ISSUER |
		IORING_SETUP_DEFER_TASKRUN,
	};

	if (!ring_up) {
		if (io_uring_queue_init(8, &ring, PICK(flags, op->x >> 8)))
			return NULL;
		ring_up = 1;
	}
	return io_uring_get_sqe(&ring);
}

static void do_uring(const struct fuzz_op *op)
{
	struct io_uring_sqe *sqe = sqe_for(op);
	struct slowdev_cmd_read area = {
		(uintptr_t)buffer(op->x), length(op->y >> 8),
		op->y >> 28 == 0 ? 1 : 0,
	};

	if (!sqe)
		return;
	switch (op->y % 7) {
	case 0:
		io_uring_prep_read(sqe, file(op), buffer(op->x),
				   length(op->y >> 8), -1);
		break;
	case 1:
		io_uring_prep_write(sqe, file(op), buffer(op->x),
				    length(op->y >> 8), -1);
		break;
	case 2:
		io_uring_prep_poll_add(sqe, file(op), op->x);
		break;
	case 3:
		/* ids are few, so that what is cancelled may be there */
		io_uring_prep_cancel(sqe, (void *)(uintptr_t)(op->y >> 8 & 3),
				     op->y >> 10 & 7);
		break;
	default:
		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, file(op), NULL, 0,
				 0);
		sqe->cmd_op = op->y >> 16 & 15 ? SLOWDEV_CMD_READ : op->x;
		memcpy(sqe->cmd, &area, sizeof(area));
	}
	sqe->flags = op->y >> 24 & 0x3f & ~(IOSQE_FIXED_FILE |
					    IOSQE_IO_DRAIN);
	io_uring_sqe_set_data(sqe, (void *)(uintptr_t)(op->x >> 5 & 3));
	io_uring_submit(&ring);
}

static void do_reap(const struct fuzz_op *op)
{
	struct __kernel_timespec timeout = { .tv_nsec = 500000 };
	struct io_uring_cqe *cqe;

	if (!ring_up)
		return;
	if (op->x % 16 == 0) {
		io_uring_queue_exit(&ring);
		ring_up = 0;
		return;
	}
	if (op->x & 1)
		io_uring_wait_cqe_timeout(&ring, &cqe, &timeout);
	while (!io_uring_peek_cqe(&ring, &cqe))
		io_uring_cqe_seen(&ring, cqe);
}

/* A child has all the files too; what it closes, and how it ends, is its own. */
static void do_fork(const struct fuzz_op *op)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (op->x & 1)
			close(file(op));
		if (op->x & 2)
			raise(SIGKILL);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void do_wait(const struct fuzz_op *op)
{
	usleep(op->x % 500);
}

static const struct {
	const char *name;
	void (*fn)(const struct fuzz_op *op);
} calls[] = {
	/* twice or more: what is more likely */
	{ "open", do_open }, { "open", do_open }, { "open", do_open },
	{ "read", do_read }, { "read", do_read }, { "write", do_write },
	{ "vector", do_vector }, { "vector", do_vector }, { "poll", do_poll },
	{ "epoll_ctl", do_epoll_ctl }, { "epoll_wait", do_epoll_wait },
	{ "fcntl", do_fcntl }, { "ioctl", do_ioctl }, { "odd", do_odd },
	{ "splice", do_splice }, { "uring", do_uring }, { "uring", do_uring },
	{ "uring", do_uring }, { "reap", do_reap }, { "reap", do_reap },
	{ "store", do_store }, { "show", do_show }, { "line_in", do_line_in },
	{ "line_in", do_line_in }, { "bind", do_bind }, { "fault", do_fault },
	{ "log", do_log },
	{ "close", do_close }, { "dup", do_dup }, { "fork", do_fork },
	{ "wait", do_wait },
};

int fuzz_calls_init(void)
{
	good = mmap(NULL, 17 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	if (good == MAP_FAILED || read_only == MAP_FAILED ||
	    munmap(good + 16 * PAGE, PAGE)) {
		perror("slowdev-fuzz: mmap");
		return -1;
	}
	return 0;
}

static void close_slot(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void fuzz_run(const struct fuzz_seq *seq)
{
	unsigned int i;

	memset(files, -1, sizeof(files));
	for (i = 0; i < seq->nops; i++)
		PICK(calls, seq->ops[i].call).fn(&seq->ops[i]);
	if (ring_up)
		io_uring_queue_exit(&ring);
	ring_up = 0;
	for (i = 0; i < FILES; i++)
		close_slot(&files[i]);
	close_slot(&epfd);
	close_slot(&pipes[0]);
	close_slot(&pipes[1]);
}

void fuzz_print(const struct fuzz_seq *seq)
{
	unsigned int i;

	for (i = 0; i < seq->nops; i++)
		printf("%s(%u,%u,%u) ", PICK(calls, seq->ops[i].call).name,
		       seq->ops[i].file, seq->ops[i].x, seq->ops[i].y);
	printf("\n");
}

int fuzz_parse(struct fuzz_seq *seq, const char *line)
{
	char name[16];
	unsigned int file_n, x, y, call;
	int used;

	seq->nops = 0;
	while (sscanf(line, " %15[a-z_](%u,%u,%u)%n", name, &file_n, &x, &y,
		      &used) == 4) {
		for (call = 0; call < COUNT(calls); call++)
			if (!strcmp(calls[call].name, name))
				break;
		if (call == COUNT(calls) || seq->nops == FUZZ_MAX_OPS)
			return -1;
		seq->ops[seq->nops++] = (struct fuzz_op){ call, file_n, x, y };
		line += used;
	}
	return seq->nops && !line[strspn(line, " \n")] ? 0 : -1;
}
