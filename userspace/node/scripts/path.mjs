// SPDX-License-Identifier: MIT
//
// The last stretch of a byte's way: when did it arrive at the chip, and when
// did the 'data' callback, the tick and the microtask put off in it run?
//
// usage: node path.mjs [BYTES]	(/dev/slowdev0)
//
// One JSON line for the last of BYTES (100; so that what runs has run before),
// times in ns of CLOCK_MONOTONIC. The arrival is the driver's record, see
// docs/slowcat.1. Then the process leaves.

import { openSync, readFileSync, readSync } from 'node:fs'
import { openDevice } from './slowdev.mjs'

const sysfs = '/sys/class/slowdev/slowdev0'
const now = () => Number(process.hrtime.bigint())
const bytes = +(process.argv[2] ?? 100)
const device = openDevice('/dev/slowdev0')
const { fd, pid } = await new Promise((resolve) => device.on('ready', () =>
	resolve({ fd: device.fd, pid: process.pid })))

device.on('data', (chunk) => {
	const data_ns = now()
	let tick_ns
	process.nextTick(() => { tick_ns = now() })
	Promise.resolve().then(() => {
		const micro_ns = now()
		if (device.bytesRead >= bytes)
			last(chunk, { data_ns, tick_ns, micro_ns })
	})
})

function last(chunk, stamps) {
	// "next" is the index of the byte that the next read brings
	const n = +readFileSync(`${sysfs}/next`, 'ascii') - 1
	const record = Buffer.alloc(16)
	readSync(openSync(`${sysfs}/device/arrivals`), record, 0, 16, 16 * n)
	console.log(JSON.stringify({ n, byte: chunk[chunk.length - 1], pid, fd,
		arrived_ns: Number(record.readBigUInt64LE(0)),
		raised_ns: Number(record.readBigUInt64LE(8)), ...stamps }))
	process.exit(0)
}
