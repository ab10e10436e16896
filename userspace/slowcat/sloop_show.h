/* SPDX-License-Identifier: MIT */
/*
 * slowcat-sloop --show-phases: say on standard error which phase of the loop
 * called what, while a timer and an idle callback run beside the device. Only
 * for looking: all functions do nothing without the option.
 *
 * Called by sloop.c, in the loop's thread.
 */
#ifndef SLOWCAT_SLOOP_SHOW_H
#define SLOWCAT_SLOOP_SHOW_H

#include "userspace/slowcat/client.h"
#include "userspace/sloop/sloop.h"

void show_start(struct client *client, struct sloop *loop);

/* From the device's callback. count 0: there was nothing, or the end. */
void show_read(struct sloop *loop, const struct client_device *device,
	       size_t count);

/* After the loop: close timer and idle callback, and show that too. */
void show_finish(struct sloop *loop);

#endif
