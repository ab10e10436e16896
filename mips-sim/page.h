/* SPDX-License-Identifier: MIT */
/*
 * Where pages lie in the host's memory: a cache of translations.
 *
 * Every access of the block engine to memory goes through it: one comparison
 * says that the page may be read (written), is RAM, and the address aligned.
 * page_fill() asks cpu_translate() for what is not there, so a TLB that holds
 * something changes nothing here but needs page_flush() when it is written.
 * The entries are those of the present mode (cp0_set_status() flushes).
 *
 * A page that has marks cannot be written through it: somebody must see the
 * store (cpu_written()).
 */
#ifndef MIPS_SIM_PAGE_H
#define MIPS_SIM_PAGE_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

/* Marks of a page of RAM: who must see a store there. */
#define PAGE_CODE	1	/* block.c: there are blocks made of it */
#define PAGE_KEPT	2	/* ram_image.c: it has the page as it is */

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1u << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGES		256		/* entries, by the page's lowest bits */
#define PAGE_NONE	4u	/* no page, nor one with its alignment bits */

struct page {
	uint32_t load;		/* the page's address, or PAGE_NONE */
	uint32_t store;
	uint64_t host;		/* plus the virtual address: where it is */
};

void page_flush(struct cpu *cpu);
/* Enter the page of @vaddr. False: it is no RAM, or not in this mode. */
bool page_fill(struct cpu *cpu, uint32_t vaddr);

#endif
