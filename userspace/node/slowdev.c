// SPDX-License-Identifier: MIT
/*
 * slowdev.node: what JavaScript cannot do by itself on a device: wait for it
 * in the loop's epoll, and read without sleeping.
 *
 * Node's fs gives every read to a thread of the pool, which then sleeps in it;
 * its net and tty refuse a character device that is no terminal. So here is a
 * Node-API addon with libuv's uv_poll_t on Node's own loop. slowdev.mjs makes
 * a stream of it. Built with plain gcc; Node-API promises that it loads into
 * later Nodes too, libuv's ABI the same for libuv 1.
 *
 *	poller = new Poller(fd, callback)	throws on what epoll refuses
 *	poller.start(), poller.stop()		callback(status) when readable;
 *						status < 0: watched no more
 *	poller.close()				fd may be closed after it
 *	read(fd, buffer, length)		bytes, or -errno; never sleeps
 *						if fd is O_NONBLOCK
 *	strerror(errno)				as other programs put it
 *
 * Everything runs in the thread that owns the environment (the main one, or a
 * worker); each environment has its own pollers, and there is no global state.
 * A poller that watches keeps the loop alive, as a socket does.
 */
#define NAPI_VERSION 8
#include <node_api.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/*
 * Lives until libuv has closed the handle and JavaScript has dropped the
 * object, whichever is later.
 */
struct poller {
	uv_poll_t watch;
	napi_env env;
	napi_async_context context;
	napi_ref object;	/* strong while watching */
	napi_ref callback;
	napi_async_cleanup_hook_handle hook;
	bool closing;		/* uv_close() was called */
	bool closed;		/* and is done */
	bool collected;		/* JavaScript has dropped it */
};

static napi_value throw_error(napi_env env, int error)
{
	napi_value code, message, result;

	napi_create_string_utf8(env, uv_err_name(error), NAPI_AUTO_LENGTH,
				&code);
	napi_create_string_utf8(env, uv_strerror(error), NAPI_AUTO_LENGTH,
				&message);
	napi_create_error(env, code, message, &result);
	napi_throw(env, result);
	return NULL;
}

static void free_if_done(struct poller *poller)
{
	if (poller->closed && poller->collected)
		free(poller);
}

static void on_closed(uv_handle_t *handle)
{
	struct poller *poller = handle->data;

	poller->closed = true;
	/* at the environment's end this is what it waits for */
	napi_remove_async_cleanup_hook(poller->hook);
	free_if_done(poller);
}

static void close_handle(struct poller *poller)
{
	if (poller->closing)
		return;
	poller->closing = true;
	uv_close((uv_handle_t *)&poller->watch, on_closed);
}

static void on_cleanup(napi_async_cleanup_hook_handle hook, void *data)
{
	(void)hook;
	close_handle(data);
}

static void on_collected(napi_env env, void *data, void *hint)
{
	struct poller *poller = data;

	(void)env;
	(void)hint;
	poller->collected = true;
	close_handle(poller);
	free_if_done(poller);
}

/*
 * From libuv's poll phase. napi_make_callback() empties the nextTick and the
 * microtask queue when the callback has returned, as after each of Node's own.
 */
static void on_readable(uv_poll_t *watch, int status, int events)
{
	struct poller *poller = watch->data;
	napi_env env = poller->env;
	napi_value object, callback, argument, error;
	napi_handle_scope scope;

	(void)events;
	napi_open_handle_scope(env, &scope);
	napi_get_reference_value(env, poller->object, &object);
	napi_get_reference_value(env, poller->callback, &callback);
	napi_create_int32(env, status, &argument);
	if (napi_make_callback(env, poller->context, object, callback, 1,
			       &argument, NULL) == napi_pending_exception) {
		napi_get_and_clear_last_exception(env, &error);
		napi_fatal_exception(env, error);
	}
	napi_close_handle_scope(env, scope);
}

static struct poller *this_poller(napi_env env, napi_callback_info info)
{
	struct poller *poller = NULL;
	napi_value object;

	napi_get_cb_info(env, info, NULL, NULL, &object, NULL);
	if (napi_unwrap(env, object, (void **)&poller) != napi_ok)
		napi_throw_type_error(env, NULL, "not a Poller");
	return poller;
}

static napi_value poller_start(napi_env env, napi_callback_info info)
{
	struct poller *poller = this_poller(env, info);
	int error;

	if (!poller)
		return NULL;
	if (poller->closing)
		return throw_error(env, UV_EBADF);
	if (uv_is_active((uv_handle_t *)&poller->watch))
		return NULL;
	error = uv_poll_start(&poller->watch, UV_READABLE, on_readable);
	if (error)
		return throw_error(env, error);
	return NULL;
}

static napi_value poller_stop(napi_env env, napi_callback_info info)
{
	struct poller *poller = this_poller(env, info);

	if (poller && !poller->closing)
		uv_poll_stop(&poller->watch);
	return NULL;
}

static napi_value poller_close(napi_env env, napi_callback_info info)
{
	struct poller *poller = this_poller(env, info);

	if (!poller || poller->closing)
		return NULL;
	/* the handle is out of epoll now; on_closed() comes with its phase */
	close_handle(poller);
	napi_delete_reference(env, poller->object);
	napi_delete_reference(env, poller->callback);
	napi_async_destroy(env, poller->context);
	return NULL;
}

static napi_value poller_new(napi_env env, napi_callback_info info)
{
	napi_value object, argument[2], name;
	size_t count = 2;
	struct poller *poller;
	uv_loop_t *loop;
	int32_t fd;
	int error;

	napi_get_cb_info(env, info, &count, argument, &object, NULL);
	if (napi_get_value_int32(env, argument[0], &fd) != napi_ok) {
		napi_throw_type_error(env, NULL, "fd must be a number");
		return NULL;
	}
	poller = calloc(1, sizeof(*poller));
	if (!poller)
		return throw_error(env, UV_ENOMEM);
	poller->env = env;
	poller->watch.data = poller;
	napi_get_uv_event_loop(env, &loop);
	error = uv_poll_init(loop, &poller->watch, fd);
	if (error) {
		free(poller);
		return throw_error(env, error);
	}
	napi_create_string_utf8(env, "slowdev", NAPI_AUTO_LENGTH, &name);
	napi_async_init(env, object, name, &poller->context);
	napi_create_reference(env, argument[1], 1, &poller->callback);
	napi_add_async_cleanup_hook(env, on_cleanup, poller, &poller->hook);
	napi_wrap(env, object, poller, on_collected, NULL, NULL);
	/* until close(): a device that is watched is not garbage */
	napi_create_reference(env, object, 1, &poller->object);
	return object;
}

static napi_value read_now(napi_env env, napi_callback_info info)
{
	napi_value argument[3], result;
	size_t count = 3, size;
	uint32_t length;
	void *buffer;
	int32_t fd;
	ssize_t got;

	napi_get_cb_info(env, info, &count, argument, NULL, NULL);
	if (napi_get_value_int32(env, argument[0], &fd) != napi_ok ||
	    napi_get_buffer_info(env, argument[1], &buffer, &size) != napi_ok ||
	    napi_get_value_uint32(env, argument[2], &length) != napi_ok ||
	    length > size) {
		napi_throw_type_error(env, NULL, "read(fd, buffer, length)");
		return NULL;
	}
	do
		got = read(fd, buffer, length);
	while (got < 0 && errno == EINTR);
	napi_create_int64(env, got < 0 ? -errno : got, &result);
	return result;
}

static napi_value error_text(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	size_t count = 1;
	int32_t error = 0;

	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	napi_get_value_int32(env, argument, &error);
	napi_create_string_utf8(env, strerror(error), NAPI_AUTO_LENGTH,
				&result);
	return result;
}

/* what NAPI_MODULE_INIT defines and does not declare */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);

NAPI_MODULE_INIT()
{
	static const napi_property_descriptor methods[] = {
		{ .utf8name = "start", .method = poller_start },
		{ .utf8name = "stop", .method = poller_stop },
		{ .utf8name = "close", .method = poller_close },
	};
	napi_value class;
	napi_property_descriptor made[] = {
		{ .utf8name = "read", .method = read_now },
		{ .utf8name = "strerror", .method = error_text },
		{ .utf8name = "Poller" },
	};

	/* our uv.h is not the one that Node was built with */
	if (uv_handle_size(UV_POLL) != sizeof(uv_poll_t)) {
		napi_throw_error(env, NULL, "slowdev.node: another libuv ABI");
		return NULL;
	}
	napi_define_class(env, "Poller", NAPI_AUTO_LENGTH, poller_new, NULL,
			  sizeof(methods) / sizeof(methods[0]), methods,
			  &class);
	made[2].value = class;
	napi_define_properties(env, exports, sizeof(made) / sizeof(made[0]),
			       made);
	return exports;
}
