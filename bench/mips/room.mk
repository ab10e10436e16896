# SPDX-License-Identifier: MIT
# The work on which simulators are compared, linked when bench/run asks for it:
# build/bench/mix-ROUNDS-TIMER-CHIP.elf (mix.c says what these are), and with
# GXemul's board instead of ours gxemul-ROUNDS-TIMER-CHIP.elf.

MIX_FLAGS = $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
	-Wl,--defsym=rounds=$(word 1,$(subst -, ,$*)) \
	-Wl,--defsym=timer_counts=$(word 2,$(subst -, ,$*)) \
	-Wl,--defsym=chip_runs=$(word 3,$(subst -, ,$*))

$(B)/bench/%.o: bench/mips/%.c
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_CFLAGS) -c -o $@ $<

# This file is read before the guests' own: their places, in full.
MIX_START := $(B)/guest/obj/start.o mips-sim/guest/guest.ld

$(B)/bench/mix-%.elf: $(B)/bench/mix.o $(B)/guest/obj/board.o $(MIX_START)
	$(quiet)$(MIPS_CC) $(MIX_FLAGS) -o $@ $(filter %.o,$^)

$(B)/bench/gxemul-%.elf: $(B)/bench/mix.o $(B)/bench/gxemul.o $(MIX_START)
	$(quiet)$(MIPS_CC) $(MIX_FLAGS) -s -o $@ $(filter %.o,$^)

.PRECIOUS: $(B)/bench/%.o
