// SPDX-License-Identifier: MIT
/*
 * Idle, prepare and check: three lists of callbacks, the same but for the
 * phase that runs them. Called by the thread that owns the loop.
 */
#include "userspace/sloop/internal.h"

#include <errno.h>

static int hook_init(struct sloop *loop, struct sloop_hook *hook,
		     enum sloop_type type)
{
	handle_init(loop, &hook->handle, type);
	hook->cb = NULL;
	list_init(&hook->place);
	return 0;
}

static int hook_start(struct sloop_hook *hook, struct sloop_list *hooks,
		      void (*cb)(struct sloop_hook *hook))
{
	if (sloop_is_active(&hook->handle))
		return 0;
	if (!cb || sloop_is_closing(&hook->handle))
		return -EINVAL;
	hook->cb = cb;
	list_insert(&hook->place, hooks->next);
	handle_start(&hook->handle);
	return 0;
}

static int hook_stop(struct sloop_hook *hook)
{
	list_remove(&hook->place);
	handle_stop(&hook->handle);
	return 0;
}

/*
 * One of the three phases. The list is emptied into one of our own and filled
 * again hook by hook, so a callback may stop any hook, itself included; and
 * one that it starts is not called before the next iteration.
 */
void run_hooks(struct sloop *loop, struct sloop_list *hooks)
{
	struct sloop_list left;
	enum sloop_type type;

	if (list_empty(hooks))
		return;
	list_replace_init(hooks, &left);
	while (!list_empty(&left)) {
		struct sloop_hook *hook = container_of(left.next,
						       struct sloop_hook,
						       place);

		list_remove(&hook->place);
		list_insert(&hook->place, hooks);
		type = hook->type;
		trace(loop, SLOOP_CB_ENTER, type);
		hook->cb(hook);
		after_callback(loop, type);
	}
}

int sloop_idle_init(struct sloop *loop, struct sloop_hook *hook)
{
	return hook_init(loop, hook, SLOOP_TYPE_IDLE);
}

int sloop_idle_start(struct sloop_hook *hook,
		     void (*cb)(struct sloop_hook *hook))
{
	return hook_start(hook, &hook->loop->idle, cb);
}

int sloop_idle_stop(struct sloop_hook *hook)
{
	return hook_stop(hook);
}

int sloop_prepare_init(struct sloop *loop, struct sloop_hook *hook)
{
	return hook_init(loop, hook, SLOOP_TYPE_PREPARE);
}

int sloop_prepare_start(struct sloop_hook *hook,
			void (*cb)(struct sloop_hook *hook))
{
	return hook_start(hook, &hook->loop->prepare, cb);
}

int sloop_prepare_stop(struct sloop_hook *hook)
{
	return hook_stop(hook);
}

int sloop_check_init(struct sloop *loop, struct sloop_hook *hook)
{
	return hook_init(loop, hook, SLOOP_TYPE_CHECK);
}

int sloop_check_start(struct sloop_hook *hook,
		      void (*cb)(struct sloop_hook *hook))
{
	return hook_start(hook, &hook->loop->check, cb);
}

int sloop_check_stop(struct sloop_hook *hook)
{
	return hook_stop(hook);
}
