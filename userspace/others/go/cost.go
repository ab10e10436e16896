// SPDX-License-Identifier: MIT

package main

// What the waiting cost, as one line for people, or one JSON object for
// programs.

import (
	"fmt"
	"syscall"
	"unsafe"
)

const (
	clockMonotonic  = 1
	clockProcessCPU = 2
)

// clock asks the kernel: the time of package time has no origin to speak of.
func clock(id uintptr) int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, id,
		uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

type cost struct {
	volSwitches, cpuNs, wallNs int64 // of all threads
}

func now() cost {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return cost{usage.Nvcsw, clock(clockProcessCPU), clock(clockMonotonic)}
}

func (c cost) since(start cost) cost {
	return cost{c.volSwitches - start.volSwitches, c.cpuNs - start.cpuNs,
		c.wallNs - start.wallNs}
}

// percentile by nearest rank: the smallest that so many do not exceed.
func percentile(sorted []int64, percent int) int64 {
	return sorted[(len(sorted)*percent+99)/100-1]
}

func summary(c *cat, spent cost, latencies []int64, json bool) string {
	var p50, p99, max int64
	if len(latencies) > 0 {
		p50 = percentile(latencies, 50)
		p99 = percentile(latencies, 99)
		max = percentile(latencies, 100)
	}
	if json {
		latency := "null"
		if len(latencies) > 0 {
			latency = fmt.Sprintf(`{"p50": %d, "p99": %d, `+
				`"max": %d}`, p50, p99, max)
		}
		return fmt.Sprintf(`{"strategy": "go", "devices": %d, `+
			`"bytes": %d, "syscalls": null, "vol_switches": %d, `+
			`"cpu_ns": %d, "wall_ns": %d, "latency_ns": %s}`,
			len(c.devices), c.bytes, spent.volSwitches,
			spent.cpuNs, spent.wallNs, latency)
	}
	text := fmt.Sprintf("%s: %d bytes in %.3f s: %d voluntary switches, "+
		"%.3f ms CPU", me, c.bytes, float64(spent.wallNs)/1e9,
		spent.volSwitches, float64(spent.cpuNs)/1e6)
	if len(latencies) > 0 {
		text += fmt.Sprintf("; from arrival %.1f us median, %.1f us "+
			"99 %%, %.1f us at most", float64(p50)/1e3,
			float64(p99)/1e3, float64(max)/1e3)
	}
	return text
}
