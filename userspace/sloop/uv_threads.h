/* SPDX-License-Identifier: MIT */
/*
 * libuv's names for the threads and locks of pthread(7). Included by uv.h.
 * Callable in any thread; errors are negative errnos. As in libuv a lock that
 * fails is a bug, and ends the program.
 */
#ifndef UV_THREADS_H
#define UV_THREADS_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

typedef pthread_t uv_thread_t;
typedef pthread_mutex_t uv_mutex_t;
typedef pthread_rwlock_t uv_rwlock_t;
typedef pthread_cond_t uv_cond_t;
typedef pthread_barrier_t uv_barrier_t;
typedef sem_t uv_sem_t;
typedef void (*uv_thread_cb)(void *arg);

int uv_thread_create(uv_thread_t *tid, uv_thread_cb entry, void *arg);

static inline void uv_must(int error)
{
	if (error)
		abort();
}

static inline int uv_thread_join(uv_thread_t *tid)
{
	return -pthread_join(*tid, NULL);
}

static inline uv_thread_t uv_thread_self(void)
{
	return pthread_self();
}

static inline int uv_mutex_init(uv_mutex_t *mutex)
{
	return -pthread_mutex_init(mutex, NULL);
}

static inline void uv_mutex_lock(uv_mutex_t *mutex)
{
	uv_must(pthread_mutex_lock(mutex));
}

/* UV_EBUSY when it is held. */
static inline int uv_mutex_trylock(uv_mutex_t *mutex)
{
	int error = pthread_mutex_trylock(mutex);

	uv_must(error && error != EBUSY);
	return -error;
}

static inline void uv_mutex_unlock(uv_mutex_t *mutex)
{
	uv_must(pthread_mutex_unlock(mutex));
}

static inline void uv_mutex_destroy(uv_mutex_t *mutex)
{
	uv_must(pthread_mutex_destroy(mutex));
}

static inline int uv_rwlock_init(uv_rwlock_t *lock)
{
	return -pthread_rwlock_init(lock, NULL);
}

static inline void uv_rwlock_rdlock(uv_rwlock_t *lock)
{
	uv_must(pthread_rwlock_rdlock(lock));
}

static inline void uv_rwlock_rdunlock(uv_rwlock_t *lock)
{
	uv_must(pthread_rwlock_unlock(lock));
}

static inline void uv_rwlock_wrlock(uv_rwlock_t *lock)
{
	uv_must(pthread_rwlock_wrlock(lock));
}

static inline void uv_rwlock_wrunlock(uv_rwlock_t *lock)
{
	uv_must(pthread_rwlock_unlock(lock));
}

static inline void uv_rwlock_destroy(uv_rwlock_t *lock)
{
	uv_must(pthread_rwlock_destroy(lock));
}

static inline int uv_cond_init(uv_cond_t *cond)
{
	return -pthread_cond_init(cond, NULL);
}

static inline void uv_cond_signal(uv_cond_t *cond)
{
	uv_must(pthread_cond_signal(cond));
}

static inline void uv_cond_broadcast(uv_cond_t *cond)
{
	uv_must(pthread_cond_broadcast(cond));
}

static inline void uv_cond_wait(uv_cond_t *cond, uv_mutex_t *mutex)
{
	uv_must(pthread_cond_wait(cond, mutex));
}

static inline void uv_cond_destroy(uv_cond_t *cond)
{
	uv_must(pthread_cond_destroy(cond));
}

static inline int uv_sem_init(uv_sem_t *sem, unsigned int value)
{
	return sem_init(sem, 0, value) ? -errno : 0;
}

static inline void uv_sem_post(uv_sem_t *sem)
{
	uv_must(sem_post(sem));
}

static inline void uv_sem_wait(uv_sem_t *sem)
{
	while (sem_wait(sem))
		uv_must(errno != EINTR);
}

static inline void uv_sem_destroy(uv_sem_t *sem)
{
	uv_must(sem_destroy(sem));
}

static inline int uv_barrier_init(uv_barrier_t *barrier, unsigned int count)
{
	return -pthread_barrier_init(barrier, NULL, count);
}

/* Above 0 in one of the threads. */
static inline int uv_barrier_wait(uv_barrier_t *barrier)
{
	return pthread_barrier_wait(barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
}

static inline void uv_barrier_destroy(uv_barrier_t *barrier)
{
	uv_must(pthread_barrier_destroy(barrier));
}

static inline void uv_sleep(unsigned int ms)
{
	struct timespec left = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000l,
	};

	while (nanosleep(&left, &left))
		uv_must(errno != EINTR);
}

#endif
