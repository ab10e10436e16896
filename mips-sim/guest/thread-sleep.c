// SPDX-License-Identifier: MIT
/*
 * A reader that asks the kernel, and sleeps until there is a byte. The twin of
 * thread-spin.c; threads.c is the frame.
 *
 * To the reader it looks like a function that takes long. Meanwhile the worker
 * has the processor for itself, and when the byte is there the reader has it.
 */
#include "threads.h"

u8 read_byte(void)
{
	return thread_read();
}
