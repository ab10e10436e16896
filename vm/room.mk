# SPDX-License-Identifier: MIT
# The VM: `make shell`, and the tests of vm/run and vm/kernel.

VM_CHECKS += vm/tests/test-options vm/tests/test-run vm/tests/test-exact

vm/tests/test-exact: $(B)/test/vm-count

$(B)/test/vm-count: vm/tests/count.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(STATIC) -o $@ $<

shell: $(ALL)
	@vm/run --shell --kernel $(KERNEL)
