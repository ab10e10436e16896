# SPDX-License-Identifier: MIT
# The VM: `make shell`, and the tests of vm/run and vm/kernel.

#VM_CHECKS += vm/tests/test-run

shell: $(ALL)
	@vm/run --shell --kernel $(KERNEL)
