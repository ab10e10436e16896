// SPDX-License-Identifier: MIT
/*
 * A reader or a writer sleeps over a page fault while it copies, and holds its
 * mutex meanwhile: what the others are told, and that the chip can go. The page
 * is one of userfaultfd's, which comes when the test says so.
 */
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "slowdev_test.h"
#include "slowdev_ring.h"

#define PAGE	4096

/* A page that is not there, and who is asked for it. */
struct page {
	int fd;
	char *bytes;
};

/* False if this kernel has no userfaultfd. */
static bool page_begin(struct __test_metadata *_metadata, struct page *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	page->fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (page->fd < 0)
		return false;
	ASSERT_EQ(0, ioctl(page->fd, UFFDIO_API, &api));
	page->bytes = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page->bytes);
	reg.range.start = (uintptr_t)page->bytes;
	ASSERT_EQ(0, ioctl(page->fd, UFFDIO_REGISTER, &reg));
	return true;
}

/* Until somebody has reached for it, and sleeps. */
static void page_await(struct __test_metadata *_metadata, struct page *page)
{
	struct pollfd pollfd = { page->fd, POLLIN, 0 };
	struct uffd_msg msg;

	ASSERT_EQ(1, poll(&pollfd, 1, 5000));
	ASSERT_EQ((ssize_t)sizeof(msg), read(page->fd, &msg, sizeof(msg)));
	ASSERT_EQ(UFFD_EVENT_PAGEFAULT, msg.event);
}

/* Here it is, with @text. */
static void page_give(struct __test_metadata *_metadata, struct page *page,
		      const char *text)
{
	static char bytes[PAGE] __attribute__((aligned(PAGE)));
	struct uffdio_copy copy = {
		.dst = (uintptr_t)page->bytes,
		.src = (uintptr_t)bytes,
		.len = PAGE,
	};

	strcpy(bytes, text);
	ASSERT_EQ(0, ioctl(page->fd, UFFDIO_COPY, &copy));
}

static void page_end(struct page *page)
{
	munmap(page->bytes, PAGE);
	close(page->fd);
}

static ssize_t nowait(bool write, int fd, void *buf, size_t len)
{
	struct iovec iov = { buf, len };

	return write ? pwritev2(fd, &iov, 1, -1, RWF_NOWAIT) :
		       preadv2(fd, &iov, 1, -1, RWF_NOWAIT);
}

static volatile sig_atomic_t signals;

static void count_signal(int sig)
{
	(void)sig;
	signals++;
}

/* A call in a thread that has begun to copy, and sleeps. */
static void start_copying(struct __test_metadata *_metadata,
			  struct sd_call *call, struct page *page,
			  void (*fn)(struct sd_call *call))
{
	call->buf = page->bytes;
	call->len = 4;
	sd_start(_metadata, call, fn);
	page_await(_metadata, page);
	sd_await_asleep(_metadata, call);
}

TEST_F(slowdev, nowait_is_eagain_beside_a_reader)
{
	struct sd_call call = { 0 };
	struct page page;
	struct pollfd pollfd = { .events = POLLIN };
	char buf[8];

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	pollfd.fd = call.fd;
	sd_arrive(_metadata, 0, "abcdef", 6);
	start_copying(_metadata, &call, &page, sd_do_read);
	/* there are bytes, but whose is not known yet */
	EXPECT_EQ(-1, nowait(false, call.fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(1, poll(&pollfd, 1, 0));
	page_give(_metadata, &page, "");
	sd_join(_metadata, &call);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(0, memcmp(page.bytes, "abcd", 4));
	EXPECT_EQ(2, nowait(false, call.fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "ef", 2));
	page_end(&page);
}

TEST_F(slowdev, o_nonblock_waits_for_a_reader)
{
	struct sd_call call = { 0 }, other = { 0 };
	struct page page;
	char buf[8];

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	other.fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	other.buf = buf;
	other.len = sizeof(buf);
	sd_arrive(_metadata, 0, "abcdef", 6);
	start_copying(_metadata, &call, &page, sd_do_read);
	sd_start(_metadata, &other, sd_do_read);
	sd_await_asleep(_metadata, &other);
	page_give(_metadata, &page, "");
	sd_join(_metadata, &call);
	sd_join(_metadata, &other);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(2, other.ret);
	page_end(&page);
}

TEST_F(slowdev, signal_ends_waiting_for_a_reader)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct sd_call call = { 0 }, other = { 0 };
	struct page page;
	char buf[8];

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	other = (struct sd_call){ .fd = call.fd, .buf = buf, .len = 8 };
	sigaction(SIGUSR1, &action, NULL);
	sd_arrive(_metadata, 0, "abcdef", 6);
	start_copying(_metadata, &call, &page, sd_do_read);
	sd_start(_metadata, &other, sd_do_read);
	sd_await_asleep(_metadata, &other);
	pthread_kill(other.thread, SIGUSR1);
	sd_join(_metadata, &other);
	EXPECT_EQ(-EINTR, other.ret);
	EXPECT_EQ(1, signals);
	page_give(_metadata, &page, "");
	sd_join(_metadata, &call);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(2, sd_get(0, "stats/buffered"));
	page_end(&page);
}

/*
 * A command's process is killed while the command waits for a reader. Others
 * see the ring, too, and what it says must be no number of the kernel's own.
 */
TEST_F(slowdev, a_command_is_killed_beside_a_reader)
{
	struct sd_call call = { 0 };
	struct page page;
	uintptr_t id;
	char buf[8];
	int status;
	pid_t pid;

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	ring_up(_metadata);
	sd_arrive(_metadata, 0, "abcdef", 6);
	start_copying(_metadata, &call, &page, sd_do_read);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		start_cmd(_metadata, call.fd, buf, sizeof(buf), 1);
		_exit(1);
	}
	ASSERT_TRUE(sd_until(sd_asleep(pid, SYS_io_uring_enter)));
	EXPECT_TRUE(pending());
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_EQ(-ECANCELED, completed(_metadata, &id));
	EXPECT_EQ(1, id);
	page_give(_metadata, &page, "");
	sd_join(_metadata, &call);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(2, read(call.fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "ef", 2));
	io_uring_queue_exit(&ring);
	page_end(&page);
}

/* Its bytes are its own, though the chip went while it copied them. */
TEST_F(slowdev, chip_goes_while_a_reader_copies)
{
	struct sd_call call = { 0 };
	struct page page;
	char byte;

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_RDONLY);
	sd_arrive(_metadata, 0, "abcde", 5);
	start_copying(_metadata, &call, &page, sd_do_read);
	ASSERT_EQ(0, sd_bind("unbind", 0));
	ASSERT_FALSE(sd_done(&call));
	page_give(_metadata, &page, "");
	sd_join(_metadata, &call);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(0, memcmp(page.bytes, "abcd", 4));
	EXPECT_EQ(1, read(call.fd, &byte, 1));
	EXPECT_EQ('e', byte);
	EXPECT_EQ(-1, read(call.fd, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	page_end(&page);
}

/* There is room, but a writer is at it: EAGAIN, and a POLL_OUT when it is. */
TEST_F(slowdev, nowait_is_owed_a_signal_beside_a_writer)
{
	struct timespec timeout = { 5, 0 };
	struct sd_call call = { 0 };
	int sig = SIGRTMIN;
	struct page page;
	siginfo_t info;
	sigset_t set;
	char out[6];

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	sigemptyset(&set);
	sigaddset(&set, sig);
	ASSERT_EQ(0, sigprocmask(SIG_BLOCK, &set, NULL));
	call.fd = sd_open(_metadata, O_WRONLY);
	ASSERT_EQ(0, fcntl(call.fd, F_SETOWN, getpid()));
	ASSERT_EQ(0, fcntl(call.fd, F_SETSIG, sig));
	ASSERT_EQ(0, fcntl(call.fd, F_SETFL, O_ASYNC));
	start_copying(_metadata, &call, &page, sd_do_write);
	EXPECT_EQ(-1, nowait(true, call.fd, "ef", 2));
	EXPECT_EQ(EAGAIN, errno);
	page_give(_metadata, &page, "abcd");
	ASSERT_EQ(sig, sigtimedwait(&set, &info, &timeout));
	EXPECT_EQ(POLL_OUT, info.si_code);
	sd_join(_metadata, &call);
	EXPECT_EQ(4, call.ret);
	EXPECT_EQ(2, nowait(true, call.fd, "ef", 2));
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(out, "abcdef", 6));
	page_end(&page);
}

/* Nobody could send what it copied. */
TEST_F(slowdev, chip_goes_while_a_writer_copies)
{
	struct sd_call call = { 0 };
	struct page page;
	char byte;

	if (!page_begin(_metadata, &page))
		SKIP(return, "no userfaultfd in this kernel");
	sd_load(_metadata, "source=line period_us=1000");
	call.fd = sd_open(_metadata, O_WRONLY);
	start_copying(_metadata, &call, &page, sd_do_write);
	ASSERT_EQ(0, sd_bind("unbind", 0));
	ASSERT_FALSE(sd_done(&call));
	page_give(_metadata, &page, "abcd");
	sd_join(_metadata, &call);
	EXPECT_EQ(-ENODEV, call.ret);
	sd_close(call.fd);
	ASSERT_EQ(0, sd_bind("bind", 0));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
	EXPECT_EQ(0, sd_get(0, "stats/tx_bytes"));
	EXPECT_EQ(0, sd_line_out(0, &byte, 1));
	page_end(&page);
}

TEST_HARNESS_MAIN
