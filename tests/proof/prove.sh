#!/bin/sh
# prove.sh FOLDER all          all of proofs.txt, then all of faults.txt
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

checks='--pointer-overflow-check --no-pointer-primitive-check --slice-formula
	--drop-unused-functions --unwinding-assertions'

# The field of proofs.txt in which $2 stands, of the proof called $1.
field() {
	awk -F ' *[|] *' -v name="$1" -v at="$2" \
		'$1 == name { print $at; found = 1 } END { exit !found }' \
		"$here/proofs.txt"
}

# run_cbmc NAME SOURCE_FOLDER WORK [FLAG...]: leaves what cbmc says in WORK.out.
run_cbmc() {
	name=$1 from=$2 work=$3
	shift 3
	sources=
	for source in $(field "$name" 3); do
		sources="$sources $from/$source.c"
	done
	"$tools/goto-cc" -DFOSTER_LIBC ${1:+-DFAULT} -I"$from" -I"$here" \
		--function "$name" -o "$work.goto" \
		"$here/$(field "$name" 2).c" $sources >"$work.out" 2>&1
	replaced=$(field "$name" 5)
	if test -n "$replaced"; then
		"$tools/goto-instrument" $replaced "$work.goto" "$work.goto" \
			>>"$work.out" 2>&1
	fi
	loops=$(field "$name" 4)
	if test -n "$loops"; then
		awk -v wanted="$loops" -f "$here/loops.awk" "$here/loops.txt" \
			>"$work.json"
		"$tools/goto-instrument" --dfcc "$name" --apply-loop-contracts \
			--loop-contracts-file "$work.json" \
			"$work.goto" "$work.goto" >>"$work.out" 2>&1
	fi
	(
		ulimit -t $limit
		exec nice "$tools/cbmc" "$work.goto" $checks \
			$(field "$name" 6) "$@"
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
	run_cbmc "$1" src "$work"
	times >"$work.times"
	took=$(took "$work.times")
	set -- "$1" $(count "$work.out")
	verdict=proved
	test "$3" = 0 || verdict=FAILED
	test "$5" = 0 || verdict="NOT REACHED"
	printf '%-30s %6s checks %3s places reached %4s s  %-11s %s\n' \
		"$1" "$2" "$4" "$took" "$verdict" "$(field "$1" 7)" |
		tee "$work.row"
	test "$verdict" = proved || {
		grep -E '^\[.*: (FAILURE|UNKNOWN|ERROR)$' "$work.out" |
			grep -v ' reached: ' | head -n 8
		grep -E 'reached: .*: SUCCESS$' "$work.out" || tail -n 4 "$work.out"
	} >&2
}

# A line of faults.txt: PROOF | PART | what sed does to it | what is wrong.
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
	if cmp -s "src/$part.c" "$work.src/$part.c"; then
		verdict='NO FAULT'
	else
		run_cbmc "$name" "$work.src" "$work" --stop-on-fail
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

# Two at a time.
all() {
	rm -rf "$folder/proof"
	mkdir -p "$folder/proof"
	grep -v '^#' "$here/proofs.txt" | sed -n 's/ *|.*//p' |
		xargs -P 2 -n 1 "$0" "$folder" one
	echo
	grep -n '^proves' "$here/faults.txt" | cut -d: -f1 |
		xargs -P 2 -n 1 "$0" "$folder" fault
	echo
	proofs=$(grep -c ' s  proved ' "$folder"/proof/proves*.row |
		awk -F: '{ n += $2; all++ } END { print n " of " all }')
	found=$(grep -c ' s  refuted ' "$folder"/proof/fault*.row |
		awk -F: '{ n += $2; all++ } END { print n " of " all }')
	checks=$(awk '{ n += $2 } END { print n }' "$folder"/proof/proves*.row)
	echo "$proofs proofs, $checks checks; $found seeded faults refuted"
	! grep -vE ' s  (proved|refuted) ' "$folder"/proof/*.row
}

mkdir -p "$folder/proof"
case $2 in
one) one "$3" ;;
fault) fault "$3" ;;
all) all ;;
esac
