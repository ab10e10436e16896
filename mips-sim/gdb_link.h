/* SPDX-License-Identifier: MIT */
/*
 * The connection to GDB: one socket, and packets on it.
 *
 * For gdb.c. Sending and receiving wait; what goes wrong is told once, by
 * machine_end(), and from then on there is nothing to receive.
 */
#ifndef MIPS_SIM_GDB_LINK_H
#define MIPS_SIM_GDB_LINK_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

#define PACKET_MAX	4096

struct gdb_link {
	struct machine *m;
	int fd;				/* -1: a signal came before GDB */
	char packet[PACKET_MAX + 1];
};

/* Listen on 127.0.0.1 and wait for GDB. Where it cannot: ends with one line. */
void gdb_link_open(struct gdb_link *link, struct machine *m, uint16_t port);
void gdb_link_close(struct gdb_link *link);

/* Receive a packet into link->packet. False: GDB has gone. */
bool gdb_link_receive(struct gdb_link *link);
void gdb_link_send(struct gdb_link *link, const char *text);
/* Has GDB something to say while we run? That is ctrl-C; it is taken. */
bool gdb_link_interrupted(struct gdb_link *link);

#endif
