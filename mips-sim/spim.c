// SPDX-License-Identifier: MIT
/*
 * SPIM's system calls. See spim.h.
 *
 * The number is in $v0, arguments in $a0 and $a1; a result goes to $v0. What
 * they read and print is what SPIM's do, byte for byte.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/spim.h"

#define LINE_MAX_READ	256	/* of a number, its end included */
#define HEAP_ALIGN	8u

static void print(struct machine *m, const void *bytes, size_t len)
{
	output_bytes(m, &m->standard_out, bytes, len);
}

static void print_int(struct machine *m, int32_t number)
{
	char digits[16];

	print(m, digits, snprintf(digits, sizeof(digits), "%" PRId32, number));
}

static void no_memory(struct machine *m, const char *call, uint32_t vaddr)
{
	machine_end(m, EXIT_STUCK, "SPIM's %s at 0x%08x: there is no memory "
		    "at 0x%08x", call, m->cpu.at, vaddr);
}

static void print_string(struct machine *m, uint32_t vaddr)
{
	const uint8_t *c;

	while ((c = cpu_ram(&m->cpu, vaddr, 1)) && *c) {
		print(m, c, 1);
		vaddr++;
	}
	if (!c)
		no_memory(m, "print_string", vaddr);
}

/* As fgets() does: a line, with its end, in at most @size bytes with the 0. */
static uint32_t read_line(struct machine *m, char *to, uint32_t size)
{
	uint32_t len = 0;
	int c = 0;

	while (len + 1 < size && c != '\n') {
		c = input_next(m, m->spim.input);
		if (c < 0)
			break;
		to[len++] = c;
	}
	to[len++] = '\0';
	return len;
}

static void read_int(struct machine *m)
{
	char line[LINE_MAX_READ];

	read_line(m, line, sizeof(line));
	m->cpu.gpr[REG_V0] = strtol(line, NULL, 10);
}

static void read_char(struct machine *m)
{
	int c = input_next(m, m->spim.input);

	m->cpu.gpr[REG_V0] = c < 0 ? '\n' : c;
}

static void read_string(struct machine *m, uint32_t vaddr, int32_t size)
{
	uint8_t *to;

	if (size <= 0)
		return;
	to = cpu_ram(&m->cpu, vaddr, size);
	if (to)
		cpu_written(&m->cpu, to, read_line(m, (char *)to, size));
	else
		no_memory(m, "read_string", vaddr);
}

/* The heap begins behind the program, stack included, and ends with RAM. */
static void sbrk_bytes(struct machine *m, int32_t amount)
{
	struct dev_spim *spim = &m->spim;
	uint32_t size = ((uint32_t)amount + HEAP_ALIGN - 1) & -HEAP_ALIGN;

	if (!spim->heap)
		spim->heap = (m->program_end + HEAP_ALIGN - 1) & -HEAP_ALIGN;
	if (amount < 0 || spim->heap > m->cpu.ram_size ||
	    size > m->cpu.ram_size - spim->heap) {
		machine_end(m, EXIT_STUCK, "SPIM's sbrk at 0x%08x: no room for "
			    "%d bytes", m->cpu.at, amount);
		return;
	}
	m->cpu.gpr[REG_V0] = 0x80000000 | spim->heap;
	spim->heap += size;
}

static void no_float(struct machine *m, const char *call)
{
	machine_end(m, EXIT_STUCK, "SPIM's %s at 0x%08x: there is no floating "
		    "point here", call, m->cpu.at);
}

bool spim_syscall(struct machine *m)
{
	const uint32_t *a = &m->cpu.gpr[REG_A0];
	uint8_t c = a[0];

	if (!m->spim.on)
		return false;
	switch (m->cpu.gpr[REG_V0]) {
	case SPIM_PRINT_INT:
		print_int(m, a[0]);
		break;
	case SPIM_PRINT_STRING:
		print_string(m, a[0]);
		break;
	case SPIM_READ_INT:
		read_int(m);
		break;
	case SPIM_READ_STRING:
		read_string(m, a[0], a[1]);
		break;
	case SPIM_SBRK:
		sbrk_bytes(m, a[0]);
		break;
	case SPIM_EXIT:
		machine_exit(m, 0);
		break;
	case SPIM_PRINT_CHAR:
		print(m, &c, 1);
		break;
	case SPIM_READ_CHAR:
		read_char(m);
		break;
	case SPIM_EXIT2:
		machine_exit(m, a[0] & 0xff);
		break;
	case SPIM_PRINT_FLOAT:
		no_float(m, "print_float");
		break;
	case SPIM_PRINT_DOUBLE:
		no_float(m, "print_double");
		break;
	case SPIM_READ_FLOAT:
		no_float(m, "read_float");
		break;
	case SPIM_READ_DOUBLE:
		no_float(m, "read_double");
		break;
	default:
		return false;
	}
	return true;
}
