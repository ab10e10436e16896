# SPDX-License-Identifier: MIT
# The VM: `make shell`, and the tests of vm/run and vm/kernel.
#
# run           boots it, runs a command, exits as that did (vm/run --help)
# kernel        Debian's kernels in a cache: packages.sh fetches them, and
#               kernel-build makes those with sanitizers, as config/ says
# malta.sh, malta.mk  the same of another machine, MIPS, and programs for it
# machines.py   what differs between that and a PC
# initramfs.py  what the VM finds in its file system
# qemu.py       QEMU's flags, its process, KVM or not
# verdict.py    how it went, from what the VM left behind
# guest/init    the VM's first process, the other end of the above

CHECKS += vm/tests/test_words.py
VM_CHECKS += vm/tests/test-options vm/tests/test-run vm/tests/test-exact \
	     vm/tests/test-disk vm/tests/test-verdict vm/tests/test-module
# they take kernels that take their time to be built or fetched
TEST_ALL_CHECKS += vm/tests/test-canary vm/tests/test-canary-kcsan \
		   vm/tests/test-exact-malta

vm/tests/test-exact: $(B)/test/vm-count $(B)/test/vm-naps
vm/tests/test-module: $(KERNELS:%=$(B)/selftests/%/kselftest-list.txt)
vm/tests/test-canary vm/tests/test-canary-kcsan: $(B)/test/vm-inject

$(B)/test/vm-%: vm/tests/%.c
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) $(STATIC) -o $@ $<

include vm/malta.mk

shell:
	@vm/run --shell --kernel $(KERNEL) \
		$(if $(wildcard $(B)/selftests/$(KERNEL)),--selftests)
