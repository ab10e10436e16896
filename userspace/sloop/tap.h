/* SPDX-License-Identifier: MIT */
/*
 * Results of a test program as TAP, one line a check, the plan last. For the
 * test programs next to this file.
 */
#ifndef SLOOP_TAP_H
#define SLOOP_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count, tap_failed;

static inline bool tap_ok(bool ok, const char *what, const char *file, int line)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++tap_count, what);
	if (!ok) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	return ok;
}

#define ok(condition, what)	tap_ok(condition, what, __FILE__, __LINE__)

static inline void tap_is(const char *got, const char *expected,
			  const char *what, const char *file, int line)
{
	if (!tap_ok(!strcmp(got, expected), what, file, line))
		printf("#      got: %s\n# expected: %s\n", got, expected);
}

/* Strings are equal. */
#define is(got, expected, what)	tap_is(got, expected, what, __FILE__, __LINE__)

static inline void tap_skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, why);
}

static inline void tap_must(int error, const char *what, const char *file,
			    int line)
{
	if (!error)
		return;
	printf("Bail out! %s: %s at %s:%d\n", what, strerror(-error), file,
	       line);
	exit(1);
}

/* What gives 0 or -errno, and all that follows stands on: ends the program. */
#define must(call)	tap_must(call, #call, __FILE__, __LINE__)

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

/* What has happened, as words in a line. */
static char tap_log[4096];

static inline void tap_note(const char *word)
{
	size_t used = strlen(tap_log);

	snprintf(tap_log + used, sizeof(tap_log) - used, "%s%s",
		 used ? " " : "", word);
}

static inline void tap_forget(void)
{
	tap_log[0] = '\0';
}

#endif
