#!/bin/bash
# check_size.sh - a function has at most 80 lines, a file at most 800, unless tools/size_allow.txt says why:
#   src/x/y.c function_name   reason
#   src/x/y.c -               reason
set -euo pipefail
cd "$(dirname "$0")/.."
find src tools bench study -name '*.[ch]' 2>/dev/null | sort | xargs awk '
	function report(what, lines, limit) {
		if (!((file, what) in allowed))
			print file ": " (what == "-" ? "" : what "() ") "has " lines " lines; at most " limit, wrong = 1
	}
	function end_file() {
		if (file != "" && last > 800)
			report("-", last, 800)
	}
	FILENAME == "tools/size_allow.txt" { next }
	FNR == 1 { end_file(); file = FILENAME; open = 0 }
	{ last = FNR }
	/^[A-Za-z_].*\(/ && !/;[ \t]*$/ && !/=/ {
		name = $0
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
	}
	/^\{/ { open = FNR }
	/^\}/ && open { if (FNR - open + 2 > 80) report(name, FNR - open + 2, 80); open = 0 }
	BEGIN {
		while ((getline line < "tools/size_allow.txt") > 0) {
			n = split(line, w, " ")
			if (n >= 3 && w[1] !~ /^#/)
				allowed[w[1], w[2]] = 1
		}
	}
	END { end_file(); exit wrong }'
