#!/bin/bash
# check_headers.sh - every header compiles alone.
set -euo pipefail
cd "$(dirname "$0")/.."
flags="-std=gnu17 -D_GNU_SOURCE -Isrc -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only
$(pkg-config --cflags libxml-2.0 libmicrohttpd sqlite3 libpq jansson libsodium libcurl)"
check() {
	printf '#include "base/base.h"\n#include "%s"\n' "${1#src/}" | gcc $2 -x c - 2>&1 | sed "s|^|$1: |" | head -5
}
export -f check
out=$(find src -name '*.h' -not -name '*_test.h' -not -name '*fixture.h' | sort |
	xargs -P "$(nproc)" -I{} bash -c 'check "$1" "$2"' _ {} "$(echo $flags)")
[ -z "$out" ] || { echo "$out"; exit 1; }
