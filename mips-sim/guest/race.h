/* SPDX-License-Identifier: MIT */
/* Take one from *word, which the handler counts up. One in each race-*.S. */
#ifndef GUEST_RACE_H
#define GUEST_RACE_H

#include "board.h"

void race_down(volatile u32 *word);

#endif
