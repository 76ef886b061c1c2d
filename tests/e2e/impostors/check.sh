#!/bin/sh
# check.sh CHECK_E2E IMPOSTORS - do end-to-end tests pass without foster?
#
# Runs them with each impostor in foster's place: with "nothing" none may pass,
# with "bare" those that the file "passes" beside this script lists, and no more
# of their checks. Waits are cut to a second: what they wait for never comes,
# and where it would, one pass less does no harm. make check-vacuous runs this.
set -u
check_e2e=$1 impostors=$2
passes=$(dirname "$0")/passes
logs=$(mktemp -d) || exit 2
trap 'rm -rf -- "$logs"' EXIT
trap 'exit 1' HUP INT TERM
failed=0

complain() # text
{
	echo "FAILED: $*"
	failed=$((failed + 1))
}

# "SUITE:TEST N" of all that passed; what is skipped counts as failed.
run() # impostor
{
	MUST=1 JOBS=${JOBS:-16} E2E_WAIT_MS=1000 CK_VERBOSITY=verbose \
		FOSTER=$impostors/$1 timeout -k 1 110 "$check_e2e" \
		>"$logs/$1" 2>&1
	awk -F: '$3 == "P" { count[$4 ":" $5]++ }
		END { for (test in count) print test, count[test] }' \
		"$logs/$1" | sort >"$logs/$1.passed"
	tail -1 "$logs/$1" | grep -q '^check_e2e: .*runners: [0-9]*$' ||
		complain "with $1 they do not come to their end:" \
			"$(tail -1 "$logs/$1")"
}

total() { awk '{ sum += $2 } END { print sum + 0 }' "$1"; }

run nothing
while read -r test count; do
	complain "passes with nothing in foster's place: $test ($count)"
done <"$logs/nothing.passed"

run bare
while read -r test count; do
	may=$(awk -v test="$test" '$1 == test { print $2 }' "$passes")
	[ "$count" -le "${may:-0}" ] ||
		complain "passes with a bare exec of the program in foster's" \
			"place: $test, $count times, not ${may:-0}"
done <"$logs/bare.passed"

# A list that names nothing that is there says nothing.
grep -v '^#' "$passes" | while read -r test count; do
	[ -z "$test" ] || grep -q ":$test:" "$logs/bare" ||
		echo "$test, $count"
done >"$logs/unknown"
while read -r test; do
	complain "no such test: $test"
done <"$logs/unknown"
grep -q '^status:the_exit_status_of_the_program_comes_through ' \
	"$logs/bare.passed" || complain 'the bare exec does not even run'

echo "check_vacuous: $(grep -c '^tests/[^ ]*:[PFE]:' "$logs/nothing") checks:" \
	"$(total "$logs/nothing.passed") pass with nothing in foster's place," \
	"$(total "$logs/bare.passed") with a bare exec; $failed failed"
[ $failed -eq 0 ]
