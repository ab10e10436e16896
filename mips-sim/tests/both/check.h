/* SPDX-License-Identifier: MIT */
/*
 * For tests of what the guests are made of, on a board with or without the
 * chip: they use the UART and Count, which QEMU's mipssim has, too.
 */
#ifndef TESTS_BOTH_CHECK_H
#define TESTS_BOTH_CHECK_H

#include "mips-sim/guest/board.h"

/* An interrupt when Count is @ahead further; ends the present one. */
static inline void timer_in(u32 ahead)
{
	u32 count;

	asm volatile("mfc0 %0, $9" : "=r"(count));
	asm volatile("mtc0 %0, $11; ehb" :: "r"(count + ahead));
}

static inline void status_is(u32 status)
{
	asm volatile("mtc0 %0, $12; ehb" :: "r"(status) : "memory");
}

static u32 results, failures;

/* A line of TAP on the UART. */
static inline void ok(int good, const char *what)
{
	failures += !good;
	put_string(good ? "ok " : "not ok ");
	put_decimal(++results);
	put_string(" - ");
	put_string(what);
	put_char('\n');
}

static inline int done(void)
{
	put_string("1..");
	put_decimal(results);
	put_char('\n');
	return failures != 0;
}

#endif
