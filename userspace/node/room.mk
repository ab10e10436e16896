# SPDX-License-Identifier: MIT
# The device in Node.js: build/node has the addon and what imports it, side by
# side, as they lie in the VM (userspace/node/run).
#
# The addon needs Node-API's headers, which npm brings (userspace/node/fetch).
# Without npm it is left out; when npm fails, that is said and make goes on.

NODE_DIR := userspace/node
NODE_SCRIPTS := $(wildcard $(NODE_DIR)/*.mjs $(NODE_DIR)/*.cjs \
			   $(NODE_DIR)/*.d.mts)
NODE_BUILT := $(B)/node/slowdev.node $(NODE_SCRIPTS:$(NODE_DIR)/%=$(B)/node/%)

# With npm this is the recipe's business: it may take a while.
ifneq ($(or $(call have,npm),$(shell $(NODE_DIR)/fetch headers 2>/dev/null)),)
ALL += $(NODE_BUILT)
else
LEFT_OUT += build/node: no npm to fetch Node-API's headers with \
	    (tools/deps node)$(NEWLINE)
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

$(NODE_DIR)/test_addon $(NODE_DIR)/test_vm: $(NODE_BUILT)
