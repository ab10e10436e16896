// SPDX-License-Identifier: MIT
/*
 * The chip goes while files are open: what had arrived is read, then ENODEV;
 * everyone who sleeps is woken; the driver outlives it.
 */
#include <sys/epoll.h>

#include "slowdev_test.h"

#define IN	(POLLIN | POLLRDNORM)
#define GONE	(POLLHUP | POLLERR)

FIXTURE_VARIANT(slowdev) {
	bool unbind;	/* by sysfs; else the hardware's module goes */
};

FIXTURE_VARIANT_ADD(slowdev, rmmod) { .unbind = false };
FIXTURE_VARIANT_ADD(slowdev, unbind) { .unbind = true };

#define unplug()							\
	ASSERT_EQ(0, variant->unbind ? sd_bind("unbind", 0)		\
				     : sd_rmmod("slowdev_hw"))

static short ready(int fd)
{
	struct pollfd pollfd = {
		.fd = fd, .events = IN | POLLOUT | POLLWRNORM,
	};

	return poll(&pollfd, 1, 0) < 0 ? -1 : pollfd.revents;
}

TEST_F(slowdev, sleeping_readers)
{
	struct sd_call calls[3];
	char bytes[3];
	int i;

	sd_load(_metadata, "source=line period_us=1000");
	for (i = 0; i < 3; i++) {
		calls[i] = (struct sd_call){
			.fd = sd_open(_metadata, O_RDONLY),
			.buf = &bytes[i], .len = 1,
		};
		sd_start(_metadata, &calls[i], sd_do_read);
		sd_await_asleep(_metadata, &calls[i]);
	}
	unplug();
	for (i = 0; i < 3; i++) {
		sd_join(_metadata, &calls[i]);
		EXPECT_EQ(-ENODEV, calls[i].ret);
	}
}

TEST_F(slowdev, sleeping_writer)
{
	struct sd_call call = { .buf = "x", .len = 1 };

	sd_load(_metadata, "source=line period_us=4000000");
	call.fd = sd_open(_metadata, O_WRONLY);
	sd_fill_tx(_metadata, call.fd);
	sd_start(_metadata, &call, sd_do_write);
	sd_await_asleep(_metadata, &call);
	unplug();
	sd_join(_metadata, &call);
	EXPECT_EQ(-ENODEV, call.ret);
}

TEST_F(slowdev, sleeping_pollers)
{
	/* one for input, one for room, one for nothing but the end */
	short events[3] = { POLLIN, POLLOUT, 0 };
	struct sd_call calls[3];
	int i, fd;

	sd_load(_metadata, "source=line period_us=4000000");
	fd = sd_open(_metadata, O_RDWR);
	sd_fill_tx(_metadata, fd);
	for (i = 0; i < 3; i++) {
		calls[i] = (struct sd_call){
			.pollfd = { .fd = fd, .events = events[i] },
		};
		sd_start(_metadata, &calls[i], sd_do_poll);
		sd_await_asleep(_metadata, &calls[i]);
	}
	unplug();
	for (i = 0; i < 3; i++) {
		sd_join(_metadata, &calls[i]);
		EXPECT_EQ(1, calls[i].ret);
		EXPECT_EQ(GONE, calls[i].pollfd.revents);
	}
}

TEST_F(slowdev, sleeping_in_epoll)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int fd, epfd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	epfd = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_EQ(0, epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event));
	EXPECT_EQ(0, epoll_wait(epfd, &event, 1, 0));
	unplug();
	EXPECT_EQ(1, epoll_wait(epfd, &event, 1, 5000));
	EXPECT_EQ(EPOLLHUP | EPOLLERR, event.events);
	close(epfd);
}

TEST_F(slowdev, buffered_bytes_then_enodev)
{
	char buf[8];
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	sd_arrive(_metadata, 0, "hello", 5);
	unplug();
	EXPECT_EQ(IN | GONE, ready(fd));
	ASSERT_EQ(2, read(fd, buf, 2));
	EXPECT_EQ(IN | GONE, ready(fd));
	ASSERT_EQ(3, read(fd, buf + 2, sizeof(buf) - 2));
	EXPECT_EQ(0, memcmp(buf, "hello", 5));
	EXPECT_EQ(GONE, ready(fd));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, read(fd, buf, 0));
}

/* Removal first takes in what the chip's FIFO holds. */
TEST_F(slowdev, bytes_in_the_fifo_then_enodev)
{
	char buf[8];
	int fd;

	/* neither RX_TRIG nor the time-out is reached */
	sd_load(_metadata, "source=line period_us=1000000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "16"));
	fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "abc", 3);
	EXPECT_EQ(0, sd_get(0, "stats/interrupts"));
	unplug();
	EXPECT_EQ(IN | GONE, ready(fd));
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(slowdev, fifo_bytes_wake_who_sleeps)
{
	char buf[8];
	struct sd_call call = { .buf = buf, .len = sizeof(buf) };

	sd_load(_metadata, "source=line period_us=1000000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "16"));
	call.fd = sd_open(_metadata, O_RDONLY);
	sd_start(_metadata, &call, sd_do_read);
	sd_await_asleep(_metadata, &call);
	sd_arrive(_metadata, 0, "abc", 3);
	unplug();
	sd_join(_metadata, &call);
	EXPECT_EQ(3, call.ret);
}

TEST_F(slowdev, nothing_says_eagain_any_more)
{
	struct iovec iov;
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR | O_NONBLOCK);
	unplug();
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(ENODEV, errno);
	iov = (struct iovec){ &byte, 1 };
	EXPECT_EQ(-1, preadv2(fd, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(GONE, ready(fd));
	/* the rest of a file's life */
	EXPECT_EQ(-1, lseek(fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC));
	EXPECT_EQ(0, fcntl(fd, F_SETFL, 0));
	EXPECT_EQ(-1, write(fd, "x", 1));
	EXPECT_EQ(ENODEV, errno);
}

TEST_F(slowdev, write_is_enodev_though_bytes_are_left)
{
	char byte;
	int fd;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDWR);
	sd_arrive(_metadata, 0, "x", 1);
	unplug();
	EXPECT_EQ(-1, write(fd, "y", 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(1, read(fd, &byte, 1));
}

TEST_F(slowdev, a_new_chip_while_an_old_file_is_open)
{
	char byte;
	int old, new;

	sd_load(_metadata, "source=line period_us=1000");
	old = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "o", 1);
	unplug();
	EXPECT_TRUE(sd_until(access("/dev/slowdev0", F_OK) != 0));
	EXPECT_EQ(-1, open("/dev/slowdev0", O_RDONLY));
	EXPECT_EQ(ENOENT, errno);
	ASSERT_EQ(0, variant->unbind ? sd_bind("bind", 0) :
		     sd_insmod("slowdev_hw", "source=line period_us=1000"));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	new = sd_open(_metadata, O_RDONLY);
	EXPECT_EQ(0, sd_get(0, "stats/arrived"));
	sd_arrive(_metadata, 0, "n", 1);
	EXPECT_EQ(1, read(old, &byte, 1));
	EXPECT_EQ('o', byte);
	EXPECT_EQ(-1, read(old, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(1, read(new, &byte, 1));
	EXPECT_EQ('n', byte);
}

TEST_F(slowdev, the_driver_stays_until_the_file_is_closed)
{
	int fd, err;

	sd_load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	unplug();
	err = sd_rmmod("slowdev");
	EXPECT_TRUE(err == -EAGAIN || err == -EBUSY) {
		TH_LOG("rmmod slowdev: %d", err);
	}
	sd_close(fd);
	EXPECT_EQ(0, sd_unload("slowdev"));
}

/* While a counter runs at speed, someone reads and someone writes. */
TEST_F_TIMEOUT(slowdev, twenty_times_in_full_traffic, 60)
{
	char in[64], out[64] = { 0 };
	struct sd_call reader, writer;
	int round;

	sd_load(_metadata, "source=counter period_us=500");
	for (round = 0; round < 20; round++) {
		reader = (struct sd_call){
			.fd = sd_open(_metadata, O_RDWR),
			.buf = in, .len = sizeof(in),
		};
		writer = reader;
		writer.buf = out;
		do {
			sd_start(_metadata, &reader, sd_do_read);
			sd_start(_metadata, &writer, sd_do_write);
			sd_join(_metadata, &reader);
			sd_join(_metadata, &writer);
			ASSERT_LT(0, reader.ret);
			ASSERT_LT(0, writer.ret);
		} while (sd_get(0, "stats/arrived") < 10);
		sd_start(_metadata, &reader, sd_do_read);
		sd_start(_metadata, &writer, sd_do_write);
		usleep(37 * round);
		unplug();
		sd_join(_metadata, &reader);
		sd_join(_metadata, &writer);
		ASSERT_TRUE(reader.ret > 0 || reader.ret == -ENODEV);
		ASSERT_TRUE(writer.ret > 0 || writer.ret == -ENODEV);
		sd_close(reader.fd);
		ASSERT_EQ(0, variant->unbind ? sd_bind("bind", 0) :
			  sd_insmod("slowdev_hw",
				    "source=counter period_us=500"));
		ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	}
}

TEST_HARNESS_MAIN
