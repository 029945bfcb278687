#!/bin/bash
# check_docs.sh - docs/api.md, docs/config.md and docs/plans.md say what the tables say.
set -euo pipefail
cd "$(dirname "$0")/.."
kicau=${KICAU_BIN:-build/kicau}
wrong=0
check() { # file, command
	if ! diff -u "$1" <("$kicau" "${@:2}") >/tmp/kicau-docs.$$ 2>&1; then
		echo "$1 is not what \`kicau ${*:2}\` prints; \`make docs\` writes it"
		head -20 /tmp/kicau-docs.$$
		wrong=1
	fi
	rm -f /tmp/kicau-docs.$$
}
check docs/api.md routes --markdown
check docs/config.md config list --markdown
check docs/plans.md plan list --markdown
exit $wrong
