#!/bin/sh
# report.sh - what gcov counted, as a table; then every line that was not run,
# and every branch that was not taken and has no reason in tests/cover/branches.
# Fails where there is such a one, and where a reason has nothing to explain.
#
#	report.sh FOLDER	where the objects and their counters are
set -eu
top=$PWD
reasons=$top/tests/cover/branches
cd "$1"
rm -rf report
mkdir report
cd report
ln -s "$top/src" src
gcov -b -c ../*.gcda >/dev/null 2>&1

# A line of gcov is "count: number: text", and behind it stand its branches. A
# reason is "file:function: text of the line: why", so that it holds as long as
# the line does, wherever it stands.
awk -v reasons="$reasons" '
function squeezed(text)
{
	gsub(/[ \t]+/, " ", text)
	sub(/^ /, "", text)
	sub(/ $/, "", text)
	return text
}

function explained(key,   i)
{
	for (i = 1; i <= reason_count; i++)
		if (index(reason[i], key ": ") == 1) {
			used[i] = 1
			return 1
		}
	return 0
}

# What the last line left: it is over when the next one begins.
function end_line()
{
	if (is_open && untaken > 0) {
		if (explained(file ":" function_name ": " text)) {
			excused += untaken
			sum_excused += untaken
		} else {
			missing = missing file ":" function_name ": " text \
				" (line " number ", " untaken " of " branches \
				")\n"
		}
	}
	is_open = 0
}

function row(name, lines, run, branches, taken, excused)
{
	printf "%-16s %5d of %5d  %5.1f %%   %5d of %5d  %5.1f %%   %5d\n",
		name, run, lines, lines ? 100 * run / lines : 100,
		taken, branches, branches ? 100 * taken / branches : 100,
		excused
}

function end_file()
{
	end_line()
	if (file != "")
		row(file, lines, run, all, taken, excused)
	lines = run = all = taken = excused = 0
}

BEGIN {
	while ((getline line < reasons) > 0)
		if (line != "" && line !~ /^#/)
			reason[++reason_count] = squeezed(line)
	printf "%-16s %-25s %-25s %s\n", "file", "lines run",
		"branches taken", "with a reason"
}

FNR == 1 {
	end_file()
	file = FILENAME
	sub(/\.gcov$/, "", file)
}

/^function / {
	end_line()
	function_name = $2
	next
}

/^branch / {
	if (!is_open)
		next
	branches++
	all++
	sum_all++
	if ($0 ~ /never executed/ || $4 == 0) {
		if (count != "#####")
			untaken++
	} else {
		taken++
		sum_taken++
	}
	next
}

/^call / || /^unconditional / {
	next
}

{
	end_line()
	count = $1
	sub(/:.*/, "", count)
	sub(/\*$/, "", count)
	number = $0
	sub(/^[^:]*:[ ]*/, "", number)
	text = number
	sub(/:.*/, "", number)
	sub(/^[0-9]*:/, "", text)
	text = squeezed(text)
	untaken = branches = 0
	is_open = count != "-"
	if (!is_open || number == 0)
		next
	lines++
	sum_lines++
	if (count == "#####" || count == "=====")
		unrun = unrun file ":" function_name ": " text " (line " \
			number ")\n"
	else {
		run++
		sum_run++
	}
}

END {
	end_file()
	row("all", sum_lines, sum_run, sum_all, sum_taken, sum_excused)
	for (i = 1; i <= reason_count; i++)
		if (!(i in used))
			stale = stale reason[i] "\n"
	if (unrun != "")
		printf "\nLines that nothing runs:\n%s", unrun
	if (missing != "")
		printf "\nBranches that nothing takes:\n%s", missing
	if (stale != "")
		printf "\nReasons for what is taken, or not there:\n%s", stale
	exit unrun != "" || missing != "" || stale != ""
}' *.c.gcov
