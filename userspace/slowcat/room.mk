# SPDX-License-Identifier: MIT
# The same cat, once per strategy: build/bin/slowcat-NAME.

STRATEGIES := block nonblock select poll epoll epollet sigio uring uringcmd \
	      uv sloop

SLOWCAT_DIR := userspace/slowcat
SLOWCAT_COMMON := $(patsubst %,$(B)/obj/$(SLOWCAT_DIR)/%.o,\
		    client options latency summary)

# What a strategy needs beyond libc; it is left out where that is missing.
static_lib = $(wildcard $(shell $(CC) -print-file-name=$(1) 2>/dev/null))
LIBURING := $(call static_lib,liburing.a)
LIBUV := $(call static_lib,libuv_a.a)
ifeq ($(LIBURING),)
LEFT_OUT += build/bin/slowcat-uring, -uringcmd: no liburing.a (Debian: liburing-dev)$(NEWLINE)
endif
ifeq ($(LIBUV),)
LEFT_OUT += build/bin/slowcat-uv: no libuv_a.a (Debian: libuv1-dev)$(NEWLINE)
endif
SLOWCATS := $(filter-out $(if $(LIBURING),,uring uringcmd) $(if $(LIBUV),,uv),\
	      $(STRATEGIES))
ALL += $(SLOWCATS:%=$(B)/bin/slowcat-%)
# for vm/malta.mk, which has them built once more
.PHONY: slowcats
slowcats: $(SLOWCATS:%=$(B)/bin/slowcat-%)

$(B)/bin/slowcat-uring $(B)/bin/slowcat-uringcmd: SLOWCAT_LIBS = $(LIBURING)
# libuv can look up users, which ld says a static program should not; we don't.
$(B)/bin/slowcat-uv: SLOWCAT_LIBS = $(LIBUV) -lpthread -ldl -Wl,--no-warnings
# for processors that have no atomic access to 64 bits
$(B)/bin/slowcat-sloop: SLOWCAT_LIBS = -latomic
$(B)/bin/slowcat-sloop: $(B)/obj/$(SLOWCAT_DIR)/sloop_show.o \
			$(B)/lib/libsloop.a

$(B)/bin/slowcat-%: $(B)/obj/$(SLOWCAT_DIR)/%.o $(SLOWCAT_COMMON)
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) $(LDFLAGS) $(STATIC) -o $@ $^ $(SLOWCAT_LIBS)

.SECONDARY: $(SLOWCAT_COMMON) $(STRATEGIES:%=$(B)/obj/$(SLOWCAT_DIR)/%.o)

$(SLOWCAT_DIR)/test_slowcat.py: $(SLOWCATS:%=$(B)/bin/slowcat-%)
CHECKS += $(SLOWCAT_DIR)/test_slowcat.py
VM_CHECKS += $(SLOWCAT_DIR)/test_vm.py $(SLOWCAT_DIR)/test_traps.py
