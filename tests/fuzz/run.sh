#!/bin/sh
# run.sh - runs each fuzz target: first what is kept in corpus/TARGET, alone, so
# that what was found once does not come back; then what libFuzzer makes of it
# for so many seconds. What is found is left in the folder as TARGET-*, and belongs
# into the corpus as found-WHAT; new inputs, too, until "keep" chooses the
# fewest that reach as many edges.
#
#	run.sh FOLDER SECONDS TARGET...
#	run.sh FOLDER keep TARGET...
set -eu
here=tests/fuzz
folder=$1
seconds=$2
shift 2

# The number behind a word of libFuzzer's last line of that kind.
number() {
	sed -n "s/.*$1[^0-9]*\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1
}

if [ "$seconds" = keep ]; then
	for target; do
		rm -rf "$folder/kept"
		mkdir "$folder/kept"
		"$folder/$target" -set_cover_merge=1 -use_counters=0 "$folder/kept" \
			"$here/corpus/$target" "$folder/$target.new" \
			2>"$folder/$target.log"
		# What was found once, or made by hand, stays in any case.
		find "$here/corpus/$target" -name '*-*' \
			-exec cp {} "$folder/kept" \;
		echo "$target: $(find "$folder/kept" -type f | wc -l) kept"
		rm -rf "$here/corpus/$target"
		mv "$folder/kept" "$here/corpus/$target"
	done
	exit
fi

failed=0
printf '%-13s %6s %12s %9s %6s  %s\n' target kept executions 'a second' \
	edges findings
for target; do
	corpus=$here/corpus/$target
	log=$folder/$target.log
	options="-timeout=10 -artifact_prefix=$folder/$target-"
	[ -f "$here/$target.dict" ] && options="$options -dict=$here/$target.dict"
	mkdir -p "$folder/$target.new"
	findings=none
	"$folder/$target" $options -runs=0 "$corpus" >"$log" 2>&1 ||
		findings="in the corpus, see $log"
	if [ "$findings" = none ]; then
		"$folder/$target" $options -max_len=2048 -print_final_stats=1 \
			-max_total_time="$seconds" "$folder/$target.new" \
			"$corpus" >"$log" 2>&1 || findings="see $log"
	fi
	printf '%-13s %6d %12s %9s %6s  %s\n' "$target" \
		"$(find "$corpus" -type f | wc -l)" \
		"$(number 'number_of_executed_units:')" \
		"$(number 'average_exec_per_sec:')" \
		"$(number 'cov:')" "$findings"
	[ "$findings" = none ] && continue
	failed=1
	grep -E -m 3 'fuzz_[a-z]*\.c:[0-9]+: |runtime error|ERROR: Addr' "$log" ||
		tail -n 3 "$log"
done
exit $failed
