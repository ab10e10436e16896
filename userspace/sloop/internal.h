/* SPDX-License-Identifier: MIT */
/*
 * What sloop's files share and callers do not see. Same thread, same rules
 * as sloop.h.
 */
#ifndef SLOOP_INTERNAL_H
#define SLOOP_INTERNAL_H

#include "userspace/sloop/sloop.h"

/* sloop_handle.flags */
#define HANDLE_ACTIVE	1
#define HANDLE_REF	2
#define HANDLE_CLOSING	4

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

static inline void list_init(struct sloop_list *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct sloop_list *list)
{
	return list->next == list;
}

/* Insert entry before where; before the list itself is at its end. */
static inline void list_insert(struct sloop_list *entry,
			       struct sloop_list *where)
{
	entry->next = where;
	entry->prev = where->prev;
	where->prev->next = entry;
	where->prev = entry;
}

static inline void list_remove(struct sloop_list *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	list_init(entry);
}

/* sloop_handle.c */
void handle_init(struct sloop *loop, struct sloop_handle *handle,
		 enum sloop_type type);
void handle_start(struct sloop_handle *handle);
void handle_stop(struct sloop_handle *handle);

/* sloop_fd.c */
void fd_init(struct sloop_fd *watch, int fd);

/* The phases, each called by sloop_run() alone. */
void run_hooks(struct sloop_list *hooks);
int run_poll(struct sloop *loop, int timeout_ms);
void run_closing(struct sloop *loop);
void run_timers(struct sloop *loop);

#endif
