#!/bin/sh
# eva.sh FOLDER: Frama-C's Eva over the whole program, under a kernel that
# means ill (eva_kernel.c). Every alarm must stand in eva-explained.txt, with
# the reason why it is none, and every one that stands there must be given.
set -eu
here=$(dirname "$0")
folder=$1
mkdir -p "$folder/proof"
work=$folder/proof/eva
began=$(date +%s)

# All parts but the reading of the command line and the writing of messages,
# which are proved by cbmc (options.c, log.c in this folder).
sources=
for source in src/*.c; do
	case $source in
	src/options.c | src/option_values.c | src/log.c) continue ;;
	src/sys_*.c | src/start*.c | src/pages*.c | src/memory.c) continue ;;
	esac
	sources="$sources $source"
done

ulimit -t 900
nice frama-c -machdep gcc_x86_64 -c11 -no-frama-c-stdlib \
	-cpp-extra-args="-D_GNU_SOURCE -DFOSTER_LIBC -Isrc -D'_Alignas(x)=' -D'_Alignof(x)=1' -idirafter $(frama-c -print-share-path)/libc" \
	$sources "$here/eva_kernel.c" \
	-main prove_foster -no-warn-pointer-downcast \
	-eva -eva-precision "${PRECISION:-1}" -eva-msg-key=-initial-state,-final-states \
	-then -report -report-csv "$work.csv" >"$work.out" 2>&1 || {
	tail -n 20 "$work.out" >&2
	exit 1
}

# File, function, kind: neither lines nor names of Frama-C's own, which counts
# the copies of what stands in a header.
awk -F '\t' 'NR > 1 && $1 ~ /^src/ {
		if ($2 ~ /[.]h$/) sub(/_[0-9]+$/, "", $4)
		print $2 " " $4 ": " $5
	}' "$work.csv" |
	sort -u >"$work.alarms"
grep -vE '^(#|$)' "$here/eva-explained.txt" | sort -u >"$work.explained"
grep -o '[0-9]* statements reached.*' "$work.out"
echo "$(wc -l <"$work.alarms") alarms, $(wc -l <"$work.explained") explained;" \
	"$(($(date +%s) - began)) s"
if ! cmp -s "$work.alarms" "$work.explained"; then
	echo 'not explained (+), or explained and not given (-):' >&2
	diff -U 0 "$work.explained" "$work.alarms" | grep -vE '^(---|\+\+\+|@@)' >&2
	exit 1
fi
# Vacuous it is not: nearly all of the program was run.
awk '/statements reached/ { n += $0 !~ /: (9[5-9]|100)% coverage/; seen++ }
	END { exit !(seen && !n) }' "$work.out"
