# SPDX-License-Identifier: MIT
# The kselftests: build/selftests/NAME for each kernel, installed as the
# kernel's own runner wants them. Harness, lib.mk and runner are the kernel's,
# from vm/kernel's cache.

SELFTEST_SOURCES := $(filter-out selftests/room.mk,$(wildcard selftests/*.[ch] \
		      selftests/*.sh selftests/Makefile selftests/settings))

# those that need the library
SELFTEST_URING := uring uringcmd uringdepth uringkinds sleepers churn \
		   copying failnth
ifeq ($(wildcard $(shell $(CC) -print-file-name=liburing.a 2>/dev/null)),)
SELFTEST_WITHOUT := $(SELFTEST_URING)
LEFT_OUT += $(SELFTEST_URING:%=selftests/%): no liburing.a \
	    (Debian: liburing-dev)$(NEWLINE)
endif

CHECKS += selftests/test_ktap.py selftests/test_gcov.py selftests/test_run.py
VM_CHECKS += selftests/test-stuck selftests/test-rough
TEST_ALL_CHECKS += selftests/coverage \
		   $(addprefix selftests/long/,sleepers reload churn failnth \
		     fuzz stress)

# Only asked for when needed: the first call fetches the kernel's sources.
define SELFTEST_RULES
$(B)/selftests/$(1)/kselftest-list.txt: $(SELFTEST_SOURCES)
	@rm -rf $$(@D)
	@mkdir -p $$(@D)/slowdev
	@export URING='$(SELFTEST_URING)' WITHOUT='$(SELFTEST_WITHOUT)'; \
	source=$$$$(vm/kernel $(1) source) && \
	kselftest=$$$$source/tools/testing/selftests && \
	$(if $(call cross,$(1)),\
	root=$$$$(vm/kernel $(1) root) && \
	export CPPFLAGS="-isystem $$$$root/usr/include" \
		LDFLAGS="-L$$$$root/usr/lib/mipsel-linux-gnu" &&) \
	make="$(MAKE) -s --no-print-directory -C selftests $(call cross,$(1)) \
		KSELFTEST=$$$$kselftest \
		OUTPUT=$(abspath $(B))/selftests/$(1)/slowdev" && \
	$$$$make all && \
	cp $(filter %.sh,$(SELFTEST_SOURCES)) selftests/settings $$(@D)/slowdev && \
	cp -r $$$$kselftest/kselftest $$$$kselftest/run_kselftest.sh $$(@D) && \
	$$$$make COLLECTION=slowdev emit_tests >$$(@D)/list && \
	mv $$(@D)/list $$@
endef
$(foreach k,$(sort $(KERNELS) $(TEST_KERNELS) $(KERNEL)),$(eval $(call SELFTEST_RULES,$(k))))

selftest: $(B)/selftests/$(KERNEL)/kselftest-list.txt
	@selftests/run --kernel $(KERNEL) $(if $(T),--test '$(T)') \
		$(if $(PART),--part '$(PART)') $(if $(THREADED),--threaded) \
		$(if $(CYCLES),--cycles '$(CYCLES)') $(if $(SMP),--smp '$(SMP)') \
		$(if $(MODULE),--module '$(MODULE)')
