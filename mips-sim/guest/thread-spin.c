// SPDX-License-Identifier: MIT
/*
 * A reader that looks again and again, as long as it has the processor. The
 * twin of thread-sleep.c; threads.c is the frame.
 *
 * The kernel cannot know that it gets nothing done, and gives it every other
 * slice. And when a byte comes in the worker's slice, the reader finds it at
 * the end of that.
 */
#include "threads.h"

u8 read_byte(void)
{
	while (ring_empty(&ring))
		;
	return ring_take(&ring);
}
