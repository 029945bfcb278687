#!/bin/bash
# test.sh STAGE… - runs stages of the tests: tree, unit, fuzz, api, api-pgsql. Each leaves its counts in
# build/test-results/STAGE.count ("passed failed skipped"); the last line sums up those that ran now.
#   MODE=asan|tsan   which build;   FILES="polls oauth" some API tests;   TESTS="base/buf_test …" some unit tests
set -uo pipefail
cd "$(dirname "$0")/.."
mode=${MODE:-release}
if [ "$mode" = release ]; then B=build; else B=build/$mode; fi
export B
results=build/test-results
mkdir -p "$results"
jobs=$(nproc)
# Stages of sanitizer builds are counted apart.
suffix=$([ "$mode" = release ] || echo "-$mode")

# gcc 12's TSan needs the old layout of addresses.
launcher=()
[ "$mode" = tsan ] && launcher=(setarch -R)
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}"
[ -f tools/lsan.supp ] && export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$PWD/tools/lsan.supp:print_suppressions=0}"

count() { echo "$2 $3 ${4:-0}" >"$results/$1$suffix.count"; }

stage_tree() {
	local passed=0 failed=0 check
	for check in layers groups size docs headers; do
		if out=$(tools/check_$check.sh 2>&1); then
			echo "  ok   $check"
			passed=$((passed + 1))
		else
			echo "  FAIL $check"
			sed 's/^/       /' <<<"$out"
			failed=$((failed + 1))
		fi
	done
	count tree $passed $failed
}

# One test program; prints a line and leaves "ok not-ok skipped" beside its log.
run_unit() {
	local name=${1#"$B"/tests/} log rc ok bad skip
	log=$B/test-logs/${name//\//_}
	CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "${@:2}" "$1" >"$log" 2>&1
	rc=$?
	ok=$(grep -c '^ok ' "$log") bad=$(grep -c '^not ok ' "$log") skip=$(grep -ciE '^(not )?ok .*# *skip' "$log")
	ok=$((ok - skip))
	if [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	echo "$ok $bad $skip" >"$log.count"
	if [ "$bad" -eq 0 ]; then
		echo "  ok   $name ($ok)"
	else
		echo "  FAIL $name (exit $rc)"
		tail -60 "$log" | sed 's/^/       /'
	fi
}
export -f run_unit

stage_unit() {
	local tests
	if [ -n "${TESTS:-}" ]; then
		tests=$(for t in $TESTS; do echo "$B/tests/$t"; done)
	else
		tests=$(make MODE="$mode" print-TESTS)
	fi
	if ! make -s MODE="$mode" -j"$jobs" $tests; then count unit 0 1; return; fi
	mkdir -p "$B/test-logs"
	rm -f "$B"/test-logs/*.count
	printf '%s\n' $tests | tests/lib/pg.sh xargs -P "$jobs" -I{} bash -c 'run_unit "$@"' _ {} "${launcher[@]}"
	count unit $(cat "$B"/test-logs/*.count 2>/dev/null | awk '{a += $1; b += $2; c += $3} END {print a + 0, b + 0, c + 0}')
}

stage_fuzz() {
	local passed=0 failed=0 fuzzer name corpus n log
	if ! make -s MODE="$mode" -j"$jobs" fuzzers; then count fuzz 0 1; return; fi
	for fuzzer in $(make MODE="$mode" print-FUZZERS); do
		name=$(basename "$fuzzer") corpus=fuzz/corpus/$(basename "$fuzzer")
		log=$results/fuzz-$name.log
		n=$(find "$corpus" -type f 2>/dev/null | wc -l)
		if [ "$n" -gt 0 ] && timeout 300 "$fuzzer" "$corpus" >"$log" 2>&1; then
			echo "  ok   $name ($n inputs)"
			passed=$((passed + n))
		else
			[ "$n" -gt 0 ] || echo "there is no corpus in $corpus" >"$log"
			echo "  FAIL $name"
			tail -40 "$log" | sed 's/^/       /'
			failed=$((failed + 1))
		fi
	done
	count fuzz $passed $failed
}

# run_api NAME FILE… - node's own runner, with a readable report here and TAP for the counts.
run_api() {
	local name=$1$suffix tap=$PWD/$results/$1$suffix.tap
	shift
	rm -f "$tap" "$PWD/$results/san-$name".*
	tools/npm.sh || { count "${name%"$suffix"}" 0 1; return; }
	(
		cd tests
		export KICAU_BIN=../$B/kicau
		export ASAN_OPTIONS="$ASAN_OPTIONS:log_path=$PWD/../$results/san-$name"
		export UBSAN_OPTIONS="$UBSAN_OPTIONS:log_path=$PWD/../$results/san-$name"
		node --test --test-concurrency="$jobs" --test-reporter=spec --test-reporter-destination=stdout \
			--test-reporter=tap --test-reporter-destination="$tap" "$@"
	)
	local rc=$? pass fail skip reports
	pass=$(awk '/^# pass /{n = $3} END {print n + 0}' "$tap" 2>/dev/null)
	fail=$(awk '/^# (fail|cancelled) /{n += $3} END {print n + 0}' "$tap" 2>/dev/null)
	skip=$(awk '/^# skipped /{n = $3} END {print n + 0}' "$tap" 2>/dev/null)
	reports=$(compgen -G "$results/san-$name.*" | wc -l)
	if [ "$reports" -gt 0 ]; then
		echo "  FAIL $reports sanitizer reports:"
		head -60 "$results/san-$name".* | sed 's/^/       /'
	fi
	fail=$((${fail:-0} + reports))
	if [ $rc -ne 0 ] && [ "$fail" -eq 0 ]; then fail=1; fi
	count "${name%"$suffix"}" "${pass:-0}" "$fail" "${skip:-0}"
}

api_files() {
	if [ -n "${FILES:-}" ]; then
		for f in $FILES; do case $f in */*) echo "$f.test.mjs" ;; *) echo "api/$f.test.mjs" ;; esac done
	else
		(cd tests && ls api/*.test.mjs web/*.test.mjs)
	fi
}

stage_api() {
	make -s MODE="$mode" -j"$jobs" build || { count api 0 1; return; }
	run_api api $(api_files)
}

# What touches the database most; the rest does not know which one it is on.
stage_api-pgsql() {
	make -s MODE="$mode" -j"$jobs" build || { count api-pgsql 0 1; return; }
	local f files=()
	for f in ${FILES:-statuses people polls notifications visibility reads content}; do
		[ -f "tests/api/$f.test.mjs" ] && files+=("api/$f.test.mjs")
	done
	export KICAU_TEST_DATABASE=postgresql
	run_api api-pgsql "${files[@]}"
	unset KICAU_TEST_DATABASE
}

declare -A titles=([tree]="the tree: layers, groups, sizes, docs, headers" [unit]="unit tests"
	[fuzz]="fuzzers over their corpora" [api]="API, through real clients, on SQLite"
	[api-pgsql]="API, the shorter pass, on PostgreSQL")

for stage in "$@"; do
	echo "== ${titles[$stage]}${suffix:+ ($mode)}"
	"stage_$stage"
done

total_passed=0 total_failed=0 total_skipped=0
echo "== summary"
for stage in "$@"; do
	read -r p f s <"$results/$stage$suffix.count"
	printf '  %-12s %5d passed %5d failed %5d skipped\n' "$stage$suffix" "$p" "$f" "$s"
	total_passed=$((total_passed + p)) total_failed=$((total_failed + f)) total_skipped=$((total_skipped + s))
done
echo "$total_passed passed, $total_failed failed$([ $total_skipped -eq 0 ] || echo ", $total_skipped skipped")"
[ $total_failed -eq 0 ]
