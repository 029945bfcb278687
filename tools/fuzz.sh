#!/bin/bash
# fuzz.sh SECONDS - runs every fuzzer of build/fuzz for so long. What it finds goes to build/fuzz/found/, new inputs to
# build/fuzz/corpus/: move those worth keeping to fuzz/corpus/.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for fuzzer in $(make MODE=fuzz print-FUZZERS); do
	name=$(basename "$fuzzer")
	mkdir -p build/fuzz/found "build/fuzz/corpus/$name" "fuzz/corpus/$name"
	echo "== $name, $1 s"
	if "$fuzzer" -max_total_time="$1" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
		-artifact_prefix=build/fuzz/found/"$name"- "build/fuzz/corpus/$name" "fuzz/corpus/$name" \
		>"build/fuzz/$name.log" 2>&1; then
		grep -E 'stat::(number_of_executed_units|new_units_added)' "build/fuzz/$name.log"
	else
		tail -40 "build/fuzz/$name.log"
		failed=$((failed + 1))
	fi
done
echo "$failed fuzzers found something"
[ $failed -eq 0 ]
