# SPDX-License-Identifier: GPL-2.0-only
# The modules, once for each kernel: build/kmod/NAME/*.ko. The kernel's build
# writes beside its sources, so each kernel gets a copy of them to itself. No
# BTF: that would take the kernel's own vmlinux. A kernel NAME-gcov has the
# modules count which of their lines run, for selftests/coverage, which finds
# them by their whole path.

KMOD_SOURCES := Kbuild $(wildcard kmod/Kbuild kmod/*.[ch] chip/slowchip*.[ch])
KMOD_MODULES := slowdev_hw.ko slowdev.ko

ifeq ($(and $(call have,bc),$(call have,flex),$(call have,bison)),)
LEFT_OUT += build/kmod: the kernel's build needs bc, flex, bison \
	    (tools/deps build vm)$(NEWLINE)
else
ALL += $(foreach k,$(sort $(KERNELS) $(KERNEL)),$(KMOD_MODULES:%=$(B)/kmod/$(k)/%))
endif

define KMOD_RULES
$(KMOD_MODULES:%=$(B)/kmod/$(1)/%) &: $(KMOD_SOURCES)
	@mkdir -p $(B)/kmod/$(1)/src
	@printf '  %s\n' 'kmod/$(1)/slowdev_hw.ko' 'kmod/$(1)/slowdev.ko'
	@cp -p --parents $(KMOD_SOURCES) $(B)/kmod/$(1)/src
	@build=$$$$(vm/kernel $(1) build) && \
	MAKEFLAGS= $(MAKE) -s -C "$$$$build" M=$(abspath $(B))/kmod/$(1)/src \
		$(call cross,$(1)) CONFIG_DEBUG_INFO_BTF_MODULES= \
		$(if $(filter %-gcov,$(1)),GCOV_PROFILE=y,\
		KCFLAGS=$(call anywhere,$(abspath $(B))/kmod/$(1)/src)) modules
	@cp $(KMOD_MODULES:%=$(B)/kmod/$(1)/src/kmod/%) $(B)/kmod/$(1)/
endef
$(foreach k,$(sort $(KERNELS) $(TEST_KERNELS) $(KERNEL)),$(eval $(call KMOD_RULES,$(k))))
