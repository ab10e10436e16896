# SPDX-License-Identifier: MIT
# The event loop: build/lib/libsloop.a; programs include sloop.h or uv.h.

SLOOP_DIR := userspace/sloop
SLOOP_OBJ := $(patsubst %,$(B)/obj/$(SLOOP_DIR)/%.o,\
	       sloop sloop_handle sloop_hook sloop_timer sloop_epoll)

ALL += $(B)/lib/libsloop.a

$(B)/lib/libsloop.a: $(SLOOP_OBJ)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

SLOOP_TESTS := $(patsubst %,$(B)/test/sloop_%,phases timers fds handles)

$(B)/test/sloop_%: $(B)/obj/$(SLOOP_DIR)/test_%.o $(B)/lib/libsloop.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.SECONDARY: $(patsubst $(B)/test/sloop_%,$(B)/obj/$(SLOOP_DIR)/test_%.o,\
	      $(SLOOP_TESTS))

# One program, built against our uv.h and against libuv's.
UV_ORDER := $(SLOOP_DIR)/test_uv_order.c
$(B)/test/uv_order-sloop: $(UV_ORDER) $(B)/lib/libsloop.a $(SLOOP_DIR)/uv.h \
			$(SLOOP_DIR)/sloop.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -I$(SLOOP_DIR) $(CFLAGS) -o $@ $(UV_ORDER) \
		$(B)/lib/libsloop.a
$(B)/test/uv_order-libuv: $(UV_ORDER)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(UV_ORDER) -luv

$(SLOOP_DIR)/test_uv_order.sh: $(B)/test/uv_order-sloop
ifneq ($(wildcard $(shell $(CC) -print-file-name=libuv.so)),)
$(SLOOP_DIR)/test_uv_order.sh: $(B)/test/uv_order-libuv
endif

CHECKS += $(SLOOP_TESTS) $(SLOOP_DIR)/test_uv_order.sh
