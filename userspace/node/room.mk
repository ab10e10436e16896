# SPDX-License-Identifier: MIT
# The device in Node.js: build/node has the addon and what imports it, side by
# side, as they lie in the VM (userspace/node/run).
#
# The addon needs Node-API's headers, which npm brings (userspace/node/fetch).
# Without npm it is left out; when npm fails, that is said and make goes on.

NODE_DIR := userspace/node
NODE_SCRIPTS := slowdev.mjs slowdev.d.mts slowcat.mjs \
		$(notdir $(wildcard $(NODE_DIR)/scripts/*.?js)) order.mjs
NODE_BUILT := $(B)/node/slowdev.node $(NODE_SCRIPTS:%=$(B)/node/%)

ifeq ($(wildcard /usr/include/uv.h),)
LEFT_OUT += build/node: no uv.h (Debian: libuv1-dev)$(NEWLINE)
else
# With npm this is the recipe's business: it may take a while.
ifneq ($(or $(call have,npm),$(shell $(NODE_DIR)/fetch headers 2>/dev/null)),)
ALL += $(NODE_BUILT)
$(NODE_DIR)/test_addon $(NODE_DIR)/test_vm.py \
$(NODE_DIR)/test_scripts.py: $(NODE_BUILT)
else
LEFT_OUT += build/node: no npm to fetch Node-API's headers with \
	    (tools/deps node)$(NEWLINE)
endif
endif

$(B)/node/slowdev.node: $(NODE_DIR)/slowdev.c $(NODE_DIR)/fetch
	@mkdir -p $(@D)
	@printf '  %s\n' node/slowdev.node
	@if headers=$$($(NODE_DIR)/fetch headers); then \
		$(CC) $(CPPFLAGS) -I"$$headers" $(CFLAGS) $(LDFLAGS) -fPIC \
			-shared -fvisibility=hidden -o $@ $<; \
	else \
		echo 'Left out: build/node/slowdev.node: see above'; \
	fi

$(B)/node/%: $(NODE_DIR)/%
	@mkdir -p $(@D)
	$(quiet)cp $< $@

$(B)/node/%: $(NODE_DIR)/scripts/%
	@mkdir -p $(@D)
	$(quiet)cp $< $@

# the same file, once as CommonJS and once as an ES module
$(B)/node/order.mjs: $(NODE_DIR)/scripts/order.cjs
	@mkdir -p $(@D)
	$(quiet)cp $< $@

# They skip, and say why, what cannot be had.
CHECKS += $(NODE_DIR)/test_fetch $(NODE_DIR)/test_addon
VM_CHECKS += $(NODE_DIR)/test_vm.py $(NODE_DIR)/test_scripts.py
