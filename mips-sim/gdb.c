// SPDX-License-Identifier: MIT
/*
 * GDB's remote protocol, as much as a debugger needs: registers, memory,
 * breakpoints, step, continue, interrupt, detach, kill.
 *
 * The run is the same with and without it: breakpoints are compared with the
 * pc and never written into memory, and the clock stands while GDB has the
 * word. Memory is RAM alone: a look at a device would change it. A step in
 * front of a delay slot stops in the slot; a pc that GDB leaves as it was
 * keeps the branch that is on its way.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mips-sim/gdb.h"
#include "mips-sim/machine.h"

#define PACKET_MAX	4096
#define BREAKPOINTS_MAX	64
#define POLL_STEPS	65536	/* between two looks for GDB's ctrl-C */

/* GDB's numbers of the registers behind the 32 general ones. */
enum gdb_reg {
	GDB_STATUS = 32,
	GDB_LO,
	GDB_HI,
	GDB_BADVADDR,
	GDB_CAUSE,
	GDB_PC,
	GDB_REGS,
};

struct gdb {
	struct machine *m;
	int fd;
	bool detached;
	uint32_t breakpoints[BREAKPOINTS_MAX];
	unsigned int breakpoint_count;
	char packet[PACKET_MAX + 1];
	char reply[PACKET_MAX + 1];
};

/* ---- the connection --------------------------------------------------- */

static int listen_and_accept(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int on = 1;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd;

	if (listener < 0 ||
	    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on,
		       sizeof(on)) != 0 ||
	    bind(listener, (struct sockaddr *)&address,
		 sizeof(address)) != 0 || listen(listener, 1) != 0)
		die("--gdb: port %u: %s", port, strerror(errno));
	do {
		fd = accept(listener, NULL, NULL);
	} while (fd < 0 && errno == EINTR && !machine_signalled);
	if (fd < 0 && !machine_signalled)
		die("--gdb: port %u: %s", port, strerror(errno));
	close(listener);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void gone(struct gdb *gdb)
{
	if (!machine_signalled)
		machine_end(gdb->m, EXIT_BAD_INPUT, "GDB has gone");
}

/* The next character from GDB; -1: there is none to come. */
static int get(struct gdb *gdb)
{
	unsigned char c;
	ssize_t got;

	do {
		got = recv(gdb->fd, &c, 1, 0);
	} while (got < 0 && errno == EINTR && !machine_signalled);
	if (got == 1)
		return c;
	gone(gdb);
	return -1;
}

static void put(struct gdb *gdb, const char *bytes, size_t len)
{
	ssize_t done;

	for (; len; bytes += done, len -= done) {
		done = send(gdb->fd, bytes, len, MSG_NOSIGNAL);
		if (done < 0 && errno == EINTR && !machine_signalled) {
			done = 0;
		} else if (done < 0) {
			gone(gdb);
			return;
		}
	}
}

static uint8_t checksum(const char *text)
{
	uint8_t sum = 0;

	while (*text)
		sum += *text++;
	return sum;
}

static void answer(struct gdb *gdb, const char *text)
{
	char end[4];

	snprintf(end, sizeof(end), "#%02x", checksum(text));
	put(gdb, "$", 1);
	put(gdb, text, strlen(text));
	put(gdb, end, 3);
}

/* Read a packet into gdb->packet. False: GDB has gone. */
static bool get_packet(struct gdb *gdb)
{
	char sum[3] = "";
	size_t len;
	int c;

	for (;;) {
		while ((c = get(gdb)) != '$')	/* acknowledgements, ctrl-C */
			if (c < 0)
				return false;
		for (len = 0; (c = get(gdb)) != '#'; ) {
			if (c < 0)
				return false;
			if (len < PACKET_MAX)
				gdb->packet[len++] = c;
		}
		gdb->packet[len] = '\0';
		sum[0] = get(gdb);
		sum[1] = c = get(gdb);
		if (c < 0)
			return false;
		if (strtoul(sum, NULL, 16) == checksum(gdb->packet))
			break;
		put(gdb, "-", 1);
	}
	put(gdb, "+", 1);
	return true;
}

/* ---- registers and memory --------------------------------------------- */

static uint32_t *reg_at(struct cpu *cpu, unsigned int number)
{
	switch (number) {
	case GDB_STATUS:
		return &cpu->cp0.status;
	case GDB_LO:
		return &cpu->lo;
	case GDB_HI:
		return &cpu->hi;
	case GDB_BADVADDR:
		return &cpu->cp0.badvaddr;
	case GDB_CAUSE:
		return &cpu->cp0.cause;
	case GDB_PC:
		return &cpu->pc;
	default:
		return &cpu->gpr[number];
	}
}

static void set_reg(struct cpu *cpu, unsigned int number, uint32_t val)
{
	switch (number) {
	case 0:
	case GDB_BADVADDR:
		break;
	case GDB_STATUS:
		cp0_write(cpu, 12, 0, val);
		break;
	case GDB_CAUSE:
		cp0_write(cpu, 13, 0, val);
		break;
	case GDB_PC:
		if (val != cpu->pc) {
			cpu->pc = val;
			cpu->next_pc = val + 4;
			cpu->slot = false;
		}
		break;
	default:
		*reg_at(cpu, number) = val;
	}
}

/* A register as GDB has it: the target's bytes in order. */
static void print_reg(char *to, uint32_t val)
{
	snprintf(to, 9, "%08x", __builtin_bswap32(val));
}

static bool scan_reg(const char *from, uint32_t *val)
{
	char text[9] = "";
	char *end;

	memcpy(text, from, strnlen(from, 8));
	*val = __builtin_bswap32(strtoul(text, &end, 16));
	return end == text + 8;
}

static const char *get_regs(struct gdb *gdb)
{
	unsigned int i;

	for (i = 0; i < GDB_REGS; i++)
		print_reg(gdb->reply + 8 * i, *reg_at(&gdb->m->cpu, i));
	return gdb->reply;
}

static const char *set_regs(struct gdb *gdb, const char *p)
{
	unsigned int i;
	uint32_t val;

	for (i = 0; i < GDB_REGS && scan_reg(p, &val); i++, p += 8)
		set_reg(&gdb->m->cpu, i, val);
	return i == GDB_REGS ? "OK" : "E22";
}

static const char *get_reg(struct gdb *gdb, const char *p)
{
	unsigned long number = strtoul(p, NULL, 16);

	if (number >= GDB_REGS)
		return "xxxxxxxx";	/* floating point: unavailable */
	print_reg(gdb->reply, *reg_at(&gdb->m->cpu, number));
	return gdb->reply;
}

static const char *set_one_reg(struct gdb *gdb, const char *p)
{
	char *end;
	unsigned long number = strtoul(p, &end, 16);
	uint32_t val;

	if (number >= GDB_REGS || *end != '=' || !scan_reg(end + 1, &val))
		return "E22";
	set_reg(&gdb->m->cpu, number, val);
	return "OK";
}

/* 'addr,len' at *p; RAM there, or NULL. */
static uint8_t *memory(struct gdb *gdb, const char **p, uint32_t *len)
{
	char *end;
	uint32_t vaddr = strtoul(*p, &end, 16);
	uint32_t paddr;

	if (*end != ',')
		return NULL;
	*len = strtoul(end + 1, &end, 16);
	*p = end;
	if (*len > PACKET_MAX / 2 ||
	    cpu_translate(&gdb->m->cpu, vaddr, &paddr))
		return NULL;
	return bus_ram(gdb->m, paddr, *len);
}

static const char *get_memory(struct gdb *gdb, const char *p)
{
	uint32_t len, i;
	const uint8_t *at = memory(gdb, &p, &len);

	if (!at)
		return "E14";
	gdb->reply[0] = '\0';
	for (i = 0; i < len; i++)
		snprintf(gdb->reply + 2 * i, 3, "%02x", at[i]);
	return gdb->reply;
}

static const char *set_memory(struct gdb *gdb, const char *p)
{
	uint32_t len, i;
	uint8_t *at = memory(gdb, &p, &len);
	char digits[3] = "";

	if (!at)
		return "E14";
	if (*p++ != ':' || strlen(p) != 2 * (size_t)len)
		return "E22";
	for (i = 0; i < len; i++) {
		memcpy(digits, p + 2 * i, 2);
		at[i] = strtoul(digits, NULL, 16);
	}
	cpu_written(&gdb->m->cpu, at, len);
	return "OK";
}

/* ---- running ---------------------------------------------------------- */

static unsigned int find_breakpoint(const struct gdb *gdb, uint32_t at)
{
	unsigned int i;

	for (i = 0; i < gdb->breakpoint_count; i++)
		if (gdb->breakpoints[i] == at)
			break;
	return i;
}

/* Z0,addr,kind and z0,...; software or hardware makes no difference here. */
static const char *breakpoint(struct gdb *gdb, const char *p, bool set)
{
	unsigned int i;
	uint32_t at;

	if ((p[0] != '0' && p[0] != '1') || p[1] != ',')
		return "";
	at = strtoul(p + 2, NULL, 16);
	i = find_breakpoint(gdb, at);
	if (set && i == BREAKPOINTS_MAX)
		return "E28";
	if (set && i == gdb->breakpoint_count)
		gdb->breakpoints[gdb->breakpoint_count++] = at;
	else if (!set && i < gdb->breakpoint_count)
		gdb->breakpoints[i] =
			gdb->breakpoints[--gdb->breakpoint_count];
	return "OK";
}

/* Has GDB something to say while we run? That is ctrl-C. */
static bool interrupted(struct gdb *gdb)
{
	struct pollfd poll_fd = { .fd = gdb->fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0 && get(gdb) >= 0;
}

/* Run @steps instructions at most. Gives the answer that says why it ended. */
static const char *resume(struct gdb *gdb, uint64_t steps)
{
	struct machine *m = gdb->m;
	uint32_t began = m->cpu.pc;
	uint64_t i;

	for (i = 0; i < steps; i++) {
		if (i % POLL_STEPS == POLL_STEPS - 1 && interrupted(gdb))
			return "S02";
		if (!machine_ready(m))
			break;
		/* an interrupt may have moved the pc since we began */
		if ((i || m->cpu.pc != began) &&
		    find_breakpoint(gdb, m->cpu.pc) < gdb->breakpoint_count)
			return "S05";
		machine_step(m);
	}
	if (i == steps && machine_ready(m))
		return "S05";
	snprintf(gdb->reply, sizeof(gdb->reply), "W%02x",
		 m->ended ? m->status : 128 + machine_signalled);
	return gdb->reply;
}

static const char *go(struct gdb *gdb, const char *p, uint64_t steps)
{
	if (*p)
		set_reg(&gdb->m->cpu, GDB_PC, strtoul(p, NULL, 16));
	return resume(gdb, steps);
}

/* The answer to a packet; NULL: none. */
static const char *obey(struct gdb *gdb)
{
	const char *p = gdb->packet + 1;

	switch (gdb->packet[0]) {
	case '?':
		return "S05";
	case 'g':
		return get_regs(gdb);
	case 'G':
		return set_regs(gdb, p);
	case 'p':
		return get_reg(gdb, p);
	case 'P':
		return set_one_reg(gdb, p);
	case 'm':
		return get_memory(gdb, p);
	case 'M':
		return set_memory(gdb, p);
	case 'c':
		return go(gdb, p, UINT64_MAX);
	case 's':
		return go(gdb, p, 1);
	case 'Z':
		return breakpoint(gdb, p, true);
	case 'z':
		return breakpoint(gdb, p, false);
	case 'H':
		return "OK";		/* there is one thread */
	case 'D':
		gdb->detached = true;
		return "OK";
	case 'k':
		machine_end(gdb->m, EXIT_BAD_INPUT, "killed by GDB");
		return NULL;
	case 'q':
		if (strncmp(p, "Supported", 9) == 0)
			return "PacketSize=fff";
		if (strncmp(p, "Attached", 8) == 0)
			return "1";
		return "";
	default:
		return "";		/* not supported */
	}
}

void gdb_run(struct machine *m, uint16_t port)
{
	struct gdb *gdb = calloc(1, sizeof(*gdb));
	const char *text;

	if (!gdb)
		die("no memory");
	gdb->m = m;
	gdb->fd = listen_and_accept(port);
	machine_start(m);
	while (!m->ended && !machine_signalled && !gdb->detached &&
	       get_packet(gdb)) {
		text = obey(gdb);
		if (text)
			answer(gdb, text);
	}
	if (gdb->detached)
		machine_run(m);
	if (gdb->fd >= 0)
		close(gdb->fd);
	free(gdb);
}
