# SPDX-License-Identifier: MIT
# For those who install it: programs, manual pages, the header for programs
# that send commands, a udev rule, the modules. `make uninstall`, with the same
# variables, takes away what the others put there, and nothing else.
#
# DESTDIR goes before every path; PREFIX is for all but the modules. KDIR is
# the build tree of the kernel that the modules are for.

PREFIX	?= /usr/local
KDIR	?= /lib/modules/$(or $(KERNELRELEASE),$(shell uname -r))/build
VERSION	:= $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

INSTALL_TO	= $(DESTDIR)$(PREFIX)
# The kernel's own word for where its modules go, if we can have it.
INSTALL_RELEASE	= $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
		    '$(KDIR)/include/generated/utsrelease.h' 2>/dev/null),\
		    $(KERNELRELEASE),$(shell uname -r))
INSTALL_MODULES	= $(DESTDIR)/lib/modules/$(INSTALL_RELEASE)/updates/slowdev
INSTALL_DKMS	= $(DESTDIR)/usr/src/slowdev-$(VERSION)

# Lazy: other rooms say what they build.
INSTALL_PROGRAMS = $(SLOWCATS:%=$(B)/bin/slowcat-%) $(B)/bin/mips-sim

.PHONY: install install-programs install-modules install-dkms uninstall
install: install-programs install-modules

install-programs:
	@$(MAKE) --no-print-directory $(INSTALL_PROGRAMS)
	install -d '$(INSTALL_TO)/bin' '$(INSTALL_TO)/include/slowdev' \
		'$(INSTALL_TO)/lib/udev/rules.d' \
		'$(INSTALL_TO)/share/man/man1' '$(INSTALL_TO)/share/man/man4'
	install $(INSTALL_PROGRAMS) '$(INSTALL_TO)/bin'
	install -m 644 kmod/slowdev_cmd.h '$(INSTALL_TO)/include/slowdev'
	install -m 644 install/60-slowdev.rules \
		'$(INSTALL_TO)/lib/udev/rules.d'
	install -m 644 docs/slowdev.4 '$(INSTALL_TO)/share/man/man4'
	install -m 644 docs/slowcat.1 docs/mips-sim.1 \
		'$(INSTALL_TO)/share/man/man1'
	for strategy in $(SLOWCATS); do \
		ln -sf slowcat.1 \
			"$(INSTALL_TO)/share/man/man1/slowcat-$$strategy.1" || \
			exit; \
	done

# A copy, since the kernel's build writes beside its sources; and a make that
# knows nothing of our variables, which mean other things there.
install-modules:
	@[ -f '$(KDIR)/Makefile' ] || { \
		echo 'install: no kernel build tree in $(KDIR):' \
			'see KDIR in make help' >&2; exit 1; }
	@rm -rf '$(B)/install'
	@mkdir -p '$(B)/install'
	@cp --parents $(KMOD_SOURCES) '$(B)/install'
	MAKEFLAGS= $(MAKE) -s -C '$(KDIR)' M='$(abspath $(B))/install' \
		CONFIG_DEBUG_INFO_BTF_MODULES= modules
	MAKEFLAGS= $(MAKE) -s -C '$(KDIR)' M='$(abspath $(B))/install' \
		INSTALL_MOD_PATH="$(if $(DESTDIR),$$(realpath -m '$(DESTDIR)'))" \
		INSTALL_MOD_DIR=updates/slowdev modules_install
	[ -n '$(DESTDIR)' ] || depmod '$(INSTALL_RELEASE)'

install-dkms:
	install -d '$(INSTALL_DKMS)'
	cp --parents dkms.conf $(KMOD_SOURCES) '$(INSTALL_DKMS)'

uninstall:
	rm -f $(STRATEGIES:%='$(INSTALL_TO)/bin/slowcat-%') \
		$(STRATEGIES:%='$(INSTALL_TO)/share/man/man1/slowcat-%.1') \
		'$(INSTALL_TO)/bin/mips-sim' \
		'$(INSTALL_TO)/include/slowdev/slowdev_cmd.h' \
		'$(INSTALL_TO)/lib/udev/rules.d/60-slowdev.rules' \
		'$(INSTALL_TO)/share/man/man4/slowdev.4' \
		'$(INSTALL_TO)/share/man/man1/slowcat.1' \
		'$(INSTALL_TO)/share/man/man1/mips-sim.1'
	[ ! -d '$(INSTALL_TO)/include/slowdev' ] || \
		rmdir --ignore-fail-on-non-empty '$(INSTALL_TO)/include/slowdev'
	rm -rf '$(INSTALL_DKMS)' '$(INSTALL_MODULES)'
	[ -n '$(DESTDIR)' ] || depmod '$(INSTALL_RELEASE)'

TEST_CHECKS += install/test-install install/test-dkms
