// SPDX-License-Identifier: MIT
/*
 * Snapshots. See snapshot.h.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/ram_image.h"
#include "mips-sim/snapshot.h"

/* In this order; the processor first, since restoring it is undone by none. */
static const struct snapshot_part *const parts[] = {
	&cpu_part, &machine_part, &dev_slow_part, &dev_uart_part,
	&dev_spim_part, &stats_part, &profile_part, &timeline_part,
	&files_part,
};

#define PARTS	(sizeof(parts) / sizeof(parts[0]))
#define ALIGN	16u
#define FNV_BASIS	0xcbf29ce484222325ull
#define FNV_PRIME	0x00000100000001b3ull

struct snapshot {
	size_t size;
	uint8_t *bytes;			/* of all parts */
	struct ram_chunk *ram[];
};

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		die("no memory for snapshots");
	return memory;
}

void snapshot_begin(struct machine *m)
{
	ram_image_open(&m->cpu);
}

void snapshot_end(struct machine *m)
{
	ram_image_close(m->ram_image);
}

/* ---- the parts ----------------------------------------------------------- */

static size_t room(size_t size)
{
	return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* What all parts save now, one after the other; its size to @size. */
static uint8_t *save_parts(const struct machine *m, size_t *size)
{
	uint8_t *bytes, *at;
	unsigned int i;

	*size = 0;
	for (i = 0; i < PARTS; i++)
		*size += room(parts[i]->size(m));
	bytes = allocate(*size);
	for (at = bytes, i = 0; i < PARTS; i++) {
		parts[i]->save(m, at);
		at += room(parts[i]->size(m));
	}
	return bytes;
}

struct snapshot *snapshot_take(struct machine *m)
{
	struct ram_image *ram = m->ram_image;
	struct snapshot *s;

	s = allocate(sizeof(*s) + ram_image_size(ram) * sizeof(s->ram[0]));
	s->bytes = save_parts(m, &s->size);
	ram_image_save(ram, s->ram);
	return s;
}

void snapshot_restore(struct machine *m, const struct snapshot *s)
{
	const uint8_t *at = s->bytes;
	unsigned int i;

	for (i = 0; i < PARTS; i++) {
		parts[i]->restore(m, at);
		/* restored, it is of the size it had */
		at += room(parts[i]->size(m));
	}
	ram_image_load(m->ram_image, s->ram);
	machine_reschedule(m);
}

void snapshot_drop(struct machine *m, struct snapshot *s)
{
	ram_image_drop(m->ram_image, s->ram);
	free(s->bytes);
	free(s);
}

/* ---- figures -------------------------------------------------------------- */

size_t snapshot_bytes(const struct snapshot *s)
{
	return sizeof(*s) + s->size;
}

uint64_t snapshot_hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t word;

	for (; len >= sizeof(word); len -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = (hash ^ word) * FNV_PRIME;
	}
	while (len--)
		hash = (hash ^ *at++) * FNV_PRIME;
	return hash;
}

uint64_t snapshot_hash(const struct machine *m)
{
	size_t size;
	uint8_t *bytes = save_parts(m, &size);
	uint64_t hash = snapshot_hash_bytes(FNV_BASIS, bytes, size);

	free(bytes);
	return ram_image_hash(m->ram_image, hash);
}
