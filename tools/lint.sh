#!/bin/bash
# lint.sh - what a compiler and a formatter can find: clang's warnings with errors that must be checked, the tree checks,
# formatting, and a quick set of clang-tidy. Leaves its counts in build/test-results/lint.count.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/test-results
jobs=$(nproc)
sources=$(find src -name '*.c' | sort)
pkgs="libxml-2.0 libmicrohttpd sqlite3 libpq jansson libsodium libcrypto libcurl libfido2 libqrencode inih libarchive vips pangocairo cairo-pdf"
flags="-std=gnu17 -D_GNU_SOURCE -DKICAU_VERSION=\"lint\" -Isrc -Ibuild/gen $(pkg-config --cflags $pkgs)"
passed=0 failed=0

check() { # title, command…
	local title=$1 out
	shift
	if out=$("$@" 2>&1); then
		echo "  ok   $title"
		passed=$((passed + 1))
	else
		echo "  FAIL $title"
		head -60 <<<"$out" | sed 's/^/       /'
		failed=$((failed + 1))
	fi
}

clang_warnings() {
	xargs -P "$jobs" -n 4 clang $flags -fsyntax-only -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes \
		-Wimplicit-fallthrough -Wunused-result -Wno-missing-field-initializers -Werror <<<"$sources"
}

# Silence is success: clang-tidy's own exit code also counts warnings of system headers it does not show.
tidy() {
	local found
	found=$(xargs -P "$jobs" -I{} clang-tidy --quiet {} -- $flags <<<"$sources" 2>/dev/null | grep -E 'warning:|error:' | sort -u)
	[ -z "$found" ] || { echo "$found"; return 1; }
}

echo "== lint"
for tree in layers groups size headers; do check "$tree" "tools/check_$tree.sh"; done
check "clang, with errors that must be checked" clang_warnings
check "formatting (make fmt)" tools/format.sh --check
check "clang-tidy" tidy
echo "$passed $failed 0" >build/test-results/lint.count
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
