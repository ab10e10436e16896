/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: where a byte is on its way from the chip to a reader.
 *
 *	slowdev_irq	the handler found work		interrupt side
 *	slowdev_rx	a byte was taken from the chip	interrupt side
 *	slowdev_wake	waiters were woken		either side
 *	slowdev_poll	somebody asked what is ready	process side
 *	slowdev_read	bytes were copied to a reader	process side
 *
 * n is the byte's index since the chip's reset, the same as in the chip's
 * `arrivals`, so one byte can be followed through all of them. rx and read
 * are under the device's lock, so per device their order is the true one.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM slowdev

#if !defined(SLOWDEV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SLOWDEV_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(slowdev_irq,
	TP_PROTO(unsigned int dev, u64 number, u32 causes, u32 took),
	TP_ARGS(dev, number, causes, took),
	TP_STRUCT__entry(
		__field(u64, number)
		__field(unsigned int, dev)
		__field(u32, causes)
		__field(u32, took)
	),
	TP_fast_assign(
		__entry->number = number;
		__entry->dev = dev;
		__entry->causes = causes;
		__entry->took = took;
	),
	TP_printk("dev=%u number=%llu causes=0x%x took=%u",
		  __entry->dev, __entry->number, __entry->causes,
		  __entry->took)
);

TRACE_EVENT(slowdev_rx,
	TP_PROTO(unsigned int dev, u32 n, u8 byte),
	TP_ARGS(dev, n, byte),
	TP_STRUCT__entry(
		__field(unsigned int, dev)
		__field(u32, n)
		__field(u8, byte)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->n = n;
		__entry->byte = byte;
	),
	TP_printk("dev=%u n=%u byte=0x%02x",
		  __entry->dev, __entry->n, __entry->byte)
);

TRACE_EVENT(slowdev_wake,
	TP_PROTO(unsigned int dev, u32 key, u32 level),
	TP_ARGS(dev, key, level),
	TP_STRUCT__entry(
		__field(unsigned int, dev)
		__field(u32, key)
		__field(u32, level)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->key = key;
		__entry->level = level;
	),
	TP_printk("dev=%u key=0x%x level=%u",
		  __entry->dev, __entry->key, __entry->level)
);

TRACE_EVENT(slowdev_poll,
	TP_PROTO(unsigned int dev, u32 mask),
	TP_ARGS(dev, mask),
	TP_STRUCT__entry(
		__field(unsigned int, dev)
		__field(u32, mask)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->mask = mask;
	),
	TP_printk("dev=%u mask=0x%x", __entry->dev, __entry->mask)
);

TRACE_EVENT(slowdev_read,
	TP_PROTO(unsigned int dev, u32 n, u32 bytes),
	TP_ARGS(dev, n, bytes),
	TP_STRUCT__entry(
		__field(unsigned int, dev)
		__field(u32, n)
		__field(u32, bytes)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->n = n;
		__entry->bytes = bytes;
	),
	TP_printk("dev=%u n=%u bytes=%u",
		  __entry->dev, __entry->n, __entry->bytes)
);

#endif

/* where define_trace.h finds this file again; Kbuild adds the directory */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE slowdev_trace
#include <trace/define_trace.h>
