// SPDX-License-Identifier: MIT

package main

// The command line, as getopt_long(3) takes it (package flag knows no
// difference between -json and --json, and we do). Called once, before
// anything is open. Bad input ends the program with one line and status 1.

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

const (
	noLimit = math.MaxUint64
	usage   = "usage: " + me + " [-n BYTES] [-d DEVICE]... [--json]" +
		" [--stamps FILE] [-h]"
	help = usage + `
Copy a device to standard output, waiting by go, and say what the waiting cost.
  -n BYTES       stop after so many, and read no more
  -d DEVICE      instead of /dev/slowdev0; may be repeated
  --json         the cost as one line of JSON
  --stamps FILE  a line of JSON for each byte's way
`
)

type options struct {
	limit   uint64
	devices []string
	json    bool
	path    *string // of stamps
	stamps  *os.File
}

// split takes an option's name, and the value that is in the same word.
func split(word string) (name, value string, joined bool) {
	if strings.HasPrefix(word, "--") {
		return strings.Cut(word, "=")
	}
	if len(word) > 2 && word[0] == '-' {
		return word[:2], word[2:], true
	}
	return word, "", false
}

func parse(args []string) options {
	o := options{limit: noLimit}
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		name, value, joined := split(word)
		takes := name == "-n" || name == "-d" || name == "--stamps"
		if takes && !joined && len(args) > 0 {
			value, args = args[0], args[1:]
			joined = true
		}
		switch {
		case !strings.HasPrefix(word, "-"):
			die(word + ": unexpected; " + usage)
		case takes != joined:
			die(word + ": unknown, or lacks its value; " + usage)
		}
		o.set(name, value, word)
	}
	if len(o.devices) == 0 {
		o.devices = []string{"/dev/slowdev0"}
	}
	if o.path != nil {
		o.openStamps(*o.path)
	}
	return o
}

// openStamps empties the file, but not what is another one of ours: that
// would be lost.
func (o *options) openStamps(path string) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0666)
	if err != nil {
		die(path + ": " + strerror(err))
	}
	o.stamps = file
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	not := func(other os.FileInfo, err error, use string) {
		if err == nil && os.SameFile(info, other) {
			die(path + ": no file for stamps: it is " + use)
		}
	}
	other, err := os.Stdout.Stat()
	not(other, err, "standard output")
	other, err = os.Stderr.Stat()
	not(other, err, "standard error")
	for _, device := range o.devices {
		other, err = os.Stat(device)
		not(other, err, "what is to be read")
	}
	if err := file.Truncate(0); err != nil {
		die(path + ": " + strerror(err))
	}
}

func (o *options) set(name, value, word string) {
	switch name {
	case "-n":
		var err error
		o.limit, err = strconv.ParseUint(value, 10, 64)
		if err != nil || o.limit == noLimit {
			die("-n " + value + ": not a number of bytes")
		}
	case "-d":
		o.devices = append(o.devices, value)
	case "--json":
		o.json = true
	case "--stamps":
		o.path = &value
	case "-h", "--help":
		if _, err := fmt.Print(help); err != nil {
			die("standard output: " + strerror(err))
		}
		os.Exit(0)
	default:
		die(word + ": unknown, or lacks its value; " + usage)
	}
}
