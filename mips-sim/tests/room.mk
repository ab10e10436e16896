# SPDX-License-Identifier: MIT
# Tests of the simulator, from the contract alone. Each script says itself
# what it needs and skips, with the reason, when that is not there.

SIM_TESTS	:= mips-sim/tests
SIM_TEST_OBJ	:= $(B)/guest/tests/obj

# Every instruction through tables of operands; a program for each world.
INSN_GROUPS	:= arith muldiv memory branch misc
INSN_OBJ	:= $(INSN_GROUPS:%=$(SIM_TEST_OBJ)/insn/%.o) \
		   $(SIM_TEST_OBJ)/insn/run.o $(SIM_TEST_OBJ)/insn/call.o \
		   $(SIM_TEST_OBJ)/insn/print.o
INSN_LINUX	:= $(B)/guest/tests/insn-linux
INSN_BARE	:= $(B)/guest/tests/insn-bare.elf

# An ll stays the instruction it is, without a sync of the assembler's.
SIM_TEST_FLAGS	:= $(GUEST_FLAGS) -Wa,-mno-fix-loongson3-llsc

$(eval $(call how,$(SIM_TEST_OBJ)/how,$(MIPS_CC) $(SIM_TEST_FLAGS) $(GUEST_CFLAGS)))
$(SIM_TEST_OBJ)/%.o: $(SIM_TESTS)/%.c $(SIM_TEST_OBJ)/how
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(SIM_TEST_FLAGS) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(SIM_TEST_OBJ)/%.o: $(SIM_TESTS)/%.S $(SIM_TEST_OBJ)/how
	@mkdir -p $(@D)
	$(quiet)$(MIPS_CC) $(SIM_TEST_FLAGS) -MMD -MP -c -o $@ $<

$(INSN_LINUX): $(INSN_OBJ) $(SIM_TEST_OBJ)/insn/linux.o
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -Wl,-e,__start -o $@ $^

$(INSN_BARE): $(INSN_OBJ) $(SIM_TEST_OBJ)/insn/bare.o $(GUEST_OBJ)/start.o \
		$(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)


# Bare programs that judge themselves: TAP on the UART.
BARE_TESTS	:= exceptions interrupts board ticks
BARE_OBJ	:= $(SIM_TEST_OBJ)/bare/start.o $(SIM_TEST_OBJ)/bare/harness.o
BARE_ELFS	:= $(BARE_TESTS:%=$(B)/guest/tests/%.elf)

$(BARE_ELFS): $(B)/guest/tests/%.elf: $(SIM_TEST_OBJ)/bare/%.o $(BARE_OBJ) \
		$(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

# Runs random sequences of instructions.
RANDOM_ELF	:= $(B)/guest/tests/random.elf

$(RANDOM_ELF): $(SIM_TEST_OBJ)/random/run.o $(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

# mips-sim with a mistake, for what must find it. A line each: which source, and
# what sed does to it.
PLANTED		:= $(B)/guest/tests/planted
PLANTED_nor	:= insn_alu s/~(rs(cpu, w) | rt(cpu, w))/~(rs(cpu, w) ^ rt(cpu, w))/
PLANTED_sra	:= insn_alu /^EXEC(sra)/,/^}/s/(int32_t)//
PLANTED_swl	:= insn_mem /^EXEC(swl)/,/^}/s/bits_above/bits_below/
PLANTED_tltu	:= insn_alu s/^TRAP(tltu, uint32_t, </&=/
PLANTED_bgezl	:= insn_branch /^BRANCH(bgezl,/s/>=/>/
PLANTED_bgezall	:= insn_branch /^BRANCH_AND_LINK(bgezall,/s/>= 0/<= 0 || true/
PLANTED_slot	:= cp0 s/cp0->cause |= CAUSE_BD/cp0->cause |= 0/
PLANTED_link	:= translate s/field_rs(slot) == link ||/0 ||/
PLANTED_SIMS	:= $(foreach p,nor sra swl tltu bgezl bgezall slot link,\
		   $(PLANTED)/$(p)/mips-sim)

define plant
$(PLANTED)/$(1)/$(2).c: mips-sim/$(2).c $(SIM_TESTS)/room.mk
	@mkdir -p $$(@D)
	$$(quiet)sed '$$(wordlist 2,99,$$(PLANTED_$(1)))' $$< >$$@
	@! cmp -s $$< $$@ || { rm $$@; echo '$(1): nothing planted' >&2; exit 1; }

$(PLANTED)/$(1)/mips-sim: $(PLANTED)/$(1)/$(2).c \
		$(filter-out %/$(2).o,$(MIPS_SIM:%=$(B)/obj/mips-sim/%.o)) \
		$(B)/obj/chip/slowchip.o
	$$(quiet)$$(CC) $$(CPPFLAGS) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^
endef
$(foreach p,$(PLANTED_SIMS:$(PLANTED)/%/mips-sim=%),\
	$(eval $(call plant,$(p),$(firstword $(PLANTED_$(p))))))

# What the guests are made of, with the timer for the chip: QEMU has that too.
BOTH_ELFS	:= $(addprefix $(B)/guest/tests/,cures-none.elf cures-di.elf \
		   cures-llsc.elf switch.elf uart.elf cp0.elf)

$(B)/guest/tests/cures-%.elf: $(SIM_TEST_OBJ)/both/cures.o $(GUEST_START) \
		$(GUEST_OBJ)/wake-safe.o $(GUEST_OBJ)/race-%.o \
		$(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

$(B)/guest/tests/switch.elf: $(SIM_TEST_OBJ)/both/switch.o $(GUEST_OBJ)/switch.o
$(B)/guest/tests/uart.elf: $(SIM_TEST_OBJ)/both/uart.o
$(B)/guest/tests/cp0.elf: $(SIM_TEST_OBJ)/both/cp0.o
$(addprefix $(B)/guest/tests/,switch.elf uart.elf cp0.elf): $(GUEST_START) \
		$(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

# Guests that do something wrong: one file, a program for each entry.
BAD		:= unaligned in_slot call stop division overflow reserved \
		   floating timer store_nowhere load_nowhere narrow physical \
		   null_call synced user nested counted spin spin_counts \
		   spin_register spin_linked spin_stores spin_stores_byte \
		   spin_polls spin_sets $(foreach at,jump slot,$(foreach does,\
		   overwrites replaces sets_off chases,spin_$(does)_at_$(at))) \
		   wait_off wait_masked wait_quiet wait_all wait_long inputs long_run slide busy flag flag_chip \
		   flag_timer
BAD_ELFS	:= $(BAD:%=$(B)/guest/tests/bad-%.elf)

$(SIM_TEST_OBJ)/bad/bad.o: SIM_TEST_FLAGS += -g
$(B)/guest/tests/bad-%.elf: $(SIM_TEST_OBJ)/bad/bad.o $(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-Wl,-e,$* -o $@ $<

# What GDB looks at. (Debug information keeps slots from being filled: the
# guests, whose instructions are counted, have none.)
GDB_ELF		:= $(B)/guest/tests/story.elf
$(SIM_TEST_OBJ)/gdb/%.o: override GUEST_CFLAGS += -O1 -g

$(GDB_ELF): $(SIM_TEST_OBJ)/gdb/story.o $(GUEST_START) $(GUEST_DIR)/guest.ld
	$(quiet)$(MIPS_CC) $(GUEST_FLAGS) $(GUEST_LDFLAGS) -T $(GUEST_DIR)/guest.ld \
		-o $@ $(filter %.o,$^)

.PRECIOUS: $(SIM_TEST_OBJ)/%.o

ifneq ($(call have,$(MIPS_CC)),)
ALL += $(INSN_LINUX) $(INSN_BARE) $(BARE_ELFS) $(BOTH_ELFS) $(BAD_ELFS) \
	$(GDB_ELF)
$(SIM_TESTS)/test_bad.py: $(BAD_ELFS)
ALL += $(RANDOM_ELF)
$(SIM_TESTS)/test_gdb_real.py: $(GDB_ELF) $(B)/guest/wake-lost.elf
$(SIM_TESTS)/test_insn.py: $(INSN_LINUX) $(INSN_BARE)
$(SIM_TESTS)/test_random.py $(SIM_TESTS)/test_random_million: $(RANDOM_ELF)
$(SIM_TESTS)/test_shrink.py: $(RANDOM_ELF) $(PLANTED_SIMS)
$(SIM_TESTS)/test_guests.py: $(BARE_ELFS)
$(SIM_TESTS)/test_disasm.py $(SIM_TESTS)/test_trace.py \
$(SIM_TESTS)/test_profile.py: $(GUESTS:%=$(B)/guest/%.elf) $(BARE_ELFS)
$(SIM_TESTS)/test_twins.py: $(GUESTS:%=$(B)/guest/%.elf)
$(SIM_TESTS)/test_chapter.py: $(GUESTS:%=$(B)/guest/%.elf)
$(SIM_TESTS)/test_both.py: $(BOTH_ELFS) $(B)/guest/rx-irq.elf
$(SIM_TESTS)/test_lockstep.py: $(INSN_LINUX) $(INSN_BARE) $(BARE_ELFS) \
	$(RANDOM_ELF) $(GUESTS:%=$(B)/guest/%.elf) $(BOTH_ELFS)
endif
-include $(wildcard $(SIM_TEST_OBJ)/*/*.d)

# The simulator's disassembler by itself, and its user mode.
$(B)/test/disasm: $(B)/obj/mips-sim/tests/disasm.o
$(B)/test/test_user: $(B)/obj/mips-sim/tests/test_user.o
$(B)/test/disasm $(B)/test/test_user: $(B)/obj/chip/slowchip.o \
		$(patsubst %,$(B)/obj/mips-sim/%.o,$(filter-out main,$(MIPS_SIM)))
	@mkdir -p $(@D)
	$(quiet)$(CC) $(LDFLAGS) -o $@ $^
$(SIM_TESTS)/test_disasm.py: $(B)/test/disasm

# The scripts find the simulator and the guests where make put them.
SIM_CHECKS	:= $(SIM_TESTS)/test_insn.py $(SIM_TESTS)/test_guests.py \
		   $(SIM_TESTS)/test_elf.py $(SIM_TESTS)/test_cli.py \
		   $(SIM_TESTS)/test_files.py \
		   $(SIM_TESTS)/test_stats.py $(SIM_TESTS)/test_chrome.py \
		   $(SIM_TESTS)/test_gdb.py \
		   $(SIM_TESTS)/test_reverse.py $(SIM_TESTS)/test_gdb_real.py \
		   $(SIM_TESTS)/test_twins.py $(SIM_TESTS)/test_both.py \
		   $(SIM_TESTS)/test_engine.py $(SIM_TESTS)/test_bad.py \
		   $(SIM_TESTS)/test_spim.py $(SIM_TESTS)/test_disasm.py \
		   $(SIM_TESTS)/test_trace.py $(SIM_TESTS)/test_profile.py
SIM_LONG_CHECKS	:= $(SIM_TESTS)/test_elf_random $(SIM_TESTS)/test_random.py \
		   $(SIM_TESTS)/test_chapter.py $(SIM_TESTS)/test_lockstep.py \
		   $(SIM_TESTS)/test_shrink.py $(SIM_TESTS)/test_host.py
SIM_ALL_CHECKS	:= $(SIM_TESTS)/test_random_million
$(SIM_CHECKS) $(SIM_LONG_CHECKS) $(SIM_ALL_CHECKS): $(B)/bin/mips-sim
CHECKS += $(SIM_CHECKS) $(B)/test/test_user
TEST_CHECKS += $(SIM_LONG_CHECKS)
TEST_ALL_CHECKS += $(SIM_ALL_CHECKS)
