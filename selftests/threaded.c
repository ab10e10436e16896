// SPDX-License-Identifier: MIT
/*
 * The driver's parameter `threaded`: where its handler runs. What it does there
 * is the same, and the short tests here say so for the main things; all others
 * run with it by `make selftest THREADED=1`.
 */
#include <dirent.h>

#include "slowdev_test.h"
#include "slowdev_kernel.h"

#define PARAMETER	"/sys/module/slowdev/parameters/threaded"

static void load(struct __test_metadata *_metadata, const char *parameters)
{
	ASSERT_EQ(0, sd_insmod("slowdev", "threaded=1"));
	ASSERT_EQ(0, sd_insmod("slowdev_hw", parameters));
	ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
}

/* The thread of slowdev@dev's interrupt, or 0: irq/NUMBER-slowdevN. */
static pid_t thread_of(int dev)
{
	char path[300], comm[64], want[32];
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;
	char *dash;

	snprintf(want, sizeof(want), "-slowdev%d\n", dev);
	while (proc && !found && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (sd_read_file(path, comm, sizeof(comm)) < 0)
			continue;
		dash = strchr(comm, '-');
		if (!strncmp(comm, "irq/", 4) && dash && !strcmp(dash, want))
			found = atoi(entry->d_name);
	}
	if (proc)
		closedir(proc);
	return found;
}

/* How often it went to sleep by itself. */
static long long sleeps(pid_t pid)
{
	char path[64], status[4096], *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (sd_read_file(path, status, sizeof(status)) < 0)
		return -1;
	at = strstr(status, "\nvoluntary_ctxt_switches:");
	return at ? strtoll(strchr(at, ':') + 1, NULL, 10) : -1;
}

TEST_F(slowdev, not_by_default)
{
	struct utsname name;
	char text[8] = "";

	if (getenv("SLOWDEV_PARAMETERS"))
		SKIP(return, "SLOWDEV_PARAMETERS are not the default");
	sd_load(_metadata, "");
	EXPECT_LT(0, sd_read_file(PARAMETER, text, sizeof(text)));
	EXPECT_STREQ("N\n", text);
	ASSERT_EQ(0, uname(&name));
	/* there every handler has a thread, whoever asks for it */
	EXPECT_EQ(!!strstr(name.version, "PREEMPT_RT"), thread_of(0) > 0);
}

TEST_F(slowdev, only_yes_or_no)
{
	EXPECT_EQ(-EINVAL, sd_insmod("slowdev", "threaded=x"));
	EXPECT_EQ(-EINVAL, sd_insmod("slowdev", "threaded=2"));
	EXPECT_FALSE(sd_loaded("slowdev"));
}

TEST_F(slowdev, a_thread_a_chip)
{
	long long before, interrupts;
	char byte, text[8] = "";
	pid_t thread;
	int fd, i;

	SD_COUNTED_TIME();
	/* slow, so that no thread is late enough to take two bytes at once */
	load(_metadata, "devices=2 source=counter period_us=10000");
	EXPECT_LT(0, sd_read_file(PARAMETER, text, sizeof(text)));
	EXPECT_STREQ("Y\n", text);
	EXPECT_LT(0, thread_of(0));
	thread = thread_of(1);
	ASSERT_LT(0, thread);
	EXPECT_NE(thread_of(0), thread);
	before = sleeps(thread);
	ASSERT_LE(0, before);
	fd = sd_open_dev(_metadata, 1, O_RDONLY);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(1, read(fd, &byte, 1));
	interrupts = sd_proc_interrupts("slowdev1");
	EXPECT_LE(100, interrupts);
	EXPECT_GE(105, interrupts);
	/* each interrupt woke it, and it went to sleep again */
	EXPECT_LE(before + 100, sleeps(thread));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_TRUE(sd_until(!thread_of(0) && !thread_of(1)));
}

/* The line is masked until the thread is done: an interrupt a byte, no more. */
TEST_F(slowdev, one_interrupt_a_byte)
{
	char byte;
	int fd, i;

	load(_metadata, "source=line period_us=1000");
	fd = sd_open(_metadata, O_RDONLY);
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(1, sd_line_in(0, "x", 1));
		ASSERT_EQ(1, read(fd, &byte, 1));
	}
	EXPECT_EQ(50, sd_get(0, "stats/interrupts"));
	EXPECT_EQ(50, sd_proc_interrupts("slowdev0"));
}

/* While the drain's timer, a soft interrupt, wants the lock of the thread. */
TEST_F(slowdev, both_ways_and_closed)
{
	uint8_t in[300], out[300], byte;
	int fd, i;

	SD_COUNTED_TIME();
	load(_metadata, "source=counter period_us=500");
	fd = sd_open(_metadata, O_RDWR);
	sd_fill(in, sizeof(in), 0);
	ASSERT_EQ((ssize_t)sizeof(in), write(fd, in, sizeof(in)));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(1, read(fd, &byte, 1));
		ASSERT_EQ(i, byte);
	}
	sd_close(fd);
	sd_await_out(_metadata, 0, out, sizeof(out));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
	EXPECT_EQ(0, sd_get(0, "stats/overruns"));
}

TEST_F(slowdev, gone_while_open)
{
	char buf[SD_BUFFER];
	struct sd_call call = { .buf = buf, .len = 1 };
	int round;

	ASSERT_EQ(0, sd_insmod("slowdev", "threaded=1"));
	for (round = 0; round < 20; round++) {
		ASSERT_EQ(0, sd_insmod("slowdev_hw",
				       "source=counter period_us=500"));
		ASSERT_TRUE(sd_until(access("/dev/slowdev0", F_OK) == 0));
		call.fd = sd_open(_metadata, O_RDONLY);
		ASSERT_EQ(1, read(call.fd, buf, 1));
		sd_start(_metadata, &call, sd_do_read);
		usleep(37 * round);
		ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
		sd_join(_metadata, &call);
		ASSERT_TRUE(call.ret == 1 || call.ret == -ENODEV);
		while (read(call.fd, buf, 1) == 1)
			;
		EXPECT_EQ(ENODEV, errno);
		/* it was told to end, and waited for, but not for its entry */
		EXPECT_TRUE(sd_until(!thread_of(0)));
		sd_close(call.fd);
	}
}

TEST_HARNESS_MAIN
