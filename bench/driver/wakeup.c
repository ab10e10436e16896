// SPDX-License-Identifier: MIT
/*
 * From the moment an event is due to the first instruction of the program that
 * waited for it: /dev/slowdev0 beside a timerfd, by one strategy. In the VM.
 *
 * usage: wakeup STRATEGY TIMER EVENTS
 *   STRATEGY	read, epoll, uring, uringcmd; or sleep, for clock_nanosleep()
 *   TIMER	interval: the timerfd fires again and again by itself, as the
 *		chip does; once: it is set anew before each wait
 *
 * One thread waits for the chip's byte, then for the timer, then for the next
 * byte: so both are measured in the same run. The timerfd is due as often as a
 * byte arrives (by the chip's own, exact time), but half a PERIOD later: of two
 * timers due at once, one would be run after the other by the same interrupt,
 * and pay for it.
 *
 * Prints a line 'SOURCE AWAKE_NS HAVE_NS' for each event, SOURCE slowdev,
 * timerfd or sleep: from the moment to the return of the call that slept, and
 * of the one that brought the data.
 */
#include <inttypes.h>
#include <liburing.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "bench/driver/bench.h"
#include "kmod/slowdev_cmd.h"

struct stamps {
	uint64_t due_ns;
	uint64_t awake_ns;
	uint64_t have_ns;
};

/* What is waited for. */
struct source {
	const char *name;
	int fd;
	int epoll;
	uint64_t value;		/* what was read: a byte, or 8 */
	struct stamps *stamps;
};

static struct io_uring ring;

/* The strategies: wait for the source, take its data, stamp both. */

static void wait_read(struct source *source, struct stamps *stamps)
{
	must(read(source->fd, &source->value, sizeof(source->value)) > 0,
	     source->name);
	stamps->awake_ns = stamps->have_ns = now_ns();
}

static void wait_epoll(struct source *source, struct stamps *stamps)
{
	struct epoll_event event;

	must(epoll_wait(source->epoll, &event, 1, -1) == 1, "epoll_wait");
	stamps->awake_ns = now_ns();
	must(read(source->fd, &source->value, sizeof(source->value)) > 0,
	     source->name);
	stamps->have_ns = now_ns();
}

static void submit_and_wait(struct source *source, struct stamps *stamps)
{
	struct io_uring_cqe *cqe;

	must(io_uring_submit_and_wait(&ring, 1) == 1, "io_uring_enter");
	stamps->awake_ns = stamps->have_ns = now_ns();
	must(!io_uring_peek_cqe(&ring, &cqe) && cqe->res > 0, source->name);
	io_uring_cqe_seen(&ring, cqe);
}

static void wait_uring(struct source *source, struct stamps *stamps)
{
	io_uring_prep_read(io_uring_get_sqe(&ring), source->fd, &source->value,
			   sizeof(source->value), -1);
	submit_and_wait(source, stamps);
}

/* A timerfd knows no such command: there it is a read. */
static void wait_uringcmd(struct source *source, struct stamps *stamps)
{
	struct slowdev_cmd_read area = {
		.addr = (uintptr_t)&source->value,
		.len = sizeof(source->value),
	};
	struct io_uring_sqe *sqe;

	if (strcmp(source->name, "slowdev")) {
		wait_uring(source, stamps);
		return;
	}
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, source->fd, NULL, 0, 0);
	sqe->cmd_op = SLOWDEV_CMD_READ;
	memcpy(sqe->cmd, &area, sizeof(area));
	submit_and_wait(source, stamps);
}

static void wait_sleep(struct source *source, struct stamps *stamps)
{
	(void)source;
	sleep_until(stamps->due_ns);
	stamps->awake_ns = stamps->have_ns = now_ns();
}

static const struct strategy {
	const char *name;
	void (*wait)(struct source *source, struct stamps *stamps);
} strategies[] = {
	{ "read",	wait_read },
	{ "epoll",	wait_epoll },
	{ "uring",	wait_uring },
	{ "uringcmd",	wait_uringcmd },
	{ "sleep",	wait_sleep },
	{ NULL,		NULL },
};

static struct source prepare(const char *name, int fd, unsigned int events)
{
	struct source source = {
		.name = name,
		.fd = fd,
		.epoll = -1,
		.stamps = malloc(events * sizeof(struct stamps)),
	};

	/* touched now, lest its pages fault between two events */
	memset(source.stamps, 0xff, events * sizeof(struct stamps));
	return source;
}

static void watch(struct source *source)
{
	struct epoll_event event = { .events = EPOLLIN };

	source->epoll = epoll_create1(0);
	must(!epoll_ctl(source->epoll, EPOLL_CTL_ADD, source->fd, &event),
	     "epoll_ctl");
}

static void set_timer(const struct source *timer, uint64_t due_ns,
		      uint64_t interval_ns)
{
	struct itimerspec spec = {
		.it_value = to_timespec(due_ns),
		.it_interval = to_timespec(interval_ns),
	};

	must(!timerfd_settime(timer->fd, TFD_TIMER_ABSTIME, &spec, NULL),
	     "timerfd_settime");
}

/* When the chip's byte @n arrived. */
static uint64_t arrival_ns(uint32_t n)
{
	static int fd = -1;
	uint64_t ns;

	if (fd < 0)
		fd = open(SYSFS "device/arrivals", O_RDONLY);
	must(pread(fd, &ns, sizeof(ns), (off_t)n * 16) == sizeof(ns) && ns,
	     "arrivals");
	return ns;
}

static void print(const struct source *source, unsigned int events)
{
	unsigned int i;

	for (i = 0; i < events; i++) {
		const struct stamps *stamps = &source->stamps[i];

		printf("%s %" PRIu64 " %" PRIu64 "\n", source->name,
		       stamps->awake_ns - stamps->due_ns,
		       stamps->have_ns - stamps->due_ns);
	}
}

/* The floor: as many wake-ups, and the device is not even open. */
static void measure_sleep(unsigned int events, uint64_t period_ns)
{
	struct source source = prepare("sleep", -1, events);
	uint64_t start_ns = now_ns();
	unsigned int i;

	for (i = 0; i < events; i++) {
		source.stamps[i].due_ns = start_ns + (i + 1) * period_ns / 2;
		wait_sleep(&source, &source.stamps[i]);
	}
	print(&source, events);
}

static void measure(const struct strategy *strategy, bool interval,
		    unsigned int events, uint64_t period_ns)
{
	/* on 6.1 io_uring polls a timerfd only if it is non-blocking */
	bool by_ring = strategy->wait == wait_uring ||
		       strategy->wait == wait_uringcmd;
	struct source chip = prepare("slowdev", open("/dev/slowdev0", O_RDONLY),
				     events);
	struct source timer = prepare("timerfd",
				      timerfd_create(CLOCK_MONOTONIC, by_ring ?
						     TFD_NONBLOCK : 0), events);
	uint64_t first_ns;
	unsigned int i;
	uint32_t first;

	must(chip.fd >= 0, "/dev/slowdev0");
	must(timer.fd >= 0, "timerfd_create");
	if (strategy->wait == wait_epoll) {
		watch(&chip);
		watch(&timer);
	}
	first = read_number(SYSFS "next");
	must(read(chip.fd, &chip.value, 1) == 1, chip.name);
	first_ns = arrival_ns(first);
	for (i = 0; i < events; i++) {
		struct stamps *stamps = &timer.stamps[i];

		strategy->wait(&chip, &chip.stamps[i]);
		stamps->due_ns = first_ns + (i + 1) * period_ns + period_ns / 2;
		if (!interval || i == 0)
			set_timer(&timer, stamps->due_ns,
				  interval ? period_ns : 0);
		strategy->wait(&timer, stamps);
	}
	/* one read a byte, or we would not know whose the stamps are */
	must(read_number(SYSFS "next") == first + events + 1, "bytes missed");
	for (i = 0; i < events; i++)
		chip.stamps[i].due_ns = arrival_ns(first + 1 + i);
	print(&chip, events);
	print(&timer, events);
}

int main(int argc, char **argv)
{
	const struct strategy *strategy = strategies;
	uint64_t period_ns;

	if (argc != 4) {
		fprintf(stderr, "usage: wakeup STRATEGY TIMER EVENTS\n");
		return 2;
	}
	while (strategy->name && strcmp(strategy->name, argv[1]))
		strategy++;
	if (!strategy->name) {
		fprintf(stderr, "wakeup: no strategy '%s'\n", argv[1]);
		return 2;
	}
	no_slack();
	must(!io_uring_queue_init(2, &ring, 0), "io_uring_setup");
	period_ns = read_number(SYSFS "period_us") * 1000;
	if (strategy->wait == wait_sleep)
		measure_sleep(atoi(argv[3]), period_ns);
	else
		measure(strategy, !strcmp(argv[2], "interval"), atoi(argv[3]),
			period_ns);
	return 0;
}
