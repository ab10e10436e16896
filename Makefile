# SPDX-License-Identifier: MIT
# The targets; each room says in its room.mk what it adds to them:
#   ALL          files that `make` builds
#   CHECKS       host tests (programs that print TAP): seconds, no root, no VM
#   TEST_CHECKS  longer ones of the same kind, for `make test` alone
#   VM_CHECKS    those that boot VMs, for `make test` alone
#   TEST_ALL_CHECKS  more of these, for `make test-all` alone
#   LEFT_OUT     'what: why', a line each, said at the end of `make`
#
## make             build all; say what was left out and why
##                    V=1         show the commands
##                    KERNEL=6.1-rt  the modules for that kernel as well
## make demo        install what is missing, build, show it all (a minute)
## make sim         the guests of the simulator, and what each costs
## make test        install what is missing, build, run the tests
##                    JOBS=1      one after the other, not one a CPU
## make test-all    the same, and what takes hours: more kernels, the long tests
##                    of selftests/long, the coverage of the modules' lines
## make check       the host tests alone: no root, no VM, seconds
## make selftest    the kselftests in the VM
##                    T=name      only the tests whose name holds it
##                    PART=1/2    only every second, from the first
##                    KERNEL=6.12 on that kernel (6.1 unless said; 6.1-rt, ...;
##                    6.1-malta is MIPS, 32 bits; 6.1-kcsan, with SMP=2,
##                    looks for data races)
##                    THREADED=1  the driver handles interrupts in a thread
##                    DEBUG=1     on the one with sanitizers, KERNEL-debug
##                    SMP=2       so many CPUs on the host's time, not one on
##                                counted time
##                    CYCLES=1000 the endurance tests so often (50)
##                    MODULE=FILE with your slowdev.ko, or slowdev_hw.ko
## make shell       a shell in the VM, both modules loaded
## make install     programs, manual pages, header, udev rule; and the modules
##                    PREFIX=/usr (/usr/local), DESTDIR= before all paths
##                    KERNELRELEASE= or KDIR= for a kernel that does not run
##                    install-programs, install-modules: each by itself
##                    install-dkms: the modules' sources for DKMS instead
##                    uninstall: takes all of those away
## make bench       install what is missing, measure what the documents state
##                    T='loop many'  these alone: see bench/run -h
## make lint        shellcheck, cppcheck, checkpatch, sparse, W=1
## make clean       remove build/ (not the cache of kernels)
## make help        this

ifneq ($(words $(CURDIR)),1)
$(error make cannot work in a directory whose path has a blank: '$(CURDIR)')
endif

B	:= build
export B
CC	?= gcc
CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.
CFLAGS	?= -O2 -g
CFLAGS	+= -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes
# The same program wherever the tree stands: on counted time one whose debug
# information names another folder has another history.
anywhere = -ffile-prefix-map=$(1)=.
CFLAGS	+= $(call anywhere,$(CURDIR))
# Programs that must also run in the VM, which has no shared libraries.
STATIC	:= -static

PYTHON	:= python3
# The modules are built for KERNELS; `make test` runs the kselftests on
# TEST_KERNELS, `make test-all` on TEST_ALL_KERNELS as well.
KERNELS	?= 6.1 6.12
# the one that takes longest first
TEST_KERNELS ?= 6.1-debug $(KERNELS)
TEST_ALL_KERNELS ?= 6.1-rt 6.12-rt 6.1-malta
# and those on which they run once more, with the driver's handler in a thread
THREADED_KERNELS ?= 6.12
KERNEL	?= 6.1
# Tests side by side: one a CPU.
JOBS	?= $(shell nproc)
ifdef DEBUG
override KERNEL := $(KERNEL:%-debug=%)-debug
endif
have	= $(shell command -v $(1) 2>/dev/null)
# What make takes to build for the kernel named so; nothing for one of this
# machine's.
cross	= $(if $(filter %-malta,$(1)),ARCH=mips CROSS_COMPILE=$(MIPSEL))
MIPSEL	:= mipsel-linux-gnu-

.PHONY: default all demo sim test test-all check selftest shell bench lint
.PHONY: clean help test-built test-all-built sim-built bench-built
default: all

ALL :=
CHECKS :=
TEST_CHECKS :=
VM_CHECKS :=
TEST_ALL_CHECKS :=
LEFT_OUT :=
define NEWLINE


endef

# $(call how,FILE,WORDS) is the rule for a FILE that holds a compiler's WORDS
# and is written when they change: what depends on it is compiled again.
define how
$(1): force
	@mkdir -p $$(@D)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' >$$@
endef
.PHONY: force

include $(sort $(wildcard */room.mk */*/room.mk))

# A recipe that begins with $(quiet) shows what it makes; with V=1, how.
ifneq ($(V),1)
quiet = @printf '  %s\n' '$(@:$(B)/%=%)';
endif

# One way to compile, for every room.
$(eval $(call how,$(B)/obj/how,$(CC) $(CPPFLAGS) $(CFLAGS)))
$(B)/obj/%.o: %.c $(B)/obj/how
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

export LEFT_OUT
all: $(ALL)
	@[ -z "$$LEFT_OUT" ] || printf 'Left out:\n%s' "$$LEFT_OUT"

# In a room ALL would be what the rooms before it build.
selftest shell: $(ALL)

check: $(CHECKS)
	@tools/tap-run -j $(JOBS) $(CHECKS)

# What is built depends on what is installed, so that comes first and in a
# make of its own.
test test-all:
	@tools/deps build vm mips test $(if $(filter test-all,$@),stress malta)
	@tools/deps node || echo 'Left out: Node.js: see above'
	@tools/deps others || echo 'Left out: Go, nginx: see above'
	@[ $@ = test ] || tools/deps fuzz || echo 'Left out: fuzzing: see above'
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory $@-built

test-all-built: VM_CHECKS += $(TEST_ALL_CHECKS)
test-all-built: TEST_KERNELS += $(TEST_ALL_KERNELS)
test-all-built: THREADED_KERNELS = $(KERNELS)
test-all-built: $(TEST_ALL_CHECKS)
# Data races need two CPUs at once, and those the host's time.
test-all-built: RACES = selftest-6.1-kcsan='$(run_selftest) KERNEL=6.1-kcsan SMP=2'
# By another name than MAKE, or `make -n test` would run the tests.
run_selftest = $(MAKE) -s selftest
# Where sanitizers make them take long, in two VMs.
selftests = $(foreach k,$(1),$(if $(filter %-debug,$(k)),\
	$(foreach p,1 2,selftest-$(k)-$(p)='$(run_selftest) KERNEL=$(k) PART=$(p)/2'),\
	selftest-$(k)='$(run_selftest) KERNEL=$(k)'))

# two at a time may be for the same kernel: built before that
test-built test-all-built: $(TEST_KERNELS:%=$(B)/selftests/%/kselftest-list.txt)
test-built test-all-built: $(TEST_KERNELS:%=$(B)/kmod/%/slowdev.ko)
# and what may be on the host's time has the host to itself
test-built test-all-built: $(ALL) $(CHECKS) $(TEST_CHECKS) $(VM_CHECKS)
	@tools/test -j $(JOBS) \
		host='tools/tap-run -j $(JOBS) $(TEST_CHECKS) $(CHECKS)' \
		vm='tools/tap-run -j $(JOBS) $(VM_CHECKS)' $(RACES) -- \
		$(call selftests,$(TEST_KERNELS)) \
		$(foreach k,$(THREADED_KERNELS),selftest-$(k)-threaded='$(run_selftest) KERNEL=$(k) THREADED=1')

demo:
	@tools/deps build vm mips demo
	@tools/deps node || echo 'Left out: Node.js: see above'
	@$(MAKE) --no-print-directory all
	@demo/run

sim:
	@tools/deps build mips
	@$(MAKE) --no-print-directory sim-built

sim-built: $(B)/bin/mips-sim $(GUESTS:%=$(B)/guest/%.elf)
	@demo/sim

bench:
	@tools/deps build vm mips bench
	@$(MAKE) --no-print-directory bench-built
	@bench/run $(T)

bench-built: $(ALL)

lint:
	@tools/deps build vm lint
	@tools/lint $(KERNEL)

help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))

clean:
	rm -rf $(B)
