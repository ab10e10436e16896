/* SPDX-License-Identifier: MIT */
/*
 * To sleep until the interrupt side has changed a word.
 *
 * wake_sleep() looks once, and if the word is still what the main program has
 * seen, stands still in `wait` until an interrupt has been handled. It may
 * come back with the word unchanged, so it is called in a loop. Three files
 * have it: wake-lost.S (wrong), wake-di.S (wrong as well) and wake-safe.S.
 */
#ifndef GUEST_WAKE_H
#define GUEST_WAKE_H

#include "board.h"

void wake_sleep(const volatile u32 *word, u32 seen);

/*
 * The instructions from the look to the `wait`: a handler that finds it has
 * interrupted one of them sends the main program back to the look. Empty in
 * the files that do not know the trick.
 */
extern const u8 wake_window[], wake_window_end[];

/* Last in isr(). EPC is where the main program will go on. */
static inline void wake_rollback(void)
{
	u32 epc;

	asm volatile("mfc0 %0, $14" : "=r"(epc));
	if (epc - (u32)wake_window < (u32)wake_window_end - (u32)wake_window)
		asm volatile("mtc0 %0, $14; ehb" :: "r"(wake_window));
}

#endif
