#!/bin/sh
# Faults put into src/, one at a time: the search has to find each.
#
#	faults.sh BUILD SCHEDULES-OBJECTS FOSTER-OBJECTS CFLAGS LDFLAGS [NUMBER]
#
# The table is at the end. A fault has
#
#	a name
#	the world that shows it (main.c tells what is in a world)
#	one that shows it where states that behave alike count as one; "-":
#		none, for there numbers do not come again, /proc is there, and
#		nothing happens between two calls of foster's
#	the violation that both have to report, a pattern of the shell
#	a file of src/, what is searched for there, what replaces it
#	further ones of these three, if need be
#
# What is searched for is plain text that has to be there exactly once; blanks,
# tabs and ends of lines count as one blank. The schedule that is found is
# replayed, which has to show the same. And without a fault all these worlds
# must be without violation, or finding one means nothing.
set -u

build=$1 schedules=$2 foster=$3 cflags=$4 ldflags=$5 only=${6-}
folder=$build/faults
jobs=2
bound=120 # seconds of one search; none takes more than a few

# ---- one fault ----

# src/FILE.c with the fault; without, if it cannot be put there exactly once.
change() # file search instead
{
	SEARCH=$2 INSTEAD=$3 awk '
	{ text = text $0 "\n" }
	END {
		search = ENVIRON["SEARCH"]
		gsub(/[][\\.^$(){}|*+?]/, "\\\\&", search)
		gsub(/[ \t\n]+/, "[ \t\n]+", search)
		for (rest = text; match(rest, search); count++) {
			if (count == 0) {
				at = RSTART
				length_found = RLENGTH
			}
			rest = substr(rest, RSTART + RLENGTH)
		}
		if (count == 1)
			text = substr(text, 1, at - 1) ENVIRON["INSTEAD"] \
				substr(text, at + length_found)
		printf "%s", text
		print count + 0 >"/dev/stderr"
	}' "$own/$1.c" >"$own/changed" 2>"$own/count"
	times=$(cat "$own/count")
	mv "$own/changed" "$own/$1.c"
	[ "$times" = 1 ] && return
	echo "  NOT PUT: src/$1.c has this $times times, and must have it once:"
	echo "    $2"
	return 1
}

# The program of all objects, but for those of the files that were changed.
build_with() # changed files...
{
	for file; do
		# shellcheck disable=SC2086
		${CC:-cc} $cflags -w -O1 -g -Isrc -MMD -MF "$own/$file.d" \
			-c -o "$own/$file.o" "$own/$file.c" || return
	done
	# shellcheck disable=SC2046,SC2086
	${CC:-cc} -o "$own/schedules" $schedules \
		$(for object in $foster; do
			file=$(basename "$object" .o)
			[ -f "$own/$file.o" ] && object=$own/$file.o
			echo "$object"
		done) $ldflags
}

# What the search finds is what it has to: finds VIOLATION WORLD OUT.
finds()
{
	timeout -k 1 $bound "$own/schedules" --first "$2" >"$3" 2>&1
	found=$(sed -n 's/^VIOLATION in [^ ]* //p' "$3" | head -1)
	# shellcheck disable=SC2254
	case $found in
	$1) return ;;
	'') echo "  NOT FOUND in $2: $1" ;;
	*) echo "  FOUND in $2: $found; NOT: $1" ;;
	esac
	return 1
}

# The command that is printed shows the same violation again.
replays()
{
	command=$(sed -n 's/^  replay: //p' "$own/out" | head -1)
	eval "$command" >"$own/again"
	[ "$(tail -1 "$own/again")" = "VIOLATION: $found" ] && return
	echo "  NOT REPLAYED: $command"
	return 1
}

try() # name world merged violation {file search instead}...
{
	echo "$number: $1"
	world=$2 merged=$3 violation=$4 files=
	shift 4
	while [ $# -ge 3 ]; do
		[ -f "$own/$1.c" ] || cp "src/$1.c" "$own/$1.c" || return
		change "$1" "$2" "$3" || return
		case " $files " in
		*" $1 "*) ;;
		*) files="$files $1" ;;
		esac
		shift 3
	done
	# shellcheck disable=SC2086
	build_with $files || return
	if [ "$merged" != - ]; then
		finds "$violation" "$merged" "$own/merged" || return
	fi
	finds "$violation" "$world" "$own/out" && replays || return
	sed -n '/^VIOLATION/{s/^VIOLATION/  found/;p;n;p;q;}' "$own/out"
}

# ---- all of them ----

# Whoever makes its folder first takes it.
fault()
{
	number=$((number + 1))
	[ -n "$only" ] && [ "$only" != $number ] && return
	if [ $is_listing = yes ]; then
		echo "$2"
		[ "$3" = - ] || echo "$3"
		return
	fi
	own=$folder/$number
	mkdir "$own" 2>/dev/null || return
	try "$@" >"$own/report" 2>&1 && : >"$own/ok"
}

all()
{
	number=0
	table
}

# Without a fault.
holds()
{
	is_listing=yes
	all | sort -u >"$folder/worlds"
	# shellcheck disable=SC2046,SC2086
	${CC:-cc} -o "$folder/schedules" $schedules $foster $ldflags &&
	timeout -k 1 $bound "$folder/schedules" --jobs $jobs \
		$(cat "$folder/worlds") >"$folder/out" && return
	echo 'Without a fault:'
	sed -n '/^VIOLATION/,/^  replay/p' "$folder/out"
	return 1
}

run()
{
	rm -rf "$folder"
	mkdir -p "$folder"
	holds || exit 1
	is_listing=no
	for _ in $(seq $jobs); do
		all &
	done
	wait
	tried=0 found=0 number=1
	[ -n "$only" ] && number=$only
	while [ -d "$folder/$number" ]; do
		cat "$folder/$number/report"
		tried=$((tried + 1))
		[ -f "$folder/$number/ok" ] && found=$((found + 1))
		number=$((number + 1))
	done
	echo "$found of $tried faults found"
	[ $tried -gt 0 ] && [ $found = $tried ]
}

# ---- the table ----

table() {
# Reaping.
fault 'only the child that SIGCHLD names is reaped' \
	1:::1 1:mo::1:0 'waits, and nobody is left' \
	reap 'named = -1; } }' 'break; } }'
fault 'one orphan is reaped at a time' \
	1:::1 1:mo::1:0 'waits, and nobody is left' \
	reap 'take(init, pid, status); is_all =' \
	'{ take(init, pid, status); settle(init, 0); return; } is_all ='
fault 'SIGCHLD is lost if it comes before the wait' \
	1:::1:1:E - 'waits, and * is a zombie' \
	loop 'siginfo_t info; int signal =' \
	'siginfo_t info;
	 struct kernel_sigset child = { { 1UL << (SIGCHLD - 1) } };
	 struct kernel_timespec no_time = { 0, 0 };
	 sys_rt_sigtimedwait(&child, NULL, &no_time);
	 int signal ='
fault 'the status is lost' \
	1:::1 1:mo::1:0 'ends with 0, not 3' \
	loop 'return init->lifecycle.wait_status;' 'return 0;'
fault 'the status is that of the child reaped last' \
	1::0:2 1:mo:0:2:0 'ends with *, not 3' \
	reap 'told_forget(init, pid);' \
	'told_forget(init, pid); init->lifecycle.wait_status = status;'
fault 'the status of a death by a signal' \
	1::0:1 1:mo:0:1:0 'ends with 15, not 143' \
	status 'return signal != 0 ? STATUS_SIGNAL + signal' \
	'return signal != 0 ? signal'
fault '-e remaps nothing' \
	1:e::1 1:moe::1:0 'ends with 3, not 0' \
	status '? 0 : status' '? status : status'

# Forwarding.
fault 'TERM is taken for the SIGCHLD that waits beside it' \
	1::0:2 1:mo:0:2:0 'signal 15 was taken and not forwarded' \
	loop 'if (signal == SIGCHLD)' \
	'struct kernel_sigset child = { { 1UL << (SIGCHLD - 1) } };
	 struct kernel_timespec no_time = { 0, 0 };
	 if (signal == SIGTERM &&
	     sys_rt_sigtimedwait(&child, &info, &no_time) == SIGCHLD)
		signal = SIGCHLD;
	 if (signal == SIGCHLD)'
fault 'a queued signal loses its value' \
	1:::1 1:mo::1:0 'signal 34 with value 0, not 1' \
	forward 'error = sys_rt_sigqueueinfo(' \
	'sent.si_value.sival_ptr = NULL; error = sys_rt_sigqueueinfo('
fault 'a queued signal is forwarded by kill(2)' \
	1:::1 1:mo::1:0 'signal 34 loses its value' \
	forward 'if (target > 0 && is_queued(info) &&' 'if (false &&'
fault 'a signal is forwarded twice' \
	1:::1 1:mo::1:0 'signal 15 to * while the program lives' \
	forward 'error = sys_kill(target, signal);' \
	'sys_kill(init->program, signal); error = sys_kill(target, signal);'
fault 'every stop goes to the group' \
	1::0:1 1:mo:0:1:0 'signal * is forwarded to -*' \
	forward 'signals_has(proc_ignored_signals(init->program), signal);' 'true;'
fault 'no CONT after a signal to end' \
	1:::2 1:mo::2:0 'the program is stopped, and has a signal to end' \
	lifecycle 'lifecycle->owes_continue = true;' ';'
fault 'no CONT after a stop that comes after a signal to end' \
	1:::3:3:IST 1:mo::3:0:IST 'the program was told to end, and stays stopped' \
	lifecycle 'if (now_ms < lifecycle->continues_until_ms &&' 'if (false &&'
fault 'without /proc, no CONT after a late stop' \
	s:p::3:3:IST - 'the program was told to end, and stays stopped' \
	reap '*status = info.si_status << 8 | STOPPED;' \
	'*status = SIGSTOP << 8 | STOPPED;' \
	lifecycle 'if (now_ms < lifecycle->continues_until_ms &&' \
	'if (signal != SIGSTOP && now_ms < lifecycle->continues_until_ms &&'
fault 'where foster cannot stop, the program stays stopped by TSTP' \
	1:::1 1:mo::1:0 'the program is stopped by TSTP, and foster runs' \
	job_control 'runs_on = stop(init, signal) || is_by_hand;' \
	'runs_on = stop(init, signal);'
fault 'the limit of -k outlives the program' \
	1:kndi:0:2:2:TF - '* calls in a pass, * of the clock' \
	lifecycle 'lifecycle->wait_status = wait_status; lifecycle->kill_at_ms = LIFECYCLE_NEVER;' \
	'lifecycle->wait_status = wait_status;'
fault 'each signal to end begins the time of -k anew' \
	1:k::3:3:TL 1:mok::3:0:IT 'waits [lw]* *' \
	lifecycle 'if (kill_after_ms == 0 || lifecycle->has_kill_time)' \
	'if (kill_after_ms == 0)'

# The ending.
fault 'foster leaves with the program' \
	1::0:1 1:mo:0:1:0 'ends though leftovers have time' \
	lifecycle 'return lifecycle->config->grace_ms == 0 ? STAGE_DONE : STAGE_ENDED;' \
	'return STAGE_DONE;'
fault '-a does not wait' \
	1:a:0:1 1:mo:0:1:0 'waits with a limit while leftovers run on' \
	lifecycle 'lifecycle->stage = lifecycle_lets_run_on(lifecycle)' 'lifecycle->stage = false'
fault '-a forgets the stop that came before' \
	1:a:0:1:1:T 1:mo:0:1:0:T 'waits without a limit while leftovers end' \
	lifecycle 'return lifecycle->config->waits_for_all && lifecycle->stop_signal == 0;' \
	'return lifecycle->config->waits_for_all;'
fault 'while -a waits, no signal is passed on' \
	1:a:0:2 1:mo:0:2:0 '* did not get what was passed on' \
	lifecycle '(signal == SIGHUP || lifecycle->stage == STAGE_LINGERING)' \
	'signal == SIGHUP'
fault 'there is no quiet time' \
	1::0:1 1:mo:0:1:0 '* is told in the quiet time' \
	ending 'lifecycle->stage_until_ms = now_ms + quiet_ms;' \
	'lifecycle->stage_until_ms = now_ms;'
fault 'the quiet time is too long' \
	1::0:1 1:mo:0:1:0 'waits longer than it is quiet' \
	ending 'lifecycle->stage_until_ms = now_ms + quiet_ms;' \
	'lifecycle->stage_until_ms = now_ms + quiet_ms + 1;'
fault 'a stop before has its quiet time, too' \
	1::0:1:1:T 1:mo:0:1:0:T '* was left over and is not told' \
	ending 'else if (lifecycle->stop_signal != 0)' 'else if (false)'
fault 'a stop in the quiet time does not end it' \
	1::0:2:2:ET 1:mo:0:2:0:ET '* was left over and is not told' \
	ending 'if (lifecycle->stage == STAGE_QUIET) return ending_next_stage(lifecycle, now_ms);' \
	'if (lifecycle->stage == STAGE_QUIET) return no_step;'
fault 'a second stop goes to all' \
	1::0:2:2:EN 1:mo:0:3:0:EN 'signal 2 to leftover *' \
	ending 'lifecycle_step(STEP_TERMINATE_CHILDREN, as);' \
	'lifecycle_step(STEP_SIGNAL_CHILDREN, as);'
fault 'who reads a pipe is told with all others' \
	1:r:00:1 - '* reads a pipe and is told too early' \
	leftovers 'if (is_passed_over(init, pid))' 'if (false)'
fault 'a subreaper tells readers at three quarters' \
	s:r:00:2 - '* reads a pipe and is told too early' \
	lifecycle 'return lifecycle->stage < STAGE_LAST_CALL;' \
	'return lifecycle->stage < STAGE_ESCALATED;'
fault 'who was passed over is not told at the end' \
	1:r:00:1 - '* was left over and is not told' \
	lifecycle 'return lifecycle->stage < STAGE_LAST_CALL;' 'return true;'
fault 'there is no last call' \
	1:r:00:1 - '* was left over and is not told' \
	ending 'lifecycle->stage_until_ms = until_ms - grace_ms / 8;' \
	'lifecycle->stage_until_ms = until_ms;'
fault 'the grace never ends' \
	1::0:2 1:mo:0:2:0 'waits until * ms, which is too long' \
	ending 'lifecycle->stage_until_ms = until_ms; ' \
	'lifecycle->stage_until_ms = LIFECYCLE_NEVER; '
fault 'the grace is one millisecond too long' \
	1::0:2 1:mo:0:2:0 'waits until 161 ms, which is too long' \
	ending 'lifecycle->stage_until_ms = until_ms; ' \
	'lifecycle->stage_until_ms = until_ms + 1; '
fault 'the grace is one millisecond too short' \
	1::0:2 1:mo:0:2:0 'ends though leftovers have time' \
	ending 'lifecycle->stage_until_ms = until_ms; ' \
	'lifecycle->stage_until_ms = until_ms - 1; '
fault 'a subreaper kills at three quarters of the grace' \
	s::0:2 s:mo:0:2:0 '* is killed before its time' \
	ending 'lifecycle->stage = STAGE_ESCALATED;' \
	'return end_grace(lifecycle, now_ms);'
fault 'a subreaper leaves at the end of the grace without KILL' \
	s::0:2 s:mo:0:2:0 'ends, and leaves somebody alive' \
	ending 'if (lifecycle->config->is_process_1 || lifecycle->stage == STAGE_KILLING) {' \
	'if (true) {'
fault 'a subreaper kills once, and not who comes later' \
	s::01:3:3:EIF s:mo:01:3:0 '* is not killed' \
	ending 'return lifecycle_step(STEP_KILL_ALL, SIGKILL);' \
	'{
		lifecycle->look_ms = LIFECYCLE_NEVER;
		return lifecycle_step(STEP_KILL_ALL, SIGKILL);
	 }' \
	lifecycle 'if (lifecycle->has_reaped && lifecycle->stage > STAGE_QUIET)' \
	'if (lifecycle->has_reaped && lifecycle->stage > STAGE_QUIET &&
	    lifecycle->stage < STAGE_KILLING)'
fault 'the second signal to end ends nothing' \
	1::0:3:0:ET 1:mo:0:3:0:ET 'waits, and was told twice to end' \
	ending 'if (lifecycle->had_one_more)' 'if (false)'
fault 'every signal to end is a first one' \
	1::0:3:0:ET 1:mo:0:3:0:ET 'waits, and was told twice to end' \
	ending 'lifecycle->had_one_more = true;' \
	'lifecycle->had_one_more = lifecycle->stage == STAGE_QUIET;'
fault 'one that ends the quiet time does not count' \
	1::0:3:0:ET 1:mo:0:3:0:ET 'waits, and was told twice to end' \
	ending 'lifecycle->had_one_more = true;' \
	'lifecycle->had_one_more = lifecycle->stage != STAGE_QUIET;'
fault 'a subreaper forwards TERM to the number of the program reaped' \
	s:nd:0:3:3:EXT - 'signal 15 to *, which is no descendant' \
	lifecycle 'if (lifecycle->stage == STAGE_RUNNING) return forward(lifecycle, now_ms, signal, as);' \
	'if (lifecycle->stage == STAGE_RUNNING || lifecycle->stage >= STAGE_QUIET)
		return forward(lifecycle, now_ms, signal, as);'

# Whom the ending tells.
fault 'orphans that come later are not told' \
	1::01:1 1:mo:01:1:0 '* has come and is not looked for' \
	lifecycle 'if (lifecycle->has_reaped && lifecycle->stage > STAGE_QUIET)' 'if (false)' \
	ending 'lifecycle->look_ms = now_ms + pause_ms;' \
	'lifecycle->look_ms = LIFECYCLE_NEVER;'
fault 'nobody but the roots is told at three quarters of the grace' \
	1::01:2 1:mo:01:2:0 '* is not told at 3/4 of the grace' \
	ending 'until_ms - grace_ms / 8; return look_at_all(lifecycle, now_ms);' \
	'until_ms - grace_ms / 8; return ending_look(lifecycle, now_ms);'
fault 'all are told at once, not only the roots' \
	1::01:1 1:mo:01:1:0 '* is told, and its parent lives' \
	leftovers 'for_each(init, init->own, tell, step);' \
	'for_each(init, 0, tell, step);'
fault 'leftovers are told again at each look' \
	1::0:2 1:mo:0:2:0 '* is told twice' \
	leftovers 'else if (told == TOLD_TERM || !is_escalating) {' \
	'else if (false) {'
fault 'a stopped leftover is told and not continued' \
	1::0:2 1:mo:0:2:0 '* is told and stays stopped' \
	leftovers 'say_told(init, pid, signal); leftovers_send(pid, pidfd, SIGCONT);' \
	'say_told(init, pid, signal);'
fault 'with -g, the group is told once more' \
	1:g:0:1 1:mog:0:1:0 '* is told, and had it with its group' \
	group 'told_set(init, pid, TOLD_WITH_GROUP);' ';'
fault 'who reads a pipe dies of a stop that the program ignores' \
	1:r:01:2 - '* reads a pipe and is told too early' \
	group 'return has_reader && init->told != NULL;' \
	'return init->told != NULL;' \
	group 'if (left > 0 && readers_wait(init, pid)) {' 'if (false) {'
fault 'who is born into the group after its stop counts as told' \
	1:g:0:2 - '* is continued twice' \
	told 'return init->told[pid] < SINCE ? init->told[pid] : TOLD_NOTHING;' \
	'if (init->group_signal != 0 && sys_getpgid(pid) == init->program) return TOLD_WITH_GROUP; return init->told[pid] < SINCE ? init->told[pid] : TOLD_NOTHING;'
fault 'a subreaper tells strangers, too' \
	s::0:2 s:mo:0:2:0 'signal 15 to *, which is no descendant' \
	descendants 'return parent_of(kin, end) == own;' 'return true;'
fault 'a subreaper kills its children only' \
	s::01:3:3:EIF s:mo:01:3:0 'ends, and leaves somebody alive' \
	leftovers 'for_each_descendant(init, send_only, step);' ';' \
	ending 'lifecycle->stage_until_ms = now_ms + LIFECYCLE_KILLING_MS;' \
	'lifecycle->stage_until_ms = now_ms + 1;'

# Without /proc.
fault 'without /proc, the group is not told before the program is reaped' \
	s:p:0:1:1:E - '* is not told, without /proc' \
	reap 'if (pid == init->program && init->lifecycle_config.grace_ms != 0 &&' \
	'if (false &&'
fault 'without /proc, all are told at each look' \
	1:p:0:2 - '* is told twice' \
	leftovers 'if (init->own != 1 || (!is_signal && init->has_told_children))' \
	'if (init->own != 1)'
fault 'without /proc, nothing is passed on' \
	1:pa:0:2 - '* did not get what was passed on' \
	leftovers 'if (init->own != 1 || (!is_signal && init->has_told_children))' \
	'if (init->own != 1 || is_signal || init->has_told_children)'
fault 'without /proc, a subreaper tells everybody' \
	s:p:0:2:2:EI - 'signal 15 to *, which is no descendant' \
	leftovers 'if (init->own != 1 || (!is_signal && init->has_told_children))' \
	'if (!is_signal && init->has_told_children)'

# Numbers that come again.
fault 'a number that was told is never told again' \
	1:n:01:2 - '* is not told at 3/4 of the grace' \
	told 'init->told[pid] = TOLD_NOTHING;' ';'
fault 'parents are read once' \
	s:ndxi:0:4:3:EF - 'signal * to *, which is no descendant' \
	descendants 'stat.parent, false };' 'stat.parent, true };' \
	descendants 'read_parents(descendants->kin, false);' ';'
fault 'a descendant is whoever has its number now' \
	s:ni:01:4:3:ERX - 'signal * to *, which is no descendant' \
	descendants 'if (pidfd >= 0 && proc_stat(pid, &stat) && stat.start == descendants->kin[pid].start)' \
	'(void)stat; if (pidfd >= 0)'
fault 'descendants are told by number, not by pidfd' \
	s:ni:01:4:3:ERX - 'signal * to *, which is no descendant' \
	leftovers 'act(init, pid, pidfd, step);' \
	'act(init, pid, -1, step);'
}

run
