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

# All parts but the reading of the command line, which is proved by cbmc.
sources= forced=
for source in src/*.c; do
	case $source in
	src/options.c | src/sys_*.c) continue ;;
	src/log.c) ;;
	*) forced="$forced,$source:-include $here/eva_log.h" ;;
	esac
	sources="$sources $source"
done

ulimit -t 900
nice frama-c -machdep gcc_x86_64 -c11 \
	-cpp-extra-args="-DFOSTER_LIBC -Isrc -I/usr/include/$(gcc -print-multiarch) -D'_Alignas(x)='" \
	-cpp-extra-args-per-file="${forced#,}" $sources "$here/eva_kernel.c" \
	-main prove_foster -no-warn-pointer-downcast \
	-eva -eva-precision "${PRECISION:-1}" -eva-msg-key=-initial-state,-final-states \
	-then -report -report-csv "$work.csv" >"$work.out" 2>&1 || {
	tail -n 20 "$work.out" >&2
	exit 1
}

# File, function, kind: neither lines nor names of Frama-C's own.
awk -F '\t' 'NR > 1 && $1 ~ /^src/ { print $2 " " $4 ": " $5 }' "$work.csv" |
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
