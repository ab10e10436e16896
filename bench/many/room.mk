# SPDX-License-Identifier: MIT
# `bench/run many` and its test: one program for the VM, static.

ALL += $(B)/bench/many-feed

$(B)/bench/many-feed: bench/many/feed.c
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) $(STATIC) -o $@ $<

VM_CHECKS += bench/many/test_many.py
