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
	must(sloop_init(&loop));
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
	must(sloop_init(&loop));
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

	must(sloop_init(&loop));
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
	must(sloop_init(&loop));
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
	must(sloop_init(&loop));
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

static pthread_key_t at_exit;
static sem_t left;

static void on_exit_thread(void *arg)
{
	(void)arg;
	sem_post(&left);
}

static void leave_word(struct sloop_work *work)
{
	(void)work;
	pthread_setspecific(at_exit, &left);
}

static void *shut_down(void *arg)
{
	sloop_shutdown();
	return arg;
}

/* The shutdown that goes on in the parent is not the child's. */
static void test_fork_ending(void)
{
	struct sloop_work sleeper, one;
	pthread_t thread;
	int i, status;
	pid_t child;

	finished = 0;
	sem_init(&left, 0, 0);
	pthread_key_create(&at_exit, on_exit_thread);
	must(sloop_init(&loop));
	sloop_queue_work(&loop, &sleeper, wait_for_it, count_after);
	sem_wait(&begun);
	sloop_queue_work(&loop, &one, leave_word, count_after);
	while (!finished)
		sloop_run(&loop, SLOOP_ONCE);
	pthread_create(&thread, NULL, shut_down, NULL);
	sem_wait(&left);	/* the idle one has ended, the other cannot */
	fflush(stdout);
	child = fork();
	if (!child) {
		alarm(20);
		loop_thread = pthread_self();
		if (sloop_fork(&loop))
			_exit(1);
		for (i = 0; i < 10; i++) {
			sloop_queue_work(&loop, &one, count_work, count_after);
			sloop_run(&loop, SLOOP_DEFAULT);
		}
		_exit(finished == 11 ? 0 : 2);
	}
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && !WEXITSTATUS(status),
	   "a child forked during a shutdown has a pool that stays");
	sem_post(&go_on);
	pthread_join(thread, NULL);
	sloop_run(&loop, SLOOP_DEFAULT);
	pthread_key_delete(at_exit);
	end();
}

#define ROUNDS	500

static int enough;			/* atomic */

/* It naps: valgrind runs one thread at a time, and not in turns. */
static void *shut_down_often(void *arg)
{
	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED)) {
		sloop_shutdown();
		usleep(20);
	}
	return arg;
}

static void *work_often(void *arg)
{
	struct sloop_work work[5];
	struct sloop own;
	int i, k;

	memset(&own, 0, sizeof(own));
	must(sloop_init(&own));
	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < 5; k++)
			sloop_queue_work(&own, &work[k], count_work, NULL);
		sloop_run(&own, SLOOP_DEFAULT);
	}
	sloop_free(&own);
	return arg;
}

/* Two who end the pool's threads, two who have work for them. */
static void test_shutdowns(void)
{
	void *(*const mains[4])(void *) = {
		shut_down_often, shut_down_often, work_often, work_often,
	};
	pthread_t threads[4];
	int i;

	worked = 0;
	alarm(60);
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, mains[i], NULL);
	pthread_join(threads[2], NULL);
	pthread_join(threads[3], NULL);
	__atomic_store_n(&enough, 1, __ATOMIC_RELAXED);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	alarm(0);
	ok(worked == 2 * 5 * ROUNDS, "no work is lost to a shutdown");
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
	test_fork_ending();
	test_shutdowns();
	sloop_shutdown();
	puts("# after a shutdown the pool begins anew");
	test_many();
	sloop_shutdown();
	return tap_done();
}
