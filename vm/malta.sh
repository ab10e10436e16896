#!/bin/sh
# SPDX-License-Identifier: MIT
# The kernel of QEMU's Malta board, which is MIPS: 32 bits, little-endian; and
# what its VM and the programs for it need of Debian's mipsel.
#
# Sourced by vm/kernel, as packages.sh is, which it uses. The host's dpkg shall
# not hear of another architecture: apt gets a configuration, lists and a state
# of its own below $tmp, with the host's sources, keys and proxies.
# shellcheck disable=SC2154 # $tmp, ...: vm/kernel's

# busybox, timeout and chrt with the libraries of the last two; and what
# userspace/ and selftests/ are linked with beside the compiler's own libc.
MALTA_ROOT="busybox-static coreutils util-linux libc6 liburing-dev libuv1-dev"

malta_apt() {
	apt=$tmp/apt
	must "write in $kernels" mkdir -p "$apt/lists/partial" \
		"$apt/cache/archives/partial"
	: >"$apt/status"
	{
		apt-config dump | grep '^Acquire::'
		cat <<-END
		APT::Architecture "mipsel";
		APT::Architectures { "mipsel"; "$(dpkg --print-architecture)"; };
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::State "$apt";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt/cache";
		END
	} >"$apt/conf"
	APT_CONFIG=$apt/conf
	export APT_CONFIG
	must "fetch the lists of Debian's mipsel packages" apt-get -q update
}

# The programs that the kernel's build runs are this machine's, and as old as
# the headers: Debian's mipsel may be some versions behind.
malta_packages() {
	kernel_packages || return 1
	version=$(apt_field "linux-headers-$release" Version)
	packages=$(echo "$packages" | sed \
		"s/linux-kbuild-[^ ]*/&:$(dpkg --print-architecture)=$version/")
	packages="$packages$MALTA_ROOT"
}

install_malta() {
	malta_apt
	fetch malta_packages "linux-image-$series.*-$flavour of mipsel"
	unpack
	relocate
}
