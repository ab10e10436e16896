// SPDX-License-Identifier: MIT
/*
 * The board of the fuzz targets. See board.h.
 *
 * die() ends in exit(), which the linker (--wrap=exit) sends to the one below:
 * it goes back to board_try(), as the process would be gone.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mips-sim/fuzz/board.h"

/* ---- a board ----------------------------------------------------------- */

static uint8_t *memory(void)
{
	uint8_t *ram = mmap(NULL, BOARD_RAM, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ram == MAP_FAILED)
		abort();
	return ram;
}

/* The engine's blocks go with what they were made of. */
static void clear_ram(struct cpu *cpu)
{
	uint32_t page;

	memset(cpu->ram, 0, BOARD_RAM);
	for (page = 0; page < BOARD_RAM; page += PAGE_SIZE)
		cpu_written(cpu, cpu->ram + page, PAGE_SIZE);
}

void board_on(struct machine *m, enum engine engine, uint64_t max_insns,
	      const char *line, const char *console)
{
	struct block_state block = m->cpu.block;
	uint8_t *page_marks = m->cpu.page_marks;
	uint8_t *ram = m->cpu.ram;

	memset(m, 0, sizeof(*m));
	m->cpu.machine = m;
	m->cpu.block = block;
	m->cpu.page_marks = page_marks;
	m->cpu.ram = ram ? ram : memory();
	m->cpu.ram_size = BOARD_RAM;
	m->clock_mhz = 100;
	m->max_insns = max_insns;
	m->program = "fuzz";
	m->engine = engine;
	clear_ram(&m->cpu);
	cpu_reset(&m->cpu);
	if (engine != ENGINE_STEP && !block.cache)
		block_start(m);

	m->slow.line_in = input_open(line);
	dev_slow_init(m, BOARD_LINE_NS);
	dev_uart_init(m, input_open(console));
}

static void close_input(struct input *in)
{
	if (in)
		close(in->fd);
	free(in);
}

void board_off(struct machine *m)
{
	close_input(m->slow.line_in);
	close_input(m->uart.input);
	stats_free(&m->stats);
}

/* ---- die() ------------------------------------------------------------- */

static jmp_buf came_from;
static bool trying;

void __real_exit(int status) __attribute__((noreturn));
void __wrap_exit(int status) __attribute__((noreturn));

void __wrap_exit(int status)
{
	if (trying)
		longjmp(came_from, 1);
	__real_exit(status);
}

bool board_try(void (*what)(void *arg), void *arg)
{
	int first = dup(STDIN_FILENO);	/* the lowest that is free */
	volatile bool good = false;

	close(first);
	trying = true;
	if (setjmp(came_from) == 0) {
		what(arg);
		good = true;
	}
	trying = false;
	if (!good)
		close_range(first, ~0u, 0);
	return good;
}

/* ---- files ------------------------------------------------------------- */

void board_file(struct board_file *file, const uint8_t *bytes, size_t len)
{
	if (!file->path[0]) {
		file->fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d",
			 file->fd);
	}
	if (file->fd < 0 || ftruncate(file->fd, 0) != 0 ||
	    pwrite(file->fd, bytes, len, 0) != (ssize_t)len)
		abort();
}

/* What the simulator says of bad input is no news here. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	stderr = fopen("/dev/null", "w");
	return stderr ? 0 : 1;
}
