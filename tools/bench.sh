#!/bin/bash
# bench.sh BUILD - runs every benchmark program of bench/; each prints what it measured as JSON.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for program in $(make print-BENCHES); do
	echo "== $(basename "$program")"
	"$program" || failed=1
done
exit $failed
