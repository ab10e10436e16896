/* SPDX-License-Identifier: MIT */
/*
 * What RAM held at some moment, as pages that all images share until somebody
 * writes there.
 *
 * For snapshot.c. RAM itself stays as it is, one piece; a page that the newest
 * image (the one saved or loaded last) has as it is carries the mark PAGE_KEPT,
 * so that the first store to it is seen by cpu_written(). To save an image then
 * costs a copy of the pages written since, to load one those that differ.
 *
 * An image is an array of ram_image_size() pointers, one for a MiB.
 */
#ifndef MIPS_SIM_RAM_IMAGE_H
#define MIPS_SIM_RAM_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct cpu;
struct ram_chunk;
struct ram_image;

/* Looks at all of RAM, once. No memory, here or below: ends with one line. */
struct ram_image *ram_image_open(struct cpu *cpu);
/* Its images have been dropped. Takes the marks away. */
void ram_image_close(struct ram_image *ram);
/* cpu_written()'s: a page with the mark has been stored to. */
void ram_image_written(struct cpu *cpu, uint32_t page);

size_t ram_image_size(const struct ram_image *ram);
void ram_image_save(struct ram_image *ram, struct ram_chunk **to);
void ram_image_load(struct ram_image *ram, struct ram_chunk *const *from);
void ram_image_drop(struct ram_image *ram, struct ram_chunk **image);

/* Bytes that all images take together. */
size_t ram_image_bytes(const struct ram_image *ram);
/* Pages stored to since the newest image. */
uint32_t ram_image_dirty(const struct ram_image *ram);
/* Continue the hash @hash with what RAM holds now. */
uint64_t ram_image_hash(const struct ram_image *ram, uint64_t hash);

#endif
