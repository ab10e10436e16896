// SPDX-License-Identifier: MIT
/*
 * What all handles have in common: active or not, referenced or not, and
 * their end. Called by the thread that owns the loop.
 *
 * loop->active_handles counts the handles that are both active and referenced;
 * every change of either goes through handle_flags() (internal.h), so it cannot
 * go wrong elsewhere.
 */
#include "userspace/sloop/internal.h"

#include <assert.h>

void handle_init(struct sloop *loop, struct sloop_handle *handle,
		 enum sloop_type type)
{
	/* data stays: callers may have set it before */
	handle->loop = loop;
	handle->type = type;
	handle->flags = HANDLE_REF;
	handle->next_closing = NULL;
	handle->close_cb = NULL;
	list_insert(&handle->all, &loop->handles);
}

int sloop_is_active(const struct sloop_handle *handle)
{
	return !!(handle->flags & HANDLE_ACTIVE);
}

void sloop_ref(struct sloop_handle *handle)
{
	handle_flags(handle, handle->flags | HANDLE_REF);
}

void sloop_unref(struct sloop_handle *handle)
{
	handle_flags(handle, handle->flags & ~HANDLE_REF);
}

int sloop_has_ref(const struct sloop_handle *handle)
{
	return !!(handle->flags & HANDLE_REF);
}

int sloop_is_closing(const struct sloop_handle *handle)
{
	return !!(handle->flags & HANDLE_CLOSING);
}

void sloop_close(struct sloop_handle *handle,
		 void (*cb)(struct sloop_handle *handle))
{
	assert(!sloop_is_closing(handle));

	switch (handle->type) {
	case SLOOP_TYPE_TIMER:
		sloop_timer_stop((struct sloop_timer *)handle);
		break;
	case SLOOP_TYPE_IDLE:
	case SLOOP_TYPE_PREPARE:
	case SLOOP_TYPE_CHECK:
		sloop_idle_stop((struct sloop_hook *)handle);
		break;
	case SLOOP_TYPE_FD:
		sloop_fd_stop((struct sloop_fd *)handle);
		break;
	case SLOOP_TYPE_ASYNC:
		async_stop((struct sloop_async *)handle);
		break;
	case SLOOP_TYPE_SIGNAL:
		sloop_signal_stop((struct sloop_signal *)handle);
		break;
	case SLOOP_TYPE_NONE:
		break;
	}
	handle_flags(handle, handle->flags | HANDLE_CLOSING);
	handle->close_cb = cb;
	handle->next_closing = handle->loop->closing;
	handle->loop->closing = handle;
}

/*
 * The closing phase. A handle closed by one of these callbacks waits for the
 * next iteration.
 */
void run_closing(struct sloop *loop)
{
	struct sloop_handle *handle = loop->closing;

	loop->closing = NULL;
	while (handle) {
		struct sloop_handle *next = handle->next_closing;

		list_remove(&handle->all);
		/* after this call the memory may be gone */
		if (handle->close_cb) {
			enum sloop_type type = handle->type;

			trace(loop, SLOOP_CB_ENTER, type);
			handle->close_cb(handle);
			after_callback(loop, type);
		}
		handle = next;
	}
}

/* The list is emptied and filled again, as in run_hooks(). */
void sloop_walk(struct sloop *loop,
		void (*cb)(struct sloop_handle *handle, void *arg), void *arg)
{
	struct sloop_list left;

	list_replace_init(&loop->handles, &left);
	while (!list_empty(&left)) {
		struct sloop_handle *handle = container_of(left.next,
							   struct sloop_handle,
							   all);

		list_remove(&handle->all);
		list_insert(&handle->all, &loop->handles);
		cb(handle, arg);
	}
}
