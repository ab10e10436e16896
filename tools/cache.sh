#!/bin/sh
# SPDX-License-Identifier: MIT
# The cache, for scripts that print where something lies and make it first if
# need be (userspace/*/fetch), and the disk images for vm/run --disk in it.
#
# Sourced, with the project in $top and $me as in error messages. Then
# `cache_is NAME`, and $cache is a directory there. An entry is there whole or
# not at all; any number of processes may ask for it at once.
#
# What cannot be done is one line and status 1.
# shellcheck disable=SC2034,SC2154 # $image is theirs; $me, $top: see above
LC_ALL=C
export LC_ALL
umask 022
DATE=1767225600		# 2026-01-01, of all in an image

die() {
	echo "$me: $*" >&2
	exit 1
}

# Run a command whose output matters only if it fails: then its last line,
# with what was being done, is the error.
must() {
	doing=$1
	shift
	"$@" >"$tmp/log" 2>&1 ||
		die "cannot $doing: $(grep . "$tmp/log" | tail -n 1)"
}

cache_is() {	# NAME
	if [ -z "${SLOWDEV_CACHE-}${XDG_CACHE_HOME-}${HOME-}" ]; then
		die "set HOME or SLOWDEV_CACHE: there is no place for the cache"
	fi
	cache=${SLOWDEV_CACHE:-${XDG_CACHE_HOME:-${HOME-}/.cache}/slowdev}
	case $cache in
	/*) ;;
	*) cache=$PWD/$cache ;;
	esac
	cache=$cache/$1
}

# Take a lock for the cache's entry NAME, unless it is there already.
begin() {	# NAME
	[ -e "$cache/$1" ] && return 1
	mkdir -p "$cache" 2>/dev/null || die "cannot make the cache $cache"
	{ exec 9>"$cache/.lock-$1"; } 2>/dev/null ||
		die "cannot write in the cache $cache"
	flock 9
	[ -e "$cache/$1" ] && return 1
	# what a killed run left: the lock says nobody works on it
	rm -rf "$cache/.tmp-$1"
	tmp=$cache/.tmp-$1
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	mkdir -p "$tmp/tree" 2>/dev/null ||
		die "cannot write in the cache $cache"
}

end() {		# NAME MADE
	must "write in $cache" mv -T "$2" "$cache/$1"
	rm -rf "$tmp"
	exec 9>&-
}

# What programs and libraries need beside themselves, as ldd finds it.
libraries() {	# FILE...
	ldd "$@" | grep -o '/[^ ]*\.so[^ :]*\( \|$\)' | sort -u
}

program() {	# NAME HOW: where it lies; HOW to get it
	command -v "$1" || die "no $1 ($2)"
}

# Make $image, a disk image of programs in bin and all their libraries in lib.
# COMMAND puts more in $tmp/tree, for which SUM stands. The image's name says
# what is in it: other libraries, or another way to make it, another image.
disk_image() {	# NAME GROUP COMMAND SUM FILE...
	name=$1
	group=$2
	more=$3
	sum=$4
	shift 4
	libs=$(libraries "$@")
	[ -n "$libs" ] || die "ldd finds no libraries of $1"
	# shellcheck disable=SC2086 # paths without blanks
	key=$name-$( (cat "$0" "$top/tools/cache.sh" "$@" $libs; echo "$sum") |
		sha256sum | cut -c 1-16).squashfs
	image=$cache/$key
	begin "$key" || return 0
	mksquashfs=$(program mksquashfs "tools/deps $group") || exit 1
	mkdir "$tmp/tree/bin" "$tmp/tree/lib"
	for file; do
		case $file in
		*.so) ;;
		*) must "write in $cache" cp -L "$file" "$tmp/tree/bin" ;;
		esac
	done
	# shellcheck disable=SC2086
	must "write in $cache" cp -L $libs "$tmp/tree/lib"
	chmod 755 "$tmp"/tree/*/*
	"$more"
	# uncompressed: the guest's CPU is slower than the host's disk
	must "make the image in $cache" "$mksquashfs" "$tmp/tree" \
		"$tmp/image" -noI -noId -noD -noF -noX -no-xattrs -all-root \
		-mkfs-time $DATE -all-time $DATE -processors 1 -no-progress
	# as vm/run wants it
	must "write in $cache" truncate -s %2M "$tmp/image"
	end "$key" "$tmp/image"
}
