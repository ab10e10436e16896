// SPDX-License-Identifier: MIT
/*
 * File operations: each is one system call, made by a thread of the pool, which
 * may sleep in it; or by the caller's own, when there is no callback. Called by
 * the thread that owns the loop, but for the do_*() functions.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void do_open(struct sloop_fs *fs)
{
	fs->result = open(fs->path, fs->flags | O_CLOEXEC, fs->mode);
}

static void do_close(struct sloop_fs *fs)
{
	fs->result = close(fs->fd);
}

static void do_read(struct sloop_fs *fs)
{
	fs->result = fs->offset < 0 ?
		     readv(fs->fd, fs->buffers, fs->count) :
		     preadv(fs->fd, fs->buffers, fs->count, fs->offset);
}

static void do_write(struct sloop_fs *fs)
{
	fs->result = fs->offset < 0 ?
		     writev(fs->fd, fs->buffers, fs->count) :
		     pwritev(fs->fd, fs->buffers, fs->count, fs->offset);
}

static void do_sync(struct sloop_fs *fs)
{
	fs->result = fsync(fs->fd);
}

static void do_stat(struct sloop_fs *fs)
{
	fs->result = fstat(fs->fd, &fs->stat);
}

static void operate(struct sloop_fs *fs)
{
	do {
		fs->operation(fs);
		if (fs->result < 0)
			fs->result = -errno;
		/* a close that was interrupted has closed */
	} while (fs->result == -EINTR && fs->operation != do_close);
	if (fs->result == -EINTR)
		fs->result = 0;
}

static void clean(struct sloop_fs *fs)
{
	free(fs->path);
	free(fs->buffers);
	fs->path = NULL;
	fs->buffers = NULL;
}

static void in_pool(struct sloop_work *work)
{
	operate(container_of(work, struct sloop_fs, work));
}

static void in_loop(struct sloop_work *work, int status)
{
	struct sloop_fs *fs = container_of(work, struct sloop_fs, work);

	if (status)
		fs->result = status;
	clean(fs);
	fs->cb(fs);
}

static void init(struct sloop *loop, struct sloop_fs *fs, int fd,
		 void (*operation)(struct sloop_fs *fs))
{
	fs->loop = loop;
	fs->fd = fd;
	fs->operation = operation;
	fs->path = NULL;
	fs->buffers = NULL;
	fs->result = 0;
}

static int begin(struct sloop_fs *fs, void (*cb)(struct sloop_fs *fs))
{
	int error;

	fs->cb = cb;
	if (!cb) {
		operate(fs);
		clean(fs);
		return fs->result;
	}
	error = sloop_queue_work(fs->loop, &fs->work, in_pool, in_loop);
	if (error)
		clean(fs);
	return error;
}

int sloop_fs_open(struct sloop *loop, struct sloop_fs *fs, const char *path,
		  int flags, int mode, void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, -1, do_open);
	fs->path = strdup(path);
	if (!fs->path)
		return -ENOMEM;
	fs->flags = flags;
	fs->mode = mode;
	return begin(fs, cb);
}

int sloop_fs_close(struct sloop *loop, struct sloop_fs *fs, int fd,
		   void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, fd, do_close);
	return begin(fs, cb);
}

static int transfer(struct sloop_fs *fs, const struct iovec *buffers,
		    unsigned int count, int64_t offset,
		    void (*cb)(struct sloop_fs *fs))
{
	/* a list of none is allowed, and malloc() may give NULL for it */
	fs->buffers = reallocarray(NULL, count + 1, sizeof(*buffers));
	if (!fs->buffers)
		return -ENOMEM;
	memcpy(fs->buffers, buffers, count * sizeof(*buffers));
	fs->count = count;
	fs->offset = offset;
	return begin(fs, cb);
}

int sloop_fs_read(struct sloop *loop, struct sloop_fs *fs, int fd,
		  const struct iovec *buffers, unsigned int count,
		  int64_t offset, void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, fd, do_read);
	return transfer(fs, buffers, count, offset, cb);
}

int sloop_fs_write(struct sloop *loop, struct sloop_fs *fs, int fd,
		   const struct iovec *buffers, unsigned int count,
		   int64_t offset, void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, fd, do_write);
	return transfer(fs, buffers, count, offset, cb);
}

int sloop_fs_sync(struct sloop *loop, struct sloop_fs *fs, int fd,
		  void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, fd, do_sync);
	return begin(fs, cb);
}

int sloop_fs_stat(struct sloop *loop, struct sloop_fs *fs, int fd,
		  void (*cb)(struct sloop_fs *fs))
{
	init(loop, fs, fd, do_stat);
	return begin(fs, cb);
}
