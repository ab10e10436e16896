/* SPDX-License-Identifier: MIT */
/* What tx-poll and tx-irq send: more than the chip holds (17 bytes). */
#ifndef GUEST_MESSAGE_H
#define GUEST_MESSAGE_H

#define MESSAGE	"Slow devices teach patience, byte by byte.\n"

#endif
