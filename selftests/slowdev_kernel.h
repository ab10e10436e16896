/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of itself: its count of interrupts, the memory it finds
 * leaked, its log. Included after slowdev_test.h by the tests that ask.
 */
#ifndef SLOWDEV_KERNEL_H
#define SLOWDEV_KERNEL_H

/* The count of @action's line in /proc/interrupts, -1 if it has none. */
static SD_UNUSED long long sd_proc_interrupts(const char *action)
{
	static char text[65536];
	char *line, *next, *at, *end;
	long long sum = 0, n;
	size_t len;

	if (sd_read_file("/proc/interrupts", text, sizeof(text)) < 0)
		return -1;
	for (line = text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		len = strlen(line);
		if (len < strlen(action) + 1 ||
		    strcmp(line + len - strlen(action), action) ||
		    line[len - strlen(action) - 1] != ' ')
			continue;
		if (!strstr(line, " slowchip "))
			return -1;
		at = strchr(line, ':') + 1;
		for (n = strtoll(at, &end, 10); end != at;
		     n = strtoll(at, &end, 10)) {
			sum += n;
			at = end;
		}
		return sum;
	}
	return -1;
}

/*
 * Memory that nobody points to any more, where the kernel looks for that.
 * It suspects nothing younger than 5 s, and believes it at the second look.
 *
 * One leak is the kernel's: 6.1's __class_register() forgets the name of a
 * class that it could not add. It is listed, not counted.
 */
static SD_UNUSED void sd_check_leaks(struct __test_metadata *_metadata)
{
	static const char kmemleak[] = "/sys/kernel/debug/kmemleak";
	static const char object[] = "unreferenced object";
	int i, ours = 0, the_kernels = 0;
	static char text[65536];
	char *at, *next;

	if (access(kmemleak, F_OK))
		return;
	for (i = 0; i < 2; i++) {
		sleep(6);
		ASSERT_EQ(4, sd_write_file(kmemleak, "scan", 4));
	}
	ASSERT_LE(0, sd_read_file(kmemleak, text, sizeof(text)));
	for (at = strstr(text, object); at; at = next) {
		next = strstr(at + 1, object);
		if (next)
			next[-1] = '\0';
		if (strstr(at, "__class_register+")) {
			the_kernels++;
			continue;
		}
		TH_LOG("%s", at);
		ours++;
	}
	ASSERT_EQ(0, ours);
	/* or the end of the run would count it */
	if (the_kernels)
		ASSERT_EQ(5, sd_write_file(kmemleak, "clear", 5));
	TH_LOG("kmemleak: clean, but for %d of the kernel's", the_kernels);
}

/* The kernel's log from now on; a line a read. */
static SD_UNUSED int sd_open_log(struct __test_metadata *_metadata)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_LE(0, lseek(fd, 0, SEEK_END));
	return fd;
}

#endif
