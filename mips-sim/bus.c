// SPDX-License-Identifier: MIT
/*
 * The physical address map behind RAM: who answers, and to which width.
 */
#include <stddef.h>

#include "mips-sim/bus.h"
#include "mips-sim/dev_test.h"
#include "mips-sim/machine.h"

static bool within(uint32_t paddr, uint32_t base, uint32_t size)
{
	return paddr - base < size;
}

uint8_t *bus_ram(const struct machine *m, uint32_t paddr, uint32_t len)
{
	uint32_t size = m->cpu.ram_size;

	return len <= size && paddr <= size - len ? m->cpu.ram + paddr : NULL;
}

void bus_print_map(const struct machine *m, FILE *out)
{
	static const struct {
		uint32_t base;
		uint32_t size;
		const char *name;
	} devices[] = {
		{ BUS_SLOW, DEV_SLOW_SIZE, "the chip (words)" },
		{ BUS_TEST, DEV_TEST_SIZE, "the test device (words)" },
		{ BUS_UART, DEV_UART_SIZE, "the UART (bytes)" },
	};
	unsigned int i;

	fprintf(out, "0x00000000 to 0x%08x RAM", m->cpu.ram_size - 1);
	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		fprintf(out, ", 0x%08x to 0x%08x %s", devices[i].base,
			devices[i].base + devices[i].size - 1,
			devices[i].name);
}

bool bus_load(struct machine *m, uint32_t paddr, enum bus_width width,
	      uint32_t *val)
{
	if (within(paddr, BUS_UART, DEV_UART_SIZE) && width == BUS_BYTE) {
		*val = dev_uart_load(m, paddr - BUS_UART);
		return true;
	}
	if (width != BUS_WORD)
		return false;
	if (within(paddr, BUS_SLOW, DEV_SLOW_SIZE)) {
		*val = dev_slow_load(m, paddr - BUS_SLOW);
		return true;
	}
	if (within(paddr, BUS_TEST, DEV_TEST_SIZE)) {
		*val = 0;
		return true;
	}
	return false;
}

bool bus_store(struct machine *m, uint32_t paddr, enum bus_width width,
	       uint32_t val)
{
	if (within(paddr, BUS_UART, DEV_UART_SIZE) && width == BUS_BYTE) {
		dev_uart_store(m, paddr - BUS_UART, val);
		return true;
	}
	if (width != BUS_WORD)
		return false;
	if (within(paddr, BUS_SLOW, DEV_SLOW_SIZE)) {
		dev_slow_store(m, paddr - BUS_SLOW, val);
		return true;
	}
	if (within(paddr, BUS_TEST, DEV_TEST_SIZE)) {
		dev_test_store(m, paddr - BUS_TEST, val);
		return true;
	}
	return false;
}

bool bus_peek(const struct machine *m, uint32_t paddr, uint8_t *val)
{
	const uint8_t *ram = bus_ram(m, paddr, 1);

	if (ram)
		*val = *ram;
	else if (within(paddr, BUS_UART, DEV_UART_SIZE))
		*val = dev_uart_peek(m, paddr - BUS_UART);
	else if (within(paddr, BUS_SLOW, DEV_SLOW_SIZE))
		*val = slowchip_peek(&m->slow.chip, (paddr - BUS_SLOW) & ~3u) >>
		       8 * (paddr & 3);
	else if (within(paddr, BUS_TEST, DEV_TEST_SIZE))
		*val = 0;
	else
		return false;
	return true;
}
