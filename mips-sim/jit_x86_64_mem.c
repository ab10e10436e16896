// SPDX-License-Identifier: MIT
/*
 * Machine code for x86-64: loads and stores.
 *
 * Each looks its page up (page.h); block_ops.c has those that find nothing.
 * Words at constant distances from one register, which functions and handlers
 * save and restore, are most of them: there the first looks up for all of a
 * span, if they all lie in its page. Behind the first nobody can come in, since
 * the page's place is in a register: those operations keep block_ops.c's `run`,
 * by which all of the span goes on when the first has found nothing.
 */
#include <stddef.h>

#include "mips-sim/decode.h"
#include "mips-sim/exec.h"
#include "mips-sim/x86_64.h"

/*
 * eax = @offset from @op's base, rcx = where its entry in cpu->pages is, if
 * that is its page; else block_ops.c's turn. @low: the bits that must be 0.
 */
static void look_up(struct jit *j, const struct op *op, uint32_t offset,
		    size_t tag, uint32_t low)
{
	_Static_assert(sizeof(struct page) == 16 && PAGES == 256 &&
		       PAGE_SHIFT == 12, "(address >> 8) & 0xff0");
	load(j, EAX, gpr(op->rs));
	if (offset)
		eax_immediate(j, EXT_ADD, offset);
	PUT(j, "\x89\xc1"				/* mov ecx, eax */
	       "\xc1\xe9\x08"				/* shr ecx, 8 */
	       "\x81\xe1\xf0\x0f\x00\x00"		/* and ecx, 0xff0 */
	       "\x89\xc6"				/* mov esi, eax */
	       "\x81\xe6");				/* and esi, ... */
	put32(j, PAGE_MASK | low);
	PUT(j, "\x3b\xb4\x0f");			/* cmp esi, [rdi+rcx+...] */
	put32(j, offsetof(struct cpu, pages) + tag);
	detour_if(j, NOT_EQUAL, op, op->run);
}

/* rcx = what to add to the address in eax for the host's. */
static void reach(struct jit *j, const struct op *op, size_t tag, uint32_t low)
{
	look_up(j, op, field_simm(op->word), tag, low);
	PUT(j, "\x48\x8b\x8c\x0f");		/* mov rcx, [rdi+rcx+...] */
	put32(j, offsetof(struct cpu, pages) + offsetof(struct page, host));
}

/* The opcode's operands are eax and [rax+rcx]. */
void emit_load(struct jit *j, const struct op *op, unsigned int how)
{
	reach(j, op, offsetof(struct page, load), how & 3);
	for (how >>= 8; how; how >>= 8)
		put8(j, how);
	PUT(j, "\x04\x08");
	store(j, gpr(op->to), EAX);
}

/* The same with esi, behind the value's load. */
void emit_store(struct jit *j, const struct op *op, unsigned int how)
{
	reach(j, op, offsetof(struct page, store), how & 3);
	load(j, ESI, gpr(op->rt));
	for (how >>= 8; how; how >>= 8)
		put8(j, how);
	PUT(j, "\x34\x08");
	set_byte(j, offsetof(struct cpu, stored), true);
}

/* ---- spans of words -------------------------------------------------- */

/* Does the span that begins with @first go on with @op? */
static bool goes_on(const struct op *first, const struct op *op,
		    const struct insn *insn)
{
	return emits_straight(op, insn) && op->run != op_count &&
	       (op->to != first->rs || insn->exec == exec_sw);
}

static bool belongs(const struct op *first, const struct op *op)
{
	uint32_t distance = field_simm(op->word) - field_simm(first->word);

	return op->word >> 26 == first->word >> 26 && op->rs == first->rs &&
	       !(distance & 3);
}

/* The span that begins with @first: all of its offsets, and its end. */
static struct span find_span(const struct op *first)
{
	struct span span = { .first = first };
	const struct insn *insn;
	const struct op *op;
	int32_t offset;
	bool on = true;

	span.low = span.high = field_simm(first->word);
	for (op = first; on; op++) {
		insn = decode(op->word);
		on = goes_on(first, op, insn);
		if (!belongs(first, op))
			continue;
		offset = field_simm(op->word);
		if (offset < span.low)
			span.low = offset;
		if (offset > span.high)
			span.high = offset;
		span.end = op + 1;
	}
	return span;
}

/* Is @op in a span, whose place is in @reg then? Looks up for its first. */
static bool in_span(struct jit *j, const struct op *op, struct span *span,
		    enum host_reg reg, size_t tag)
{
	struct span found;

	if (op < span->end)
		return belongs(span->first, op);
	found = find_span(op);
	if (found.end == op + 1 ||
	    found.high > found.low + (int32_t)(PAGE_SIZE - 4))
		return false;
	*span = found;
	look_up(j, op, span->low, tag, 3);
	PUT(j, "\x89\xc6"				/* mov esi, eax */
	       "\x81\xe6\xff\x0f\x00\x00"		/* and esi, 0xfff */
	       "\x81\xfe");				/* cmp esi, ... */
	put32(j, PAGE_SIZE - 4 - (span->high - span->low));
	detour_if(j, ABOVE, op, op->run);
	PUT(j, "\x4c\x8b");			/* mov reg, [rdi+rcx+...] */
	put8(j, 0x84 | (reg & 7) << 3);
	PUT(j, "\x0f");
	put32(j, offsetof(struct cpu, pages) + offsetof(struct page, host));
	PUT(j, "\x49\x01");				/* add reg, rax */
	put8(j, 0xc0 | (reg & 7));
	return true;
}

/* @opcode (mov) with eax and @op's word of the span at @reg. */
static void with_span(struct jit *j, uint8_t opcode, const struct op *op,
		      const struct span *span, enum host_reg reg)
{
	put8(j, 0x41);
	put8(j, opcode);
	put8(j, 0x80 | EAX << 3 | (reg & 7));
	put32(j, field_simm(op->word) - span->low);
}

void emit_lw(struct jit *j, const struct op *op, unsigned int how)
{
	struct span *span = &j->loads;

	if (!in_span(j, op, span, R9, offsetof(struct page, load))) {
		emit_load(j, op, how);
		return;
	}
	with_span(j, 0x8b, op, span, R9);
	store(j, gpr(op->to), EAX);
}

void emit_sw(struct jit *j, const struct op *op, unsigned int how)
{
	struct span *span = &j->stores;

	if (!in_span(j, op, span, R10, offsetof(struct page, store))) {
		emit_store(j, op, how);
		return;
	}
	if (op == span->first)
		set_byte(j, offsetof(struct cpu, stored), true);
	load(j, EAX, gpr(op->rt));
	with_span(j, 0x89, op, span, R10);
}
