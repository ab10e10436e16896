#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: both modules loaded, the chip's interrupt seen from both ends.
# Prints each command before what it prints, as a terminal would show it.
set -eu
modules=/lib/modules/$(uname -r)/extra

show() {
	echo "\$ $*"
	"$@"
	echo
}

show insmod "$modules/slowdev_hw.ko"
show insmod "$modules/slowdev.ko" isr_log=1
show grep slowchip /proc/interrupts
echo "\$ head -c 12 /dev/slowdev0"
head -c 12 /dev/slowdev0
echo
echo
show grep slowchip /proc/interrupts
echo "\$ dmesg | grep isr"
dmesg | sed -n 's/^\[ *[0-9.]*\] //; /isr #/p'
