#!/bin/sh
# SPDX-License-Identifier: MIT
# In the VM: nginx's system calls for an HTTP request, of a few kinds. Prints
# '@NAME', then strace's lines ('PID call(fd<path>, ...'); '@end' at the end.
#
#   small   a file that fits in the socket
#   large   one that does not: 4 MB
#   threads small, read by nginx's thread pool (aio threads)
#   proxy   small, by way of another HTTP server, which is nginx itself
#
# usage: nginx_guest.sh [NAME...]
set -eu
calls=accept4,connect,recvfrom,sendfile,writev,eventfd2,read,write,close
calls=$calls,epoll_create,epoll_ctl,epoll_wait
mkdir -p /tmp/www /var/lib/nginx /var/log/nginx
cd /tmp
echo hello >www/small
head -c 4000000 /dev/zero >www/large

request() {	# PATH
	strace -f -y -o trace -e trace=$calls nginx -c /extra/nginx.conf &
	tries=0
	# epoll has the listening socket: it is ready
	until grep -q 'EPOLL_CTL_ADD.*socket:' trace 2>/dev/null; do
		tries=$((tries + 1))
		if [ "$tries" = 2000 ]; then
			echo "nginx_guest.sh: nginx does not begin" >&2
			exit 1
		fi
		usleep 5000
	done
	wget -q -O got "http://127.0.0.1:8080/$1"
	cmp got "www/${1##*/}"
	# QUIT would end its threads one by one, which needs one more library
	kill -KILL "$(cat nginx.pid)"
	wait
	cat trace
	rm trace
}

[ $# != 0 ] || set -- small large threads proxy
for name; do
	echo "@$name"
	case $name in
	small | large) request "$name" ;;
	*) request "$name/small" ;;
	esac
done
echo "@end"
