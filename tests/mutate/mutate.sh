#!/bin/sh
# mutate.sh - whether the tests see what is wrong. "make mutate" runs it.
#
# One thing in src/*.c is made wrong at a time (mutants.awk: a condition
# flipped, a call or an assignment dropped, a constant one more, a value
# returned as its opposite), and the tests have to fail: those of the part
# (unit), those on the simulated kernel (sim), and where both pass all of them
# on the real one (e2e). A mutant that no test sees is either in
# tests/mutate/survivors, with the reason why no test could see it or none
# needs to, or this fails.
#
# MUTANTS   how many, over all files by their size (150)
# SEED      which ones (1)
# FILES     of which files only: "keeper.c tend.c"
# MUTATE_E2E=0     without e2e: quick, and what is left is not judged
# MUTATE_FAULTS=0  without the faults on the simulated kernel
#
# Nothing is written but below $O/mutate. The Makefile sets CC, O, TESTS,
# PARTS, UNIT_PARTS, CHECK_LIBS, MAKE. Suites that look at sources and headers
# (house, abi) and those that are not about foster (conformance) do not count.
set -u

dir=${O:?}/mutate
list=tests/mutate/survivors
bound_quick=60 bound_faults=120 bound_e2e=600
unit_suites="status log environment head text signals options keeper proc"
sep=$(printf '\001')

fail()
{
	echo "mutate: $*" >&2
	exit 2
}

# ---- one mutant ----

compile() # source object
{
	case $1 in
	*/sys_raw.c) door= ;;
	*) door=-DFOSTER_LIBC ;;
	esac
	$CC -std=c11 -O1 -w $door -Isrc -c -o "$2" "$1" 2>/dev/null
}

# The mutated text on standard output.
apply() # file offset length replacement
{
	head -c "$2" "src/$1"
	printf %s "$4"
	tail -c +$(($2 + $3 + 1)) "src/$1"
}

# The objects of these parts, the one of the mutant instead of its own.
objects() # folder changed-part parts...
{
	folder=$1 changed=$2
	shift 2
	for part; do
		if [ "$part" = "$changed" ]; then
			echo "$folder/$part.o"
		else
			echo "$dir/src/$part.o"
		fi
	done
}

# Whether these tests fail; how is in $folder/out.
sees() # bound command...
{
	bound=$1
	shift
	(ulimit -f 200000; timeout -k 1 "$bound" "$@") >"$folder/out" 2>&1
	status=$?
	[ $status -ne 0 ]
}

# Whether a suite has failed, not only been too slow for its bound.
sees_in_time()
{
	sees "$@" && [ $status -ne 124 ] && [ $status -ne 137 ]
}

seen_by_unit() # folder part
{
	case " $UNIT_PARTS " in
	*" $2 "*) ;;
	*) return 1 ;;
	esac
	if ! [ -e "$1/unit" ]; then
		$CC -o "$1/unit" "$dir"/unit/*.o $(objects "$1" "$2" $UNIT_PARTS) \
			$CHECK_LIBS 2>"$1/out" || return 0
	fi
	for suite in $3; do
		sees $bound_quick "$1/unit" "$suite" && return 0
	done
	return 1
}

seen_by_sim() # folder part
{
	$CC -o "$1/sim" "$dir"/sim/*.o $(objects "$1" "$2" $PARTS) \
		$CHECK_LIBS 2>"$1/out" || return 0
	for suite in hooks stories storms; do
		sees $bound_quick "$1/sim" "$suite" && return 0
	done
	return 1
}

# The whole binary, made and tested as it is shipped; sys_libc.c: over libc. A
# mutant may call kill(-1), so it gets a PID namespace of its own.
seen_by_e2e() # folder part
{
	over= binary=foster
	if [ "$2" = sys_libc ]; then
		over=LIBC=1 binary=libc/foster
	fi
	rm -rf "$1/tree"
	mkdir -p "$1/tree"
	cp -r Makefile src "$1/tree"
	[ -z "$2" ] || cp "$1/$2.c" "$1/tree/src/$2.c"
	(cd "$1/tree" && MAKEFLAGS= timeout -k 1 300 \
		"$MAKE" -s O=build CC="$CC" $over "build/$binary") \
		>"$1/out" 2>&1 || return 0
	JOBS=1 FOSTER=$1/tree/build/$binary ACTORS=$O/actors timeout -k 1 $bound_e2e \
		unshare --pid --fork --kill-child --mount-proc \
		"$TESTS/check_e2e" >"$1/out" 2>&1 </dev/null
	status=$?
	[ $status -ne 0 ]
}

# The reason in the list of survivors; nothing where it is not there.
reason() # file function before after
{
	[ -f $list ] && FILE=$1 FUNCTION=$2 BEFORE=$3 AFTER=$4 awk '
	/^[^ \t#+-]/ { at = $1 == ENVIRON["FILE"] && $2 == ENVIRON["FUNCTION"] }
	/^- / { before = substr($0, 3) }
	/^\+ / { after = substr($0, 3) }
	/^\t/ && at && before == ENVIRON["BEFORE"] && after == ENVIRON["AFTER"] {
		sub(/^\t/, "")
		print
	}' $list
}

# Prints unit, sim, faults, e2e, listed, SURVIVES or left.
judge() # folder part file function before after
{
	own=
	others=
	for suite in $unit_suites; do
		case $suite in
		"$2") own=$suite ;;
		*) others="$others $suite" ;;
		esac
	done
	rm -f "$1/unit" "$1/sim"
	case $2 in
	sys_*) ;;
	*)
		seen_by_unit "$1" "$2" "$own" && echo unit && return
		seen_by_sim "$1" "$2" && echo sim && return
		seen_by_unit "$1" "$2" "$others" && echo unit && return
		;;
	esac
	[ -n "$(reason "$3" "$4" "$5" "$6")" ] && echo listed && return
	case $2 in
	sys_*) ;;
	*)
		[ "$MUTATE_FAULTS" != 0 ] &&
			sees_in_time $bound_faults "$1/sim" faults &&
			echo faults && return
		;;
	esac
	[ "$MUTATE_E2E" = 0 ] && echo left && return
	seen_by_e2e "$1" "$2" && echo e2e && return
	echo SURVIVES
}

# ---- all of them ----

# Of each file its share, in the order of the hash; those that compile, to
# something else than before.
pick()
{
	for file in $FILES; do
		LC_ALL=C awk -v seed="$SEED" -f tests/mutate/mutants.awk \
			"src/$file" || exit
	done | LC_ALL=C sort >"$dir/all"
	total=$(wc -l <"$dir/all")
	before_it=0
	mkdir -p "$dir/pick"
	for file in $FILES; do
		part=${file%.c}
		awk -F "$sep" -v file="$file" '$2 == file' "$dir/all" \
			>"$dir/pick/list"
		size=$(wc -l <"$dir/pick/list")
		share=$((MUTANTS * (before_it + size) / total -
			MUTANTS * before_it / total))
		before_it=$((before_it + size))
		while [ $share -gt 0 ] && IFS=$sep read -r hash name offset \
			length new line function before after; do
			apply "$file" "$offset" "$length" "$new" \
				>"$dir/pick/$file"
			compile "$dir/pick/$file" "$dir/pick/$part.o" || continue
			cmp -s "$dir/pick/$part.o" "$dir/src/$part.o" && continue
			share=$((share - 1))
			printf '%s' "$hash$sep$name$sep$offset$sep$length$sep"
			printf '%s\n' "$new$sep$line$sep$function$sep$before$sep$after"
		done <"$dir/pick/list"
	done
}

# Every second one, from the first or from the second on.
work() # number
{
	mkdir -p "$dir/$1"
	awk -v n="$1" 'NR % 2 == n % 2' "$dir/picked" >"$dir/$1/picked"
	: >"$dir/$1/results"
	while IFS=$sep read -r hash file offset length new line function \
		before after <&3; do
		part=${file%.c}
		rm -f "$dir/$1"/*.o "$dir/$1"/*.c
		apply "$file" "$offset" "$length" "$new" >"$dir/$1/$file"
		compile "$dir/$1/$file" "$dir/$1/$part.o"
		verdict=$(judge "$dir/$1" "$part" "$file" "$function" \
			"$before" "$after")
		by=$(sed -n 's/.*:[FE]:[^:]*:\([^:]*\):.*/\1/p' \
			"$dir/$1/out" | head -n 1)
		printf '%s\n' "$file$sep$line$sep$function$sep$verdict$sep$by$sep$before$sep$after" \
			>>"$dir/$1/results"
		case $verdict in
		SURVIVES | left)
			printf '%s %s %s:%s\n- %s\n+ %s\n' "$verdict" \
				"$function" "src/$file" "$line" "$before" "$after"
			;;
		esac
	done 3<"$dir/$1/picked"
}

table()
{
	printf '%-16s %7s %6s %6s %6s %6s %7s %6s\n' '' mutants unit sim \
		faults e2e listed left
	awk -F "$sep" '
	{ count[$1, $4]++; of[$1]++; count["~ all", $4]++; of["~ all"]++ }
	END {
		for (file in of)
			printf "%-16s %7d %6d %6d %6d %6d %7d %6d\n", file,
				of[file], count[file, "unit"],
				count[file, "sim"], count[file, "faults"],
				count[file, "e2e"], count[file, "listed"],
				count[file, "SURVIVES"] + count[file, "left"]
	}' "$dir/results" | LC_ALL=C sort
}

: "${MUTANTS:=150}" "${SEED:=1}" "${MUTATE_E2E:=1}" "${MUTATE_FAULTS:=1}"
[ -n "${FILES:-}" ] || FILES=$(cd src && echo *.c)
if [ "$MUTATE_E2E" = 0 ]; then # nothing else sees the doors
	FILES=$(echo $FILES | sed 's/sys_[a-z]*\.c//g')
fi
began=$(date +%s)
mkdir -p "$dir/src" "$dir/0"

for file in src/*.c; do
	part=${file#src/}
	compile "$file" "$dir/src/${part%.c}.o" || fail "$file does not compile"
done
# Tests that fail anyway see nothing.
folder=$dir/0
rm -f "$folder/unit"
cp "$dir/src/text.o" "$folder"
seen_by_unit "$folder" text "$unit_suites" && fail "unit fails: $folder/out"
seen_by_sim "$folder" text && fail "sim fails: $folder/out"
[ "$MUTATE_E2E" = 0 ] || ! seen_by_e2e "$folder" "" ||
	fail "e2e fails: $folder/out"

pick >"$dir/picked"
for number in 1 2; do
	folder=$dir/$number work $number &
done
wait
cat "$dir/1/results" "$dir/2/results" >"$dir/results"
table
left=$(awk -F "$sep" '$4 == "SURVIVES"' "$dir/results" | wc -l)
echo "$(wc -l <"$dir/results") mutants in $(($(date +%s) - began)) s:" \
	"$left that no test sees and no reason excuses"
[ "$left" -eq 0 ]
