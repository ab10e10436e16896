// SPDX-License-Identifier: MIT
//
// openDevice() on FIFOs and pseudo-terminals, on the host: reading,
// back-pressure, errors, end, close, several at once, workers. Prints TAP.
//
// Started by test_addon with a directory of its own, in which it works. A test
// has 60 s; one that waits longer has failed.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { constants, openSync, closeSync, readFileSync, readdirSync, readlinkSync,
	writeFileSync, writeSync } from 'node:fs'
import { setImmediate as immediate, setTimeout as delay } from
	'node:timers/promises'
import { Worker, isMainThread, parentPort, workerData } from
	'node:worker_threads'

const { openDevice } = await import(process.env.SLOWDEV_MJS)

if (!isMainThread) {
	const device = openDevice(workerData.path)
	device.on('ready', () => parentPort.postMessage('ready'))
	if (workerData.leave) {		// to be terminated while it waits
		device.resume()
	} else {
		let text = ''
		for await (const chunk of device)
			text += chunk
		parentPort.postMessage(text)
	}
} else {
	await main()
}

async function main() {
	const tests = []
	const test = (name, body) => tests.push([name, body])
	let fifos = 0

	// A FIFO, and its writing end.
	function fifo() {
		const path = `fifo${fifos++}`
		execFileSync('mkfifo', [path])
		const fd = openSync(path, constants.O_RDWR)
		return { path, write: (data) => writeSync(fd, data),
			close: () => closeSync(fd) }
	}

	function assert(condition, what) {
		if (!condition)
			throw new Error(what)
	}

	function same(a, b) {
		const [x, y] = [JSON.stringify(a), JSON.stringify(b)]
		assert(x === y, `${x} instead of ${y}`)
	}

	const watched = () => readdirSync('/proc/self/fd').filter((fd) => {
		try {
			return /\/fifo[0-9]+$/.test(readlinkSync(
				`/proc/self/fd/${fd}`))
		} catch {
			return false
		}
	}).length

	test('an async iterator has every byte, and ends', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path)
		await once(device, 'ready')
		write('abc')
		const got = []
		for await (const chunk of device) {
			got.push(String(chunk))
			if (got.length === 1)
				write('def')
			else
				close()
		}
		same(got, ['abc', 'def'])
		assert(device.closed && device.fd === -1, 'not closed')
		assert(!device.gone && device.bytesRead === 6, 'wrong account')
	})

	test('events come in order: ready, data, end, close', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path)
		const seen = []
		for (const event of ['ready', 'data', 'end', 'close'])
			device.on(event, () => seen.push(event))
		await once(device, 'ready')
		write('x')
		await once(device, 'data')
		close()
		await once(device, 'close')
		same(seen, ['ready', 'data', 'end', 'close'])
	})

	test('no reader, no read: bytes stay in the kernel', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path, { highWaterMark: 16 })
		const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
		await once(device, 'ready')
		write(all)
		device.read(0)
		while (device.bytesRead < 16)
			await delay(1)
		await delay(50)
		assert(device.bytesRead <= 32,
			`${device.bytesRead} bytes read ahead of 16`)
		const before = device.bytesRead
		await delay(50)
		same(device.bytesRead, before)
		close()
		const got = []
		for await (const chunk of device)
			got.push(chunk)
		assert(Buffer.concat(got).equals(all), 'not the same bytes')
	})

	test('while nobody reads the loop sleeps', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path, { highWaterMark: 1 })
		await once(device, 'ready')
		write('abcdef')
		device.read(0)
		await delay(20)
		const before = process.cpuUsage()
		await delay(200)
		const { user, system } = process.cpuUsage(before)
		assert(user + system < 100000, `${user + system} us of CPU`)
		device.destroy()
		await once(device, 'close')
		close()
	})

	test('pause() and resume()', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path)
		const got = []
		device.on('data', (chunk) => got.push(String(chunk)))
		await once(device, 'ready')
		write('a')
		await once(device, 'data')
		device.pause()
		write('b')
		await delay(20)
		same(got, ['a'])
		device.resume()
		await once(device, 'data')
		same(got, ['a', 'b'])
		device.destroy()
		close()
	})

	test('limit: no more is read', async () => {
		const { path, write, close } = fifo()
		write('abcdef')
		let text = ''
		for await (const chunk of openDevice(path, { limit: 4 }))
			text += chunk
		same(text, 'abcd')
		text = ''
		for await (const chunk of openDevice(path, { limit: 2 }))
			text += chunk
		same(text, 'ef')
		for await (const chunk of openDevice(path, { limit: 0 }))
			assert(false, `limit 0 read ${chunk}`)
		close()
	})

	test('a limit that two share', async () => {
		const a = fifo(), b = fifo()
		const limit = { left: 5 }
		a.write('abcd')
		b.write('efgh')
		const read = async ({ path }) => {
			let count = 0
			for await (const chunk of openDevice(path, { limit }))
				count += chunk.length
			return count
		}
		const counts = await Promise.all([read(a), read(b)])
		same(counts[0] + counts[1], 5)
		same(limit.left, 0)
		a.close()
		b.close()
	})

	for (const [name, path, code, errno] of [
		['no such file', 'none', 'ENOENT', -2],
		['a regular file, which epoll refuses', 'file', 'EPERM', -1],
		['a directory', '.', 'EPERM', -1]])
		test(`error: ${name}`, async () => {
			writeFileSync('file', 'x')
			const device = openDevice(path)
			const [error] = await once(device, 'error')
			same([error.code, error.errno, error.path],
				[code, errno, path])
			if (!device.closed)
				await once(device, 'close')
			same(device.fd, -1)
		})

	test('a terminal that hangs up ends, after its bytes', async () => {
		const other = spawn('python3', ['-c', `import os, pty, sys
master, slave = pty.openpty()
print(os.ttyname(slave), flush=True)
sys.stdin.readline()
os.write(master, b"last words\\n")
sys.stdin.readline()`], { stdio: ['pipe', 'pipe', 'inherit'] })
		const [name] = await once(other.stdout, 'data')
		const device = openDevice(String(name).trim(), { highWaterMark: 4 })
		await once(device, 'ready')
		const got = []
		device.on('data', (chunk) => got.push(String(chunk)))
		other.stdin.write('speak\n')
		// the kernel throws away what nobody has read when it hangs up
		while (got.join('').length < 'last words\n'.length)
			await once(device, 'data')
		other.stdin.end()
		// and then says EIO to who is quick, and to others that it ends
		await once(device, 'end').catch(({ code }) => same(code, 'EIO'))
		same(got.join(''), 'last words\n')
	})

	test('destroy() while waiting closes the descriptor', async () => {
		const { path, close } = fifo()
		const before = watched()
		const device = openDevice(path)
		device.resume()
		await once(device, 'ready')
		same(watched(), before + 1)
		device.destroy()
		await once(device, 'close')
		same(watched(), before)
		close()
	})

	test('destroy() in the data callback, before opening, twice', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path)
		device.on('data', () => device.destroy())
		await once(device, 'ready')
		write('abc')
		await once(device, 'close')
		device.destroy()
		const other = openDevice(path)
		other.destroy()
		await once(other, 'close')
		same(other.fd, -1)
		close()
	})

	test('break out of the iterator closes', async () => {
		const { path, write, close } = fifo()
		const before = watched()
		write('abc')
		const device = openDevice(path)
		for await (const chunk of device) {
			same(String(chunk), 'abc')
			break
		}
		assert(device.destroyed, 'still there')
		same(watched(), before)
		close()
	})

	test('an AbortSignal', async () => {
		const { path, close } = fifo()
		const stop = new AbortController()
		const device = openDevice(path, { signal: stop.signal })
		device.resume()
		await once(device, 'ready')
		stop.abort()
		const [error] = await once(device, 'error')
		same(error.name, 'AbortError')
		close()
	})

	test('a callback that throws is an uncaughtException', async () => {
		const { path, write, close } = fifo()
		const device = openDevice(path)
		device.on('data', () => { throw new Error('mine') })
		await once(device, 'ready')
		const thrown = new Promise((resolve) =>
			process.once('uncaughtException', resolve))
		write('a')
		same((await thrown).message, 'mine')
		device.destroy()
		close()
	})

	test('200 devices at once, opened and closed in any order', async () => {
		const all = Array.from({ length: 200 }, fifo)
		const devices = all.map(({ path }) => openDevice(path))
		await Promise.all(devices.map((d) => once(d, 'ready')))
		const texts = devices.map(async (device) => {
			let text = ''
			for await (const chunk of device)
				text += chunk
			return text
		})
		for (const [i, { write }] of all.entries())
			write(`byte ${i}`)
		await immediate()
		for (const { close } of all.reverse())
			close()
		same(await Promise.all(texts), all.map((_, i) => `byte ${i}`))
	})

	test('one descriptor number, many lives', async () => {
		const { path, write, close } = fifo()
		for (let i = 0; i < 300; i++) {
			const device = openDevice(path, { limit: 1 })
			write('x')
			for await (const chunk of device)
				same(String(chunk), 'x')
		}
		close()
	})

	test('a worker thread reads a device of its own', async () => {
		const { path, write, close } = fifo()
		const worker = new Worker(new URL(import.meta.url),
			{ workerData: { path } })
		const ready = once(worker, 'message')
		const exit = once(worker, 'exit')
		const own = fifo()
		const device = openDevice(own.path, { limit: 1 })
		own.write('1')
		for await (const chunk of device)
			same(chunk.length, 1)
		own.close()
		same(await ready, ['ready'])
		write('worker')
		close()
		same(await once(worker, 'message'), ['worker'])
		await exit
	})

	test('a worker is terminated while its device waits', async () => {
		for (let i = 0; i < 5; i++) {
			const { path, close } = fifo()
			const worker = new Worker(new URL(import.meta.url),
				{ workerData: { path, leave: true } })
			await once(worker, 'message')
			same(await worker.terminate(), 1)
			close()
		}
	})

	// slowcat.mjs: its status, and what it printed
	function slowcat(...args) {
		const { status, stdout, stderr } = spawnSync(process.execPath,
			[process.env.SLOWCAT_MJS, ...args],
			{ stdio: ['ignore', 'pipe', 'pipe'] })
		return [status, String(stdout), String(stderr)]
	}

	test('slowcat.mjs: -n, and a line of JSON', async () => {
		const { path, write, close } = fifo()
		write('abcdef')
		const [status, out, err] = slowcat('-d', path, '-n', '4', '--json',
			'--stamps', 'stamps')
		same([status, out, err.split('\n').length], [0, 'abcd', 2])
		same(Object.keys(JSON.parse(err)), ['strategy', 'devices', 'bytes',
			'syscalls', 'vol_switches', 'cpu_ns', 'wall_ns',
			'latency_ns'])
		const stamps = readFileSync('stamps', 'utf8').trim().split('\n')
			.map((line) => JSON.parse(line))
		same(stamps.map(({ dev, n, arrived_ns }) => [dev, n, arrived_ns]),
			[0, 1, 2, 3].map((n) => [0, n, null]))
		same(slowcat('-d', path, '-n', '2').slice(0, 2), [0, 'ef'])
		same(slowcat('-d', path, '-n', '0').slice(0, 2), [0, ''])
		close()
	})

	for (const [args, line] of [
		[['-d', 'none'], 'none: No such file or directory'],
		[['-d', 'file'], 'file: Operation not permitted'],
		[['-n', '1x'], '-n 1x: not a number of bytes'],
		[['-n', '99999999999999999999'],
			'-n 99999999999999999999: not a number of bytes'],
		[['--stamps', 'none/file'],
			'none/file: No such file or directory'],
		[['-x'], "Unknown option '-x'"],
		[['word'], "Unexpected argument 'word'"]])
		test(`slowcat.mjs ${args.join(' ')}: one line, status 1`, () => {
			writeFileSync('file', 'x')
			const [status, out, err] = slowcat(...args)
			same([status, out, err.split('\n').length], [1, '', 2])
			assert(err.startsWith(`slowcat-node: ${line}`), err)
		})

	// (one that is closed Node itself has made /dev/null)
	test('slowcat.mjs: standard output is full', () => {
		const { path, write, close } = fifo()
		write('abc')
		const { status, stderr } = spawnSync('sh', ['-c',
			'exec "$0" "$1" -d "$2" -n 3 >/dev/full',
			process.execPath, process.env.SLOWCAT_MJS, path])
		same([status, String(stderr)], [1, 'slowcat-node: ' +
			'standard output: No space left on device\n'])
		close()
	})

	for (const [number, [name, body]] of tests.entries()) {
		let timer
		const late = new Promise((_, reject) => {
			timer = setTimeout(() =>
				reject(new Error('no end after 60 s')), 60000)
		})
		try {
			await Promise.race([body(), late])
			console.log(`ok ${number + 1} - ${name}`)
		} catch (error) {
			console.log(`not ok ${number + 1} - ${name}`)
			console.log(`# ${error.stack.replaceAll('\n', '\n# ')}`)
			process.exitCode = 1
		}
		clearTimeout(timer)
	}
	console.log(`1..${tests.length}`)
}
