# SPDX-License-Identifier: MIT
# The event loop: build/lib/libsloop.a; programs include sloop.h or uv.h.

SLOOP_DIR := userspace/sloop
SLOOP_OBJ := $(patsubst %,$(B)/obj/$(SLOOP_DIR)/%.o,\
	       sloop sloop_handle sloop_hook sloop_timer sloop_fd \
	         sloop_wake sloop_signal sloop_task sloop_pool sloop_fs sloop_trace uv \
	         sloop_epoll sloop_poll sloop_uring sloop_none)

ALL += $(B)/lib/libsloop.a

$(B)/lib/libsloop.a: $(SLOOP_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(quiet)$(AR) rcs $@ $^

SLOOP_TESTS := $(patsubst %,$(B)/test/sloop_%,phases timers fds handles tasks wake pool memlock model)

$(B)/test/sloop_%: $(B)/obj/$(SLOOP_DIR)/test_%.o $(B)/lib/libsloop.a
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.SECONDARY: $(patsubst $(B)/test/sloop_%,$(B)/obj/$(SLOOP_DIR)/test_%.o,\
	      $(SLOOP_TESTS))

# Programs of libuv's, built against our uv.h and against libuv's.
SLOOP_UV_TESTS := uv_order uv_random uv_more
UV_TEST_BINARIES := $(SLOOP_UV_TESTS:%=$(B)/test/%-sloop)
ifneq ($(wildcard $(shell $(CC) -print-file-name=libuv.so 2>/dev/null)),)
UV_TEST_BINARIES += $(SLOOP_UV_TESTS:%=$(B)/test/%-libuv)
endif

$(B)/test/uv_%-sloop: $(SLOOP_DIR)/test_uv_%.c $(B)/lib/libsloop.a \
		$(SLOOP_DIR)/uv.h $(SLOOP_DIR)/sloop.h
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) -I$(SLOOP_DIR) $(CFLAGS) -o $@ $< $(B)/lib/libsloop.a
$(B)/test/uv_%-libuv: $(SLOOP_DIR)/test_uv_%.c
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< -luv

# slowcat-uv with our loop under it.
$(B)/test/slowcat-uv-sloop: userspace/slowcat/uv.c $(B)/lib/libsloop.a \
		$(SLOOP_DIR)/uv.h $(SLOOP_DIR)/sloop.h
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) -I$(SLOOP_DIR) $(CFLAGS) -o $@ $< \
		$(patsubst %,userspace/slowcat/%.c,client options latency \
		  summary) $(B)/lib/libsloop.a

$(SLOOP_DIR)/test_uv.sh: $(UV_TEST_BINARIES) $(B)/test/slowcat-uv-sloop
$(SLOOP_DIR)/test_backends.sh: $(SLOOP_TESTS) $(UV_TEST_BINARIES)
CHECKS += $(SLOOP_TESTS) $(SLOOP_DIR)/test_uv.sh $(SLOOP_DIR)/test_backends.sh

$(SLOOP_DIR)/test_sanitized.sh: $(SLOOP_TESTS)
TEST_CHECKS += $(SLOOP_DIR)/test_sanitized.sh
