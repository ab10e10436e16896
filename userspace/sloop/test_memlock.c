// SPDX-License-Identifier: MIT
/*
 * Loops of an ordinary user, whose io_uring rings may count against
 * RLIMIT_MEMLOCK: where there is room for a few, any number can be made, one
 * after the other. Root, whom no limit holds, becomes a user for it.
 */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES		16	/* of locked memory: room for some rings */
#define AT_ONCE		64	/* loops: more than have room */
#define LOOPS		100
#define FORKS		30

static struct sloop loops[AT_ONCE];

/*
 * A user that nobody else is, for what the kernel counts is a user's, not a
 * process's. 0, or -1 where there is no other user (in some containers).
 */
static int become_user(void)
{
	uid_t user = 1000000 + getpid();

	return geteuid() ? 0 : setresuid(user, user, user);
}

/*
 * What else this user has open counts too: more, where there is no room. Gives
 * 0 when a loop can be made, or -errno.
 */
static int lower_limit(void)
{
	rlim_t bytes = (rlim_t)PAGES * sysconf(_SC_PAGESIZE);
	struct rlimit limit;
	int error;

	getrlimit(RLIMIT_MEMLOCK, &limit);
	do {
		limit.rlim_cur = bytes < limit.rlim_max ? bytes :
							  limit.rlim_max;
		setrlimit(RLIMIT_MEMLOCK, &limit);
		error = sloop_init(&loops[0]);
		bytes *= 2;
	} while (error == -ENOMEM && limit.rlim_cur < limit.rlim_max);
	return error ? error : sloop_free(&loops[0]);
}

static void on_async(struct sloop_async *async)
{
	sloop_close(&async->handle, NULL);
}

/* A loop's whole life, but for sloop_init() before: 0 or -errno. */
static int live(struct sloop *loop)
{
	struct sloop_async async;
	int error = sloop_async_init(loop, &async, on_async);

	if (error)
		return error;
	sloop_async_send(&async);
	error = sloop_run(loop, SLOOP_DEFAULT);
	return error ? error : sloop_free(loop);
}

static void test_one_by_one(void)
{
	int i, error = 0;

	for (i = 0; i < LOOPS && !error; i++) {
		error = sloop_init(&loops[0]);
		if (!error)
			error = live(&loops[0]);
	}
	if (!ok(!error, "a hundred loops, one after the other"))
		printf("# loop %d: %s\n", i, sloop_strerror(error));
}

static void test_forks(void)
{
	int i, status = 0;

	must(sloop_init(&loops[0]));
	fflush(stdout);
	for (i = 0; i < FORKS && !status; i++) {
		pid_t child = fork();

		if (!child) {
			alarm(20);
			_exit(-sloop_fork(&loops[0]));
		}
		waitpid(child, &status, 0);
	}
	if (!ok(!status, "thirty children, each with a loop of its own"))
		printf("# child %d: status 0x%x\n", i, status);
	must(live(&loops[0]));
}

/* Where there is none to be had, that is said soon. Only rings are locked. */
static void test_at_once(void)
{
	bool rings = !strcmp(sloop_backend_name(&loops[0]), "io_uring");
	int i, count, error = 0;
	uint64_t began_ns = 0;

	for (count = 0; count < AT_ONCE && !error; count += !error) {
		began_ns = sloop_hrtime();
		error = sloop_init(&loops[count]);
	}
	if (!rings)
		ok(!error, "any number at once");
	else if (!error)
		tap_skip("too many at once", "here there is room for all 64");
	else
		ok(error == -ENOMEM &&
		   sloop_hrtime() - began_ns < 5000000000ull,
		   "too many at once: ENOMEM, within five seconds");
	for (i = 0; i < count; i++)
		must(sloop_free(&loops[i]));
	error = sloop_init(&loops[0]);
	ok(!error, "and again when they are closed");
	if (!error)
		must(live(&loops[0]));
}

/* In a child, for what is checked at a process's end is checked as root. */
int main(void)
{
	int status, error;
	pid_t child = fork();

	if (!child) {
		alarm(100);
		if (become_user()) {
			puts("1..0 # SKIP there is no other user here to be");
			return 0;
		}
		error = lower_limit();
		if (error == -EPERM) {
			puts("1..0 # SKIP this kernel lets only root");
			return 0;
		}
		must(error);
		test_one_by_one();
		test_forks();
		test_at_once();
		status = tap_done();
		fflush(stdout);
		_exit(status);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
