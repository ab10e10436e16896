#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: other drivers on our hardware, and other boards under our driver.
# Says how often each was told what is wrong. Called by test-rough, and by
# coverage, which has every line of the modules counted.
modules=/lib/modules/$(uname -r)/extra

log_has() {
	dmesg | grep -c "$1"
}

insmod "$modules/slowdev_hw.ko" devices=3
insmod /extra/rough.ko
echo "no register: $(log_has 'where the chip has no register')"
for chip in 0 1 2; do
	echo "slowdev.$chip: $(log_has "slowdev.$chip: .*no register")"
done
rmmod rough slowdev_hw

insmod "$modules/slowdev_hw.ko" devices=256
insmod /extra/rough.ko pace=1
for _ in 1 2 3 4 5 6 7 8 9 10; do
	usleep 50000
done
echo "bound: $(log_has 'wake-ups a second')"
rmmod rough slowdev_hw

insmod "$modules/slowdev_hw.ko"
insmod /extra/loop.ko
dmesg | sed -n 's/.*slowdev.0: loop: //p'
rmmod loop slowdev_hw

insmod "$modules/slowdev.ko"
insmod /extra/boards.ko
echo "no bus: $(log_has 'slowdev.[012]: no struct slowdev_bus')"
echo "no number: $(log_has 'slowdev.*: device number .*: must be 0 to 255')"
echo "no slowchip: $(log_has 'slowdev.3: ID is 0x46415354: not a slowchip')"
echo "devices: $(find /dev -name 'slowdev*' | wc -l)"
rmmod boards slowdev
echo unloaded
