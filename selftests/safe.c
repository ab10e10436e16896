// SPDX-License-Identifier: MIT
/*
 * Safe to leave loaded: who has no permission reads nobody's bytes, nobody
 * fills the log, and chips that ask for too much do not stall the machine.
 */
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "slowdev_test.h"
#include "slowdev_kernel.h"

#define CHIP	"/sys/bus/platform/devices/slowdev.0/"
#define CLASS	"/sys/class/slowdev/slowdev0/"
#define DRIVER	"/sys/module/slowdev/parameters/"
#define NOBODY	65534

/* Run @fn(@arg) as nobody; what it returns, 0 to 254. */
static int as_nobody(int (*fn)(const char *arg), const char *arg)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(setgid(NOBODY) || setuid(NOBODY) ? 255 : fn(arg));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int open_to_read(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK) < 0 ? errno : 0;
}

static int open_to_write(const char *path)
{
	return open(path, O_WRONLY | O_NONBLOCK) < 0 ? errno : 0;
}

TEST_F(slowdev, what_everybody_may)
{
	static const struct {
		const char *path;
		unsigned int mode;
	} files[] = {
		/* bytes, and when they came */
		{ "/dev/slowdev0", 0600 },
		{ CHIP "line_in", 0200 },
		{ CHIP "line_out", 0400 },
		{ CHIP "arrivals", 0440 },
		/* settings, for all to see */
		{ CHIP "fault", 0644 },
		{ CLASS "period_us", 0644 },
		{ CLASS "rx_trigger", 0644 },
		{ DRIVER "isr_log", 0644 },
		{ DRIVER "threaded", 0444 },
		/* counts, as of network interfaces */
		{ CLASS "next", 0444 },
		{ CLASS "stats/arrived", 0444 },
		{ CLASS "stats/buffered", 0444 },
	};
	struct stat st;
	size_t i;

	sd_load(_metadata, "source=line");
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *path = files[i].path;

		ASSERT_EQ(0, stat(path, &st));
		EXPECT_EQ(files[i].mode, st.st_mode & 07777) {
			TH_LOG("%s", path);
		}
		EXPECT_EQ(0, st.st_uid);
		EXPECT_EQ(0, st.st_gid);
		/* and the modes are what counts */
		EXPECT_EQ(st.st_mode & 04 ? 0 : EACCES,
			  as_nobody(open_to_read, path)) {
			TH_LOG("%s", path);
		}
		EXPECT_EQ(EACCES, as_nobody(open_to_write, path)) {
			TH_LOG("%s", path);
		}
	}
}

/*
 * How many lines @with something in them came since the last look, and the
 * @last of them.
 */
static int lines(int log, const char *with, char last[1024])
{
	char text[1024];
	int found = 0;
	ssize_t n;

	*last = '\0';
	while ((n = read(log, text, sizeof(text) - 1)) > 0) {
		text[n] = '\0';
		if (!strstr(text, with))
			continue;
		strcpy(last, text);
		found++;
	}
	return found;
}

/* Everything a user can do wrong, to a device that is given to all. */
static int misuse(const char *path)
{
	void *volatile bad = (void *)8;	/* lest gcc warns of what we want */
	struct iovec iov = { bad, 1 };
	char buf[16];
	int i, fd;

	for (i = 0; i < 2000; i++) {
		fd = open(path, O_RDWR | O_NONBLOCK);
		if (fd < 0)
			return 1;
		if (write(fd, buf, sizeof(buf)) == 0 ||
		    write(fd, bad, 1) >= 0 ||
		    lseek(fd, i, SEEK_SET) >= 0 ||
		    ioctl(fd, i * 7919, bad) >= 0 ||
		    preadv2(fd, &iov, 1, -1, RWF_NOWAIT) >= 0 ||
		    ppoll(bad, 1, NULL, NULL) >= 0)
			return 2;
		close(fd);
	}
	return 0;
}

TEST_F(slowdev, a_user_logs_nothing)
{
	char last[1024];
	int log;

	/* no more wake-ups than there may be: that would be said, once */
	sd_load_with(_metadata, "source=counter period_us=%d",
		     sd_host_time() ? 10000 : 100 * sd_slower());
	ASSERT_EQ(0, chmod("/dev/slowdev0", 0666));
	log = sd_open_log(_metadata);
	EXPECT_EQ(0, as_nobody(misuse, "/dev/slowdev0"));
	EXPECT_EQ(0, lines(log, "slowdev", last)) {
		TH_LOG("%s", last);
	}
	close(log);
}

#define BOUND	"wake-ups a second"

TEST_F(slowdev, ordinary_chips_do_not_feel_the_bound)
{
	int fds[16], i, n, log;
	char last[1024];
	uint8_t byte;

	SD_COUNTED_TIME();	/* a pause is no ordinary chip's doing */
	log = sd_open_log(_metadata);
	sd_load(_metadata, "devices=16 source=counter period_us=4000");
	for (i = 0; i < 16; i++)
		fds[i] = sd_open_dev(_metadata, i, O_RDONLY);
	for (n = 0; n < 50; n++)
		for (i = 0; i < 16; i++)
			ASSERT_EQ(1, read(fds[i], &byte, 1));
	EXPECT_EQ(0, lines(log, BOUND, last)) {
		TH_LOG("%s", last);
	}
	close(log);
}

static long long all_interrupts(int chips)
{
	long long sum = 0;

	while (chips--)
		sum += sd_get(chips, "stats/interrupts");
	return sum;
}

/*
 * 256 chips, or as many as may be, that each bring a byte a microsecond: 256
 * million wake-ups a second are wanted. The hardware has 20,000, says so once,
 * and counts what is lost. Who sleeps meanwhile is a witness that others still
 * run.
 */
TEST_F_TIMEOUT(slowdev, chips_that_want_everything, 100)
{
	int most = sd_most_devices(), i, log;
	long long began_ns, interrupts, bound;
	char last[1024];

	SD_COUNTED_TIME();
	log = sd_open_log(_metadata);
	sd_load_with(_metadata, "devices=%d source=counter period_us=1", most);
	for (i = 0; i < most; i++)
		sd_open_dev(_metadata, i, O_RDONLY);
	began_ns = sd_now_ns();
	interrupts = -all_interrupts(most);
	for (i = 0; i < 20; i++)
		usleep(10000);
	EXPECT_GT(5000000000, sd_now_ns() - began_ns);
	interrupts += all_interrupts(most);
	EXPECT_LT(0, interrupts);
	EXPECT_GE((sd_now_ns() - began_ns) / (1000000000 / 20000) + most,
		  interrupts);
	while (sd_nfiles)
		sd_close(sd_files[0]);
	EXPECT_EQ(1, lines(log, BOUND, last));
	/* it says how many it has: what a wake-up costs may make that fewer */
	ASSERT_EQ(1, sscanf(last, "%*[^;];slowdev_hw: chips ask for more than %lld",
			    &bound));
	EXPECT_GE(20000, bound);
	EXPECT_LE(1000 / sd_slower(), bound);
	if (sd_slower() > 1)
		EXPECT_GT(20000, bound);
	close(log);
}

TEST_HARNESS_MAIN
