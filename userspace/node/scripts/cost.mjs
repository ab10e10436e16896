// SPDX-License-Identifier: MIT
//
// What a byte costs by the addon and by fs.createReadStream(): in time from
// its arrival to the 'data' callback, in CPU, in switches between threads.
//
// usage: node cost.mjs addon|fs	(/dev/slowdev0; with UV_USE_IO_URING=1
//					fs reads by libuv's io_uring)
//
// One JSON line, medians and means over 200 bytes after 100 that warm it up.
// cpu_ns_per_byte is of all threads, io_uring's among them.

import { createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import { openDevice } from './slowdev.mjs'

const WARM = 100
const BYTES = 300
const sysfs = '/sys/class/slowdev/slowdev0'
const [, , way] = process.argv
const open = { addon: openDevice, fs: createReadStream }[way]
const seen = []		// [bytes so far, ns]
let bytes = 0
let begin

function usage() {
	const { userCPUTime, systemCPUTime, voluntaryContextSwitches } =
		process.resourceUsage()
	return { cpu_us: userCPUTime + systemCPUTime,
		switches: voluntaryContextSwitches }
}

open('/dev/slowdev0').on('data', (chunk) => {
	const now = process.hrtime.bigint()
	bytes += chunk.length
	if (bytes < WARM)
		return
	begin ??= { ...usage(), bytes }
	seen.push([bytes, now])
	if (bytes >= BYTES)
		finish()
})

function finish() {
	const end = usage()
	const count = bytes - begin.bytes
	const next = +readFileSync(`${sysfs}/next`, 'ascii')
	const arrivals = openSync(`${sysfs}/device/arrivals`)
	const record = Buffer.alloc(16)
	const latencies = seen.map(([sofar, ns]) => {
		readSync(arrivals, record, 0, 16, 16 * (next - bytes + sofar - 1))
		return Number(ns - record.readBigUInt64LE(0))
	}).sort((a, b) => a - b)
	console.log(JSON.stringify({ way,
		io_uring: process.env.UV_USE_IO_URING === '1',
		p50_ns: latencies[latencies.length >> 1],
		cpu_ns_per_byte: Math.round((end.cpu_us - begin.cpu_us) * 1000 /
			count),
		switches_per_byte: (end.switches - begin.switches) / count }))
	// a pool thread may be in read(2), and process.exit() would wait for it
	process.kill(process.pid, 'SIGKILL')
}
