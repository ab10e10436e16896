/* SPDX-License-Identifier: MIT */
/*
 * One system call in a thread of its own, for those that sleep. Included by
 * slowdev_test.h, which has what it needs.
 *
 *	sd_start(_metadata, &call, sd_do_read);
 *	sd_await_asleep(_metadata, &call);	it sleeps in that call now
 *	...
 *	sd_join(_metadata, &call);		result or -errno in call.ret
 */
#ifndef SLOWDEV_CALL_H
#define SLOWDEV_CALL_H

struct sd_call {
	int fd;
	void *buf;
	size_t len;
	struct pollfd pollfd;
	ssize_t ret;

	void (*fn)(struct sd_call *call);
	long nr;		/* the system call it sleeps in */
	pthread_t thread;
	pid_t tid;		/* 0: not yet running */
	bool done;
};

static SD_UNUSED void sd_do_read(struct sd_call *call)
{
	call->nr = SYS_read;
	call->ret = read(call->fd, call->buf, call->len);
}

static SD_UNUSED void sd_do_write(struct sd_call *call)
{
	call->nr = SYS_write;
	call->ret = write(call->fd, call->buf, call->len);
}

static SD_UNUSED void sd_do_poll(struct sd_call *call)
{
	call->nr = SYS_poll;
	call->ret = poll(&call->pollfd, 1, -1);
}

static SD_UNUSED void *sd_call_main(void *arg)
{
	struct sd_call *call = arg;

	__atomic_store_n(&call->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	call->fn(call);
	if (call->ret < 0)
		call->ret = -errno;
	__atomic_store_n(&call->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static SD_UNUSED bool sd_done(struct sd_call *call)
{
	return __atomic_load_n(&call->done, __ATOMIC_ACQUIRE);
}

static SD_UNUSED void sd_start(struct __test_metadata *_metadata,
			       struct sd_call *call,
			       void (*fn)(struct sd_call *call))
{
	call->fn = fn;
	call->tid = 0;
	call->done = false;
	ASSERT_EQ(0, pthread_create(&call->thread, NULL, sd_call_main, call));
	ASSERT_TRUE(sd_until(__atomic_load_n(&call->tid, __ATOMIC_ACQUIRE)));
}

/* Whether thread @tid, of whichever process, sleeps in system call @nr. */
static SD_UNUSED bool sd_asleep(pid_t tid, long nr)
{
	char path[64], text[256], *end;

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	if (sd_read_file(path, text, sizeof(text)) <= 0)
		return false;
	/* "running", or the number of the call it is blocked in */
	return strtol(text, &end, 10) == nr && end != text;
}

static SD_UNUSED void sd_await_asleep(struct __test_metadata *_metadata,
				      struct sd_call *call)
{
	ASSERT_TRUE(sd_until(sd_done(call) || sd_asleep(call->tid, call->nr)));
	ASSERT_FALSE(sd_done(call)) {
		TH_LOG("the call should sleep, but gave %zd", call->ret);
	}
}

static SD_UNUSED void sd_join(struct __test_metadata *_metadata,
			      struct sd_call *call)
{
	ASSERT_TRUE(sd_until(sd_done(call))) {
		TH_LOG("the call still sleeps");
	}
	pthread_join(call->thread, NULL);
}

#endif
