// SPDX-License-Identifier: MIT
/*
 * The registers in debugfs: what they say, to whom, and that looking changes
 * nothing; and that they go when the chip does.
 */
#include <sys/mount.h>
#include <sys/wait.h>

#include "slowdev_test.h"

#define DEBUGFS		"/sys/kernel/debug"
#define REGISTERS	DEBUGFS "/slowdev_hw/slowdev.0/registers"
#define FAULT		"/sys/bus/platform/devices/slowdev.0/fault"

/* The line of register @name, without the newline; empty if there is none. */
static const char *line_of(const char *name)
{
	static char text[4096];
	char *line;

	if (sd_read_file(REGISTERS, text, sizeof(text)) < 0)
		return "";
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, name, strlen(name)) &&
		    line[strlen(name)] == ' ')
			return line;
	return "";
}

#define EXPECT_LINE(name, line)	EXPECT_STREQ(line, line_of(name))

TEST_F(slowdev, a_line_a_register)
{
	static const char * const names[] = {
		"ID", "CTRL", "STATUS", "INT", "INT_EN", "DATA", "PERIOD",
		"TRIG", "RX_COUNT", "OVR_COUNT", "TX_COUNT", "IRQ_COUNT",
	};
	char text[4096], name[16], *line;
	unsigned int value;
	size_t i = 0;

	sd_load(_metadata, "");
	ASSERT_LT(0, sd_read_file(REGISTERS, text, sizeof(text)));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ASSERT_LT(i, ARRAY_SIZE(names));
		ASSERT_EQ(2, sscanf(line, "%15s 0x%8x", name, &value));
		EXPECT_STREQ(names[i++], name);
	}
	EXPECT_EQ(ARRAY_SIZE(names), i);
}

TEST_F(slowdev, what_the_bits_say)
{
	char buf[4];
	int fd;

	/* neither the trigger nor the time-out is reached for a while */
	sd_load(_metadata, "source=line period_us=1000000");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "16"));
	EXPECT_LINE("ID", "ID        0x534c4f57");
	EXPECT_LINE("CTRL", "CTRL      0x00000000");
	EXPECT_LINE("DATA", "DATA      0x00000000 BYTE=0");
	EXPECT_LINE("PERIOD", "PERIOD    0x3b9aca00 1000000000 ns");
	EXPECT_LINE("TRIG", "TRIG      0x00000410 RX_TRIG=16 TX_TRIG=4");
	EXPECT_LINE("INT_EN", "INT_EN    0x00000000");
	fd = sd_open(_metadata, O_RDWR);
	sd_arrive(_metadata, 0, "abc", 3);
	EXPECT_LINE("CTRL", "CTRL      0x00000001 EN");
	EXPECT_LINE("STATUS",
		    "STATUS    0x00000307 RX_RDY TX_RDY TX_IDLE RX_LEVEL=3 TX_LEVEL=0");
	EXPECT_LINE("INT", "INT       0x00000002 TX");
	EXPECT_LINE("INT_EN", "INT_EN    0x00000005 RX OVR");
	EXPECT_LINE("RX_COUNT", "RX_COUNT  0x00000003 3");
	/* again and again the same byte, and it is there for the reader */
	EXPECT_LINE("DATA", "DATA      0x00000161 VALID BYTE=97");
	EXPECT_LINE("DATA", "DATA      0x00000161 VALID BYTE=97");
	ASSERT_EQ(0, sd_put(0, "rx_trigger", "3"));
	ASSERT_EQ(3, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	EXPECT_LINE("IRQ_COUNT", "IRQ_COUNT 0x00000001 1");
}

/* Whoever looks all the time takes no byte and causes no interrupt. */
TEST_F(slowdev, looking_changes_nothing)
{
	struct sd_stats stats;
	uint8_t byte, i;
	int fd;

	sd_load(_metadata, "source=counter period_us=2000");
	fd = sd_open(_metadata, O_RDONLY | O_NONBLOCK);
	for (i = 0; i < 200;) {
		EXPECT_STRNE("", line_of("DATA"));
		if (read(fd, &byte, 1) < 0)
			continue;
		if (i != byte)
			SD_UNLESS_PAUSED();
		ASSERT_EQ(i, byte);
		i++;
	}
	SD_UNLESS_PAUSED();
	sd_get_stats(0, &stats);
	EXPECT_EQ(0, stats.overruns);
	EXPECT_GE(stats.arrived, stats.interrupts);
}

static int open_as_nobody(const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(65534) || setuid(65534))
			_exit(255);
		_exit(open(path, O_RDONLY) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(slowdev, for_root_only)
{
	struct stat stat_buf;

	sd_load(_metadata, "");
	ASSERT_EQ(0, stat(REGISTERS, &stat_buf));
	EXPECT_EQ(0400, stat_buf.st_mode & 07777);
	EXPECT_EQ(0, stat_buf.st_uid);
	/* also where the directory is open to all */
	ASSERT_EQ(0, chmod(DEBUGFS, 0755));
	EXPECT_EQ(EACCES, open_as_nobody(REGISTERS));
	EXPECT_EQ(0, chmod(DEBUGFS, 0700));
}

TEST_F(slowdev, each_chip_has_its_own)
{
	sd_load(_metadata, "devices=3");
	EXPECT_EQ(0, access(DEBUGFS "/slowdev_hw/slowdev.2/registers", F_OK));
	EXPECT_NE(0, access(DEBUGFS "/slowdev_hw/slowdev.3", F_OK));
	ASSERT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_NE(0, access(DEBUGFS "/slowdev_hw", F_OK));
}

/* It needs no driver. */
TEST_F(slowdev, a_chip_without_driver)
{
	ASSERT_EQ(0, sd_insmod("slowdev_hw", ""));
	EXPECT_LINE("ID", "ID        0x534c4f57");
}

TEST_F(slowdev, goes_with_the_chip_while_open)
{
	char byte, text[64];
	int fd, looking;

	sd_load(_metadata, "source=counter period_us=1000 fault=vanish");
	looking = open(REGISTERS, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, looking);
	EXPECT_LT(0, read(looking, text, sizeof(text)));
	/* open files are the module's users, as everywhere in debugfs */
	EXPECT_EQ(-EAGAIN, sd_rmmod("slowdev_hw"));
	fd = sd_open(_metadata, O_RDONLY);
	while (read(fd, &byte, 1) == 1)
		;
	ASSERT_EQ(ENODEV, errno);
	ASSERT_TRUE(sd_until(access(FAULT, F_OK) != 0));
	EXPECT_NE(0, access(REGISTERS, F_OK));
	EXPECT_EQ(-1, pread(looking, text, sizeof(text), 0));
	EXPECT_EQ(EIO, errno);
	close(looking);
	EXPECT_EQ(0, sd_rmmod("slowdev_hw"));
}

TEST_F(slowdev, nothing_breaks_without_debugfs)
{
	char byte;

	ASSERT_EQ(0, umount2(DEBUGFS, MNT_DETACH));
	sd_load(_metadata, "devices=2 period_us=1000");
	EXPECT_EQ(1, read(sd_open(_metadata, O_RDONLY), &byte, 1));
	EXPECT_EQ(0, sd_rmmod("slowdev_hw"));
	EXPECT_EQ(0, mount("debugfs", DEBUGFS, "debugfs", 0, NULL));
	EXPECT_NE(0, access(DEBUGFS "/slowdev_hw", F_OK));
}

TEST_HARNESS_MAIN
