// SPDX-License-Identifier: MIT
//
// In which order? Synchronous code, nextTick, promises, timers, immediates and
// a device's callback, each written down as it runs.
//
// usage: node order.cjs DEVICE, or the same file as an ES module: order.mjs
//
// A line for each place from which things were put off:
//	top		the program's first turn: here the two kinds differ
//	timer, check	two callbacks of one phase: each ends with its own
//			ticks and microtasks before the next one begins
//	device		from a callback of the poll phase: check comes next in
//			the loop, the timers after it
//
// setTimeout(0) against setImmediate from the first turn is a race (is the
// millisecond over when the loop starts?), so it is not in here.

const path = process.argv[2] || '/dev/slowdev0'
let seen = []
const say = (what) => seen.push(what)

function report(place) {
	console.log(`${place}: ${seen.join(', ')}`)
	seen = []
}

say('sync')
process.nextTick(() => {
	say('tick')
	Promise.resolve().then(() => say('micro from tick'))
})
Promise.resolve().then(() => {
	say('micro')
	process.nextTick(() => say('tick from micro'))
})
queueMicrotask(() => say('queueMicrotask'))
process.nextTick(() => say('tick 2'))
say('sync 2')

// A callback with its own tick and microtask.
const busy = (name) => () => {
	say(name)
	process.nextTick(() => say(`tick of ${name}`))
	Promise.resolve().then(() => say(`micro of ${name}`))
}

setImmediate(() => {
	report('top')
	setTimeout(busy('timeout 1'), 5)
	setTimeout(busy('timeout 2'), 5)
	setTimeout(() => {
		report('timer')
		setImmediate(busy('immediate 1'))
		setImmediate(busy('immediate 2'))
		setImmediate(() => {
			report('check')
			import('./slowdev.mjs').then(device)
		})
	}, 10)
	// so that both are due when the timers' phase comes
	const end = performance.now() + 6
	while (performance.now() < end)
		;
})

function device({ openDevice }) {
	openDevice(path, { limit: 1 }).on('data', () => {
		setTimeout(() => {
			say('timeout 0')
			report('device')
		}, 0)
		setImmediate(busy('immediate'))
		busy('device')()
	})
}
