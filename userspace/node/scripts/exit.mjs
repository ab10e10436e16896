// SPDX-License-Identifier: MIT
//
// process.exit() while something waits for the device. Leaving, Node joins the
// pool's threads; one that sleeps in read(2) does not come.
//
// usage: node exit.mjs	(/dev/slowdev0, nothing on its line)
//
// A JSON line a case: whether the child was gone 500 ms after it called
// process.exit(), what its main thread was in if not (system call number), and
// whether a byte for the parked thread then let it go.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const line = '/sys/bus/platform/devices/slowdev.0/line_in'
const LEAVE = `.on('ready', () => setTimeout(() => {
	console.log('leaving')
	process.exit(7)
}, 50)).resume()`
const fs = `require('fs').createReadStream('/dev/slowdev0')${LEAVE}`
const addon = `import('${new URL('slowdev.mjs', import.meta.url)}')
	.then(({ openDevice }) => openDevice()${LEAVE})`

for (const [who, code, env] of [
	['addon', addon, {}],
	['fs', fs, {}],
	['fs, UV_USE_IO_URING=1', fs, { UV_USE_IO_URING: '1' }]]) {
	const child = spawn(process.execPath, ['-e', code], {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'inherit'],
	})
	let status = null
	child.on('exit', (code) => { status = code })
	await once(child.stdout, 'data')
	await delay(500)
	const said = { who, status }
	if (status === null) {
		said.main_thread_in = readFileSync(
			`/proc/${child.pid}/syscall`, 'ascii').split(' ')[0]
		writeFileSync(line, 'x')
		await delay(500)
		said.after_a_byte = status
		child.kill('SIGKILL')
	}
	console.log(JSON.stringify(said))
}
