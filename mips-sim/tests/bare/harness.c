// SPDX-License-Identifier: MIT
/*
 * Printing results, and judging what the exception entry saw.
 */
#include "harness.h"

volatile struct seen seen;
volatile u32 resume_at, hook, want_epc;

static u32 results, failures;
int run(void);

void put_char(char c)
{
	*(volatile u8 *)0xbfd003f8 = c;
}

void put_string(const char *s)
{
	while (*s)
		put_char(*s++);
}

void put_hex(u32 value, int digits)
{
	while (digits--)
		put_char("0123456789abcdef"[value >> (4 * digits) & 15]);
}

static void put_decimal(u32 value)
{
	if (value >= 10)
		put_decimal(value / 10);
	put_char('0' + value % 10);
}

void say(const char *name, u32 value)
{
	put_string("# ");
	put_string(name);
	put_char(' ');
	put_hex(value, 8);
	put_char('\n');
}

void ok(int good, const char *what)
{
	results++;
	failures += !good;
	put_string(good ? "ok " : "not ok ");
	put_decimal(results);
	put_string(" - ");
	put_string(what);
	put_char('\n');
}

void same(u32 got, u32 want, const char *what)
{
	ok(got == want, what);
	if (got != want) {
		say("got ", got);
		say("want", want);
	}
}

void forget(void)
{
	seen.count = 0;
	seen.epc = seen.cause = seen.badvaddr = seen.status = 0;
	seen.vector = ~0;
	resume_at = 0;
	want_epc = 0;
}

void caught(const char *what, u32 vector, enum code code, u32 bd,
	    u32 badvaddr)
{
	u32 has_address = code >= MOD && code <= ADES;
	int good = seen.count == 1 && seen.vector == vector &&
		   (seen.cause >> 2 & 31) == code && seen.cause >> 31 == bd &&
		   seen.epc == want_epc && seen.status & EXL &&
		   (!has_address || seen.badvaddr == badvaddr);

	ok(good, what);
	if (good)
		return;
	say("exceptions ", seen.count);
	say("vector     ", seen.vector);
	say("  wanted   ", vector);
	say("Cause      ", seen.cause);
	say("  wanted   ", bd << 31 | code << 2);
	say("EPC        ", seen.epc);
	say("  wanted   ", want_epc);
	say("Status     ", seen.status);
	if (has_address) {
		say("BadVAddr   ", seen.badvaddr);
		say("  wanted   ", badvaddr);
	}
}

int run(void)
{
	tests();
	put_string("1..");
	put_decimal(results);
	put_char('\n');
	return failures != 0;
}
