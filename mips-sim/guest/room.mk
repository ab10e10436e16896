# SPDX-License-Identifier: MIT
# The programs for the simulator, in C and assembly; each is one ELF file.

GUESTS := rx-poll rx-irq tx-poll tx-irq ladder-poll ladder-irq

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

$(GUEST_OBJ)/%.o: $(GUEST_DIR)/%.c
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(GUEST_OBJ)/%.o: $(GUEST_DIR)/%.S
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) -MMD -MP -c -o $@ $<

# ladder-X is a loop in assembly and the one frame around both.
$(B)/guest/ladder-%.elf: GUEST_MORE = $(GUEST_OBJ)/ladder.o
$(B)/guest/ladder-poll.elf $(B)/guest/ladder-irq.elf: $(GUEST_OBJ)/ladder.o

$(B)/guest/%.elf: $(GUEST_OBJ)/%.o $(GUEST_START) $(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $< $(GUEST_START) $(GUEST_MORE)

.PRECIOUS: $(GUEST_OBJ)/%.o
-include $(wildcard $(GUEST_OBJ)/*.d)
