# SPDX-License-Identifier: MIT
# The slowcats for the machine of 6.1-malta: build/mips/bin, by this Makefile
# called once more with another compiler, when KERNEL asks for them.

ifneq ($(call cross,$(KERNEL)),)
ifeq ($(call have,$(MIPSEL)gcc),)
$(error KERNEL=$(KERNEL) needs $(MIPSEL)gcc: tools/deps malta)
endif
.PHONY: mips-slowcats
all selftest shell: mips-slowcats
mips-slowcats:
	@root=$$(vm/kernel $(KERNEL) root) && \
	$(MAKE) --no-print-directory B=$(B)/mips KERNEL= AR=$(MIPSEL)ar \
		CC="$(MIPSEL)gcc -isystem $$root/usr/include \
		-B$$root/usr/lib/mipsel-linux-gnu" slowcats
endif
