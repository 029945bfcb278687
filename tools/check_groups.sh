#!/bin/bash
# check_groups.sh - every table of endpoints is listed in src/server/groups.c, every table of commands in
# src/cli/commands.c: one that is not would be dead without a sound.
set -euo pipefail
cd "$(dirname "$0")/.."
wrong=0
check() { # what, its type, where it must be listed
	local name
	while read -r name; do
		[ -n "$name" ] || continue
		if ! grep -qw "$name" "$3"; then
			echo "$name[] is not listed in $3"
			wrong=1
		fi
	done < <(grep -rhoE "^const struct $2 [a-z_0-9]+\[\] *=" src --include='*.c' | sed -E "s/^const struct $2 ([a-z_0-9]+).*/\1/")
}
check endpoints endpoint src/server/groups.c
check commands command src/cli/commands.c
exit $wrong
