#!/bin/sh
# check.sh FOSTER RECORD FOLDER - checks foster.pml with Spin, refutes it with
# seeded faults, and has it accept what the real program does.
#
# What stands here for "every order": all of N processes besides foster, with
# as many TERM as SENDS. Not in the model: signals of foster's other than
# CHLD, TERM and (to others) CONT and KILL, queued signals, the terminal and
# stopping by it, -k, -r and -P, calls that fail, process groups that are
# entered from elsewhere.
set -u
here=$(dirname "$0")

# ---- one check: build NAME FLAGS CFLAGS; the folder is $work/NAME ----

build() {
	mkdir -p "$work/$1" && cd "$work/$1" || exit 1
	cp "$model/foster.pml" "$model/trace.h" .
	# shellcheck disable=SC2086
	spin -a $2 foster.pml >spin.out 2>&1 &&
		${CC:-cc} -w -DNOREDUCE -DCOLLAPSE -DMEMLIM=4000 $3 \
			-o pan pan.c >cc.out 2>&1 && return
	cat spin.out cc.out
	exit 1
}

# What a run has found: "refuted", "holds" or "gave up".
result() {
	if grep -q 'errors: [1-9]' "$1"; then
		echo refuted
	elif grep -q 'errors: 0' "$1" && ! grep -q 'too small' "$1" &&
		! grep -q 'out of memory\|memory limit' "$1"; then
		echo holds
	else
		echo 'gave up'
	fi
}

# job WANTED NAME PROPERTY FLAGS WHAT: one line, and a file of it.
job() {
	options="-m400000 -E -w23"
	case $3 in
	safety) cflags='-O2 -DSAFETY' flags=$4 ;;
	*) cflags='-O2 -DNFAIR=3' flags="$4 -DLIVE"
		options="$options -a -f -N $3" ;;
	esac
	[ "$1" = holds ] || cflags="-O0 ${cflags#-O2}"
	build "$2" "$flags" "$cflags"
	# Processor time: the wall's depends on who else is running.
	# shellcheck disable=SC2086
	seconds=$( (timeout -k 1 3000 ./pan $options >out 2>&1; times) |
		awk 'NR == 2 { split($1, t, "[ms]")
			printf "%.1f", t[1] * 60 + t[2] }')
	got=$(result out)
	states=$(awk '/states, stored/ { print $1 }' out)
	printf '%-8s %-46s %9s states %6s s  %s\n' "$3" "$5" \
		"${states:-?}" "${seconds:-?}" "$got" | tee line
	[ "$got" = "$1" ] && : >ok
}

# ---- traces ----

# accepts TRACE: whether the model built here can do just that.
accepts() {
	TRACE=$1 timeout -k 1 600 ./pan -m400000 -E -w20 >out 2>&1
	if grep -q 'assertion violated 0 ' out; then
		return 0
	fi
	[ "$(result out)" = holds ] && return 1
	cat out
	exit 1
}

# Each trace with one step left out, done twice, with another signal or
# another status: never a trace of foster's. Not tried is what may be one:
# whatever it is that others have done, or that the time does as well.
corrupt() {
	awk -v to="$2" -v without_proc="$3" '
	function put(from, instead, k, file) {
		file = to "." ++count
		for (k = 1; k <= NR; k++)
			if (k != from)
				print line[k] >file
			else if (instead != "")
				print instead >file
		close(file)
	}
	# Without /proc a look is no call, and nothing is between two waits.
	function is_silent(n) {
		return without_proc && (a[n] == 1 && c[n] == 0 ||
			a[n] == 3 && b[n] == 0)
	}
	# Some other process died or stopped; its parent may have reaped it.
	function is_of_others(n) {
		return a[n] == 1 && b[n] > 1
	}
	function is_needed(n) {
		if (is_silent(n) || is_of_others(n))
			return 0
		# Without its KILL, it has died by itself after a look.
		if (a[n] == 4 && c[n] == 9)
			return 0
		# The second does what the end of the time does.
		if (a[n] == 3 && b[n] == 15)
			return n != second
		# A look while all is settled, or one by the time.
		if (a[n] == 3 && b[n] == 0)
			return a[n - 1] == 1
		if (a[n] == 5)
			return a[n + 1] == 4
		# Whoever has just gone has no parents to read.
		if (a[n] == 8)
			return a[n + 1] == 9
		# A member of the group is spared it.
		if ((a[n] == 4 || a[n] == 9) && c[n] == 15)
			return a[n - 1] != 10
		return a[n] != 13
	}
	function is_once(n) {
		if (a[n] == 1 && c[n] > 1 && c[n] < 4)
			return 0
		return !is_silent(n) && a[n] != 5
	}
	{
		line[NR] = $0; a[NR] = $1; b[NR] = $2; c[NR] = $3
		if ($1 == 3 && $2 == 15 && ++terms == 2)
			second = NR
	}
	END {
		every = NR > 10 ? int(NR / 5) : 1
		for (n = 1; n <= NR; n++) {
			if (n % every && n < NR - 1)
				continue
			if (is_needed(n))
				put(n, "")
			if (is_once(n))
				put(n, line[n] "\n" line[n])
			if (a[n] == 4 || a[n] == 9)
				put(n, a[n] " " b[n] " " \
				    (c[n] == 15 ? 9 : 15))
			if (a[n] == 12)
				put(n, "12 2 0")
		}
	}' "$1"
}

# traces VARIANT FLAGS: all that were recorded for it.
traces() {
	build "trace-$1" "-DTRACE -DN=4 $2" '-O1 -DSAFETY'
	while read -r name variant; do
		[ "$variant" = "$1" ] || continue
		length=$(wc -l <"$work/traces/$name")
		refused=0 corrupted=0 verdict=refused
		if accepts "$work/traces/$name"; then
			verdict=accepted
			: >"$work/accepted-$name"
		else
			echo "  refused after $(grep '^trace:' out):" \
				"$work/traces/$name"
		fi
		corrupt "$work/traces/$name" "$PWD/$name" \
			"$(case $name in no_proc*) echo 1 ;; esac)"
		for other in "$PWD/$name".*; do
			corrupted=$((corrupted + 1))
			if accepts "$other"; then
				echo "  accepted, but corrupted: $other"
			else
				refused=$((refused + 1))
			fi
		done
		echo "$refused $corrupted" >"$work/corrupted-$name"
		printf 'trace    %-46s %9s steps  %s; corrupted: %s of %s refused\n' \
			"$name" "$((length))" "$verdict" "$refused" "$corrupted"
	done <"$work/list"
}

# ---- the lists: WANTED;NAME;PROPERTY;FLAGS;WHAT ----

jobs_list() {
	cat <<-'END'
	holds;s1;safety;-DSTOPS=1;process 1, a stop
	holds;s0;safety;-DSENDS=2;process 1, two TERM
	holds;s2;safety;-DSUBREAPER -DSENDS=0 -DSTOPS=1;subreaper, a stop
	holds;s3;safety;-DREUSE=3 -DSENDS=0;process 1, numbers used again
	holds;s4;safety;-DSUBREAPER -DREUSE=4 -DSTRANGERS -DSENDS=0 -DNO_END -DNO_LOOKS;subreaper, numbers used again, strangers
	holds;s11;safety;-DSUBREAPER -DREUSE=3 -DSTRANGERS -DNO_END -DNO_LOOKS;subreaper, strangers, TERM
	holds;s5;safety;-DGROUP;process 1, -g
	holds;s6;safety;-DSUBREAPER -DGROUP;subreaper, -g
	holds;s7;safety;-DLINGER -DSENDS=2;process 1, -a
	holds;s8;safety;-DNO_PROC;process 1, no /proc
	holds;s9;safety;-DSUBREAPER -DNO_PROC;subreaper, no /proc
	holds;s10;safety;-DSUBREAPER -DNO_PROC -DGROUP;subreaper, no /proc, -g
	holds;l1;exits;;process 1
	holds;l2;exits;-DSUBREAPER;subreaper
	holds;l3;exits;-DSUBREAPER -DNO_LAST_END -DSENDS=0;subreaper, no end after KILL
	holds;l4;exits;-DNO_PROC -DSENDS=0;process 1, no /proc
	holds;l5;reaches;-DN=2 -DSTOPS=2;process 1, two stops, N=2
	holds;l6;reaches;-DSUBREAPER;subreaper
	holds;l7;told;-DNO_END -DSENDS=0;process 1, no end
	holds;l8;told;-DSUBREAPER -DNO_END -DSENDS=0;subreaper, no end
	refuted;f1;safety;-DFAULT=1;fault: status of the last child reaped
	refuted;f2;exits;-DFAULT=2;fault: one wait4() for each SIGCHLD
	refuted;f3;safety;-DSUBREAPER -DFAULT=3;fault: leaves at the end without KILL
	refuted;f4;reaches;-DFAULT=4;fault: TERM taken for the CHLD beside it
	refuted;f5;safety;-DFAULT=5;fault: forgets whom it told
	refuted;f6;exits;-DFAULT=6;fault: CHLD is lost between wait4() and wait
	refuted;f7;safety;-DSUBREAPER -DFAULT=7;fault: KILL at half the grace
	refuted;f8;safety;-DFAULT=8;fault: leaves with the program
	refuted;f9;safety;-DFAULT=9;fault: at half the grace only children
	refuted;f10;safety;-DREUSE=3 -DSENDS=0 -DFAULT=10;fault: reaped, but still marked as told
	refuted;f11;safety;-DSUBREAPER -DREUSE=4 -DSTRANGERS -DSENDS=0 -DNO_END -DNO_LOOKS -DFAULT=11;fault: parents are read once
	refuted;f12;reaches;-DN=2 -DSTOPS=2 -DFAULT=12;fault: CONT by what was known at TERM
	refuted;f13;told;-DNO_END -DSENDS=0 -DFAULT=13;fault: orphans are not looked for
	refuted;f14;safety;-DSUBREAPER -DREUSE=3 -DSTRANGERS -DNO_END -DNO_LOOKS -DFAULT=14;fault: TERM to the number of the reaped
	refuted;f15;safety;-DSUBREAPER -DREUSE=4 -DSTRANGERS -DSENDS=0 -DNO_END -DNO_LOOKS -DFAULT=15;fault: numbers instead of pidfds
	refuted;f16;exits;-DSUBREAPER -DNO_LAST_END -DSENDS=0 -DFAULT=16;fault: KILL once, not to those who come
	trace;p1;;;
	trace;p1s;;-DSTOPS=2;
	trace;p1t;;-DSENDS=2;
	trace;p1g;;-DGROUP;
	trace;p1a;;-DLINGER;
	trace;p1n;;-DNO_PROC -DSENDS=0;
	trace;sub;;-DSUBREAPER -DSENDS=0;
	trace;subt;;-DSUBREAPER -DSENDS=2;
	trace;subg;;-DSUBREAPER -DGROUP;
	trace;subn;;-DSUBREAPER -DNO_PROC -DSENDS=0;
	END
}

# For xargs: check.sh --job LINE
if [ "$1" = --job ]; then
	IFS=';' read -r wanted name property flags what <<-END
	$2
	END
	case $wanted in
	trace) traces "$name" "$flags" ;;
	*) job "$wanted" "$name" "$property" "$flags" "$what" ;;
	esac
	exit 0
fi

miss() {
	echo "check-model: not run: $1"
	[ "${MUST:-}" = 1 ] && exit 1
	exit 0
}

command -v spin >/dev/null || miss 'no spin (Debian: spin)'
foster=$(realpath "$1") record=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3") model=$(realpath "$here")
export work model
rm -rf "${work:?}"/*
mkdir "$work/traces"
timeout -k 1 1000 "$record" "$foster" "$work/traces" >"$work/list"
case $? in
0) ;;
77) miss "foster cannot be traced in a namespace (root? ptrace?)" ;;
*) exit 1 ;;
esac

jobs_list | tr '\n' '\0' | xargs -0 -n 1 -P "${JOBS:-2}" "$0" --job

# ---- all in all ----

held=$(jobs_list | grep -c '^holds') faults=$(jobs_list | grep -c '^refuted')
held_ok=$(find "$work" -path '*/[sl][0-9]*/ok' | wc -l)
faults_ok=$(find "$work" -path '*/f[0-9]*/ok' | wc -l)
all=$(wc -l <"$work/list") accepted=$(find "$work" -name 'accepted-*' | wc -l)
corrupted=$(cat "$work"/corrupted-* | awk '{ s += $2 } END { print s + 0 }')
refused=$(cat "$work"/corrupted-* | awk '{ s += $1 } END { print s + 0 }')
echo "properties hold in $held_ok of $held checks"
echo "faults refuted $faults_ok of $faults"
echo "traces accepted $accepted of $all"
echo "corrupted traces refused $refused of $corrupted"
[ "$held_ok" = "$held" ] && [ "$faults_ok" = "$faults" ] &&
	[ "$accepted" = "$((all))" ] && [ "$refused" = "$corrupted" ] &&
	[ "$corrupted" -gt 0 ]
