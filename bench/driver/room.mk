# SPDX-License-Identifier: MIT
# `bench/run driver`: two static programs for the VM, and the driver without
# what is off by default.

DRIVER_BENCH := $(B)/bench/driver-wakeup $(B)/bench/driver-bulk

bench-built: $(DRIVER_BENCH) $(B)/bench/driver-bare/slowdev.ko

$(B)/bench/driver-%: bench/driver/%.c bench/driver/bench.h kmod/slowdev_cmd.h
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) $(STATIC) -o $@ $< -luring -lutil

$(B)/bench/driver-bare/slowdev.ko: bench/driver/bare $(KMOD_SOURCES)
	@mkdir -p $(@D)
	$(quiet)bench/driver/bare $(KERNEL) $@
