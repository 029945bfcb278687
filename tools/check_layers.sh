#!/bin/bash
# check_layers.sh - every #include "folder/…" goes to the left (tools/layers.txt), and every .c begins with base/base.h.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -rn '^#include "' src --include='*.[ch]' | awk '
	FNR == NR {
		sub(/#.*/, "")
		if ($1 == "allow")
			allowed[$2, $3] = 1
		else if (NF) {
			level++
			for (i = 1; i <= NF; i++)
				rank[$i] = level
		}
		next
	}
	{
		split($0, part, ":")
		split(part[1], path, "/")
		split(part[3], quoted, "\"")
		n = split(quoted[2], target, "/")
		from = path[2]; to = target[1]
		if (path[3] == "" || n < 2 || from == to)
			next
		if (!(from in rank) || !(to in rank)) {
			print part[1] ":" part[2] ": " quoted[2] ": folder is not in tools/layers.txt"; wrong = 1
		} else if (rank[to] >= rank[from] && !((from, to) in allowed)) {
			print part[1] ":" part[2] ": " from "/ may not include " quoted[2]; wrong = 1
		}
	}
	END { exit wrong }' tools/layers.txt -

wrong=0
while read -r file; do
	first=$(grep -m1 '^#include' "$file" || true)
	if [ "$first" != '#include "base/base.h"' ]; then
		echo "$file: its first include is not base/base.h"
		wrong=1
	fi
done < <(find src -name '*.c')
exit $wrong
