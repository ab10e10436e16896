// SPDX-License-Identifier: MIT
/*
 * Prove that the debug kernel fails what it is told to fail, and says which
 * code ran: inject alloc|copy|coverage. Run in the VM by vm/tests/test-canary,
 * with canary.ko what=device loaded. Prints one line; status 0 if it is so.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEBUGFS		"/sys/kernel/debug/"
#define MOST_FAULTS	50
#define COVER_WORDS	4096

/* linux/kcov.h is not among libc's headers */
#define KCOV_INIT_TRACE	_IOR('c', 1, unsigned long)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_DISABLE	_IO('c', 101)
#define KCOV_TRACE_PC	0

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/*
 * Fail the first thing that can fail in write(), then the second, ... until it
 * does not come to an Nth. One of them must give @wanted.
 */
static int failing(int canary, int wanted)
{
	int knob = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	int wait = open_or_die(DEBUGFS "failslab/ignore-gfp-wait", O_WRONLY);
	char text[16] = "";
	int n, got = 0;
	bool left;
	ssize_t written;

	if (write(wait, "N", 1) != 1)	/* else only atomic ones fail */
		err(1, "ignore-gfp-wait");
	for (n = 1; n < MOST_FAULTS; n++) {
		if (dprintf(knob, "%d", n) < 0)
			err(1, "fail-nth");
		written = write(canary, "x", 1);
		if (written < 0 && errno == wanted)
			got = n;
		/* what is left of N may make this one fail */
		left = pread(knob, text, sizeof(text) - 1, 0) < 0 ||
		       atoi(text);
		dprintf(knob, "0");
		if (left) {
			if (written != 1)
				errx(1, "write: %zd with no fault", written);
			printf("%d faults, '%s' by number %d\n", n - 1,
			       strerror(wanted), got);
			return !got;
		}
	}
	errx(1, "no end of faults");
}

/* What write() ran in the module, which has its code at /sys/module says. */
static int covering(int canary)
{
	int kcov = open_or_die(DEBUGFS "kcov", O_RDWR);
	unsigned long *cover, text, inside = 0, i, n;
	FILE *section;

	section = fopen("/sys/module/canary/sections/.text", "re");
	if (!section || fscanf(section, "%lx", &text) != 1)
		err(1, ".text");
	fclose(section);
	if (ioctl(kcov, KCOV_INIT_TRACE, COVER_WORDS))
		err(1, "KCOV_INIT_TRACE");
	cover = mmap(NULL, COVER_WORDS * sizeof(*cover),
		     PROT_READ | PROT_WRITE, MAP_SHARED, kcov, 0);
	if (cover == MAP_FAILED)
		err(1, "mmap");
	if (ioctl(kcov, KCOV_ENABLE, KCOV_TRACE_PC))
		err(1, "KCOV_ENABLE");
	cover[0] = 0;
	i = write(canary, "x", 1);
	n = cover[0];
	if (ioctl(kcov, KCOV_DISABLE, 0))
		err(1, "KCOV_DISABLE");
	if (i != 1)
		errx(1, "write failed");
	for (i = 1; i <= n; i++)
		inside += cover[i] - text < 65536;
	printf("%lu of %lu places in the module\n", inside, n);
	return !inside;
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	int canary = open_or_die("/dev/canary", O_WRONLY);

	if (!strcmp(what, "alloc"))
		return failing(canary, ENOMEM);
	if (!strcmp(what, "copy"))
		return failing(canary, EFAULT);
	if (!strcmp(what, "coverage"))
		return covering(canary);
	errx(2, "usage: inject alloc|copy|coverage");
}
