// SPDX-License-Identifier: MIT
/*
 * poll, select and epoll: readable while bytes are there, writable while
 * there is room, and nothing else wakes who waits.
 */
#include <sys/epoll.h>
#include <sys/select.h>

#include "slowdev_test.h"

#define IN	(POLLIN | POLLRDNORM)
#define OUT	(POLLOUT | POLLWRNORM)

/* What is ready now. */
static short ready(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = IN | OUT };

	return poll(&pollfd, 1, 0) < 0 ? -1 : pollfd.revents;
}

TEST_F(slowdev, readable_while_bytes_are_there)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	EXPECT_EQ(OUT, ready(fd));
	sd_arrive(_metadata, 0, "ab", 2);
	EXPECT_EQ(IN | OUT, ready(fd));
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(IN | OUT, ready(fd));
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(OUT, ready(fd));
}

TEST_F(slowdev, writable_while_there_is_room)
{
	int fd;

	sd_load(_metadata, "source=line period_us=1000000");
	fd = sd_open(_metadata, O_RDWR);
	sd_fill_tx(_metadata, fd);
	EXPECT_EQ(0, ready(fd));
	ASSERT_EQ(0, sd_put(0, "period_us", "1000"));
	EXPECT_TRUE(sd_until(ready(fd) == OUT));
}

TEST_F(slowdev, arrival_wakes)
{
	struct sd_call call = { .pollfd.events = POLLIN };

	sd_load(_metadata, "source=line period_us=1000");
	call.pollfd.fd = sd_open(_metadata, O_RDONLY);
	sd_start(_metadata, &call, sd_do_poll);
	sd_await_asleep(_metadata, &call);
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
	EXPECT_EQ(POLLIN, call.pollfd.revents);
}

TEST_F(slowdev, room_wakes)
{
	struct sd_call call = { .pollfd.events = POLLOUT };

	sd_load(_metadata, "source=line period_us=100000");
	call.pollfd.fd = sd_open(_metadata, O_RDWR);
	sd_fill_tx(_metadata, call.pollfd.fd);
	sd_start(_metadata, &call, sd_do_poll);
	sd_await_asleep(_metadata, &call);
	sd_join(_metadata, &call);
	EXPECT_EQ(1, call.ret);
	EXPECT_EQ(POLLOUT, call.pollfd.revents);
}

TEST_F(slowdev, arrival_does_not_end_waiting_for_room)
{
	struct sd_call call = { .pollfd.events = POLLOUT };

	sd_load(_metadata, "source=line period_us=1000000");
	call.pollfd.fd = sd_open(_metadata, O_RDWR);
	sd_fill_tx(_metadata, call.pollfd.fd);
	sd_start(_metadata, &call, sd_do_poll);
	sd_await_asleep(_metadata, &call);
	sd_arrive(_metadata, 0, "x", 1);
	sd_join(_metadata, &call);
	/* it ends when there is room, and says only what was asked for */
	EXPECT_EQ(POLLOUT, call.pollfd.revents);
}

TEST_F(slowdev, all_who_wait_are_woken)
{
	struct sd_call calls[4];
	int fd, i;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < 4; i++) {
		calls[i] = (struct sd_call){
			.pollfd = { .fd = i % 2 ? sd_open(_metadata, O_RDONLY)
						: fd,
				    .events = POLLIN },
		};
		sd_start(_metadata, &calls[i], sd_do_poll);
		sd_await_asleep(_metadata, &calls[i]);
	}
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	for (i = 0; i < 4; i++) {
		sd_join(_metadata, &calls[i]);
		EXPECT_EQ(POLLIN, calls[i].pollfd.revents);
	}
}

TEST_F(slowdev, select_agrees)
{
	struct timeval none = { 0, 0 };
	fd_set in, out;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	EXPECT_EQ(1, select(fd + 1, &in, &out, NULL, &none));
	EXPECT_FALSE(FD_ISSET(fd, &in));
	EXPECT_TRUE(FD_ISSET(fd, &out));
	ASSERT_EQ(1, sd_line_in(0, "x", 1));
	FD_SET(fd, &in);
	EXPECT_EQ(1, select(fd + 1, &in, NULL, NULL, NULL));
	EXPECT_EQ(1, read(fd, &byte, 1));
}

TEST_F(slowdev, epoll_edges)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	char bytes[2];
	int fd, epfd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_EQ(0, epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
	EXPECT_EQ(0, epoll_wait(epfd, &event, 1, 0));
	sd_arrive(_metadata, 0, "a", 1);
	ASSERT_EQ(1, epoll_wait(epfd, &event, 1, 5000));
	EXPECT_EQ(EPOLLIN, event.events);
	/* the same byte is no new edge, the next one is */
	EXPECT_EQ(0, epoll_wait(epfd, &event, 1, 0));
	sd_arrive(_metadata, 0, "b", 1);
	EXPECT_EQ(1, epoll_wait(epfd, &event, 1, 5000));
	EXPECT_EQ(2, read(fd, bytes, 2));
	EXPECT_EQ(0, epoll_wait(epfd, &event, 1, 0));
	close(epfd);
}

TEST_F(slowdev, epoll_levels)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT };
	char byte;
	int fd, epfd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_EQ(0, epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
	ASSERT_EQ(1, epoll_wait(epfd, &event, 1, 0));
	EXPECT_EQ(EPOLLOUT, event.events);
	sd_arrive(_metadata, 0, "ab", 2);
	ASSERT_EQ(1, epoll_wait(epfd, &event, 1, 0));
	EXPECT_EQ(EPOLLIN | EPOLLOUT, event.events);
	ASSERT_EQ(1, read(fd, &byte, 1));
	ASSERT_EQ(1, epoll_wait(epfd, &event, 1, 0));
	EXPECT_EQ(EPOLLIN | EPOLLOUT, event.events);
	close(epfd);
}

TEST_HARNESS_MAIN
