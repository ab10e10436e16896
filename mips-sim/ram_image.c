// SPDX-License-Identifier: MIT
/*
 * Images of RAM. See ram_image.h.
 *
 * A tree of two levels whose leaves (pages) and nodes (chunks of a MiB) count
 * their users. No pointer: nothing but zeros, as RAM is at first.
 */
#include <stdlib.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/ram_image.h"
#include "mips-sim/snapshot.h"

#define CHUNK_PAGES	256u	/* a MiB, of which RAM is a multiple */

struct ram_page {
	unsigned int users;
	uint8_t bytes[PAGE_SIZE];
};

struct ram_chunk {
	unsigned int users;
	struct ram_page *pages[CHUNK_PAGES];
};

struct ram_image {
	struct cpu *cpu;
	uint32_t pages;
	uint32_t chunks;
	struct ram_chunk **newest;	/* RAM, but for the dirty pages */
	uint32_t *dirty;
	uint32_t dirty_count;
	size_t bytes;
};

static const uint8_t zeros[PAGE_SIZE];

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		die("no memory for snapshots");
	return memory;
}

/* ---- users -------------------------------------------------------------- */

static void put_page(struct ram_image *ram, struct ram_page *page)
{
	if (page && !--page->users) {
		ram->bytes -= sizeof(*page);
		free(page);
	}
}

static void put_chunk(struct ram_image *ram, struct ram_chunk *chunk)
{
	unsigned int i;

	if (!chunk || --chunk->users)
		return;
	for (i = 0; i < CHUNK_PAGES; i++)
		put_page(ram, chunk->pages[i]);
	ram->bytes -= sizeof(*chunk);
	free(chunk);
}

static struct ram_chunk *get_chunk(struct ram_chunk *chunk)
{
	if (chunk)
		chunk->users++;
	return chunk;
}

/* The newest image's chunk at @at, its own, so that it may be changed. */
static struct ram_chunk *own_chunk(struct ram_image *ram,
				   struct ram_chunk **at)
{
	struct ram_chunk *was = *at;
	unsigned int i;

	if (was && was->users == 1)
		return was;
	*at = allocate(1, sizeof(**at));
	ram->bytes += sizeof(**at);
	(*at)->users = 1;
	for (i = 0; was && i < CHUNK_PAGES; i++) {
		(*at)->pages[i] = was->pages[i];
		if (was->pages[i])
			was->pages[i]->users++;
	}
	put_chunk(ram, was);
	return *at;
}

/* ---- dirty pages --------------------------------------------------------- */

static uint8_t *page_at(const struct ram_image *ram, uint32_t page)
{
	return ram->cpu->ram + ((size_t)page << PAGE_SHIFT);
}

void ram_image_written(struct cpu *cpu, uint32_t page)
{
	struct ram_image *ram = cpu->machine->ram_image;

	cpu->page_marks[page] &= ~PAGE_KEPT;
	ram->dirty[ram->dirty_count++] = page;
}

/* The newest image has RAM as it is. */
static void no_more_dirty(struct ram_image *ram)
{
	uint32_t i;

	for (i = 0; i < ram->dirty_count; i++)
		ram->cpu->page_marks[ram->dirty[i]] |= PAGE_KEPT;
	ram->dirty_count = 0;
	page_flush(ram->cpu);	/* they were open for stores */
}

struct ram_image *ram_image_open(struct cpu *cpu)
{
	struct ram_image *ram = allocate(1, sizeof(*ram));
	uint32_t page;

	cpu_allow_marks(cpu);
	ram->cpu = cpu;
	ram->pages = cpu->ram_size >> PAGE_SHIFT;
	ram->chunks = ram->pages / CHUNK_PAGES;
	ram->newest = allocate(ram->chunks, sizeof(struct ram_chunk *));
	ram->dirty = allocate(ram->pages, sizeof(*ram->dirty));
	cpu->machine->ram_image = ram;
	for (page = 0; page < ram->pages; page++) {
		cpu->page_marks[page] |= PAGE_KEPT;
		if (memcmp(page_at(ram, page), zeros, PAGE_SIZE) != 0)
			ram_image_written(cpu, page);
	}
	page_flush(cpu);
	return ram;
}

void ram_image_close(struct ram_image *ram)
{
	uint32_t page;

	ram_image_drop(ram, ram->newest);
	for (page = 0; page < ram->pages; page++)
		ram->cpu->page_marks[page] &= ~PAGE_KEPT;
	ram->cpu->machine->ram_image = NULL;
	free(ram->newest);
	free(ram->dirty);
	free(ram);
}

/* ---- images --------------------------------------------------------------- */

size_t ram_image_size(const struct ram_image *ram)
{
	return ram->chunks;
}

void ram_image_save(struct ram_image *ram, struct ram_chunk **to)
{
	struct ram_chunk *chunk;
	struct ram_page **page;
	uint32_t i, number;

	for (i = 0; i < ram->dirty_count; i++) {
		number = ram->dirty[i];
		chunk = own_chunk(ram, &ram->newest[number / CHUNK_PAGES]);
		page = &chunk->pages[number % CHUNK_PAGES];
		put_page(ram, *page);
		*page = allocate(1, sizeof(**page));
		ram->bytes += sizeof(**page);
		(*page)->users = 1;
		memcpy((*page)->bytes, page_at(ram, number), PAGE_SIZE);
	}
	no_more_dirty(ram);
	for (i = 0; i < ram->chunks; i++)
		to[i] = get_chunk(ram->newest[i]);
}

static struct ram_page *page_of(struct ram_chunk *const *image, uint32_t page)
{
	const struct ram_chunk *chunk = image[page / CHUNK_PAGES];

	return chunk ? chunk->pages[page % CHUNK_PAGES] : NULL;
}

static void load_page(struct ram_image *ram, uint32_t page,
		      const struct ram_page *from)
{
	uint8_t *at = page_at(ram, page);

	memcpy(at, from ? from->bytes : zeros, PAGE_SIZE);
	if (ram->cpu->page_marks[page] & PAGE_CODE)
		block_drop(ram->cpu, page << PAGE_SHIFT, PAGE_SIZE);
}

static void load_chunk(struct ram_image *ram, uint32_t chunk,
		       struct ram_chunk *const *from)
{
	uint32_t page = chunk * CHUNK_PAGES;
	uint32_t end = page + CHUNK_PAGES;

	for (; page < end; page++)
		if (page_of(from, page) != page_of(ram->newest, page))
			load_page(ram, page, page_of(from, page));
}

void ram_image_load(struct ram_image *ram, struct ram_chunk *const *from)
{
	uint32_t i;

	for (i = 0; i < ram->dirty_count; i++)
		load_page(ram, ram->dirty[i], page_of(from, ram->dirty[i]));
	no_more_dirty(ram);
	for (i = 0; i < ram->chunks; i++) {
		if (ram->newest[i] == from[i])
			continue;
		load_chunk(ram, i, from);
		put_chunk(ram, ram->newest[i]);
		ram->newest[i] = get_chunk(from[i]);
	}
}

void ram_image_drop(struct ram_image *ram, struct ram_chunk **image)
{
	uint32_t i;

	for (i = 0; i < ram->chunks; i++)
		put_chunk(ram, image[i]);
}

/* ---- figures --------------------------------------------------------------- */

size_t ram_image_bytes(const struct ram_image *ram)
{
	return ram->bytes;
}

uint32_t ram_image_dirty(const struct ram_image *ram)
{
	return ram->dirty_count;
}

uint64_t ram_image_hash(const struct ram_image *ram, uint64_t hash)
{
	const uint8_t *at;
	uint32_t page;

	for (page = 0; page < ram->pages; page++) {
		/* never written: zeros, and no need to look */
		if (ram->cpu->page_marks[page] & PAGE_KEPT &&
		    !page_of(ram->newest, page))
			continue;
		at = page_at(ram, page);
		if (memcmp(at, zeros, PAGE_SIZE) == 0)
			continue;
		hash = snapshot_hash_bytes(hash, &page, sizeof(page));
		hash = snapshot_hash_bytes(hash, at, PAGE_SIZE);
	}
	return hash;
}
