#!/bin/bash
# format.sh [--check] [FILE…] - clang-format (.clang-format) for everything but tables: an array of rows, from a line that
# ends in "[] = {" to the "};" under it, keeps the layout somebody gave it, as one row a line reads better than one member;
# so do macros, and functions of one line.
set -euo pipefail
cd "$(dirname "$0")/.."
check=
if [ "${1:-}" = --check ]; then check=1; shift; fi
[ $# -gt 0 ] || set -- $(find src tools bench study -name '*.[ch]' 2>/dev/null | sort)

# The ranges of lines outside tables, as options of clang-format.
outside() {
	awk '
		function indent(s) { match(s, /^[ \t]*/); return RLENGTH }
		!table && (macro || /^#define/ || /^[A-Za-z].*\) \{ .*; \}$/) {
			if (NR > from) printf "--lines=%d:%d\n", from, NR - 1
			from = NR + 1
			macro = /\\$/
			next
		}
		!table && /\] = \{$/ { if (NR > from) printf "--lines=%d:%d\n", from, NR - 1; table = 1; depth = indent($0); next }
		table && indent($0) == depth && /^[ \t]*\}/ { if (!/\] = \{$/) { table = 0; from = NR + 1 } next }
		END { if (!table && from <= NR) printf "--lines=%d:%d\n", from, NR }
		BEGIN { from = 1 }' "$1"
}
one() {
	local ranges
	mapfile -t ranges < <(outside "$2")
	[ ${#ranges[@]} -gt 0 ] || return 0
	if [ -n "$1" ]; then
		clang-format --dry-run -Werror "${ranges[@]}" "$2"
	else
		clang-format -i "${ranges[@]}" "$2"
	fi
}
export -f outside one
printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c 'one "$1" "$2"' _ "$check" {}
