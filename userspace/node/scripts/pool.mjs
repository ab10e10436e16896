// SPDX-License-Identifier: MIT
//
// fs.createReadStream() on a device that has nothing to say: each stream parks
// a thread of libuv's pool in read(2). Four streams, and nothing else that
// needs the pool gets on, while the loop itself runs as ever. The addon needs
// no thread.
//
// usage: node pool.mjs	(/dev/slowdev0 to 4, nothing on their lines)
//
// A JSON line a case: who waits, the threads that are asleep in a read of a
// device (as /proc says), whether fs.readFile and dns.lookup came back within
// 200 ms, whether the loop went round meanwhile; and once a byte has come to
// the first device, whether they did then.

import { lookup } from 'node:dns'
import { constants, createReadStream, readFile, readFileSync, readdirSync,
	readlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { openDevice } from './slowdev.mjs'

const READ = '0'	// its number, on x86-64
const line = '/sys/bus/platform/devices/slowdev.0/line_in'

// Threads of ours that are in read(2) of a device; who asks is not.
function parked() {
	return readdirSync('/proc/self/task').filter((tid) => {
		if (+tid === process.pid)
			return false
		const [call, fd] = readFileSync(
			`/proc/self/task/${tid}/syscall`, 'ascii').split(' ')
		return call === READ && readlinkSync(
			`/proc/self/fd/${+fd}`).startsWith('/dev/slowdev')
	}).length
}

async function probe(who, streams) {
	for (const stream of streams)
		stream.on('error', () => {}).resume()
	await delay(50)
	const threads = parked()
	let file = false, name = false, rounds = 0, over = false
	readFile('/proc/self/stat', () => { file = true })
	lookup('localhost', () => { name = true })
	const round = () => { rounds++; over || setImmediate(round) }
	round()
	await delay(200)
	const then = { who, threads, readFile: file, lookup: name,
		loop: rounds > 10 }
	over = true
	writeFileSync(line, 'x')
	await delay(200)
	console.log(JSON.stringify({ ...then,
		after_a_byte: { readFile: file, lookup: name } }))
	for (const stream of streams)
		stream.destroy()
}

const paths = (n) => Array.from({ length: n }, (_, i) => `/dev/slowdev${i}`)

await probe('addon, 5 devices', paths(5).map((path) => openDevice(path)))

// O_NONBLOCK is no way out: the pool does not wait, it just fails.
const { promise, resolve } = (() => {
	let resolve
	return { promise: new Promise((r) => { resolve = r }), resolve }
})()
createReadStream('/dev/slowdev0', {
	flags: constants.O_RDONLY | constants.O_NONBLOCK,
}).on('error', resolve).resume()
console.log(JSON.stringify({ who: 'fs, O_NONBLOCK',
	error: (await promise).code }))

// Last, for what is parked stays so: destroy() cannot take it back.
await probe('fs, 3 devices', paths(3).map((path) => createReadStream(path)))
await probe('fs, 1 more', [createReadStream('/dev/slowdev3')])
process.kill(process.pid, 'SIGKILL')
