// SPDX-License-Identifier: MIT
//
// What a device's callback waits for: the stack, and the microtasks, and that
// the loop comes round to its poll phase.
//
// usage: node waits.mjs DEVICE	(a /dev/slowdevN, a byte every 10 ms)
//
// For 55 ms something else runs, each time in another way. How many bytes
// arrived at the chip meanwhile (by the driver's count), how many callbacks
// came, and how many bytes the first one after it brought:
//	stack		a synchronous loop
//	ticks		process.nextTick, again and again
//	microtasks	promises, one after another; the stack is empty between
//			any two of them
//	immediates	setImmediate, again and again: the loop comes round

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDevice } from './slowdev.mjs'

const MS = 55
const path = process.argv[2] || '/dev/slowdev0'
const stats = `/sys/class/slowdev/${basename(path)}/stats/arrived`
const arrived = () => +readFileSync(stats, 'ascii')
const device = openDevice(path)
let calls = 0
let first = 0		// bytes of the first callback since reset to 0
device.on('data', (chunk) => {
	calls++
	first ||= chunk.length
})

const over = (end) => performance.now() >= end

const ways = {
	stack: (end, done) => {
		while (!over(end))
			;
		done(1)
	},
	ticks: (end, done, n = 1) => over(end) ? done(n) :
		process.nextTick(ways.ticks, end, done, n + 1),
	microtasks: (end, done, n = 1) => over(end) ? done(n) :
		Promise.resolve().then(() => ways.microtasks(end, done, n + 1)),
	immediates: (end, done, n = 1) => over(end) ? done(n) :
		setImmediate(ways.immediates, end, done, n + 1),
}

for (const [name, way] of Object.entries(ways)) {
	await delay(30)
	// from a timer's callback: not inside this promise
	const turns = await new Promise((resolve) => setTimeout(() => {
		const [bytes, before] = [arrived(), calls]
		way(performance.now() + MS, (n) => resolve([n,
			arrived() - bytes, calls - before]))
	}, 0))
	first = 0
	await delay(20)
	console.log(JSON.stringify({ way: name, turns: turns[0],
		arrived: turns[1], callbacks: turns[2],
		first_after: first }))
}
device.destroy()
