#!/bin/sh
# mutate.sh - whether the tests see what is wrong. "make mutate" runs it.
#
# One thing in src is made wrong at a time (mutants.awk says what), foster and
# the tests are built, and one suite after the other has to find fault with it:
# unit, sim, e2e, what it costs (budget), and last, since that takes long, each
# call failing (faults). The first that does is enough. A mutant that no test
# sees is either in tests/mutate/survivors, with the reason why no test could
# see it or none needs to, or this fails. It fails, too, where something is
# listed that src does not have. One that makes the same program is not counted.
#
# MUTANTS   how many, over all of src (150)
# SEED      which ones (1)
# FILES     of which files only: "lifecycle.c arch/x86_64.h"
# JOBS      how many are judged at a time (one a processor)
# MAY_MISS  how many of a hundred may be left (0): a sample of others every day
#           would else be red by the luck of the draw
# AGAIN=1   only those that the run before has left
#
# Needs root, for a PID namespace: a mutant may call kill(-1). Nothing is
# written but below $O/mutate. The Makefile sets CC, O, MAKE. What a build over
# libc cannot have is skipped whatever MUST says.
set -u
export MUST=0

dir=${O:?}/mutate
list=tests/mutate/survivors
sep=$(printf '\001')
# Errors are what newer compilers take for errors.
flags='-Werror=int-conversion -Werror=incompatible-pointer-types'
flags="$flags -Werror=implicit-function-declaration"
other=aarch64-linux-gnu
tests='build/tests/check_unit build/tests/check_sim'
# Of e2e, those that take no second, and those that wait.
quick='binary documentation deaths verbosity status exec options starting
	diagnoses pause option_effects jobs'
slow='refusals pipes leftovers terminal signals ending unrelated_processes
	reaping minimal_environment messages single_refusals'

fail()
{
	echo "mutate: $*" >&2
	exit 2
}

# ---- building ----

# In the folder of a tree; make says why not.
build() # targets...
{
	MAKEFLAGS= timeout -k 1 300 "$MAKE" -s O=build CC="$CC" \
		CFLAGS="$flags" "$@" >out 2>&1
}

build_other()
{
	MAKEFLAGS= timeout -k 1 300 "$MAKE" -s O=build/other CC=$other-gcc \
		CROSS_COMPILE=$other- CFLAGS="$flags" >out 2>&1
}

# What is made of a file, and by which it is judged.
binary_of() # file
{
	case $1 in
	arch/aarch64.h) echo build/other/foster ;;
	arch/libc.h | sys_libc.c) echo build/libc/foster ;;
	*) echo build/foster ;;
	esac
}

# A tree with everything built, to be copied.
prepare()
{
	rm -rf "$dir/tree"
	mkdir -p "$dir/tree"
	cp -r Makefile README.md man src tests "$dir/tree"
	actors=$(ls tests/e2e/actors/*.c | sed 's|.*/\(.*\)\.c|build/actors/\1|')
	(cd "$dir/tree" && build build/foster build/libc/foster $tests \
		build/tests/check_e2e build/bench/check_budget \
		build/bench/hold build/bench/orphans $actors &&
		if has_other; then build_other; fi) ||
		fail "it cannot be built: $dir/tree/out"
}

has_other()
{
	command -v $other-gcc >/dev/null &&
		command -v qemu-aarch64-static >/dev/null
}

# ---- one mutant ----

# The mutated text on standard output.
apply() # file offset length replacement
{
	head -c "$2" "src/$1"
	printf %s "$4"
	tail -c +$(($2 + $3 + 1)) "src/$1"
}

# Whether a test of these suites fails; its line is in the file out, all that was
# said before it in the file log. The first is enough: with the shell, process 1
# of a PID namespace, all others end. Too late is a failure, since the bound is
# many times what it takes.
sees() # bound how program suites...
{
	bound=$1
	shift
	rm -f pipe out log
	mkfifo pipe
	! timeout -k 1 "$bound" unshare --pid --fork --kill-child --mount-proc \
		sh -c '
	one() { "$@" || echo "not ok - $*: status $?"; }
	how=$1 program=$2
	shift 2
	for suite; do
		case $how in
		together) one "$program" $suite & ;;
		*) one "$program" $suite ;;
		esac
	done >pipe 2>&1 && wait &
	! LC_ALL=C awk "BEGIN { printf \"\" >\"out\" } { print >\"log\" }
		/^not ok/ { print >\"out\"; found = 1; exit }
		END { exit !found }" pipe' sh "$@" </dev/null
}

# For all suites; their lines are TAP.
export ACTORS=build/actors PROGRAMS=build/bench SRC="$dir/tree/src"
export CK_TAP_LOG_FILE_NAME=/dev/stdout

# Prints what sees it; nothing where nothing does. In the folder of a tree.
suite_that_sees() # file
{
	export FOSTER=$(binary_of "$1")
	if [ "$1" = arch/aarch64.h ]; then
		sees 300 alone tests/arch/smoke.sh \
			"qemu-aarch64-static $FOSTER" && echo arch
		return
	fi
	sees 120 alone build/tests/check_unit all && echo unit && return
	sees 120 alone build/tests/check_sim hooks stories storms callers random &&
		echo sim && return
	e2e_sees && echo e2e && return
	case $FOSTER in
	build/foster) sees 120 alone build/bench/check_budget '' &&
		echo budget && return ;;
	esac
	case $1 in
	*.ld | arch/* | start.c | memory.c | sys_*.c) ;; # not in check_sim
	*) sees 1200 alone build/tests/check_sim faults && echo faults ;;
	esac
}

# The test that fails has to do so once more, by itself: late is not wrong.
e2e_sees()
{
	sees 300 alone build/tests/check_e2e $quick ||
		sees 600 together build/tests/check_e2e $slow || return 1
	test=$(sed -n 's/^not ok [0-9]* - [^:]*:\([^:]*\):\([^:]*\):.*/\1 \2/p' out)
	[ -z "$test" ] || sees 120 alone build/tests/check_e2e "$test"
}

# Prints invalid (it does not compile), same, build (the linker script refuses
# it), listed, LEFT, or the suite that sees it. In the folder of a tree.
judge() # file function before after
{
	binary=$(binary_of "$1")
	if [ "$1" = arch/aarch64.h ]; then
		build_other
	else
		build $binary
	fi || { case $1 in *.ld) echo build ;; *) echo invalid ;; esac; return; }
	strip -o stripped $binary
	strip -o stripped.before "$dir/tree/$binary"
	cmp -s stripped stripped.before && echo same && return
	build $binary $tests || { echo invalid; return; }
	[ -n "$(reason "$@")" ] && echo listed && return
	verdict=$(suite_that_sees "$1")
	echo ${verdict:-LEFT}
}

# ---- the list ----

# The reason in the list of survivors; nothing where it is not there.
reason() # file function before after
{
	FILE=$1 FUNCTION=$2 BEFORE=$3 AFTER=$4 awk '
	/^[^ \t#+-]/ { at = $1 == ENVIRON["FILE"] && $2 == ENVIRON["FUNCTION"] }
	/^- / { before = substr($0, 3) }
	/^\+/ { after = substr($0, 3) }
	/^\t/ && at && before == ENVIRON["BEFORE"] && after == ENVIRON["AFTER"] {
		sub(/^\t/, "")
		print
	}' "$dir/tree/$list"
}

# Every entry of the list, one a line: file, function, before, after.
entries()
{
	awk -v sep="$sep" '
	/^[^ \t#+-]/ { at = $1 sep $2 }
	/^- / { before = substr($0, 3) }
	/^\+/ { after = substr($0, 3) }
	/^\t/ { print at sep before sep after }' $list
}

# Those of them whose text these files do not have: what it is changed to depends
# on the seed.
not_there()
{
	entries >"$dir/entries"
	awk -F "$sep" '
	NR == FNR { found[$2, $7, $8]; of[$2]; next }
	$1 in of && !(($1, $2, $3) in found) { print $1, $2 ": " $3 }' \
		"$dir/all" "$dir/entries"
}

# ---- all of them ----

# Each $JOBS-th one, from the first, the second ... on, until as many are
# judged as are its share.
work() # number
{
	share=$(((MUTANTS + JOBS - $1) / JOBS))
	mkdir -p "$dir/$1"
	awk -v n="$1" -v jobs="$JOBS" 'NR % jobs == n % jobs' "$dir/all" \
		>"$dir/$1/all"
	: >"$dir/$1/results"
	while [ $share -gt 0 ] && IFS=$sep read -r hash file offset length new \
		line function before after what <&3; do
		tree=$dir/$1/tree
		rm -rf "$tree"
		cp -a "$dir/tree" "$tree"
		(cd "$dir/tree" && apply "$file" "$offset" "$length" "$new") \
			>"$tree/src/$file"
		began=$(date +%s)
		verdict=$(cd "$tree" && judge "$file" "$function" "$before" \
			"$after")
		# Which test, as its line in TAP says.
		by=$(sed -n 's/^not ok [0-9]* - [^:]*:[^:]*:\([^:]*\):.*/\1/p' \
			"$tree/out")
		printf '%s' "$hash$sep$file$sep$line$sep$function$sep$verdict$sep"
		printf '%s' "$by$sep$before$sep$after$sep$what$sep"
		printf '%s\n' $(($(date +%s) - began))
		case $verdict in
		invalid | same) continue ;;
		LEFT)
			printf 'LEFT src/%s:%s (%s)\n%s %s\n- %s\n+ %s\n' \
				"$file" "$line" "$what" "$file" "$function" \
				"$before" "$after" >&2
			;;
		esac
		share=$((share - 1))
	done 3<"$dir/$1/all" >>"$dir/$1/results"
}

# Rows by a column of the results, and their sum.
table() # column
{
	awk -F "$sep" -v column="$1" '
	$5 !~ /^(invalid|same)$/ {
		for (i = 0; i < 2; i++) {
			row = i ? "~ all" : $column
			of[row]++
			count[row, $5]++
		}
	}
	END {
		columns = "build unit sim e2e arch budget faults listed LEFT"
		n = split(columns, name, " ")
		for (row in of) {
			line = sprintf("%-16s %7d", row, of[row])
			for (i = 1; i <= n; i++)
				line = line sprintf(" %6d", count[row, name[i]])
			print line
		}
	}' "$dir/results" | LC_ALL=C sort
}

: "${MUTANTS:=150}" "${SEED:=1}" "${MAY_MISS:=0}" "${AGAIN:=}"
: "${JOBS:=$(nproc)}"
machine=$(uname -m)
[ -n "${FILES:-}" ] || FILES=$(cd src && ls *.c *.h foster.ld arch/libc.h \
	$(ls arch/$machine.h 2>/dev/null) $(has_other && echo arch/aarch64.h))
started=$(date +%s)
prepare
: >"$dir/all"
(cd "$dir/tree" && for file in $FILES; do
	LC_ALL=C awk -v seed="$SEED" -f tests/mutate/mutants.awk "src/$file" ||
		exit
done) | LC_ALL=C sort -u >"$dir/all"
missing=$(not_there)
if [ -n "$AGAIN" ]; then
	awk -F "$sep" '$5 == "LEFT" { print $1 }' "$dir/results" \
		>"$dir/again"
	grep -F -f "$dir/again" "$dir/all" >"$dir/few"
	mv "$dir/few" "$dir/all"
fi
# Tests that fail anyway see nothing.
mkdir -p "$dir/0"
rm -rf "$dir/0/tree"
cp -a "$dir/tree" "$dir/0"
cd "$dir/0/tree" || exit
for file in $(has_other && echo arch/aarch64.h) loop.c; do
	verdict=$(suite_that_sees "$file")
	[ -z "$verdict" ] || fail "$verdict fails: $dir/0/tree/out, log"
done
FOSTER=build/libc/foster e2e_sees &&
	fail "e2e fails over libc: $dir/0/tree/out, log"
cd - >/dev/null || exit
echo "built and tested as it is in $(($(date +%s) - started)) s"

number=0
while [ $number -lt "$JOBS" ]; do
	number=$((number + 1))
	work $number &
done
wait
cat $(seq -f "$dir/%g/results" "$JOBS") >"$dir/results"
printf '%-16s %7s %6s %6s %6s %6s %6s %6s %6s %6s %6s\n' '' mutants build unit \
	sim e2e arch budget faults listed left
table 2 | grep -v '^~'
echo
table 9
judged=$(awk -F "$sep" '$5 !~ /^(invalid|same)$/' "$dir/results" | wc -l)
left=$(grep -c "${sep}LEFT$sep" "$dir/results")
listed=$(grep -c "${sep}listed$sep" "$dir/results")
seen=$((judged - left - listed))
echo "$judged mutants in $(($(date +%s) - started)) s: $seen seen" \
	"($(awk "BEGIN { printf \"%.1f\", 100 * $seen / ($judged ? $judged : 1) }") %)," \
	"$listed listed with a reason, $left that no test sees"
[ -z "$missing" ] || printf 'Listed, but not in src:\n%s\n' "$missing"
[ $((left * 100)) -le $((MAY_MISS * judged)) ] && [ -z "$missing" ]
