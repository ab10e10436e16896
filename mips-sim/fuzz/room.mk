# SPDX-License-Identifier: MIT
# Fuzz targets for libFuzzer with ASan and UBSan, built when ./run asks for
# them. ../room.mk adds what they are linked with.

FUZZ_DIR	:= mips-sim/fuzz
FUZZ_OBJ	:= $(B)/fuzz/obj
FUZZ_TARGETS	:= elf files code
FUZZ_CC		?= clang
FUZZ_SANITIZE	:= -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CFLAGS	:= -O2 -g -std=gnu11 -Wall -Wextra

$(FUZZ_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(quiet)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_CFLAGS) $(FUZZ_SANITIZE) \
		-fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

# As in mips-sim/room.mk.
$(FUZZ_OBJ)/mips-sim/block_ops.o: override FUZZ_CFLAGS += -O2 -fno-sanitize=all

$(FUZZ_TARGETS:%=$(B)/fuzz/%): $(B)/fuzz/%: $(FUZZ_OBJ)/$(FUZZ_DIR)/%.o \
		$(FUZZ_OBJ)/$(FUZZ_DIR)/board.o $(FUZZ_OBJ)/chip/slowchip.o
	$(quiet)$(FUZZ_CC) $(FUZZ_SANITIZE) -fsanitize=fuzzer -Wl,--wrap=exit \
		-o $@ $^

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_TARGETS:%=$(B)/fuzz/%)
-include $(shell find $(FUZZ_OBJ) -name '*.d' 2>/dev/null)

TEST_ALL_CHECKS += $(FUZZ_DIR)/test_fuzz
