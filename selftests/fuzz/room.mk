# SPDX-License-Identifier: MIT
# slowdev-fuzz: random calls, led by which code of the modules they reach.
# Goes into the VM with the other programs of build/bin.

ifneq ($(wildcard $(shell $(CC) -print-file-name=liburing.a 2>/dev/null)),)
ALL += $(B)/bin/slowdev-fuzz
endif

VM_CHECKS += selftests/fuzz/test-fuzz

$(B)/bin/slowdev-fuzz: $(B)/obj/selftests/fuzz/fuzz.o \
		       $(B)/obj/selftests/fuzz/calls.o \
		       $(B)/obj/selftests/fuzz/sysfs.o
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) $(STATIC) -o $@ $^ -luring
