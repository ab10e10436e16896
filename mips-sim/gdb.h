/* SPDX-License-Identifier: MIT */
/*
 * --gdb: a debugger drives the run. Called by main.c instead of
 * machine_run().
 */
#ifndef MIPS_SIM_GDB_H
#define MIPS_SIM_GDB_H

#include <stdint.h>

struct machine;

/*
 * Listen on 127.0.0.1, wait for GDB, then do as it says until the run ends.
 * What cannot be listened on ends with one line.
 */
void gdb_run(struct machine *m, uint16_t port);

#endif
