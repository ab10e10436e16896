// SPDX-License-Identifier: MIT
//
// A slow device as a normal readable stream:
//
//	import { openDevice } from './slowdev.mjs'
//
//	for await (const chunk of openDevice('/dev/slowdev0'))
//		...
//
// The loop watches the device in its epoll (slowdev.c); no thread sleeps in a
// read. Bytes are read in the callback that says they are there, and only
// while someone wants them: then the device is not watched, and what comes
// waits in the driver's buffer (4096 bytes; what no longer fits is counted in
// stats/dropped).
//
// Limits: the device is opened and closed synchronously; regular files are
// refused, as epoll refuses them (EPERM).

import { closeSync, constants, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants as os } from 'node:os'
import { Readable } from 'node:stream'

const addon = createRequire(import.meta.url)('./slowdev.node')
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
const NAMES = new Map(Object.entries(os.errno).map(([k, v]) => [v, k]))

// Which devices live on a limit: when one takes the last byte all end.
const sharing = new WeakMap()

export const strerror = (errno) => addon.strerror(Math.abs(errno))

class Device extends Readable {
	#fd = -1
	#poller = null
	#wanted = false
	#limit

	constructor(path, { highWaterMark = 4096, limit, signal } = {}) {
		super({ highWaterMark, signal })
		this.path = path
		this.bytesRead = 0
		this.gone = false
		this.#limit = typeof limit === 'object' ? limit :
			{ left: limit ?? Infinity }
		if (!sharing.has(this.#limit))
			sharing.set(this.#limit, new Set())
		sharing.get(this.#limit).add(this)
	}

	_construct(done) {
		try {
			this.#fd = openSync(this.path, FLAGS)
			this.#poller = new addon.Poller(this.#fd,
				(status) => this.#readable(status))
			done()
			this.emit('ready')
		} catch (error) {
			// libuv's have a code and do not say where
			error.errno ??= -os.errno[error.code]
			error.path ??= this.path
			done(error)
		}
	}

	get fd() {
		return this.#fd
	}

	_read() {
		if (this.#limit.left <= 0)
			return this.#end()
		this.#wanted = true
		this.#poller.start()
	}

	// The loop says that there is something: bytes, the end, or an error.
	#readable(status) {
		// Only now: who reads on at once costs no epoll_ctl() this way.
		if (!this.#wanted)
			return this.#poller.stop()
		const length = Math.min(this.readableHighWaterMark || 1,
			this.#limit.left)
		const buffer = Buffer.allocUnsafe(length)
		const count = addon.read(this.#fd, buffer, length)
		if (count > 0) {
			this.bytesRead += count
			this.#limit.left -= count
			this.#wanted = false	// until _read(), from push() or later
			this.push(buffer.subarray(0, count))
			if (this.#limit.left <= 0)
				for (const device of sharing.get(this.#limit))
					device.#end()
		} else if (count === 0 || count === -os.errno.ENODEV) {
			this.gone = count < 0
			this.#end()
		} else if (count !== -os.errno.EAGAIN) {
			this.#fail(count)
		} else if (status < 0) {
			this.#fail(status)
		}
	}

	#end() {
		this.#poller?.stop()
		if (!this.destroyed)
			this.push(null)
	}

	#fail(errno) {
		const code = NAMES.get(-errno) ?? 'EIO'
		const error = new Error(`${code}: ${strerror(errno)}, read ` +
			`'${this.path}'`)
		this.destroy(Object.assign(error,
			{ code, errno, syscall: 'read', path: this.path }))
	}

	_destroy(error, done) {
		sharing.get(this.#limit).delete(this)
		this.#poller?.close()
		this.#poller = null
		const fd = this.#fd
		this.#fd = -1
		try {
			if (fd >= 0)
				closeSync(fd)
		} catch (failed) {
			error ??= failed
		}
		done(error)
	}
}

// A Readable of the device's bytes. It ends when the device goes away (then
// .gone is true) or the limit is reached, and closes by itself after that.
// It is opened in the next tick: then 'ready', or 'error'.
//	highWaterMark	bytes to read ahead and at once, at most (4096)
//	limit		bytes to read and no more; an object { left: BYTES } can
//			be shared by several devices
//	signal		an AbortSignal that destroys it
export function openDevice(path = '/dev/slowdev0', options) {
	return new Device(path, options)
}
