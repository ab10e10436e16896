// SPDX-License-Identifier: MIT
import { Readable } from 'node:stream'

export interface DeviceOptions {
	/** Bytes to read ahead, and at once, at most; 4096 unless said. */
	highWaterMark?: number
	/** Bytes to read and no more; an object is shared by several devices. */
	limit?: number | { left: number }
	/** Destroys the stream when it aborts. */
	signal?: AbortSignal
}

/** Ends when the device goes away or the limit is reached. */
export interface Device extends Readable {
	readonly path: string
	/** The descriptor, -1 before 'ready' and after 'close'. */
	readonly fd: number
	/** Bytes read from the device, those not yet consumed included. */
	readonly bytesRead: number
	/** It ended because the device went away. */
	readonly gone: boolean
	[Symbol.asyncIterator](): AsyncIterableIterator<Buffer>
}

export function openDevice(path?: string, options?: DeviceOptions): Device

/** What other programs print for an errno (negative or positive). */
export function strerror(errno: number): string
