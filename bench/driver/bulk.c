// SPDX-License-Identifier: MIT
/*
 * What a byte costs on its way to a reader, in ns of busy CPU: the whole
 * machine's, interrupts and kernel threads too. In the VM, under --exact.
 *
 * usage: bulk slowdev|pty|feed BYTES EVERY
 *   slowdev	read /dev/slowdev0; the chip and its timer are in it
 *   pty	read a pty in raw mode; a second process writes to its other
 *		end, as many bytes at a time as the chip's RX_TRIG and at the
 *		chip's rate
 *   feed	that process alone, writing to /dev/null: to be subtracted
 *   EVERY	the reader reads when so many bytes can be there; 0: whenever
 *		there are some
 *
 * Prints 'BYTES READS BUSY_NS'. Idle time is what the kernel counts as such,
 * in ns (/proc/timer_list): its interrupts are not in it.
 */
#include <inttypes.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>

#include "bench/driver/bench.h"

static uint64_t period_ns;
static unsigned int trigger;

static uint64_t idle_ns(void)
{
	char line[128];
	uint64_t ns = 0;
	bool found = false;
	FILE *list = fopen("/proc/timer_list", "r");

	must(!!list, "/proc/timer_list");
	while (fgets(line, sizeof(line), list))
		if (sscanf(line, " .idle_sleeptime : %" SCNu64, &ns) == 1)
			found = true;
	fclose(list);
	must(found, "no .idle_sleeptime in /proc/timer_list");
	return ns;
}

static uint64_t busy_ns(void)
{
	uint64_t idle = idle_ns();

	return now_ns() - idle;
}

/* What the line does, by a process: @trigger bytes each so many periods. */
static void feed(int fd, uint64_t bytes)
{
	uint64_t due_ns = now_ns();
	char data[16] = "slowdevslowdev";

	for (; bytes >= trigger; bytes -= trigger) {
		due_ns += trigger * period_ns;
		sleep_until(due_ns);
		must(write(fd, data, trigger) == trigger, "write");
	}
}

static uint64_t take(int fd, uint64_t bytes, unsigned int every)
{
	uint64_t reads = 0, got = 0;
	uint64_t due_ns = now_ns();
	char buffer[4096];

	while (got < bytes) {
		ssize_t count;

		if (every) {
			due_ns += every * period_ns;
			sleep_until(due_ns);
		}
		count = read(fd, buffer, sizeof(buffer));
		must(count > 0, "read");
		got += count;
		reads++;
	}
	return reads;
}

static uint64_t take_pty(uint64_t bytes, unsigned int every)
{
	struct termios raw;
	int master, slave;
	uint64_t reads;
	pid_t feeder;

	must(!openpty(&master, &slave, NULL, NULL, NULL), "openpty");
	must(!tcgetattr(slave, &raw), "tcgetattr");
	cfmakeraw(&raw);
	must(!tcsetattr(slave, TCSANOW, &raw), "tcsetattr");
	feeder = fork();
	must(feeder >= 0, "fork");
	if (feeder == 0) {
		feed(master, bytes);
		_exit(0);
	}
	reads = take(slave, bytes, every);
	must(waitpid(feeder, NULL, 0) == feeder, "waitpid");
	return reads;
}

int main(int argc, char **argv)
{
	uint64_t bytes, busy, reads = 0;
	unsigned int every;

	if (argc != 4) {
		fprintf(stderr, "usage: bulk slowdev|pty|feed BYTES EVERY\n");
		return 2;
	}
	no_slack();
	period_ns = read_number(SYSFS "period_us") * 1000;
	trigger = read_number(SYSFS "rx_trigger");
	every = atoi(argv[3]);
	bytes = strtoull(argv[2], NULL, 10);
	busy = busy_ns();
	if (!strcmp(argv[1], "slowdev")) {
		int fd = open("/dev/slowdev0", O_RDONLY);

		must(fd >= 0, "/dev/slowdev0");
		reads = take(fd, bytes, every);
		must(read_number(SYSFS "stats/overruns") == 0, "overruns");
	} else if (!strcmp(argv[1], "pty")) {
		reads = take_pty(bytes, every);
	} else {
		int fd = open("/dev/null", O_WRONLY);

		must(fd >= 0, "/dev/null");
		feed(fd, bytes);
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", bytes, reads,
	       busy_ns() - busy);
	return 0;
}
