// SPDX-License-Identifier: MIT

package main

// A device, what was read of it when, and from the arrival of its bytes at
// the chip to their being ours (docs/slowcat.1 says where the driver keeps
// that). While copying only the reads are noted; the rest is looked up at the
// end, when it disturbs nobody.

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

const kept = 8192 // as many arrivals as the driver keeps

// read is one that brought bytes.
type read struct {
	ns    int64  // CLOCK_MONOTONIC, right after it
	n     uint32 // index of its first byte
	count uint32
}

type device struct {
	path  string
	file  *os.File
	conn  syscall.RawConn
	bytes uint64
	ring  [kept]read
	reads uint64 // ever put there

	sysfs string // its directory, "" when it has no arrivals
	first uint32 // index of the first byte we read
	lost  uint64 // stats/overruns + stats/dropped at the start
}

func open(path string) (*device, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	d := &device{path: path, file: file}
	if d.conn, err = file.SyscallConn(); err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode()&os.ModeCharDevice == 0 {
		return d, nil
	}
	rdev := info.Sys().(*syscall.Stat_t).Rdev
	d.sysfs = fmt.Sprintf("/sys/dev/char/%d:%d", rdev>>8&0xfff,
		rdev&0xff|rdev>>12&0xfff00)
	if d.first, d.lost, err = d.state(); err != nil {
		d.sysfs = "" // no slowdev
	}
	return d, nil
}

// state is which byte is the next, and how many were lost so far.
func (d *device) state() (next uint32, lost uint64, err error) {
	var values [3]uint64
	for i, name := range []string{"next", "stats/dropped",
		"stats/overruns"} {
		text, err := os.ReadFile(d.sysfs + "/" + name)
		if err != nil {
			return 0, 0, err
		}
		values[i], err = strconv.ParseUint(
			strings.TrimSpace(string(text)), 10, 64)
		if err != nil {
			return 0, 0, err
		}
	}
	return uint32(values[0]), values[1] + values[2], nil
}

// stamp notes a read of count bytes that has just returned.
func (d *device) stamp(count int) {
	d.ring[d.reads%kept] = read{ns: clock(clockMonotonic),
		n: d.first + uint32(d.bytes), count: uint32(count)}
	d.reads++
	d.bytes += uint64(count)
}

// arrivals is that file, if all we read was ours and nothing was lost.
func (d *device) arrivals() *os.File {
	if d.sysfs == "" {
		return nil
	}
	next, lost, err := d.state()
	if err != nil || lost != d.lost || next != d.first+uint32(d.bytes) {
		return nil
	}
	file, err := os.Open(d.sysfs + "/device/arrivals")
	if err != nil {
		return nil
	}
	return file
}

// ways calls each with every byte's times; arrived is 0 when not known.
func (d *device) ways(each func(n uint32, arrived, raised, read int64)) {
	file := d.arrivals()
	if file != nil {
		defer file.Close()
	}
	begin := uint64(0)
	if d.reads > kept {
		begin = d.reads - kept
	}
	for i := begin; i < d.reads; i++ {
		r := d.ring[i%kept]
		for n := r.n; n != r.n+r.count; n++ {
			var record [16]byte // stays zero where nothing is known
			if file != nil {
				file.ReadAt(record[:], int64(n)*16)
			}
			each(n, int64(binary.LittleEndian.Uint64(record[:8])),
				int64(binary.LittleEndian.Uint64(record[8:])),
				r.ns)
		}
	}
}

// lookUp gives every latency, sorted; the bytes' lines go to stamps, if any.
func lookUp(devices []*device, stamps *os.File) ([]int64, error) {
	var found []int64
	out := bufio.NewWriter(stamps)
	for dev, d := range devices {
		d.ways(func(n uint32, arrived, raised, read int64) {
			at := [2]string{"null", "null"}
			if arrived != 0 {
				found = append(found, read-arrived)
				at = [2]string{fmt.Sprint(arrived),
					fmt.Sprint(raised)}
			}
			if stamps != nil {
				fmt.Fprintf(out, `{"dev": %d, "n": %d, `+
					`"arrived_ns": %s, "raised_ns": %s, `+
					`"read_ns": %d}`+"\n",
					dev, n, at[0], at[1], read)
			}
		})
	}
	sort.Slice(found, func(a, b int) bool { return found[a] < found[b] })
	if stamps == nil {
		return found, nil
	}
	return found, out.Flush()
}
