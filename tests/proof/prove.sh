#!/bin/sh
# prove.sh FOLDER all          all of proofs.txt, then all of faults.txt
# prove.sh FOLDER some TURN    a fifth of both, another one with each TURN; in
#                              one of five turns eva.sh, too
# prove.sh FOLDER one NAME     one proof
# prove.sh FOLDER fault N      line N of faults.txt: must be refuted
#
# FOLDER is where to work; FOLDER/cbmc has cbmc (get-cbmc.sh). A proof is good
# if cbmc finds nothing wrong, save that every place marked `reached` is.
set -eu
here=$(dirname "$0")
folder=$1
tools=$folder/cbmc/bin
# Seconds of a processor; a proof that takes more has something wrong with it.
limit=600

# Each loop is unwound, and must not be able to go on for longer.
checks='--pointer-overflow-check --no-pointer-primitive-check --slice-formula
	--drop-unused-functions --unwinding-assertions'

# The field of proofs.txt in which $2 stands, of the proof called $1.
field() {
	awk -F ' *[|] *' -v name="$1" -v at="$2" \
		'$1 == name { print $at; found = 1 } END { exit !found }' \
		"$here/proofs.txt"
}

# set_limit FOLDER NAME=NUMBER: smaller memory for a smaller proof.
set_limit() {
	test "$(cat "$1"/*.[ch] | grep -cE "\<${2%=*} = [0-9]+")" = 1 || {
		echo "src has not just one '${2%=*} = NUMBER'"
		return 1
	}
	sed -i -E "s/\<${2%=*} = [0-9]+/${2%=*} = ${2#*=}/" "$1"/*.[ch]
}

# rounds GOTO NUMBER [FUNCTION:NUMBER]...: what cbmc is told of loops, those of
# all functions and those of some.
rounds() {
	goto=$1
	printf -- '--unwind %s' "$2"
	shift 2
	for of; do
		loops=$("$tools/cbmc" "$goto" --show-loops |
			sed -n "s/^Loop \(${of%:*}[.][0-9]*\):\$/\1/p")
		test -n "$loops" || {
			echo "no loop in ${of%:*}()" >&2
			return 1
		}
		for loop in $loops; do
			printf ' --unwindset %s:%s' "$loop" "${of#*:}"
		done
	done
}

# run_cbmc NAME WORK [FLAG...]: proves it of WORK.src, of which it makes what it
# likes; leaves what cbmc says in WORK.out.
run_cbmc() {
	proof=$1 work=$2
	shift 2
	longest=
	: >"$work.out"
	for one in $(field "$proof" 4); do
		case $one in
		LONGEST=*) longest=-D$one ;;
		*) set_limit "$work.src" "$one" >>"$work.out" || return 0 ;;
		esac
	done
	sources=
	for source in $(field "$proof" 3); do
		sources="$sources $work.src/$source.c"
	done
	"$tools/goto-cc" -D_GNU_SOURCE -DFOSTER_LIBC ${1:+-DFAULT} $longest \
		-I"$work.src" -I"$here" --function "$proof" -o "$work.goto" \
		"$here/$(field "$proof" 2).c" $sources >>"$work.out" 2>&1 &&
		told=$(rounds "$work.goto" $(field "$proof" 5) 2>>"$work.out") ||
		return 0
	(
		ulimit -t $limit
		exec nice "$tools/cbmc" "$work.goto" $checks $told "$@"
	) >"$work.out" 2>&1 || :
	rm -f "$work.goto"
}

# Checks done, those that failed, and places not reached: three numbers.
count() {
	awk '/^\[.*: (SUCCESS|FAILURE|UNKNOWN|ERROR)$/ {
		is_place = / reached: /
		holds = /: SUCCESS$/
		if (!is_place) { checks++; failed += !holds }
		if (is_place) { places++; missed += holds }
	}
	/^VERIFICATION (FAILED|SUCCESSFUL)$/ { is_over = 1 }
	END {
		if (!is_over || !places) failed++
		print checks + 0, failed + 0, places + 0, missed + 0
	}' "$1"
}

# Seconds of a processor, of what `times` has written.
took() {
	awk 'NR == 2 { gsub(/s/, ""); split($1, user, "m"); split($2, own, "m")
		printf "%.0f", 60 * (user[1] + own[1]) + user[2] + own[2] }' "$1"
	rm -f "$1"
}

one() {
	work=$folder/proof/$1
	rm -rf "$work.src"
	cp -r src "$work.src"
	run_cbmc "$1" "$work"
	rm -rf "$work.src"
	times >"$work.times"
	took=$(took "$work.times")
	set -- "$1" $(count "$work.out")
	verdict=proved
	test "$3" = 0 || verdict=FAILED
	test "$5" = 0 || verdict="NOT REACHED"
	printf '%-30s %6s checks %3s places reached %4s s  %-11s %s\n' \
		"$1" "$2" "$4" "$took" "$verdict" "$(field "$1" 6)" |
		tee "$work.row"
	test "$verdict" = proved || {
		grep -E '^\[.*: (FAILURE|UNKNOWN|ERROR)$' "$work.out" |
			grep -v ' reached: ' | head -n 8
		grep -E 'reached: .*: SUCCESS$' "$work.out" || tail -n 4 "$work.out"
	} >&2
}

# A line of faults.txt: PROOF | PART | what sed does to it | what is wrong. It
# has to do it in one place, with /g in more than one.
fault() {
	line=$(sed -n "$1p" "$here/faults.txt")
	name=$(printf '%s\n' "$line" | awk -F ' [|] ' '{ print $1 }')
	part=$(printf '%s\n' "$line" | awk -F ' [|] ' '{ print $2 }')
	change=$(printf '%s\n' "$line" | awk -F ' [|] ' '{ print $3 }')
	what=$(printf '%s\n' "$line" | awk -F ' [|] ' '{ print $4 }')
	work=$folder/proof/fault-$1
	rm -rf "$work.src"
	cp -r src "$work.src"
	sed "$change" "src/$part.c" >"$work.src/$part.c"
	places=$(diff "src/$part.c" "$work.src/$part.c" | grep -c '^[0-9]') || :
	case $change in
	*/g) wanted='[2-9]' ;;
	*) wanted=1 ;;
	esac
	if ! expr "$places" : "$wanted\$" >/dev/null; then
		verdict="IN $places PLACES"
	else
		run_cbmc "$name" "$work" --stop-on-fail
		verdict=refuted
		grep -q '^VERIFICATION FAILED$' "$work.out" ||
			verdict='NOT FOUND'
	fi
	rm -rf "$work.src"
	times >"$work.times"
	printf '%-30s %4s s  %-9s %s: %s\n' "$name" \
		"$(took "$work.times")" "$verdict" "$part.c" "$what" |
		tee "$work.row"
}

# The lines of which each fifth one is wanted, from another one on.
in_turn() {
	awk -v turn="$1" 'turn == "all" || NR % 5 == turn % 5'
}

# Two at a time; TURN is a number, or "all".
proofs_and_faults() {
	rm -rf "$folder/proof"
	mkdir -p "$folder/proof"
	names=$(sed -n 's/^\(proves[^ ]*\) *|.*/\1/p' "$here/proofs.txt" |
		in_turn "$1")
	lines=$(grep -n '^proves' "$here/faults.txt" | cut -d: -f1 |
		in_turn "$1")
	printf '%s\n' $names | xargs -P 2 -n 1 "$0" "$folder" one
	echo
	printf '%s\n' $lines | xargs -P 2 -n 1 "$0" "$folder" fault
	echo
	wanted=$(printf '%s\n' $names $lines | wc -l)
	good=$(cat "$folder"/proof/*.row | grep -cE ' s  (proved|refuted) ') || :
	checks=$(cat "$folder"/proof/proves*.row | awk '{ n += $2 } END { print n }')
	echo "turn $1: $good of $wanted proved, or refuted where a fault was" \
		"seeded; $checks checks"
	cat "$folder"/proof/*.row | grep -vE ' s  (proved|refuted) ' || :
	test "$good" -gt 0 && test "$good" -eq "$wanted"
}

mkdir -p "$folder/proof"
case $2 in
one) one "$3" ;;
fault) fault "$3" ;;
some)
	turn=$(printf '%s' "$3" | sed 's/^0*\(.\)/\1/') # of a date(1): 007
	proofs_and_faults "$turn"
	test $((turn % 5)) -ne 0 || "$here/eva.sh" "$folder"
	;;
all) proofs_and_faults all ;;
esac
