// SPDX-License-Identifier: MIT
/*
 * slowdev-fuzz: random system calls against /dev/slowdev* and its sysfs files,
 * led by which code of the modules they reach.
 *
 * usage: slowdev-fuzz [-s SEED] [-t SECONDS] [-j WORKERS] [-v]
 *        slowdev-fuzz -r FILE [-t SECONDS] [-j WORKERS]
 *   -s  where chance begins (1); under vm/run --exact the same seed is the
 *       same run, to the instruction
 *   -t  how long, on the VM's clock (10)
 *   -j  processes, that share the devices and what they found (4)
 *   -v  print each sequence that reached new code
 *   -r  do again and again what FILE says: sequences, a line each, as printed
 *
 * Runs as root in the VM with both modules loaded. KCOV tells which code a
 * process ran in the modules (the debug kernel has it in them alone; not what
 * an interrupt ran). A sequence of calls that reached something new is kept,
 * and changed to make others. Without KCOV all is chance, and that is said. How
 * far it is is said each minute and at the end.
 *
 * The kernel finds the bugs. When it has become tainted, or a worker died, the
 * run ends with what each worker did last, to be done again by -r. vm/run looks
 * for all other complaints. Status 1 for those and when something is missing,
 * 2 for a bad command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define KCOV		"/sys/kernel/debug/kcov"
#define COVER_SIZE	(64 << 10)	/* PCs of one sequence */
#define TEXT_SIZE	(256 << 10)	/* of a module; more is not counted */
#define KEPT		512		/* sequences, of all workers */
#define WORKERS		64		/* at most */
#define LAST		4		/* sequences that a worker did last */
#define LOOK_US		50000		/* at the kernel's taint */
#define SAY_MS		60000		/* how far it is */
#define SLEEP_US	2000		/* then a call that sleeps is ended */

/* Where a module's code lies. */
struct module {
	const char *name;
	unsigned long base;
	unsigned long size;
};

static struct module modules[] = { { "slowdev_hw", 0, 0 },
				   { "slowdev", 0, 0 } };

/* What the workers share; atomically, but for the sequences, see keep(). */
struct shared {
	uint8_t seen[2][TEXT_SIZE];
	unsigned int pcs[2];
	unsigned long sequences;
	unsigned long calls;
	unsigned int nkept;
	struct fuzz_seq kept[KEPT];
	bool whole[KEPT];
	struct fuzz_seq last[WORKERS][LAST];	/* each worker's own */
	bool stop;
};

static struct shared *shared;
static unsigned long *cover;	/* of this process; NULL without KCOV */
static struct fuzz_seq replay[KEPT];
static unsigned int nreplay;
static uint64_t chance;
static bool verbose;

/* xorshift64*, of Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled" (2016)
 */
static uint32_t rnd(void)
{
	chance ^= chance >> 12;
	chance ^= chance << 25;
	chance ^= chance >> 27;
	return chance * 0x2545f4914f6cdd1dULL >> 32;
}

static struct fuzz_op random_op(void)
{
	struct fuzz_op op = { rnd(), rnd(), rnd(), rnd() };

	return op;
}

static void random_seq(struct fuzz_seq *seq)
{
	unsigned int i;

	seq->nops = 1 + rnd() % FUZZ_MAX_OPS;
	for (i = 0; i < seq->nops; i++)
		seq->ops[i] = random_op();
}

/* A kept sequence, or NULL while there is none or it is being written. */
static const struct fuzz_seq *some_kept(void)
{
	unsigned int n = __atomic_load_n(&shared->nkept, __ATOMIC_ACQUIRE);
	unsigned int i;

	if (!n)
		return NULL;
	i = rnd() % (n < KEPT ? n : KEPT);
	return __atomic_load_n(&shared->whole[i], __ATOMIC_ACQUIRE) ?
	       &shared->kept[i] : NULL;
}

/* A change or some to a kept sequence: of a call, one more, one less, an end. */
static void mutate(struct fuzz_seq *seq)
{
	const struct fuzz_seq *other;
	unsigned int at, n;

	do {
		at = rnd() % seq->nops;
		switch (rnd() % 5) {
		case 0:
			seq->ops[at] = random_op();
			break;
		case 1:
			seq->ops[at].x = rnd();
			break;
		case 2:
			seq->ops[at].y = rnd();
			break;
		case 3:
			if (seq->nops == FUZZ_MAX_OPS)
				break;
			memmove(&seq->ops[at + 1], &seq->ops[at],
				(seq->nops - at) * sizeof(seq->ops[0]));
			seq->ops[at] = random_op();
			seq->nops++;
			break;
		default:
			other = some_kept();
			if (!other)
				break;
			n = other->nops;
			if (n > FUZZ_MAX_OPS - at - 1)
				n = FUZZ_MAX_OPS - at - 1;
			memcpy(&seq->ops[at + 1], other->ops,
			       n * sizeof(seq->ops[0]));
			seq->nops = at + 1 + n;
		}
	} while (rnd() % 3);
}

static void next_seq(struct fuzz_seq *seq)
{
	const struct fuzz_seq *kept = rnd() % 4 ? some_kept() : NULL;

	if (!kept) {
		random_seq(seq);
		return;
	}
	*seq = *kept;
	mutate(seq);
}

static void keep(const struct fuzz_seq *seq)
{
	unsigned int i = __atomic_fetch_add(&shared->nkept, 1,
					    __ATOMIC_ACQ_REL);

	if (i >= KEPT)
		return;
	shared->kept[i] = *seq;
	__atomic_store_n(&shared->whole[i], true, __ATOMIC_RELEASE);
}

/* Take in what the last sequence ran; whether some of it is new. */
static bool reached_new(void)
{
	unsigned long n, i;
	bool new = false;
	int m;

	if (!cover)
		return false;
	n = __atomic_load_n(&cover[0], __ATOMIC_RELAXED);
	for (i = 1; i <= n; i++) {
		for (m = 0; m < 2; m++) {
			unsigned long at = cover[i] - modules[m].base;

			if (at >= modules[m].size || at >= TEXT_SIZE)
				continue;
			if (__atomic_exchange_n(&shared->seen[m][at], 1,
						__ATOMIC_RELAXED))
				continue;
			__atomic_fetch_add(&shared->pcs[m], 1,
					   __ATOMIC_RELAXED);
			new = true;
		}
	}
	return new;
}

static void interrupt(int sig)
{
	(void)sig;
}

/* Sleeping calls end with EINTR; SIGIO and SIGPIPE are not the end of us. */
static void set_signals(void)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct itimerval timer = {
		{ 0, SLEEP_US }, { 0, SLEEP_US },
	};

	sigaction(SIGALRM, &action, NULL);
	signal(SIGIO, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static bool open_cover(void)
{
	int fd = open(KCOV, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (ioctl(fd, KCOV_INIT_TRACE, COVER_SIZE))
		return false;
	cover = mmap(NULL, COVER_SIZE * sizeof(*cover),
		     PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (cover == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC)) {
		cover = NULL;
		return false;
	}
	return true;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The sequence is written down before it is done: it may be the last. */
static int work(unsigned int worker, uint64_t seed, long long end_ms)
{
	struct fuzz_seq *seq;
	unsigned long n;

	chance = seed;
	if (fuzz_calls_init())
		return 1;
	open_cover();
	set_signals();
	for (n = 0; now_ms() < end_ms && !shared->stop; n++) {
		seq = &shared->last[worker][n % LAST];
		if (nreplay)
			*seq = replay[n % nreplay];
		else
			next_seq(seq);
		if (cover)
			__atomic_store_n(&cover[0], 0, __ATOMIC_RELAXED);
		fuzz_run(seq);
		if (reached_new()) {
			keep(seq);
			if (verbose) {
				printf("%u:", shared->pcs[0] + shared->pcs[1]);
				fuzz_print(seq);
			}
		}
		__atomic_fetch_add(&shared->sequences, 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&shared->calls, seq->nops,
				   __ATOMIC_RELAXED);
	}
	return 0;
}

static long tainted(void)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "r");
	long bits = 0;

	if (!file || fscanf(file, "%ld", &bits) != 1)
		bits = 0;
	if (file)
		fclose(file);
	return bits;
}

static void say_how_far(void)
{
	printf("%lu sequences, %lu calls, %u kept; reached %u PCs of slowdev_hw, %u of slowdev\n",
	       shared->sequences, shared->calls,
	       shared->nkept < KEPT ? shared->nkept : KEPT, shared->pcs[0],
	       shared->pcs[1]);
	fflush(stdout);
}

/* Wait for the workers; whether all is well. */
static bool watch(unsigned long workers)
{
	long long say_ms = now_ms() + SAY_MS;
	long taint = tainted();
	unsigned long left = workers, w, n;
	const char *why = NULL;
	int status;
	pid_t pid;

	while (left && !why) {
		usleep(LOOK_US);
		if (now_ms() >= say_ms) {
			say_how_far();
			say_ms += SAY_MS;
		}
		if (tainted() != taint)
			why = "the kernel is tainted";
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			left--;
			if (status)
				why = "a worker died";
		}
	}
	shared->stop = true;
	while (wait(NULL) > 0)
		;
	if (!why)
		return true;
	printf("%s; the last sequences of each worker, in some order:\n", why);
	for (w = 0; w < workers; w++)
		for (n = 0; n < LAST; n++)
			if (shared->last[w][n].nops)
				fuzz_print(&shared->last[w][n]);
	return false;
}

static void read_replay(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	if (!file) {
		fprintf(stderr, "slowdev-fuzz: %s: %s\n", path,
			strerror(errno));
		exit(1);
	}
	while (nreplay < KEPT && fgets(line, sizeof(line), file)) {
		if (fuzz_parse(&replay[nreplay], line)) {
			fprintf(stderr,
				"slowdev-fuzz: %s: line %u is no sequence\n",
				path, nreplay + 1);
			exit(1);
		}
		nreplay++;
	}
	fclose(file);
	if (!nreplay) {
		fprintf(stderr, "slowdev-fuzz: %s is empty\n", path);
		exit(1);
	}
}

/* Where the modules' code is, from /proc/modules. */
static int find_modules(void)
{
	FILE *file = fopen("/proc/modules", "r");
	unsigned long size, base;
	char line[256], name[64];
	int m;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lu %*s %*s %*s %lx", name, &size,
			   &base) != 3)
			continue;
		for (m = 0; m < 2; m++) {
			if (strcmp(name, modules[m].name))
				continue;
			modules[m].base = base;
			modules[m].size = size;
		}
	}
	if (file)
		fclose(file);
	for (m = 0; m < 2; m++) {
		if (modules[m].size)
			continue;
		fprintf(stderr, "slowdev-fuzz: module %s is not loaded\n",
			modules[m].name);
		return -1;
	}
	return 0;
}

static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || n < 1 || n > most) {
		fprintf(stderr,
			"slowdev-fuzz: '%s' is no number from 1 to %lu\n",
			text, most);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	unsigned long seed = 1, seconds = 10, workers = 4, i;
	long long end_ms;
	int option;
	bool well;

	while ((option = getopt(argc, argv, "s:t:j:r:v")) != -1) {
		switch (option) {
		case 's':
			seed = number(optarg, -1UL);
			break;
		case 't':
			seconds = number(optarg, 1000000);
			break;
		case 'j':
			workers = number(optarg, WORKERS);
			break;
		case 'r':
			read_replay(optarg);
			break;
		case 'v':
			verbose = true;
			break;
		default:
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "slowdev-fuzz: '%s' where an option should be\n",
			argv[optind]);
		return 2;
	}
	if (find_modules())
		return 1;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("slowdev-fuzz: mmap");
		return 1;
	}
	if (access(KCOV, F_OK))
		printf("no " KCOV " in this kernel: all is chance\n");
	printf("seed %lu, %lu workers, %lu s\n", seed, workers, seconds);
	fflush(stdout);
	end_ms = now_ms() + seconds * 1000;
	for (i = 0; i < workers; i++) {
		/* seeds far apart, and none 0 */
		if (fork() == 0)
			exit(work(i, (seed << 8) + i + 1, end_ms));
	}
	well = watch(workers);
	say_how_far();
	return well ? 0 : 1;
}
