// SPDX-License-Identifier: MIT
/*
 * Where pages lie in the host's memory. See page.h.
 */
#include "mips-sim/cpu.h"

void page_flush(struct cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		cpu->pages[i] = (struct page){ PAGE_NONE, PAGE_NONE, 0 };
}

bool page_fill(struct cpu *cpu, uint32_t vaddr)
{
	struct page *page = &cpu->pages[(vaddr >> PAGE_SHIFT) % PAGES];
	uint32_t paddr;
	uint8_t *ram;

	vaddr &= PAGE_MASK;
	if (cpu_translate(cpu, vaddr, &paddr))
		return false;
	ram = bus_ram(cpu->machine, paddr, PAGE_SIZE);
	if (!ram)
		return false;
	page->load = vaddr;
	page->store = cpu_marks(cpu, paddr) ? PAGE_NONE : vaddr;
	page->host = (uint64_t)(uintptr_t)ram - vaddr;
	return true;
}
