#!/bin/bash
# A throw-away PostgreSQL in a temporary folder, reachable over a socket only.
#
#   tests/lib/pg.sh                  starts it, prints its URL, and stops it when stdin closes or on a signal
#   tests/lib/pg.sh COMMAND ARG...   runs the command with the URL in KICAU_TEST_PG, and exits as it does
#
# KICAU_TEST_PG_FAST=1 turns fsync off. Exit status 77: PostgreSQL is not installed.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nonexistent/initdb)")
if [ ! -x "$bin/initdb" ]; then
	echo "PostgreSQL is not installed (Debian: apt install postgresql)" >&2
	exit 77
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/kicau-pg-XXXXXX")
as=() # the server refuses to run as root
if [ "$(id -u)" = 0 ]; then
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$home"
	as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env "HOME=$home")
fi
chmod 711 "$home"
cd "$home"

stop() {
	"${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$home"
}
trap stop EXIT
trap 'exit 129' HUP INT TERM

settings="-k $home -c listen_addresses= -c max_connections=200"
[ -z "${KICAU_TEST_PG_FAST:-}" ] || settings+=" -c fsync=off -c full_page_writes=off"
"${as[@]}" "$bin/initdb" -D data -U kicau -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
"${as[@]}" "$bin/pg_ctl" -D data -w -t 30 -l "$home/log" -o "$settings" start >/dev/null 2>&1 || { cat log >&2; exit 1; }
"${as[@]}" "$bin/createdb" -h "$home" -U kicau kicau
url="postgresql://kicau@/kicau?host=$home"
cd - >/dev/null

if [ $# -gt 0 ]; then
	KICAU_TEST_PG=$url KICAU_TEST_PG_HOME=$home "$@"
else
	echo "$url"
	cat >/dev/null
fi
