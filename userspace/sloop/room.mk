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
