#!/bin/bash
# A throw-away PostgreSQL in a temporary folder, reachable over a socket only.
#
#   tests/lib/pg.sh                  starts it, prints its URL, and stops it when stdin closes or on a signal
#   tests/lib/pg.sh COMMAND ARG...   runs the command with the URL in KICAU_TEST_PG, and exits as it does
#
# Where KICAU_TEST_PG is set already, the command gets that one. KICAU_TEST_PG_FAST=1 turns fsync off. Without
# PostgreSQL a command runs with KICAU_TEST_PG unset, and tests skip what needs it; alone, the exit status is 77.
set -euo pipefail

[ $# -eq 0 ] || [ -z "${KICAU_TEST_PG:-}" ] || exec "$@"

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nonexistent/initdb)")
if [ ! -x "$bin/initdb" ]; then
	echo "NOT TESTED on PostgreSQL: it is not installed (Debian: apt install postgresql)" >&2
	[ $# -eq 0 ] && exit 77
	exec "$@"
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/kicau-pg-XXXXXX")
as=() # the server refuses to run as root
if [ "$(id -u)" = 0 ]; then
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$home"
	as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env "HOME=$home")
fi
chmod 711 "$home"

# In the new folder: the one we are in may be closed to that user. Its words are shown when it fails.
run() {
	(cd "$home" && "${as[@]}" "$bin/$1" "${@:2}") </dev/null >"$home.log" 2>&1 || { cat "$home.log" >&2; return 1; }
}

stop() {
	run pg_ctl -D data -m immediate stop 2>/dev/null || true
	rm -rf "$home" "$home.log"
}
trap stop EXIT
trap 'exit 129' HUP INT TERM

settings="-k $home -c listen_addresses= -c max_connections=200"
[ -z "${KICAU_TEST_PG_FAST:-}" ] || settings+=" -c fsync=off -c full_page_writes=off"
run initdb -D data -U kicau -A trust -E UTF8 --locale=C.UTF-8 --no-sync
run pg_ctl -D data -w -t 30 -l "$home/log" -o "$settings" start
run createdb -h "$home" -U kicau kicau
url="postgresql://kicau@/kicau?host=$home"

if [ $# -gt 0 ]; then
	KICAU_TEST_PG=$url "$@"
else
	echo "$url"
	cat >/dev/null
fi
