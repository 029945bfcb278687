#!/bin/bash
# test.sh STAGE… - runs stages of the tests: tree, unit, fuzz, api, web, attacks, data, visibility, torture, soak,
# api-pgsql. "api:data/web:attacks" are two lanes that run at once, their stages in order. Each leaves its counts in build/test-results/STAGE.count ("passed failed skipped"); the last line sums up those that ran now.
#   MODE=asan|tsan   which build;   FILES="polls oauth" some API tests;   TESTS="base/buf_test …" some unit tests;
#   FILE_SECONDS=300   what a file of API tests may take
set -uo pipefail
cd "$(dirname "$0")/.."
mode=${MODE:-release}
if [ "$mode" = release ]; then B=build; else B=build/$mode; fi
export B
results=build/test-results
mkdir -p "$results"
jobs=$(nproc)
at_once=$((2 * jobs)) # files of tests in a lane: half of their time they wait for servers, mails and clocks
# Stages of sanitizer builds are counted apart.
suffix=$([ "$mode" = release ] || echo "-$mode")

# gcc 12's TSan needs the old layout of addresses.
launcher=()
[ "$mode" = tsan ] && launcher=(setarch -R)
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1:quarantine_size_mb=8}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}"
[ -f tools/lsan.supp ] && export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$PWD/tools/lsan.supp:print_suppressions=0}"

count() { echo "$2 $3 ${4:-0}" >"$results/$1$suffix.count"; }

stage_tree() {
	local passed=0 failed=0 check
	for check in layers groups schema size docs po; do
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
	# cmocka writes what is skipped as "not ok 5 # SKIP name".
	skip=$(grep -ciE '^(not )?ok .*# *skip' "$log")
	ok=$(grep -iv '# *skip' "$log" | grep -c '^ok ') bad=$(grep -iv '# *skip' "$log" | grep -c '^not ok ')
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
		# A file that hangs (a client that connects again for ever) must not hang the rest.
		local seconds=${FILE_SECONDS:-$([ "$mode" = release ] && echo 300 || echo 900)}
		limit=()
		if node --help | grep -q -- --test-timeout; then limit=(--test-timeout="${seconds}000"); fi
		timeout -k 10 $((seconds > 2400 ? seconds : 2400)) node --test "${limit[@]}" --test-concurrency="$at_once" --test-reporter=spec --test-reporter-destination=stdout \
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

# The files of a folder of tests/, or those of FILES ("polls oauth" are in api/, others say their folder: "web/look").
test_files() { # folder
	local f
	if [ -z "${FILES:-}" ]; then
		(cd tests && ls "$1"/*.test.mjs)
		return
	fi
	for f in $FILES; do
		case $f in
		*/*) [ "${f%%/*}" != "$1" ] || echo "$f.test.mjs" ;;
		*) [ "$1" != api ] || echo "api/$f.test.mjs" ;;
		esac
	done
}

stage_node() { # stage, folder…
	local files
	mapfile -t files < <(for folder in "${@:2}"; do test_files "$folder"; done)
	if [ ${#files[@]} -eq 0 ]; then count "$1" 0 0; return; fi
	make -s MODE="$mode" -j"$jobs" build || { count "$1" 0 1; return; }
	run_api "$1" "${files[@]}"
}

stage_api() { stage_node api api; }
stage_web() { stage_node web web; }
stage_attacks() { stage_node attacks attacks; }
stage_data() { stage_node data data; }
stage_visibility() { stage_node visibility visibility; }
stage_torture() { stage_node torture torture; } # ROUNDS, ROUNDS_PG, ROUNDS_DB, ROUNDS_METER, ROUNDS_METER_PG
stage_soak() { stage_node soak soak; }		# COUNT

# What touches the database most; the rest does not know which one it is on.
on_pgsql=(
	admin-accounts
	admin-blocks
	admin-numbers
	admin-reports
	admin-trends
	appeals
	cards
	cli
	cli-media
	collections
	content
	conversations
	data/clock
	data/keys
	data/lists
	data/money
	data/streams
	data/trace-leak
	documents
	featured-tags
	filters
	followed-tags
	mail
	mail-security
	notification-groups
	notifications
	people
	polls
	push
	quotes
	reads
	registration
	scheduled
	search
	statuses
	trends
	visibility
)
stage_api-pgsql() {
	local FILES=${FILES:-${on_pgsql[*]}}
	export KICAU_TEST_DATABASE=postgresql
	stage_node api-pgsql api data
	unset KICAU_TEST_DATABASE
}

declare -A titles=([tree]="the tree: layers, groups, sizes, docs, words" [unit]="unit tests"
	[fuzz]="fuzzers over their corpora" [api]="API, through real clients, on SQLite"
	[web]="pages, in a browser" [attacks]="attacks" [data]="the data API, its plans and what it costs" [visibility]="who sees what: every endpoint as every viewer"
	[torture]="killed, without a database, on a full disk" [soak]="many mixed requests: memory stays" [api-pgsql]="API, the shorter pass, on PostgreSQL")

run_stages() {
	local stage
	local TIMEFORMAT="  %0R s, of which the processors worked %0U + %0S s"
	for stage in "$@"; do
		echo "== ${titles[$stage]}${suffix:+ ($mode)}"
		rm -f "$results/$stage$suffix.count"
		time "stage_$stage"
	done
}

# What the first lane says is shown as it comes, that of the others behind it.
run_lanes() { # lane/lane…
	local lanes i
	IFS=/ read -ra lanes <<<"$1"
	if [ ${#lanes[@]} -gt 1 ]; then
		tools/npm.sh && make -s MODE="$mode" -j"$jobs" build
		echo "== at once: ${lanes[*]}"
	fi
	for ((i = 1; i < ${#lanes[@]}; i++)); do
		run_stages ${lanes[i]//:/ } >"$results/lane-$i$suffix.log" 2>&1 &
	done
	run_stages ${lanes[0]//:/ }
	wait
	for ((i = 1; i < ${#lanes[@]}; i++)); do cat "$results/lane-$i$suffix.log"; done
}

# One function, so that the script is read whole before it runs.
main() {
	local stage lanes passed=0 failed=0 skipped=0 p f s
	for lanes in "$@"; do run_lanes "$lanes"; done
	echo "== summary"
	for stage in ${*//[:\/]/ }; do
		read -r p f s <"$results/$stage$suffix.count" || p=0 f=1 s=0
		printf '  %-12s %5d passed %5d failed %5d skipped\n' "$stage$suffix" "$p" "$f" "$s"
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	done
	echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
	[ $failed -eq 0 ]
	exit
}
main "$@"
