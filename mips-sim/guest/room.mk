# SPDX-License-Identifier: MIT
# The programs for the simulator, in C and assembly; each is one ELF file.

GUESTS := rx-poll rx-irq tx-poll tx-irq line-poll line-irq \
	  echo-poll echo-irq both-poll both-irq idle-spin idle-wait \
	  trig-1 trig-8 trig-16 slow-isr slow-main thread-spin thread-sleep \
	  race-none race-di race-llsc wake-lost wake-di wake-safe \
	  ladder-poll ladder-irq

MIPS_CC		?= mipsel-linux-gnu-gcc
GUEST_FLAGS	:= -mips32r2 -msoft-float -G0 -fno-pic -mno-abicalls \
		   -ffreestanding -I. -Wa,-msoft-float
GUEST_CFLAGS	:= -O2 -std=gnu11 -Wall -Wextra
GUEST_LDFLAGS	:= -nostdlib -static -no-pie -Wl,--build-id=none
GUEST_DIR	:= mips-sim/guest
GUEST_OBJ	:= $(B)/guest/obj

# What every program is linked with.
GUEST_START	:= $(GUEST_OBJ)/start.o $(GUEST_OBJ)/board.o

ifeq ($(call have,$(MIPS_CC)),)
LEFT_OUT += build/guest: no $(MIPS_CC) (Debian: gcc-mipsel-linux-gnu)$(NEWLINE)
else
ALL += $(GUESTS:%=$(B)/guest/%.elf)
endif

$(eval $(call how,$(GUEST_OBJ)/how,$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_CFLAGS)))
$(GUEST_OBJ)/%.o: $(GUEST_DIR)/%.c $(GUEST_OBJ)/how
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(GUEST_OBJ)/%.o: $(GUEST_DIR)/%.S $(GUEST_OBJ)/how
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) -g -MMD -MP -c -o $@ $<

# One page, built with three numbers.
TRIGGERS := $(patsubst %,$(GUEST_OBJ)/%.o,$(filter trig-%,$(GUESTS)))
$(TRIGGERS): $(GUEST_OBJ)/trig-%.o: $(GUEST_DIR)/trig.c $(GUEST_OBJ)/how
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_CFLAGS) -DRX_TRIG=$* -MMD -MP \
		-c -o $@ $<

$(B)/guest/%.elf: $(GUEST_OBJ)/%.o $(GUEST_START) $(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

# Twins of one frame, which is an object of its own; and who sleeps in `wait`.
guests = $(filter $(1),$(GUESTS))
elfs = $(patsubst %,$(B)/guest/%.elf,$(1))
$(call elfs,$(call guests,ladder-%)): $(GUEST_OBJ)/ladder.o
$(call elfs,$(call guests,race-%)): $(GUEST_OBJ)/race.o
$(call elfs,$(call guests,wake-%)): $(GUEST_OBJ)/wake.o
$(call elfs,$(call guests,thread-%)): $(GUEST_OBJ)/threads.o $(GUEST_OBJ)/switch.o
$(call elfs,$(call guests,trig-%) echo-irq idle-wait): $(GUEST_OBJ)/wake-safe.o

.PRECIOUS: $(GUEST_OBJ)/%.o
-include $(wildcard $(GUEST_OBJ)/*.d)
