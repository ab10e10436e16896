# SPDX-License-Identifier: MIT
# The event loops that bench/run measures beside ours: build/bench/loop-NAME,
# each where its library is installed (tools/deps bench).

LOOP_BENCH_LIBS_libuv := -luv
LOOP_BENCH_LIBS_libev := -lev -lm
LOOP_BENCH_LIBS_libevent := -levent_core
has_lib = $(wildcard $(shell $(CC) -print-file-name=$(1) 2>/dev/null))

LOOP_BENCHES := epoll sloop \
	$(if $(call has_lib,libuv.so),libuv) \
	$(if $(call has_lib,libev.so),libev) \
	$(if $(call has_lib,libevent_core.so),libevent)

bench-built: $(LOOP_BENCHES:%=$(B)/bench/loop-%)

$(B)/bench/loop-sloop: $(B)/lib/libsloop.a
$(B)/bench/loop-%: bench/loop/%.c bench/loop/main.c bench/loop/bench.h
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< bench/loop/main.c \
		$(filter %.a,$^) $(LOOP_BENCH_LIBS_$*)
