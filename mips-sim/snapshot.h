/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: the board as it was between two instructions, to go back to.
 *
 * Whatever has state describes it by a struct snapshot_part in its own file:
 * the processor, each device, the statistics, the files' positions. A new one
 * is written like dev_uart.c's and named in the list in snapshot.c. RAM is
 * ram_image.c's. For history.c, which decides when there is one.
 */
#ifndef MIPS_SIM_SNAPSHOT_H
#define MIPS_SIM_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

struct machine;
struct snapshot;

/*
 * One that has state. What a run does not change (pointers to files, the host's
 * memory) is no state. Nothing here may fail, read, write or tell anybody.
 */
struct snapshot_part {
	/* bytes that save() writes now */
	size_t (*size)(const struct machine *m);
	/* the same state gives the same bytes */
	void (*save)(const struct machine *m, void *to);
	/* from what save() wrote, at any time of the same run */
	void (*restore)(struct machine *m, const void *from);
};

extern const struct snapshot_part cpu_part;		/* cpu.c */
extern const struct snapshot_part machine_part;		/* machine.c */
extern const struct snapshot_part dev_slow_part;	/* dev_slow.c */
extern const struct snapshot_part dev_uart_part;	/* dev_uart.c */
extern const struct snapshot_part dev_spim_part;	/* dev_spim.c */
extern const struct snapshot_part stats_part;		/* stats.c */
extern const struct snapshot_part profile_part;		/* profile.c */
extern const struct snapshot_part timeline_part;	/* timeline.c */
extern const struct snapshot_part files_part;		/* replay.c */

/* Before the first, and behind the last one. No memory: ends with one line. */
void snapshot_begin(struct machine *m);
void snapshot_end(struct machine *m);

struct snapshot *snapshot_take(struct machine *m);
void snapshot_restore(struct machine *m, const struct snapshot *snapshot);
void snapshot_drop(struct machine *m, struct snapshot *snapshot);

/* Bytes it takes by itself; ram_image_bytes() says what they share. */
size_t snapshot_bytes(const struct snapshot *snapshot);
/* Of the present state: the same state, the same number. */
uint64_t snapshot_hash(const struct machine *m);
/* FNV-1a, by 64 bits where it can: continue @hash with @len bytes. */
uint64_t snapshot_hash_bytes(uint64_t hash, const void *bytes, size_t len);

#endif
