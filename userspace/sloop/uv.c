// SPDX-License-Identifier: MIT
/*
 * What uv.h promises and sloop has nothing like: the few functions of libuv
 * that are more than another name. Called by programs written for libuv.
 */
#include "userspace/sloop/uv.h"

#include <arpa/inet.h>
#include <stdarg.h>

/*
 * UV_LOOP_BLOCK_SIGNAL is for programs that are sampled by SIGPROF: the signal
 * should not cut the sleep short. It does not here: a sleep that a signal
 * interrupts goes on for what is left of it.
 */
int uv_loop_configure(uv_loop_t *loop, uv_loop_option option, ...)
{
	va_list arguments;
	int number;

	(void)loop;
	if (option != UV_LOOP_BLOCK_SIGNAL)
		return -ENOSYS;
	va_start(arguments, option);
	number = va_arg(arguments, int);
	va_end(arguments);
	return number == SIGPROF ? 0 : -EINVAL;
}

int uv_ip4_addr(const char *ip, int port, struct sockaddr_in *addr)
{
	*addr = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	return inet_pton(AF_INET, ip, &addr->sin_addr) == 1 ? 0 : -EINVAL;
}

int uv_kill(int pid, int signum)
{
	return kill(pid, signum) ? -errno : 0;
}

struct thread {
	uv_thread_cb entry;
	void *arg;
};

static void *thread_main(void *arg)
{
	struct thread thread = *(struct thread *)arg;

	free(arg);
	thread.entry(thread.arg);
	return NULL;
}

int uv_thread_create(uv_thread_t *tid, uv_thread_cb entry, void *arg)
{
	struct thread *thread = malloc(sizeof(*thread));
	int error;

	if (!thread)
		return -ENOMEM;
	thread->entry = entry;
	thread->arg = arg;
	error = pthread_create(tid, NULL, thread_main, thread);
	if (error)
		free(thread);
	return -error;
}
