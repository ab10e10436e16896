/* SPDX-License-Identifier: MIT */
/*
 * Make each thing that can fail in a system call fail, one at a time, by the
 * kernel's /proc/PID/fail-nth. Included by failnth.c, after slowdev_test.h.
 *
 * A failure is ours if code of our modules is on the stack, as the kernel
 * prints it. It must lead to the right errno, or be coped with: kvmalloc()
 * asks vmalloc(), a device without its uevent is a device. So must those of
 * which the kernel prints nothing, since who asked can do without: whose they
 * are is not known. The others, in what the kernel does for the call before and
 * after us, are listed, not judged.
 */
#ifndef SLOWDEV_FAIL_H
#define SLOWDEV_FAIL_H

#include <sys/klog.h>

#define SYSLOG_ACTION_CLEAR	5
#define DEBUGFS		"/sys/kernel/debug/"
#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define MAKE_IT_FAIL	"/proc/thread-self/make-it-fail"
#define MAX_SITES	64
#define NEVER		1000000	/* no system call comes so far */

/* A system call to fail. */
struct attempt {
	const char *name;
	void (*before)(struct __test_metadata *_metadata);
	ssize_t (*act)(void);	/* its result, or -errno */
	void (*after)(struct __test_metadata *_metadata, ssize_t ret);
};

/* What the log says of a failure. */
struct failure {
	bool ours;
	bool direct;		/* and we asked, nothing of the kernel between */
	bool silent;		/* nothing: it was an attempt (__GFP_NOWARN) */
	bool loader;		/* what loads modules asked, before our init */
	int err;		/* that it should lead to */
	char site[64];		/* who asked for memory, or copied */
};

static int log_fd, nth_fd, all_fd;
static bool twice;	/* the slab allocation after it fails, too */

/* The log since the last call, in which a failure may be. */
static void take_log(char *text, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while ((n = read(log_fd, text + done, size - 1 - done)) > 0 ||
	       (n < 0 && errno == EPIPE))
		done += n > 0 ? n : 0;
	text[done] = '\0';
}

/* A frame of the stack is " name+0x12/0x34 [module]"; guesses have a "?". */
static bool is_frame(const char *line, char *name, size_t size)
{
	const char *message = strchr(line, ';');
	size_t len;

	if (!message)
		return false;
	message += strspn(message, "; ");
	if (*message == '?')
		return false;
	len = strcspn(message, "+\n");
	if (message[len] != '+' || strncmp(message + len, "+0x", 3) ||
	    len >= size)
		return false;
	memcpy(name, message, len);
	name[len] = '\0';
	return true;
}

/* What stands between the failing and who asked. */
static bool is_plumbing(const char *name)
{
	static const char * const plumbing[] = {
		"dump_stack", "should_fail", "__should_fail", "fail_dump",
		"should_failslab", "kmem_cache_alloc", "__kmem_cache_alloc",
		"__kmalloc", "kmalloc", "kvmalloc", "slab_", "__slab_",
		"__alloc_pages", "alloc_pages", "prepare_alloc_pages",
		"_copy_", "copyin", "copyout", "kstrdup", "kvasprintf",
		"kasprintf", "should_fail_usercopy", "copy_page_",
		"__get_free_pages",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plumbing); i++)
		if (!strncmp(name, plumbing[i], strlen(plumbing[i])))
			return true;
	return false;
}

static bool is_complaint(const char *text)
{
	return strstr(text, "BUG:") || strstr(text, "WARNING:") ||
	       strstr(text, "KASAN:") || strstr(text, "Oops");
}

/*
 * Read on in the log to its end. What was read is cleared, for thousands of
 * stacks would drive all else out, and look like a complaint themselves.
 */
static void find_failure(struct __test_metadata *_metadata,
			 struct failure *failure)
{
	static char text[1 << 18];
	char name[64], *line, *end;
	bool found = false, in_init = false;

	*failure = (struct failure){ .silent = true, .err = -ENOMEM };
	take_log(text, sizeof(text));
	ASSERT_FALSE(is_complaint(text)) {
		TH_LOG("the kernel complained: %s", text);
	}
	ASSERT_LE(0, klogctl(SYSLOG_ACTION_CLEAR, NULL, 0));
	for (line = strtok_r(text, "\n", &end); line;
	     line = strtok_r(NULL, "\n", &end)) {
		if (strstr(line, "FAULT_INJECTION: forcing a failure"))
			found = true;
		if (!found)
			continue;
		failure->silent = false;
		if (strstr(line, "name fail_usercopy"))
			failure->err = -EFAULT;
		if (strstr(line, "</TASK>"))
			break;
		if (!is_frame(line, name, sizeof(name)))
			continue;
		if (strstr(line, "[slowdev"))
			failure->ours = true;
		if (!strcmp(name, "do_init_module"))
			in_init = true;
		if (!strcmp(name, "load_module"))
			failure->loader = !in_init;
		if (failure->site[0] || is_plumbing(name))
			continue;
		strcpy(failure->site, name);
		failure->direct = failure->ours;
	}
}

/*
 * After the one that is counted, the kernel asks whether all of this thread's
 * slab allocations shall fail, and how many still may.
 */
static void arm(struct __test_metadata *_metadata, int n)
{
	char text[16];

	if (twice) {
		ASSERT_EQ(1, sd_write_file(DEBUGFS "failslab/times", "2", 1));
		ASSERT_EQ(1, pwrite(all_fd, "1", 1, 0));
	}
	snprintf(text, sizeof(text), "%d", n);
	ASSERT_LT(0, pwrite(nth_fd, text, strlen(text), 0));
}

/*
 * How many things could have failed since arm(@n), the one of them that did
 * included. What reads the answer copies to a user, which may be what fails:
 * then it was all before that.
 */
static int disarm(struct __test_metadata *_metadata, int n)
{
	char text[16] = "";
	ssize_t got = pread(nth_fd, text, sizeof(text) - 1, 0);

	ASSERT_TRUE(sd_until(pwrite(nth_fd, "0", 1, 0) == 1));
	/* last, for it copies from a user, too */
	if (twice)
		ASSERT_EQ(1, pwrite(all_fd, "0", 1, 0));
	return got > 0 ? n - atoi(text) : n - 1;
}

static void add_site(char (*sites)[64], int *nsites, const char *site)
{
	int i;

	for (i = 0; i < *nsites; i++)
		if (!strcmp(sites[i], site))
			return;
	if (*nsites < MAX_SITES)
		strcpy(sites[(*nsites)++], site);
}

/*
 * What fails in a function of the kernel that we call has the errno that this
 * gives: platform_device_add() says EINVAL when there is no memory for a name.
 */
static void judge(struct __test_metadata *_metadata,
		  const struct attempt *attempt, int n, ssize_t ret,
		  const struct failure *failure)
{
	ASSERT_TRUE(ret >= 0 || ret == failure->err ||
		    (failure->ours && !failure->direct && ret == -EINVAL)) {
		TH_LOG("%s, failure %d in %s: %zd, not %d", attempt->name, n,
		       failure->site, ret, failure->err);
	}
}

/* The attempt with the @n-th thing failing; how many there were up to it. */
static int try_with(struct __test_metadata *_metadata,
		    const struct attempt *attempt, int n, ssize_t *ret,
		    struct failure *failure)
{
	int used;

	if (attempt->before)
		attempt->before(_metadata);
	find_failure(_metadata, failure);
	arm(_metadata, n);
	*ret = attempt->act();
	used = disarm(_metadata, n);
	if (attempt->after)
		attempt->after(_metadata, *ret);
	find_failure(_metadata, failure);
	return used;
}

/* What became of the failures: of one attempt, and of all in a test. */
struct tally {
	int failures;
	int ours;
	int direct;		/* of ours */
	int silent;
	int enomem;		/* what ours and the silent ones led to */
	int efault;
	int einval;
	int coped;
	int the_kernels;
};

static struct tally total;

/* Those of @tally that judge() has seen have one of these ends. */
static void count(struct tally *tally, const struct failure *failure,
		  ssize_t ret)
{
	tally->failures++;
	if (!failure->ours && !failure->silent) {
		tally->the_kernels++;
		return;
	}
	tally->ours += failure->ours;
	tally->direct += failure->direct;
	tally->silent += failure->silent;
	tally->enomem += ret == -ENOMEM;
	tally->efault += ret == -EFAULT;
	tally->einval += ret == -EINVAL;
	tally->coped += ret >= 0;
}

static void say_tally(struct __test_metadata *_metadata, const char *name,
		      const struct tally *tally, const char *sites)
{
	TH_LOG("%s: %d failures, %d ours (%d direct), %d silent: %d ENOMEM, %d EFAULT, %d EINVAL, %d coped with; %d the kernel's%s",
	       name, tally->failures, tally->ours, tally->direct,
	       tally->silent, tally->enomem, tally->efault, tally->einval,
	       tally->coped, tally->the_kernels, sites);
}

/*
 * Once when nothing fails, and then once for each thing that can, the last one
 * first: so that loading a module ends where its init function begins. What
 * loads modules is not ours, and warns when it has no memory for tracepoints.
 */
static void fail_each(struct __test_metadata *_metadata,
		      const struct attempt *attempt)
{
	static char sites[MAX_SITES][64];
	char sites_text[1024] = ":";
	struct tally tally = { 0 };
	struct failure failure;
	int nsites = 0, n, i;
	ssize_t ret;

	n = try_with(_metadata, attempt, NEVER, &ret, &failure);
	ASSERT_LE(0, ret) {
		TH_LOG("%s: %zd, though nothing failed", attempt->name, ret);
	}
	for (; n > 0; n--) {
		if (try_with(_metadata, attempt, n, &ret, &failure) < n)
			continue;	/* once, some memory was there already */
		if (failure.loader)
			break;
		if (failure.ours || failure.silent)
			judge(_metadata, attempt, n, ret, &failure);
		else
			add_site(sites, &nsites, failure.site);
		count(&tally, &failure, ret);
		count(&total, &failure, ret);
	}
	for (i = 0; i < nsites; i++)
		if (strlen(sites_text) + strlen(sites[i]) + 2 <
		    sizeof(sites_text))
			strcat(strcat(sites_text, " "), sites[i]);
	say_tally(_metadata, attempt->name, &tally, nsites ? sites_text : "");
}

/* The attempts of a test, and what they come to. */
static void fail_all(struct __test_metadata *_metadata,
		     const struct attempt *attempts, size_t nattempts)
{
	size_t i;

	for (i = 0; i < nattempts; i++)
		fail_each(_metadata, &attempts[i]);
	say_tally(_metadata, "in all", &total, "");
	ASSERT_LT(0, total.ours);
	sd_check_leaks(_metadata);
}

/* Let every kind fail, and the log have the stack; false if there is none. */
static bool fail_everything(struct __test_metadata *_metadata)
{
	static const char * const knobs[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "2" },
		{ "failslab/task-filter", "Y" },
		{ "failslab/probability", "100" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "2" },
		{ "fail_usercopy/verbose", "2" },
	};
	char path[96];
	size_t i;

	nth_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		return false;
	all_fd = open(MAKE_IT_FAIL, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, all_fd);
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s", knobs[i][0]);
		ASSERT_LT(0, sd_write_file(path, knobs[i][1],
					   strlen(knobs[i][1]))) {
			TH_LOG("%s", path);
		}
	}
	log_fd = sd_open_log(_metadata);
	return true;
}

#endif
