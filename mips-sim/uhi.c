// SPDX-License-Identifier: MIT
/*
 * UHI semihosting. See uhi.h.
 *
 * The operation is in $25, its arguments in $4 to $6; the result goes to $2,
 * an error number to $3. The guest's memory is reached as the guest would
 * reach it; what is not RAM is a fault (EFAULT), and nothing is done then.
 */
#include <string.h>

#include "mips-sim/machine.h"
#include "mips-sim/uhi.h"

/* The error numbers of the UHI specification, not the host's. */
#define UHI_EBADF	9
#define UHI_EFAULT	14
#define UHI_EINVAL	22
#define UHI_ENOSYS	88

static void result(struct machine *m, uint32_t val, uint32_t error)
{
	m->cpu.gpr[REG_V0] = val;
	m->cpu.gpr[REG_V1] = error;
}

static void failure(struct machine *m, uint32_t error)
{
	result(m, ~0u, error);
}

static void uhi_read(struct machine *m, uint32_t fd, uint32_t buf,
		     uint32_t len)
{
	uint8_t *to = cpu_ram(&m->cpu, buf, len);
	uint32_t done;
	int c = 0;

	if (fd != 0) {
		failure(m, UHI_EBADF);
		return;
	}
	if (!to) {
		failure(m, UHI_EFAULT);
		return;
	}
	/* a line at a time, as a terminal would give it */
	for (done = 0; done < len && c != '\n'; done++) {
		c = input_next(m, m->standard_in);
		if (c < 0)
			break;
		to[done] = c;
	}
	cpu_written(&m->cpu, to, done);
	result(m, done, 0);
}

static void uhi_write(struct machine *m, uint32_t fd, uint32_t buf,
		      uint32_t len)
{
	const uint8_t *from = cpu_ram(&m->cpu, buf, len);

	if (fd != 1 && fd != 2) {
		failure(m, UHI_EBADF);
		return;
	}
	if (!from) {
		failure(m, UHI_EFAULT);
		return;
	}
	output_bytes(m, fd == 1 ? &m->standard_out : &m->standard_error, from,
		     len);
	result(m, len, 0);
}

static void uhi_argnlen(struct machine *m, uint32_t n)
{
	if (n)
		failure(m, UHI_EINVAL);
	else
		result(m, strlen(m->program), 0);
}

/* 0 when the argument has been copied. */
static void uhi_argn(struct machine *m, uint32_t n, uint32_t buf)
{
	size_t size = strlen(m->program) + 1;
	uint8_t *to = cpu_ram(&m->cpu, buf, size);

	if (n) {
		failure(m, UHI_EINVAL);
	} else if (!to) {
		failure(m, UHI_EFAULT);
	} else {
		memcpy(to, m->program, size);
		cpu_written(&m->cpu, to, size);
		result(m, 0, 0);
	}
}

/* A string in which %d, if it is there, is a number. */
static void uhi_plog(struct machine *m, uint32_t string, uint32_t number)
{
	const uint8_t *c;
	uint32_t len, i;
	char digits[16];

	for (len = 0; (c = cpu_ram(&m->cpu, string + len, 1)) && *c; len++)
		;
	if (!c) {
		failure(m, UHI_EFAULT);
		return;
	}
	snprintf(digits, sizeof(digits), "%d", (int32_t)number);
	c = cpu_ram(&m->cpu, string, len);
	for (i = 0; i < len; i++) {
		if (c[i] == '%' && i + 1 < len && c[i + 1] == 'd') {
			output_bytes(m, &m->standard_out, digits,
				     strlen(digits));
			i++;
		} else {
			output_bytes(m, &m->standard_out, &c[i], 1);
		}
	}
	result(m, len, 0);
}

void uhi_call(struct machine *m)
{
	const uint32_t *a = &m->cpu.gpr[REG_A0];

	switch (m->cpu.gpr[REG_T9]) {
	case UHI_EXIT:
		machine_exit(m, a[0] & 0xff);
		break;
	case UHI_READ:
		uhi_read(m, a[0], a[1], a[2]);
		break;
	case UHI_WRITE:
		uhi_write(m, a[0], a[1], a[2]);
		break;
	case UHI_ARGC:
		result(m, 1, 0);
		break;
	case UHI_ARGNLEN:
		uhi_argnlen(m, a[0]);
		break;
	case UHI_ARGN:
		uhi_argn(m, a[0], a[1]);
		break;
	case UHI_PLOG:
		uhi_plog(m, a[0], a[1]);
		break;
	default:
		failure(m, UHI_ENOSYS);
		break;
	}
}
