// SPDX-License-Identifier: MIT
/*
 * --trace-only: which instructions are traced. See trace.h.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/trace.h"

/* An address, as the trace and the tools have it: hexadecimal. */
static bool number(const char **text, uint32_t *val)
{
	unsigned long long got;
	char *end;

	if (!isxdigit((unsigned char)**text))
		return false;
	errno = 0;
	got = strtoull(*text, &end, 16);
	if (errno || got > UINT32_MAX)
		return false;
	*val = got;
	*text = end;
	return true;
}

/* ADDRESS or ADDRESS-ADDRESS, both included. */
static bool range(const char *text, struct trace_place *place)
{
	place->text = text;
	if (!number(&text, &place->first))
		return false;
	place->last = place->first;
	if (*text == '-') {
		text++;
		if (!number(&text, &place->last))
			return false;
	}
	return !*text && place->first <= place->last;
}

void trace_only_add(struct machine *m, const char *text)
{
	struct trace_only *only = &m->trace_only;
	struct trace_place place;
	const struct symbol *symbol;

	if (strcmp(text, "exceptions") == 0) {
		only->exceptions = true;
		return;
	}
	if (strcmp(text, "chip") == 0) {
		only->chip = true;
		return;
	}
	symbol = symbols_named(m->symbols, text);
	if (symbol)
		place = (struct trace_place){ symbol->at, symbol->end - 1,
					      text };
	else if (!range(text, &place))
		die("--trace-only: '%s' is none of exceptions, chip, an "
		    "address, ADDRESS-ADDRESS, a symbol of %s", text,
		    m->program);
	only->places[only->places_count++] = place;
}

bool trace_wanted(const struct trace_only *only, uint32_t at, bool exception,
		  bool chip)
{
	bool here = !only->places_count;
	unsigned int i;

	for (i = 0; i < only->places_count; i++)
		here |= at >= only->places[i].first &&
			at <= only->places[i].last;
	return here && ((only->exceptions && exception) ||
			(only->chip && chip) ||
			(!only->exceptions && !only->chip));
}

bool trace_only_missed(const struct machine *m)
{
	const struct trace_only *only = &m->trace_only;

	return (only->places_count || only->exceptions || only->chip) &&
	       !m->trace.made && !m->trace.error;
}

void trace_only_tell(const struct machine *m, FILE *out)
{
	const struct trace_only *only = &m->trace_only;
	const struct trace_place *place;
	const char *comma = "";
	unsigned int i;

	fprintf(out, "%s is empty: nothing fitted --trace-only ",
		m->trace.name);
	for (i = 0; i < only->places_count; i++, comma = ", ") {
		place = &only->places[i];
		fprintf(out, "%s%s (0x%08" PRIx32, comma, place->text,
			place->first);
		if (place->last != place->first)
			fprintf(out, " to 0x%08" PRIx32, place->last);
		fputs(")", out);
	}
	if (only->exceptions) {
		fprintf(out, "%sexceptions", comma);
		comma = ", ";
	}
	if (only->chip)
		fprintf(out, "%schip", comma);
}
