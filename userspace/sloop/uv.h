/* SPDX-License-Identifier: MIT */
/*
 * libuv's names for sloop, so that a small program written for libuv compiles
 * against sloop unchanged: -Iuserspace/sloop, and build/lib/libsloop.a instead
 * of -luv. The subset is what stands here: the loop, timers, idle, prepare and
 * check, uv_poll_t, uv_async_t, uv_signal_t, uv_queue_work, some of uv_fs_*,
 * and (in uv_threads.h) threads and their locks. What each does is said in
 * sloop.h.
 *
 * Differences from libuv: the order is that of 1.48 (see sloop_run()), whatever
 * libuv is installed; uv_run() may give a negative error; uv_strerror() says
 * it in the C library's words; a uv_poll_t whose file has an error is called
 * back with what was wanted, not with UV_EBADF.
 */
#ifndef UV_H
#define UV_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include "sloop.h"
#include "uv_threads.h"

typedef struct sloop uv_loop_t;
typedef struct sloop_handle uv_handle_t;
typedef struct sloop_timer uv_timer_t;
typedef struct sloop_hook uv_idle_t;
typedef struct sloop_hook uv_prepare_t;
typedef struct sloop_hook uv_check_t;
typedef struct sloop_fd uv_poll_t;
typedef struct sloop_async uv_async_t;
typedef struct sloop_signal uv_signal_t;
typedef struct sloop_work uv_work_t;
typedef struct sloop_fs uv_fs_t;
typedef void uv_req_t;
typedef int uv_os_sock_t;
typedef int uv_os_fd_t;
typedef int uv_file;
typedef pid_t uv_pid_t;

/* As struct iovec. */
typedef struct uv_buf_t {
	char *base;
	size_t len;
} uv_buf_t;

typedef void (*uv_close_cb)(uv_handle_t *handle);
typedef void (*uv_walk_cb)(uv_handle_t *handle, void *arg);
typedef void (*uv_timer_cb)(uv_timer_t *handle);
typedef void (*uv_idle_cb)(uv_idle_t *handle);
typedef void (*uv_prepare_cb)(uv_prepare_t *handle);
typedef void (*uv_check_cb)(uv_check_t *handle);
typedef void (*uv_poll_cb)(uv_poll_t *handle, int status, int events);

typedef void (*uv_async_cb)(uv_async_t *handle);
typedef void (*uv_signal_cb)(uv_signal_t *handle, int signum);
typedef void (*uv_work_cb)(uv_work_t *req);
typedef void (*uv_after_work_cb)(uv_work_t *req, int status);
typedef void (*uv_fs_cb)(uv_fs_t *req);

typedef enum sloop_mode uv_run_mode;
#define UV_RUN_DEFAULT		SLOOP_DEFAULT
#define UV_RUN_ONCE		SLOOP_ONCE
#define UV_RUN_NOWAIT		SLOOP_NOWAIT

typedef enum sloop_type uv_handle_type;
#define UV_TIMER		SLOOP_TYPE_TIMER
#define UV_IDLE			SLOOP_TYPE_IDLE
#define UV_PREPARE		SLOOP_TYPE_PREPARE
#define UV_CHECK		SLOOP_TYPE_CHECK
#define UV_POLL			SLOOP_TYPE_FD
#define UV_ASYNC		SLOOP_TYPE_ASYNC
#define UV_SIGNAL		SLOOP_TYPE_SIGNAL

typedef enum {
	UV_LOOP_BLOCK_SIGNAL,
} uv_loop_option;

#define UV_FS_O_RDONLY		O_RDONLY
#define UV_FS_O_WRONLY		O_WRONLY
#define UV_FS_O_RDWR		O_RDWR
#define UV_FS_O_CREAT		O_CREAT
#define UV_FS_O_TRUNC		O_TRUNC

enum uv_poll_event {
	UV_READABLE = SLOOP_READABLE,
	UV_WRITABLE = SLOOP_WRITABLE,
	UV_DISCONNECT = SLOOP_DISCONNECT,
	UV_PRIORITIZED = SLOOP_PRIORITIZED,
};

#define UV_EAGAIN		(-EAGAIN)
#define UV_EBADF		(-EBADF)
#define UV_EBUSY		(-EBUSY)
#define UV_ECANCELED		(-ECANCELED)
#define UV_EEXIST		(-EEXIST)
#define UV_EINTR		(-EINTR)
#define UV_EINVAL		(-EINVAL)
#define UV_EIO			(-EIO)
#define UV_EMFILE		(-EMFILE)
#define UV_ENFILE		(-ENFILE)
#define UV_ENODEV		(-ENODEV)
#define UV_ENOENT		(-ENOENT)
#define UV_ENOMEM		(-ENOMEM)
#define UV_ENOSYS		(-ENOSYS)
#define UV_EPERM		(-EPERM)
#define UV_EPIPE		(-EPIPE)
#define UV_ESRCH		(-ESRCH)

#define uv_loop_init		sloop_init
#define uv_loop_close		sloop_free
#define uv_default_loop		sloop_default
#define uv_loop_fork		sloop_fork
#define uv_library_shutdown	sloop_shutdown
#define uv_run			sloop_run
#define uv_stop			sloop_stop
#define uv_loop_alive		sloop_alive
#define uv_now			sloop_now
#define uv_update_time		sloop_update_time
#define uv_hrtime		sloop_hrtime
#define uv_backend_fd		sloop_backend_fd
#define uv_backend_timeout	sloop_timeout
#define uv_strerror		sloop_strerror
#define uv_err_name		sloop_error_name

#define uv_timer_init		sloop_timer_init
#define uv_timer_start		sloop_timer_start
#define uv_timer_stop		sloop_timer_stop
#define uv_timer_again		sloop_timer_again
#define uv_timer_set_repeat	sloop_timer_set_repeat
#define uv_timer_get_repeat	sloop_timer_get_repeat
#define uv_timer_get_due_in	sloop_timer_due_in

#define uv_idle_init		sloop_idle_init
#define uv_idle_start		sloop_idle_start
#define uv_idle_stop		sloop_idle_stop
#define uv_prepare_init		sloop_prepare_init
#define uv_prepare_start	sloop_prepare_start
#define uv_prepare_stop		sloop_prepare_stop
#define uv_check_init		sloop_check_init
#define uv_check_start		sloop_check_start
#define uv_check_stop		sloop_check_stop

#define uv_poll_init		sloop_fd_init
#define uv_poll_init_socket	sloop_fd_init
#define uv_poll_start		sloop_fd_start
#define uv_poll_stop		sloop_fd_stop

#define uv_async_init		sloop_async_init
#define uv_async_send		sloop_async_send

#define uv_signal_init		sloop_signal_init
#define uv_signal_start		sloop_signal_start
#define uv_signal_start_oneshot	sloop_signal_start_once
#define uv_signal_stop		sloop_signal_stop

#define uv_queue_work		sloop_queue_work
#define uv_fs_open		sloop_fs_open
#define uv_fs_close		sloop_fs_close
#define uv_fs_fsync		sloop_fs_sync

#define uv_close		sloop_close
#define uv_is_closing		sloop_is_closing
#define uv_is_active		sloop_is_active
#define uv_ref			sloop_ref
#define uv_unref		sloop_unref
#define uv_has_ref		sloop_has_ref
#define uv_walk			sloop_walk

static inline uv_handle_type uv_handle_get_type(const uv_handle_t *handle)
{
	return handle->type;
}

static inline uv_loop_t *uv_handle_get_loop(const uv_handle_t *handle)
{
	return handle->loop;
}

static inline void *uv_handle_get_data(const uv_handle_t *handle)
{
	return handle->data;
}

static inline void uv_handle_set_data(uv_handle_t *handle, void *data)
{
	handle->data = data;
}

static inline void *uv_loop_get_data(const uv_loop_t *loop)
{
	return loop->data;
}

static inline void uv_loop_set_data(uv_loop_t *loop, void *data)
{
	loop->data = data;
}

static inline int uv_cancel(uv_req_t *req)
{
	return sloop_cancel(req);
}

static inline uv_buf_t uv_buf_init(char *base, unsigned int len)
{
	return (uv_buf_t){ base, len };
}

static inline int uv_fs_read(uv_loop_t *loop, uv_fs_t *req, uv_file file,
			     const uv_buf_t *bufs, unsigned int nbufs,
			     int64_t offset, uv_fs_cb cb)
{
	return sloop_fs_read(loop, req, file, (const struct iovec *)bufs,
			     nbufs, offset, cb);
}

static inline int uv_fs_write(uv_loop_t *loop, uv_fs_t *req, uv_file file,
			      const uv_buf_t *bufs, unsigned int nbufs,
			      int64_t offset, uv_fs_cb cb)
{
	return sloop_fs_write(loop, req, file, (const struct iovec *)bufs,
			      nbufs, offset, cb);
}

static inline ssize_t uv_fs_get_result(const uv_fs_t *req)
{
	return req->result;
}

/* Nothing is kept beyond the callback. */
static inline void uv_fs_req_cleanup(uv_fs_t *req)
{
	(void)req;
}

/* Of the options there is one, that a signal does not interrupt the sleep. */
int uv_loop_configure(uv_loop_t *loop, uv_loop_option option, ...);

int uv_ip4_addr(const char *ip, int port, struct sockaddr_in *addr);
int uv_kill(int pid, int signum);

static inline uv_pid_t uv_os_getpid(void)
{
	return getpid();
}

#endif
