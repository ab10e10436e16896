#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM, loaded with --no-insmod: a thousand bytes, one a millisecond, by
# each client. Prints their lines of JSON.
#
# usage: languages.sh CLIENT...     (node is /extra/slowcat.mjs)
set -eu
modules=/lib/modules/$(uname -r)/extra
insmod "$modules/slowdev_hw.ko" source=counter period_us=1000
insmod "$modules/slowdev.ko"
for client; do
	case $client in
	node) set -- node /extra/slowcat.mjs ;;
	*) set -- "slowcat-$client" ;;
	esac
	{ "$@" -n 1000 --json >/dev/null; } 2>&1
done
