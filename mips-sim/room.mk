# SPDX-License-Identifier: MIT
# The simulator. Its programs are in guest/, its tests in tests/ and fuzz/.

# The code generator for this host. JIT=jit_none leaves it out.
JIT ?= $(if $(filter x86_64,$(shell uname -m)),jit_x86_64 jit_x86_64_insn \
       jit_x86_64_mem,jit_none)

MIPS_SIM := machine cpu page decode block block_ops translate cp0 insn_alu insn_branch insn_mem insn_cp0 \
	    insn_sys bus dev_slow dev_spim dev_test dev_uart elf spim uhi gdb gdb_link gdb_regs gdb_stops history files \
	    stats profile timeline trace trace_only disasm class lockstep stuck twin report branches \
	    symbols lines snapshot ram_image replay main $(JIT)
ALL += $(B)/bin/mips-sim

$(B)/bin/mips-sim: $(MIPS_SIM:%=$(B)/obj/mips-sim/%.o) \
		   $(B)/obj/chip/slowchip.o
	@mkdir -p $(@D)
	$(quiet)$(CC) $(LDFLAGS) -o $@ $^

# Operations end in a call that must become a jump (see there); sanitizers keep
# it from that.
$(B)/obj/mips-sim/block_ops.o: override CFLAGS += -O2 -fno-sanitize=all

# The fuzz targets have main() from libFuzzer.
$(FUZZ_TARGETS:%=$(B)/fuzz/%): \
	$(patsubst %,$(FUZZ_OBJ)/mips-sim/%.o,$(filter-out main,$(MIPS_SIM)))
