// SPDX-License-Identifier: MIT
/*
 * A program that knows libuv only: what is not timers, hooks and files to be
 * polled. Built against libuv and against sloop's uv.h it must print the same
 * (test_uv.sh compares them).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static uv_loop_t loop;
static uv_async_t async;
static uv_signal_t signals, once;
static uv_work_t work, blockers[4], late;
static uv_fs_t late_file;
static uv_sem_t begun, go_on;
static uv_thread_t thread;
static uv_mutex_t mutex;

static void on_close(uv_handle_t *handle)
{
	printf("closed %s\n", (char *)handle->data);
}

static void on_signal(uv_signal_t *handle, int number)
{
	printf("signal %s %d active %d\n", (char *)handle->data, number,
	       uv_is_active((uv_handle_t *)handle));
	uv_close((uv_handle_t *)handle, on_close);
}

static void on_async(uv_async_t *handle)
{
	uv_mutex_lock(&mutex);
	uv_mutex_unlock(&mutex);
	puts("async");
	uv_close((uv_handle_t *)handle, on_close);
	raise(SIGUSR1);
	raise(SIGUSR2);
}

static void in_thread(void *arg)
{
	uv_mutex_lock(&mutex);
	uv_async_send(arg);
	uv_async_send(arg);
	uv_mutex_unlock(&mutex);
}

static uv_cond_t turned;
static uv_rwlock_t shared;
static int turn;

/* Waits for its turn, and gives it back. */
static void take_turn(void *arg)
{
	(void)arg;
	uv_rwlock_rdlock(&shared);
	uv_mutex_lock(&mutex);
	while (turn != 1)
		uv_cond_wait(&turned, &mutex);
	turn = 2;
	uv_cond_broadcast(&turned);
	uv_mutex_unlock(&mutex);
	uv_rwlock_rdunlock(&shared);
}

static void locks(void)
{
	printf("locks %d %d\n", uv_cond_init(&turned),
	       uv_rwlock_init(&shared));
	uv_rwlock_rdlock(&shared);	/* a second reader is let in */
	uv_thread_create(&thread, take_turn, NULL);
	uv_mutex_lock(&mutex);
	turn = 1;
	uv_cond_signal(&turned);
	while (turn != 2)
		uv_cond_wait(&turned, &mutex);
	printf("turn %d\n", turn);
	uv_mutex_unlock(&mutex);
	uv_rwlock_rdunlock(&shared);
	uv_rwlock_wrlock(&shared);
	printf("try %d\n", uv_mutex_trylock(&mutex));
	printf("again %s\n", uv_err_name(uv_mutex_trylock(&mutex)));
	uv_mutex_unlock(&mutex);
	uv_rwlock_wrunlock(&shared);
	uv_thread_join(&thread);
	uv_cond_destroy(&turned);
	uv_rwlock_destroy(&shared);
}

static void do_work(uv_work_t *it)
{
	*(int *)it->data += 1;
}

static void after_work(uv_work_t *it, int status)
{
	printf("worked %d: %d\n", *(int *)it->data, status);
}

static void block(uv_work_t *it)
{
	(void)it;
	uv_sem_post(&begun);
	uv_sem_wait(&go_on);
}

static void after_block(uv_work_t *it, int status)
{
	(void)it;
	if (status)
		printf("a blocker failed: %d\n", status);
}

static void after_late(uv_work_t *it, int status)
{
	int i;

	(void)it;
	printf("late: %s\n", status ? uv_err_name(status) : "was done");
	for (i = 0; i < 4; i++)
		uv_sem_post(&go_on);
}

static void on_late_file(uv_fs_t *it)
{
	printf("late file: %s\n", uv_err_name(it->result));
	uv_fs_req_cleanup(it);
}

static char text[16];
static char path[] = "/tmp/uv-more-XXXXXX";

static void on_read(uv_fs_t *it)
{
	printf("read %d: %s\n", (int)it->result, text);
	uv_fs_req_cleanup(it);
}

static void files(void)
{
	uv_buf_t out[2] = { uv_buf_init("slow", 4), uv_buf_init("dev", 3) };
	uv_buf_t in = uv_buf_init(text, sizeof(text));
	uv_fs_t fs;
	int fd;

	close(mkstemp(path));
	fd = uv_fs_open(&loop, &fs, path, O_RDWR, 0, NULL);
	uv_fs_req_cleanup(&fs);
	printf("write %d\n", uv_fs_write(&loop, &fs, fd, out, 2, -1, NULL));
	uv_fs_req_cleanup(&fs);
	uv_fs_read(&loop, &fs, fd, &in, 1, 2, on_read);
	uv_run(&loop, UV_RUN_DEFAULT);
	printf("close %d\n", uv_fs_close(&loop, &fs, fd, NULL));
	uv_fs_req_cleanup(&fs);
	unlink(path);
	printf("open %s\n", uv_err_name(uv_fs_open(&loop, &fs, path, O_RDONLY,
						   0, NULL)));
	uv_fs_req_cleanup(&fs);
}

int main(void)
{
	int count = 0, error, i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	error = uv_loop_init(&loop);
	if (error) {
		printf("uv_loop_init: %s\n", uv_err_name(error));
		return 1;
	}
	uv_mutex_init(&mutex);
	uv_sem_init(&begun, 0);
	uv_sem_init(&go_on, 0);
	async.data = "async";
	signals.data = "each";
	once.data = "once";
	uv_async_init(&loop, &async, on_async);
	uv_signal_init(&loop, &signals);
	uv_signal_init(&loop, &once);
	printf("signal 0: %d\n", uv_signal_start(&signals, on_signal, 0));
	uv_signal_start(&signals, on_signal, SIGUSR1);
	uv_signal_start_oneshot(&once, on_signal, SIGUSR2);
	printf("alive %d\n", uv_loop_alive(&loop));
	uv_thread_create(&thread, in_thread, &async);
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));
	uv_thread_join(&thread);

	locks();

	work.data = &count;
	printf("no work: %d\n", uv_queue_work(&loop, &work, NULL, after_work));
	uv_queue_work(&loop, &work, do_work, after_work);
	printf("run %d\n", uv_run(&loop, UV_RUN_DEFAULT));

	/* four threads that wait; the fifth's work has to */
	for (i = 0; i < 4; i++)
		uv_queue_work(&loop, &blockers[i], block, after_block);
	for (i = 0; i < 4; i++)
		uv_sem_wait(&begun);
	late.data = &count;
	uv_queue_work(&loop, &late, do_work, after_late);
	printf("cancel %d, again %d\n", uv_cancel((uv_req_t *)&late),
	       uv_cancel((uv_req_t *)&blockers[0]));
	uv_fs_open(&loop, &late_file, "/dev/null", O_RDONLY, 0, on_late_file);
	printf("cancel the file %d\n", uv_cancel((uv_req_t *)&late_file));
	printf("run %d, done %d\n", uv_run(&loop, UV_RUN_DEFAULT), count);
	files();
	printf("free %d\n", uv_loop_close(&loop));
	uv_library_shutdown();
	return 0;
}
