# SPDX-License-Identifier: MIT
# The targets; each room says in its room.mk what it adds to them:
#   ALL       files that `make` builds
#   CHECKS    host tests (programs that print TAP), for `make check`
#   LINT_SH   shell scripts, LINT_C host C files, for `make lint`
#   LEFT_OUT  'what: why', one word-group a line, said at the end of `make`

B	:= build
CC	?= gcc
CPPFLAGS += -D_GNU_SOURCE -I.
CFLAGS	?= -O2 -g
CFLAGS	+= -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes
# Programs that must also run in the VM, which has no shared libraries.
STATIC	:= -static

PYTHON	:= python3
KERNELS	?= 6.1 6.12
have	= $(shell command -v $(1) 2>/dev/null)

.PHONY: default all demo test check selftest shell bench lint clean help deps
default: all

ALL :=
CHECKS :=
LINT_SH :=
LINT_C :=
define NEWLINE


endef
LEFT_OUT :=

include $(sort $(wildcard */room.mk */*/room.mk))

# One way to compile and one to archive, for every room.
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

all: $(ALL)
	@printf '%s' "$$LEFT_OUT"
export LEFT_OUT

deps:
	@tools/deps build test

check: $(CHECKS)
	@tools/tap-run $(CHECKS)

help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))

clean:
	rm -rf $(B)
