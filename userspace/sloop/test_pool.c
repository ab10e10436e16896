// SPDX-License-Identifier: MIT
/* Work and file operations in the pool of threads. */
#include "userspace/sloop/sloop.h"
#include "userspace/sloop/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 1000

static struct sloop loop;
static pthread_t loop_thread;
static unsigned int worked, finished, cancelled, misplaced;

static void end(void)
{
	ok(!sloop_free(&loop), "the loop can be freed");
	tap_forget();
}

static void count_work(struct sloop_work *work)
{
	(void)work;
	if (pthread_equal(pthread_self(), loop_thread))
		__atomic_add_fetch(&misplaced, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&worked, 1, __ATOMIC_SEQ_CST);
}

static void count_after(struct sloop_work *work, int status)
{
	(void)work;
	if (!pthread_equal(pthread_self(), loop_thread))
		misplaced++;
	if (status == -ECANCELED)
		cancelled++;
	else if (!status)
		finished++;
}

static void test_many(void)
{
	static struct sloop_work work[MANY];
	int i;

	worked = finished = 0;
	sloop_init(&loop);
	ok(sloop_queue_work(&loop, &work[0], NULL, count_after) == -EINVAL,
	   "no work: EINVAL");
	ok(!sloop_alive(&loop), "and nothing under way");
	for (i = 0; i < MANY; i++)
		sloop_queue_work(&loop, &work[i], count_work, count_after);
	ok(sloop_alive(&loop), "work keeps the loop running");
	ok(sloop_free(&loop) == -EBUSY, "and it cannot be freed");
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(worked == MANY && finished == MANY && !misplaced,
	   "all is done, in threads, and told in the loop's");
	end();
}

static sem_t begun, go_on;

static void wait_for_it(struct sloop_work *work)
{
	(void)work;
	sem_post(&begun);
	sem_wait(&go_on);
}

/*
 * The trap: as many sleepers as the pool has threads, and nothing else gets
 * done, while the loop itself runs on.
 */
static void test_starved(void)
{
	struct sloop_work sleepers[4], other, last;
	struct sloop_timer timer;
	int i;

	worked = finished = 0;
	sloop_init(&loop);
	for (i = 0; i < 4; i++)
		sloop_queue_work(&loop, &sleepers[i], wait_for_it,
				 count_after);
	for (i = 0; i < 4; i++)
		sem_wait(&begun);
	sloop_queue_work(&loop, &other, count_work, count_after);
	sloop_queue_work(&loop, &last, count_work, count_after);
	sloop_timer_init(&loop, &timer);
	sloop_close(&timer.handle, NULL);
	sloop_run(&loop, SLOOP_NOWAIT);
	ok(!sloop_is_active(&timer.handle) && !worked,
	   "four sleepers: the loop turns, the fifth does not begin");
	ok(sloop_cancel(&sleepers[0]) == -EBUSY, "what has begun: EBUSY");
	ok(!sloop_cancel(&last), "what has not can be cancelled");
	ok(!cancelled, "which is told in the loop only");
	for (i = 0; i < 4; i++)
		sem_post(&go_on);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(worked == 1 && finished == 5 && cancelled == 1,
	   "five were done, one was cancelled");
	ok(sloop_cancel(&last) == -EBUSY, "what is done: EBUSY");
	end();
}

static struct sloop_fs fs;
static char bytes[16];
static struct iovec buffer = { bytes, sizeof(bytes) };
static int file = -1;

static void on_step(struct sloop_fs *it);

static void step(int error)
{
	if (error)
		tap_note("FAILED");
}

/* open, write in two pieces, read back, close: each from the last's end. */
static void on_step(struct sloop_fs *it)
{
	static const struct iovec two[] = { { "by", 2 }, { "tes", 3 } };
	static int steps;
	char text[32];

	if (file < 0)
		file = it->result;
	else
		snprintf(text, sizeof(text), "%zd", it->result),
			tap_note(text);
	switch (++steps) {
	case 1:
		step(sloop_fs_write(&loop, it, file, two, 2, 3, on_step));
		break;
	case 2:
		step(sloop_fs_read(&loop, it, file, &buffer, 1, 4, on_step));
		break;
	case 3:
		step(sloop_fs_stat(&loop, it, file, on_step));
		break;
	case 4:
		ok(it->stat.st_size == 8, "stat says how long it is");
		step(sloop_fs_sync(&loop, it, file, on_step));
		break;
	case 5:
		step(sloop_fs_close(&loop, it, file, on_step));
		break;
	}
}

static void on_error(struct sloop_fs *it)
{
	ok(it->result == -ENOENT, "an error comes as the result");
}

/* Why they are in the pool. */
static void test_files(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct sloop_fd watch;
	char name[] = "/tmp/sloop-XXXXXX";
	int fd = mkstemp(name), epoll = epoll_create1(EPOLL_CLOEXEC);

	sloop_init(&loop);
	ok(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == -1 && errno == EPERM,
	   "epoll refuses a disk file: EPERM");
	ok(sloop_fd_init(&loop, &watch, fd) == -EPERM, "so does the loop");
	close(epoll);
	close(fd);
	step(sloop_fs_open(&loop, &fs, name, O_RDWR, 0, on_step));
	sloop_run(&loop, SLOOP_DEFAULT);
	is(tap_log, "5 4 0 0 0", "a thread does it");
	ok(!memcmp(bytes, "ytes", 4), "to the right bytes");
	unlink(name);
	step(sloop_fs_open(&loop, &fs, name, O_RDONLY, 0, on_error));
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(sloop_fs_open(&loop, &fs, name, O_RDONLY, 0, NULL) == -ENOENT,
	   "without a callback it is done at once");
	end();
}

static void test_fork(void)
{
	struct sloop_work one, two;
	int status;
	pid_t child;

	worked = finished = 0;
	sloop_init(&loop);
	sloop_queue_work(&loop, &one, wait_for_it, count_after);
	sem_wait(&begun);
	fflush(stdout);
	child = fork();
	if (!child) {
		loop_thread = pthread_self();
		if (sloop_fork(&loop) || sloop_alive(&loop))
			_exit(1);
		sloop_queue_work(&loop, &two, count_work, count_after);
		alarm(20);
		sloop_run(&loop, SLOOP_DEFAULT);
		_exit(worked == 1 && finished == 1 ? 0 : 2);
	}
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && !WEXITSTATUS(status),
	   "a child has a pool of its own, without the parent's work");
	sem_post(&go_on);
	sloop_run(&loop, SLOOP_DEFAULT);
	ok(finished == 1, "which the parent ends as if there were none");
	end();
}

static pid_t forked;

static void fork_first(struct sloop_work *work, int status)
{
	count_after(work, status);
	if (finished > 1)
		return;
	fflush(stdout);
	forked = fork();
	if (!forked) {
		alarm(20);
		if (sloop_fork(&loop))
			_exit(9);
	}
}

/* Two are done, and the first one's callback forks. */
static void test_fork_told(void)
{
	struct sloop_work work[2];
	int i, status;

	worked = finished = 0;
	sloop_init(&loop);
	for (i = 0; i < 2; i++)
		sloop_queue_work(&loop, &work[i], count_work, fork_first);
	sloop_shutdown();
	sloop_run(&loop, SLOOP_DEFAULT);
	if (!forked)
		_exit(finished);
	waitpid(forked, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	   "a child of a work's callback is not told of the others");
	ok(finished == 2, "but the parent is");
	end();
}

int main(void)
{
	loop_thread = pthread_self();
	sem_init(&begun, 0, 0);
	sem_init(&go_on, 0, 0);
	test_many();
	test_starved();
	test_files();
	test_fork();
	test_fork_told();
	sloop_shutdown();
	puts("# after a shutdown the pool begins anew");
	test_many();
	sloop_shutdown();
	return tap_done();
}
