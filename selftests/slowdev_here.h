/* SPDX-License-Identifier: MIT */
/*
 * Where the tests run: what selftests/run says of the machine, the kernel and
 * the driver's parameters, and what may be asked of them there. Included by
 * slowdev_test.h, whose sd_get() one of the macros uses.
 */
#ifndef SLOWDEV_HERE_H
#define SLOWDEV_HERE_H

#include <sys/utsname.h>

/* The tests of endurance: seconds that one may take, on the VM's clock. */
#define SD_ENDURE_S	7200
#define SD_CYCLES	50

/* How often a test of endurance does what it does. */
static SD_UNUSED int sd_cycles(void)
{
	const char *text = getenv("SLOWDEV_CYCLES");
	int cycles = text ? atoi(text) : SD_CYCLES;

	return cycles > 0 ? cycles : 1;
}

/* Whether the host's pauses are the VM's; selftests/run knows. */
static SD_UNUSED bool sd_host_time(void)
{
	return getenv("SLOWDEV_HOST_TIME");
}

/* For a test that would take such a pause for the driver's fault. */
#define SD_COUNTED_TIME() do {						\
	if (sd_host_time())						\
		SKIP(return, "needs counted time");			\
} while (0)

/* For one that has been spoilt by it: the chip lost bytes meanwhile. */
#define SD_UNLESS_PAUSED() do {						\
	if (sd_host_time() && sd_get(0, "stats/overruns"))		\
		SKIP(return, "the host paused");			\
} while (0)

/* How many chips fit here: MIPS has 256 interrupt numbers for all there is. */
static SD_UNUSED int sd_most_devices(void)
{
	struct utsname name;

	return uname(&name) || strncmp(name.machine, "mips", 4) ? 256 : 200;
}

/*
 * A kernel with sanitizers, or on a machine with few instructions a second,
 * cannot keep up with a chip that is as quick as the others can: so many times
 * as long shall what is quick take there.
 */
static SD_UNUSED int sd_slower(void)
{
	const char *text = getenv("SLOWDEV_SLOWER");
	int slower = text ? atoi(text) : 1;

	return slower > 0 ? slower : 1;
}

/* Whether every test's driver has a thread for its interrupt. */
static SD_UNUSED bool sd_threaded(void)
{
	const char *text = getenv("SLOWDEV_PARAMETERS");

	return text && strstr(text, "threaded=1");
}

/*
 * A period, in us, for a chip none of whose bytes may be lost: @us, or longer if
 * a thread takes them. It waits for kernel code that cannot be preempted, 1.5
 * ms was seen (drain_vmap_area_work(), on 6.12), and a FIFO must last longer.
 */
static SD_UNUSED int sd_lossless_us(int us)
{
	return sd_threaded() && us < 500 ? 500 : us;
}

#endif
