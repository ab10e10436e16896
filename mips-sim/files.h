/* SPDX-License-Identifier: MIT */
/*
 * The host's files: bytes in, bytes out.
 *
 * An error while the guest runs ends the run with one line; one at opening
 * ends the program (files.c's `die`), before anything has run.
 */
#ifndef MIPS_SIM_FILES_H
#define MIPS_SIM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct machine;
struct stat;

struct input {
	const char *name;
	int fd;
	bool ended;
	size_t pos;
	size_t len;
	uint8_t buf[4096];

	struct input *leader;	/* read what it has read, and no file */
	bool followed;		/* or by itself, after going back */
	uint8_t *log;		/* what has been read, for followers */
	size_t logged;
	size_t log_room;	/* 0: it is not kept */
	size_t taken;		/* of the log; less than all after going back */
	bool dry;		/* the file has ended, even if we went back */
};

struct output {
	const char *name;
	FILE *file;		/* NULL: nobody wants it */
	int error;		/* errno of the first write that failed */
	bool in_line;		/* the last byte was no newline */
	/*
	 * Bytes that the run has made, and bytes that have been written, which
	 * are more after going back: those are not written again.
	 */
	uint64_t made;
	uint64_t written;
};

/* Say one line on standard error and end with status 125. */
__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *format, ...);

/*
 * Before any file is opened: a standard stream that is closed stays closed to
 * us, and no file gets its number.
 */
void files_reserve_standard(void);
/* The file of @st, if it is a regular one, is @what: no output may be it. Then
 * the same of those that standard output and error go to. */
void files_use(const struct stat *st, const char *what);
void files_use_standard(void);

/* "-" is standard input; two readers of it would tear it apart, so the
 * caller gives each the same struct or refuses. NULL @path: NULL. */
struct input *input_open(const char *path);
/*
 * Before the first byte: followers may come later, or the run may go back and
 * read it again. @in may be NULL.
 */
void input_keep(struct input *in);
/* Can they? Not when nobody asked for it, or it was too much to keep. */
bool input_kept(const struct input *in);
/* Another reader, from the start, of the bytes that @in has had by then. */
struct input *input_follow(struct input *in);
void input_unfollow(struct input *follower);
/* The next byte, waiting for it as long as it takes; -1: there are no more. */
int input_next(struct machine *m, struct input *in);

void output_open(struct output *out, const char *path);
void output_bytes(struct machine *m, struct output *out, const void *bytes,
		  size_t len);
__attribute__((format(printf, 3, 4)))
void output_print(struct machine *m, struct output *out, const char *format,
		  ...);
/*
 * The run goes another way from here on: what was written of its future is
 * taken out of a file of ours, and stays where it cannot be (a terminal).
 */
void output_turn(struct output *out);
/* False, with one line said: not all could be written. */
bool output_close(struct output *out);

#endif
