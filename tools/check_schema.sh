#!/bin/bash
# check_schema.sh - steps of the schema are numbered from 1 without gaps, and no two have one number: the second would
# never be applied, without a sound. docs/operate.md shows the newest in doctor's answer.
set -euo pipefail
cd "$(dirname "$0")/.."
wrong=0
expected=1
for file in schema/*.sql; do
	number=$((10#$(basename "$file" | cut -c1-4)))
	if [ "$number" -ne "$expected" ]; then
		echo "$file: number $expected was to come"
		wrong=1
	fi
	expected=$((number + 1))
done
if ! grep -qE "^ok +schema +version $((expected - 1))\$" docs/operate.md; then
	echo "docs/operate.md: the example of doctor has another version of the schema than $((expected - 1))"
	wrong=1
fi
exit $wrong
