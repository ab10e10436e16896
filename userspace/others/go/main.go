// SPDX-License-Identifier: MIT

// slowcat-go: wait in Go. One goroutine a device, each in a read that looks
// as if it blocked; but os.OpenFile has put the device into the runtime's
// epoll (the netpoller) and made it non-blocking, so it is the goroutine that
// is parked, and no thread. A file that epoll refuses is read by a thread.
//
// Options, output and the line of cost are those of docs/slowcat.1. Built as
// build/bin/slowcat-go, from the standard library alone.
//
// A byte is stamped when read(2) has returned.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
)

const (
	me         = "slowcat-go"
	bufferSize = 4096 // bytes a read takes at most
)

// cat is what the goroutines share.
type cat struct {
	devices []*device
	limit   uint64

	// mu guards what follows and the devices' accounts. A byte is read,
	// counted and written under it: so -n holds for all devices together,
	// and who has the lock knows that what was read has been written.
	// Nobody waits for a device under it.
	mu      sync.Mutex
	bytes   uint64
	running int
	failure string // the first, as it is to be said

	over chan struct{} // has something once there is no more to copy
}

func (c *cat) end() {
	select {
	case c.over <- struct{}{}:
	default:
	}
}

// fail wants c.mu held.
func (c *cat) fail(what string, err error) {
	if c.failure == "" {
		c.failure = what + ": " + strerror(err)
	}
	c.end()
}

// watch copies one device to its end: a goroutine's whole life.
func (c *cat) watch(d *device) {
	buffer := make([]byte, bufferSize)
	for more := true; more; {
		// What File.Read does inside: try, and while the answer is
		// "not ready", park until the netpoller says otherwise.
		err := d.conn.Read(func(fd uintptr) (ready bool) {
			more, ready = c.try(d, int(fd), buffer)
			return ready
		})
		if err != nil {
			c.mu.Lock()
			c.fail(d.path, err)
			c.mu.Unlock()
			return
		}
	}
}

// try reads once and copies what came. Is there more to copy, and was the
// device ready?
func (c *cat) try(d *device, fd int, buffer []byte) (more, ready bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure != "" || c.bytes == c.limit {
		c.end()
		return false, true
	}
	if left := c.limit - c.bytes; left < uint64(len(buffer)) {
		buffer = buffer[:left]
	}
	n, err := syscall.Read(fd, buffer)
	if err == syscall.EAGAIN {
		return true, false
	}
	if err == syscall.EINTR {
		return true, true
	}
	if err != nil {
		c.fail(d.path, err)
		return false, true
	}
	if n == 0 {
		c.running--
		if c.running == 0 {
			c.end()
		}
		return false, true
	}
	d.stamp(n)
	c.bytes += uint64(n)
	if _, err := os.Stdout.Write(buffer[:n]); err != nil {
		c.fail("standard output", err)
	}
	return true, true
}

// strerror is the error's text as the C library has it.
func strerror(err error) string {
	if path, ok := err.(*os.PathError); ok {
		err = path.Err
	}
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

func die(what string) {
	fmt.Fprintf(os.Stderr, "%s: %s\n", me, what)
	os.Exit(1)
}

func main() {
	// EPIPE will do
	signal.Ignore(syscall.SIGPIPE)
	if _, err := os.Stdout.Stat(); err != nil {
		die("standard output: " + strerror(err))
	}
	o := parse(os.Args[1:])
	c := &cat{limit: o.limit, running: len(o.devices),
		over: make(chan struct{}, 1)}
	for _, path := range o.devices {
		d, err := open(path)
		if err != nil {
			die(path + ": " + strerror(err))
		}
		c.devices = append(c.devices, d)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	start := now()
	for _, d := range c.devices {
		go c.watch(d)
	}

	status := 0
	select {
	case <-c.over:
	case number := <-signals:
		status = 128 + int(number.(syscall.Signal))
	}
	// for ever: nothing is read any more
	c.mu.Lock()
	spent := now().since(start)
	latencies, err := lookUp(c.devices, o.stamps)
	switch {
	case c.failure != "":
		die(c.failure)
	case err != nil:
		die(o.stamps.Name() + ": " + strerror(err))
	case status == 0 && o.limit != noLimit && c.bytes < o.limit:
		die(fmt.Sprintf("%s: ended after %d of %d bytes",
			c.devices[0].path, c.bytes, o.limit))
	}
	fmt.Fprintln(os.Stderr, summary(c, spent, latencies, o.json))
	os.Exit(status)
}
