#!/bin/sh
# SPDX-License-Identifier: MIT
# Debian's packages for vm/kernel: which, and fetched and unpacked by apt.
#
# Sourced by vm/kernel, whose die() and must() it uses. Takes $series (6.1),
# $flavour (cloud-amd64) and the directories $tmp and $kernels; fetch leaves the
# .debs in $tmp/debs, $packages their names, $key a name for what is in them
# and, for a kernel, $release. unpack makes them $tmp/tree.
# shellcheck disable=SC2154 # $series, ...: vm/kernel's
# shellcheck disable=SC2034 # $key: vm/kernel's

apt_field() {	# PACKAGE FIELD: as in the version apt would take
	apt-cache show --no-all-versions "$1" 2>/dev/null |
		sed -n "s/^$2: //p" | head -n 1
}

apt_knows() {
	[ -n "$(apt_field "$1" Filename)" ]
}

# The newest release of a series that has headers as well.
newest_release() {
	apt-cache pkgnames "linux-image-$series." 2>/dev/null |
		sed -n "s/^linux-image-\(.*-$flavour\)\$/\1/p" | sort -rV |
		while read -r r; do
			if apt_knows "linux-image-$r" &&
			   apt_knows "linux-headers-$r"; then
				echo "$r"
				break
			fi
		done
}

# The packages to unpack; the headers' own dependencies name the others.
kernel_packages() {
	release=$(newest_release)
	[ -n "$release" ] || return 1
	key=$release
	packages="linux-image-$release linux-headers-$release"
	packages="$packages $(apt_field "linux-headers-$release" Depends |
		tr '|' ',' | tr ',' '\n' |
		sed -n 's/^ *\(linux-[^ ]*\).*/\1/p' |
		grep -e '^linux-headers-.*-common' -e '^linux-kbuild-' |
		tr '\n' ' ')"
}

source_packages() {
	packages=linux-source-$series
	key=$packages-$(apt_field "$packages" Version | tr -c 'A-Za-z0-9.+\n' _)
	apt_knows "$packages"
}

fetch_packages() {
	bytes=0
	for package in $packages; do
		bytes=$((bytes + $(apt_field "$package" Size)))
	done
	echo "vm/kernel: fetching $packages" \
		"($(((bytes + 999999) / 1000000)) MB)" >&2
	# as root apt would fetch as a user that may not write here, and warn
	# shellcheck disable=SC2086 # $packages is words
	(cd "$tmp/debs" && apt-get -q -o APT::Sandbox::User=root \
		-o Acquire::Retries=1 -o Acquire::http::Timeout=30 \
		-o Acquire::https::Timeout=30 download $packages) \
		>"$tmp/log" 2>&1
}

# Whether newer package lists may help, and root can get them.
stale() {
	[ "$(id -u)" = 0 ] || return 1
	"$1" && ! grep -q '404 ' "$tmp/log" && return 1
	apt-get -q -o Acquire::Retries=1 update >"$tmp/update.log" 2>&1
	return 0
}

# Fill $tmp/debs by COMMAND's list of packages.
fetch() {	# COMMAND WHAT
	"$1" && fetch_packages && return
	stale "$1" && "$1" && fetch_packages && return
	"$1" || die "no Debian package $2 known to apt" \
		"(is '$name' right? has apt-get update run?)"
	die "cannot fetch $packages:" \
		"$(grep '^E:' "$tmp/log" | head -n 1 | cut -c 4-)"
}

unpack() {	# each .deb into $tmp/tree, removing it as it goes
	for deb in "$tmp"/debs/*.deb; do
		must "unpack ${deb##*/} in $kernels" \
			dpkg-deb -x "$deb" "$tmp/tree"
		rm -f "$deb"
	done
}
