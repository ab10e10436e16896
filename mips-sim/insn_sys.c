// SPDX-License-Identifier: MIT
/*
 * Instructions for the system: COP0, hardware registers, syscall, break, load
 * linked and store conditional, and those that only raise an exception.
 *
 * Called by cpu_step().
 */
#include "mips-sim/exec.h"
#include "mips-sim/machine.h"
#include "mips-sim/spim.h"
#include "mips-sim/uhi.h"

EXEC(reserved)
{
	(void)w;
	cp0_exception(cpu, EXC_RI);
}

EXEC(cp1)
{
	(void)w;
	cp0_unusable(cpu, 1);
}

EXEC(cp2)
{
	(void)w;
	cp0_unusable(cpu, 2);
}

/* COP0 has no such instruction; but that is only told to those who may ask. */
EXEC(cp0)
{
	(void)w;
	if (cp0_usable(cpu))
		cp0_exception(cpu, EXC_RI);
}

EXEC(syscall)
{
	(void)w;
	if (!spim_syscall(cpu->machine))
		cp0_exception(cpu, EXC_SYS);
}

EXEC(break)
{
	(void)w;
	cp0_exception(cpu, EXC_BP);
}

EXEC(sdbbp)
{
	if ((w >> 6 & 0xfffff) == UHI_CODE)
		uhi_call(cpu->machine);
	else
		cp0_exception(cpu, EXC_RI);
}

/* rdpgpr, wrpgpr: the previous set of shadow registers is the only set. */
EXEC(movpgpr)
{
	if (cp0_usable(cpu))
		set_rd(cpu, w, rt(cpu, w));
}

/* machine.c does the waiting, between this instruction and the next. */
EXEC(wait)
{
	(void)w;
	if (cp0_usable(cpu)) {
		cpu->waiting = true;
		machine_reschedule(cpu->machine);
	}
}

/* There is no cache to do anything with. But an operation on what is at an
 * address, not at an index, wants that address translated, as a load would. */
EXEC(cache)
{
	uint32_t vaddr = rs(cpu, w) + field_simm(w);
	bool by_address = field_rt(w) >> 2 >= 4;
	enum cp0_exccode code;
	uint32_t paddr;

	if (!cp0_usable(cpu) || !by_address)
		return;
	code = cpu_translate(cpu, vaddr, &paddr);
	if (code)
		cp0_bad_address(cpu, code, vaddr);
}

/* The TLB holds nothing: what is written is lost, what is sought not found. */
EXEC(tlbw)
{
	(void)w;
	cp0_usable(cpu);
}

EXEC(tlbr)
{
	(void)w;
	if (cp0_usable(cpu)) {
		cpu->cp0.entryhi = 0;
		cpu->cp0.entrylo[0] = 0;
		cpu->cp0.entrylo[1] = 0;
		cpu->cp0.pagemask = 0;
	}
}

EXEC(tlbp)
{
	(void)w;
	if (cp0_usable(cpu))
		cpu->cp0.index |= 0x80000000;	/* P: probe failure */
}

/* ---- load linked, store conditional ----------------------------------- */

/*
 * An eret breaks the link, and so does whoever changes the word. (Where the
 * architecture leaves it open whether sc fails, after a store of the program's
 * own or to another word than ll's, it does as QEMU.)
 */
EXEC(ll)
{
	uint32_t vaddr = rs(cpu, w) + field_simm(w);
	uint32_t val;

	if (vaddr & 3) {
		cp0_bad_address(cpu, EXC_ADEL, vaddr);
	} else if (cpu_load(cpu, vaddr, BUS_PART, &val)) {
		cpu_translate(cpu, vaddr, &cpu->link_paddr);
		cpu->link_word = val;
		cpu->linked = true;
		cpu->cp0.lladdr = cpu->link_paddr >> 4;
		set_rt(cpu, w, val);
	}
}

EXEC(sc)
{
	uint32_t vaddr = rs(cpu, w) + field_simm(w);
	uint32_t paddr;
	uint32_t val;
	bool linked;

	if (vaddr & 3) {
		cp0_bad_address(cpu, EXC_ADES, vaddr);
		return;
	}
	/* a broken link does not hide a bad address */
	if (!cpu_load_to_store(cpu, vaddr, &val))
		return;
	cpu_translate(cpu, vaddr, &paddr);
	linked = cpu->linked && cpu->link_paddr == paddr &&
		 cpu->link_word == val;
	if (linked && !cpu_store(cpu, vaddr, BUS_PART, rt(cpu, w)))
		return;
	set_rt(cpu, w, linked);
	cpu->linked = false;
}
