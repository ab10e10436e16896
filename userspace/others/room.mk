# SPDX-License-Identifier: MIT
# The same loop in others' hands: slowcats in Python and Go, and nginx.

OTHERS_DIR := userspace/others
GO_FILES := $(wildcard $(OTHERS_DIR)/go/*.go)
OTHERS := $(B)/bin/slowcat-asyncio

ifeq ($(call have,go),)
LEFT_OUT += build/bin/slowcat-go: no go (tools/deps others)$(NEWLINE)
else
OTHERS += $(B)/bin/slowcat-go
endif
ALL += $(OTHERS)

$(B)/bin/slowcat-asyncio: $(OTHERS_DIR)/slowcat_asyncio.py
	@mkdir -p $(@D)
	$(quiet)install -m 755 $< $@

# Static, so that it runs in the VM; Go's own cache of objects stays in build/.
$(B)/bin/slowcat-go: $(GO_FILES)
	@mkdir -p $(@D)
	$(quiet)CGO_ENABLED=0 GO111MODULE=off GOFLAGS= GOTOOLCHAIN=local \
		GOCACHE=$(abspath $(B))/go-cache \
		go build -trimpath -ldflags '-s -w -buildid=' -o $@ $^

# half a minute: Python starts a hundred times
$(OTHERS_DIR)/test_others.py: $(OTHERS)
TEST_CHECKS += $(OTHERS_DIR)/test_others.py
VM_CHECKS += $(OTHERS_DIR)/test_vm.py $(OTHERS_DIR)/test_nginx.py
