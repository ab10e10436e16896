// SPDX-License-Identifier: MIT
//
// slowcat-node: wait by Node.js. The loop of slowcat-uv, and above it a
// stream, 'data' events and JavaScript; options, output and the line of cost
// are those of docs/slowcat.1.
//
// In the VM: userspace/node/run -- node /extra/slowcat.mjs -n 26
//
// A byte is stamped when the 'data' callback begins. cpu_ns has Node's own
// start in no part, but its garbage collection and compiler, whole us only.

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync,
	statSync, writeSync } from 'node:fs'
import { constants as os } from 'node:os'
import { parseArgs } from 'node:util'
import { openDevice, strerror } from './slowdev.mjs'

const KEPT = 8192		// as many arrivals as the driver keeps
const ME = 'slowcat-node'
const USAGE = `usage: ${ME} [-n BYTES] [-d DEVICE]... [--json] ` +
	'[--stamps FILE] [-h]'
const HELP = `${USAGE}
Copy a device to standard output, waiting by Node.js, and say what the waiting cost.
  -n BYTES       stop after so many, and read no more
  -d DEVICE      instead of /dev/slowdev0; may be repeated
  --json         the cost as one line of JSON
  --stamps FILE  a line of JSON for each byte's way
`

const now = () => process.hrtime.bigint()	// CLOCK_MONOTONIC

function writeAll(fd, data) {
	const bytes = Buffer.from(data)
	for (let at = 0; at < bytes.length;) {
		try {
			at += writeSync(fd, bytes, at)
		} catch (error) {
			if (error.code !== 'EAGAIN')
				throw error
			// whoever gave it to us made it non-blocking
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),
				0, 0, 1)
		}
	}
}

function fail(what, why) {
	writeAll(2, `${ME}: ${what}: ${why}\n`)
	process.exit(1)
}

const failOn = (what, error) =>
	fail(what, error.errno ? strerror(error.errno) : error.message)

function options() {
	let values
	try {
		({ values } = parseArgs({ options: {
			n: { type: 'string', short: 'n' },
			d: { type: 'string', short: 'd', multiple: true,
				default: ['/dev/slowdev0'] },
			json: { type: 'boolean' },
			stamps: { type: 'string' },
			help: { type: 'boolean', short: 'h' },
		} }))
	} catch (error) {
		fail(error.message.split(/[.\n]/)[0], USAGE)
	}
	if (values.help) {
		writeAll(1, HELP)
		process.exit(0)
	}
	if (values.n !== undefined && (!/^[0-9]+$/.test(values.n) ||
				       !Number.isSafeInteger(+values.n)))
		fail(`-n ${values.n}`, 'not a number of bytes')
	return { ...values, n: values.n === undefined ? Infinity : +values.n }
}

// One device: its stream, what was read when, and its arrivals in sysfs.
class Source {
	stamps = []		// [bytes before it, count, ns] a read
	sysfs = null

	constructor(path, limit) {
		this.path = path
		this.stream = openDevice(path, { limit })
	}

	// Right after the open: which byte is the next, what was lost so far.
	begin() {
		try {
			const { rdev } = fstatSync(this.stream.fd)
			const major = (rdev >> 8) & 0xfff
			const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00)
			this.sysfs = `/sys/dev/char/${major}:${minor}`
			this.first = this.#number('next')
			this.lost = this.#lost()
		} catch {
			this.sysfs = null	// no slowdev
		}
	}

	#number(name) {
		return +readFileSync(`${this.sysfs}/${name}`, 'ascii')
	}

	#lost() {
		return this.#number('stats/dropped') +
			this.#number('stats/overruns')
	}

	stamp(count, ns) {
		this.stamps.push([this.stream.bytesRead - count, count, ns])
		if (this.stamps.length >= 2 * KEPT)
			this.stamps.splice(0, KEPT)
	}

	// The arrival file, if all that was read was ours and nothing was lost.
	#arrivals() {
		try {
			if (this.sysfs && this.#lost() === this.lost &&
			    this.#number('next') === (this.first +
					this.stream.bytesRead) % 2 ** 32)
				return openSync(`${this.sysfs}/device/arrivals`)
		} catch {
			// the chip has gone
		}
		return -1
	}

	// Each byte's way: { n, arrived_ns, raised_ns, read_ns }
	*bytes() {
		const fd = this.#arrivals()
		const record = Buffer.alloc(16)
		for (const [before, count, read_ns] of this.stamps.slice(-KEPT))
			for (let k = 0; k < count; k++) {
				const n = ((this.sysfs ? this.first : 0) +
					before + k) % 2 ** 32
				let arrived_ns = 0n, raised_ns = 0n
				if (fd >= 0 && readSync(fd, record, 0, 16,
							n * 16) === 16) {
					arrived_ns = record.readBigUInt64LE(0)
					raised_ns = record.readBigUInt64LE(8)
				}
				yield { n, arrived_ns: arrived_ns || null,
					raised_ns: arrived_ns ? raised_ns : null,
					read_ns }
			}
		if (fd >= 0)
			closeSync(fd)
	}
}

function latency(sources, stampsFd) {
	const found = []
	sources.forEach((source, dev) => {
		for (const byte of source.bytes()) {
			if (byte.arrived_ns)
				found.push(Number(byte.read_ns -
						  byte.arrived_ns))
			if (stampsFd !== null)
				writeAll(stampsFd, `{"dev": ${dev}, ` +
					`"n": ${byte.n}, ` +
					`"arrived_ns": ${byte.arrived_ns}, ` +
					`"raised_ns": ${byte.raised_ns}, ` +
					`"read_ns": ${byte.read_ns}}\n`)
		}
	})
	if (!found.length)
		return null
	found.sort((a, b) => a - b)
	// nearest rank: the smallest that so many do not exceed
	const at = (percent) => found[Math.ceil(found.length * percent / 100) - 1]
	return { p50: at(50), p99: at(99), max: found.at(-1) }
}

function summary(o, cost) {
	if (o.json)
		return JSON.stringify(cost, null, 1).replace(/\n */g, ' ')
			.replace(/([{[]) /g, '$1').replace(/ ([}\]])/g, '$1')
	const us = (ns) => (ns / 1e3).toFixed(1)
	const l = cost.latency_ns
	return `${ME}: ${cost.bytes} bytes in ${(cost.wall_ns / 1e9).toFixed(3)}` +
		` s: ${cost.vol_switches} voluntary switches, ` +
		`${(cost.cpu_ns / 1e6).toFixed(3)} ms CPU` +
		(l ? `; from arrival ${us(l.p50)} us median, ${us(l.p99)} us ` +
			`99 %, ${us(l.max)} us at most` : '')
}

const usage = () => {
	const { voluntaryContextSwitches, userCPUTime, systemCPUTime } =
		process.resourceUsage()
	return { switches: voluntaryContextSwitches,
		cpu_ns: (userCPUTime + systemCPUTime) * 1000, wall: now() }
}

function stat(file) {
	try {
		return (typeof file === 'number' ? fstatSync : statSync)(file,
			{ bigint: true })
	} catch {
		return {}
	}
}

// Empty, but not what is another file of ours: that would be lost.
function openStamps(path, devices) {
	const fd = openSync(path, 'a')
	const is = stat(fd)
	if (!is.isFile())
		return fd
	for (const [file, use] of [[1, 'standard output'], [2, 'standard error'],
		...devices.map((device) => [device, 'what is to be read'])]) {
		const { dev, ino } = stat(file)
		if (dev === is.dev && ino === is.ino)
			fail(path, `no file for stamps: it is ${use}`)
	}
	ftruncateSync(fd)
	return fd
}

const o = options()
let stampsFd = null
try {
	if (o.stamps !== undefined)
		stampsFd = openStamps(o.stamps, o.d)
} catch (error) {
	failOn(o.stamps, error)
}

const limit = { left: o.n }
const sources = o.d.map((path) => new Source(path, limit))
let bytes = 0
let start = null
let opened = 0
let running = sources.length

for (const source of sources) {
	const { path, stream } = source
	stream.on('ready', () => {
		source.begin()
		if (++opened < sources.length)
			return
		start = usage()
		if (o.n === 0)
			finish(0)
	})
	stream.on('data', (chunk) => {
		source.stamp(chunk.length, now())
		bytes += chunk.length
		try {
			writeAll(1, chunk)
		} catch (error) {
			failOn('standard output', error)
		}
		if (limit.left === 0)
			finish(0)
	})
	stream.on('error', (error) => failOn(path, error))
	stream.on('end', () => {
		if (stream.gone)
			fail(path, strerror(os.errno.ENODEV))
		if (--running === 0)
			finish(0)
	})
}
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]])
	process.on(signal, () => finish(128 + number))

let finished = false
function finish(status) {
	if (finished)
		return
	finished = true
	const end = usage()
	const cost = {
		strategy: 'node', devices: sources.length, bytes, syscalls: null,
		vol_switches: end.switches - start.switches,
		cpu_ns: end.cpu_ns - start.cpu_ns,
		wall_ns: Number(end.wall - start.wall),
		latency_ns: null,
	}
	try {
		cost.latency_ns = latency(sources, stampsFd)
	} catch (error) {
		failOn(o.stamps, error)
	}
	if (status === 0 && o.n !== Infinity && bytes < o.n)
		fail(sources[0].path, `ended after ${bytes} of ${o.n} bytes`)
	writeAll(2, summary(o, cost) + '\n')
	process.exit(status)
}
