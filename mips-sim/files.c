// SPDX-License-Identifier: MIT
/*
 * The host's files. See files.h.
 *
 * Output is buffered, and written out before the simulator waits for input:
 * whoever types must see what was asked. Input is read in blocks, which
 * cannot be told from byte by byte, since only the order of bytes counts.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mips-sim/files.h"
#include "mips-sim/machine.h"

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("mips-sim: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_BAD_INPUT);
}

void files_reserve_standard(void)
{
	int fd;

	/* the lowest free one is given out; closed to what it would be for */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
			 O_RDONLY) < 0)
			exit(EXIT_BAD_INPUT);
}

/* ---- what is read and written at once ----------------------------------- */

static struct {
	dev_t dev;
	ino_t ino;
	const char *what;
} used[12];
static unsigned int used_count;

static bool regular(const char *path, struct stat *st)
{
	return stat(path, st) == 0 && S_ISREG(st->st_mode);
}

void files_use(const struct stat *st, const char *what)
{
	if (!S_ISREG(st->st_mode) ||
	    used_count == sizeof(used) / sizeof(used[0]))
		return;
	used[used_count].dev = st->st_dev;
	used[used_count].ino = st->st_ino;
	used[used_count++].what = what;
}

static void use_fd(int fd, const char *what)
{
	struct stat st;

	if (fstat(fd, &st) == 0)
		files_use(&st, what);
}

void files_use_standard(void)
{
	use_fd(STDOUT_FILENO, "standard output");
	use_fd(STDERR_FILENO, "standard error");
}

/* An output would empty it, or write into what another writes. */
static void refuse_used(const char *path)
{
	struct stat st;
	unsigned int i;

	if (!regular(path, &st))
		return;
	for (i = 0; i < used_count; i++)
		if (used[i].dev == st.st_dev && used[i].ino == st.st_ino)
			die("%s: not to be written: it is %s", path,
			    used[i].what);
}

/* ---- input --------------------------------------------------------------- */

struct input *input_open(const char *path)
{
	const char *name = path;
	struct input *in;
	struct stat st;
	int fd = STDIN_FILENO;

	if (!path)
		return NULL;
	if (strcmp(path, "-") == 0) {
		name = "standard input";
	} else {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st) != 0)
			die("%s: %s", path, strerror(errno));
		if (S_ISDIR(st.st_mode))
			die("%s: %s", path, strerror(EISDIR));
	}
	use_fd(fd, "an input");
	in = calloc(1, sizeof(*in));
	if (!in)
		die("no memory");
	in->name = name;
	in->fd = fd;
	return in;
}

/* output_close() will say which file and why. */
static void failed(struct machine *m, struct output *out)
{
	if (!out->error)
		out->error = errno;
	machine_exit(m, EXIT_BAD_INPUT);
}

/*
 * read(), or EINTR once there was a signal. Signals are blocked from the look
 * at machine_signalled to ppoll(), which lets them in as it begins to wait: one
 * between the look and a plain read() would be forgotten until input came.
 * A debugger that has something to say is like a signal (m->broken_off).
 */
static ssize_t read_or_signal(struct machine *m, struct input *in)
{
	struct pollfd fds[] = {
		{ .fd = in->fd, .events = POLLIN },
		{ .fd = m->debugger_fd, .events = POLLIN },
	};
	unsigned int count = m->debugger_fd ? 2 : 1;
	sigset_t all, before;
	ssize_t got = -1;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	do {
		errno = EINTR;
		if (machine_signalled || ppoll(fds, count, NULL, &before) < 0)
			continue;
		if (fds[0].revents)
			got = read(in->fd, in->buf, sizeof(in->buf));
		else
			m->broken_off = true;
	} while (got < 0 && errno == EINTR && !machine_signalled &&
		 !m->broken_off);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got;
}

static void input_fill(struct machine *m, struct input *in)
{
	ssize_t got;

	if (in->dry) {
		in->ended = true;
		return;
	}
	if (fflush(m->standard_out.file) != 0)
		failed(m, &m->standard_out);
	got = read_or_signal(m, in);
	in->pos = 0;
	in->len = got > 0 ? got : 0;
	if (got > 0)
		return;
	in->ended = true;
	in->dry = got == 0;
	if (m->broken_off)
		machine_exit(m, EXIT_BAD_INPUT);
	else if (got < 0 && !machine_signalled)
		machine_end(m, EXIT_BAD_INPUT, "%s: %s", in->name,
			    strerror(errno));
}

/* What has been read is kept up to here when nobody follows yet. */
#define KEPT_MAX	(64u << 20)

void input_keep(struct input *in)
{
	if (in && !in->log_room)
		in->log_room = sizeof(in->buf);
	if (in && !in->log)
		in->log = malloc(in->log_room);
	if (in && !in->log)
		die("no memory");
}

bool input_kept(const struct input *in)
{
	return !in || in->log_room;
}

struct input *input_follow(struct input *in)
{
	struct input *follower;

	if (!in)
		return NULL;
	follower = calloc(1, sizeof(*follower));
	if (!follower)
		die("no memory");
	input_keep(in);
	in->followed = true;
	follower->leader = in;
	return follower;
}

void input_unfollow(struct input *follower)
{
	free(follower);
}

static void keep(struct input *in, uint8_t byte)
{
	if (in->logged == KEPT_MAX && !in->followed) {
		free(in->log);
		in->log = NULL;
		in->log_room = 0;
		return;
	}
	if (in->logged == in->log_room) {
		in->log_room *= 2;
		in->log = realloc(in->log, in->log_room);
		if (!in->log)
			die("no memory");
	}
	in->log[in->logged++] = byte;
	in->taken = in->logged;
}

static int follower_next(struct input *in)
{
	if (in->pos < in->leader->logged)
		return in->leader->log[in->pos++];
	in->ended = true;
	return -1;
}

int input_next(struct machine *m, struct input *in)
{
	if (!in || in->ended)
		return -1;
	if (in->leader)
		return follower_next(in);
	if (in->taken < in->logged)
		return in->log[in->taken++];
	if (in->pos == in->len)
		input_fill(m, in);
	if (in->pos == in->len)
		return -1;
	if (in->log_room)
		keep(in, in->buf[in->pos]);
	return in->buf[in->pos++];
}

/* ---- output -------------------------------------------------------------- */

void output_open(struct output *out, const char *path)
{
	*out = (struct output){ .name = path };
	if (!path)
		return;
	if (strcmp(path, "-") == 0) {
		out->name = "standard output";
		out->file = stdout;
		return;
	}
	refuse_used(path);
	out->file = fopen(path, "we");
	if (!out->file)
		die("%s: %s", path, strerror(errno));
	use_fd(fileno(out->file), "another output");
}

void output_bytes(struct machine *m, struct output *out, const void *bytes,
		  size_t len)
{
	uint64_t again = out->written - out->made;

	if (!out->file || m->broken_off)
		return;
	if (again > len)
		again = len;
	out->made += len;
	out->written += len - again;
	if (len > again)
		out->in_line = ((const char *)bytes)[len - 1] != '\n';
	if (fwrite((const char *)bytes + again, 1, len - again, out->file) !=
	    len - again)
		failed(m, out);
}

void output_print(struct machine *m, struct output *out, const char *format,
		  ...)
{
	bool again = out->written != out->made;
	char *text = NULL;
	va_list args;
	int len;

	if (!out->file || m->broken_off)
		return;
	va_start(args, format);
	len = again ? vasprintf(&text, format, args) :
		      vfprintf(out->file, format, args);
	va_end(args);
	if (len < 0) {
		failed(m, out);
	} else if (again) {
		output_bytes(m, out, text, len);
		free(text);
	} else {
		out->made += len;
		out->written += len;
	}
}

void output_turn(struct output *out)
{
	bool ours = out->file && out->file != stdout && out->file != stderr;

	/* what is no plain file cannot be cut, and says so */
	if (out->written != out->made && ours && fflush(out->file) == 0 &&
	    ftruncate(fileno(out->file), out->made) == 0)
		fseeko(out->file, out->made, SEEK_SET);
	out->written = out->made;
}

bool output_close(struct output *out)
{
	if (!out->file)
		return true;
	if (fclose(out->file) != 0 && !out->error)
		out->error = errno;
	out->file = NULL;
	if (out->error)
		fprintf(stderr, "mips-sim: %s: %s\n", out->name,
			strerror(out->error));
	return !out->error;
}
