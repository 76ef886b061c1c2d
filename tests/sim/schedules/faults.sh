#!/bin/sh
# Faults put into src/, one at a time: the search has to find every one. Says
# by how many events at least, in which world, and what was wrong.
#
#	faults.sh BUILD SCHEDULES-OBJECTS FOSTER-OBJECTS CFLAGS LDFLAGS [NUMBER]
#
# Its schedule is replayed as well, which has to show the same. And the merged
# search has to find it, too.
#
# A fault is a file, a sed command that changes it, and a sentence. One that
# changes nothing any more is an error, as is one that nothing finds.
set -u

build=$1 schedules=$2 foster=$3 cflags=$4 ldflags=$5 only=${6-}
folder=$build/faults
failed=0 number=0

# With no events, one, two; so the first that is found has the fewest.
worlds() {
	for who in 1 s; do
		for options in '' g k a 0 e; do
			for family in '' 0 01; do
				echo "$who:$options:$family:$1"
			done
		done
		echo "$who:n:01:$1"
	done
}

try() {
	for events in 0 1 2; do
		# shellcheck disable=SC2046
		timeout -k 1 120 "$folder/schedules" --jobs 2 --first \
			$(worlds $events) >"$folder/out"
		grep -q ^VIOLATION "$folder/out" && return
	done
	for world in s::01 s:g:01 1::01 1:g:01 1:k: s:k:; do
		timeout -k 1 120 "$folder/schedules" --first \
			"$world:3:3:EITF" >"$folder/out"
		grep -q ^VIOLATION "$folder/out" && return
	done
	return 1
}

# The same where states that behave alike count as one. There a number never
# comes again, which one of the faults is about.
merged() {
	for events in 0 1 2 3; do
		# shellcheck disable=SC2046
		timeout -k 1 120 "$folder/schedules" --jobs 2 --first \
			$(for who in 1 s; do
				for options in mo mog mok mogk moe; do
					for family in '' 0 01; do
						echo "$who:$options:$family:$events:0"
					done
				done
			done) >"$folder/merged"
		grep -q ^VIOLATION "$folder/merged" && return
	done
	[ "$what" = 'a number that was told is never told again' ]
}

# The command that is printed shows the same violation again.
replays() {
	command=$(grep -m1 '^  replay: ' "$folder/out" | cut -d' ' -f4-)
	what_was=$(grep -m1 ^VIOLATION "$folder/out" | cut -d' ' -f4-)
	eval "$command" >"$folder/again"
	[ "$(tail -1 "$folder/again")" = "VIOLATION: $what_was" ]
}

fault() {
	number=$((number + 1))
	file=$1 change=$2 what=$3
	[ -n "$only" ] && [ "$only" != $number ] && return
	mkdir -p "$folder"
	sed "$change" "src/$file.c" >"$folder/$file.c"
	if cmp -s "src/$file.c" "$folder/$file.c"; then
		echo "$number: changes nothing: $what"
		failed=1
		return
	fi
	# shellcheck disable=SC2086
	${CC:-cc} $cflags -w -O1 -g -Isrc -MF /dev/null -c \
		-o "$folder/$file.o" "$folder/$file.c" &&
	${CC:-cc} -o "$folder/schedules" $schedules \
		$(for object in $foster; do
			case $object in
			*/$file.o) echo "$folder/$file.o" ;;
			*) echo "$object" ;;
			esac
		done) $ldflags || { failed=1; return; }
	if try; then
		echo "$number: $what"
		replays || {
			echo "  NOT REPLAYED"
			failed=1
		}
		merged || {
			echo "  NOT FOUND where states are merged"
			failed=1
		}
		grep -m1 -A1 ^VIOLATION "$folder/out" |
			sed 's/^VIOLATION/  found/; s/^  by/  by/'
	else
		echo "$number: NOT FOUND: $what"
		failed=1
	fi
}

fault tend '/whom = -1;/s/whom = -1/break/' \
	'only the child that SIGCHLD names is reaped'
fault tend '/^static void reap_all/,/^}/s/take(family, pid, status);/& settle(family, 0); return;/' \
	'one orphan is reaped at a time'
fault tend 's/error = sys_sigqueueinfo(family->start.program, signal, info);/info->value = 0; error = sys_sigqueueinfo(family->start.program, signal, info);/' \
	'a queued signal loses its value'
fault tend 's/family->target > 0 \&\& info->code < SENT_BY_KILL/info->code < -7/' \
	'a queued signal is handed over by kill(2)'
fault tend 's/runs_on = stop(family, signal) || is_by_hand;/runs_on = stop(family, signal);/' \
	'where foster cannot stop, the program stays stopped by TSTP'
fault tend 's/^\terror = sys_kill(is_from_terminal(info) ? -family->start.program/\tsys_kill(family->start.program, signal); &/' \
	'a signal is handed over twice'
fault keeper 's/if (signals_asks_to_end(signal) || signal == SIGNAL_HUP)/if (signal == SIGNAL_HUP)/' \
	'no CONT after a signal to end'
fault keeper 's/keeper->half_ms = now_ms + keeper->grace_ms \/ 2;/keeper->half_ms = KEEPER_NEVER;/' \
	'nobody but the roots is told at half the grace'
fault keeper 's/keeper->deadline_ms = now_ms + keeper->grace_ms;/keeper->deadline_ms = KEEPER_NEVER;/' \
	'the grace never ends'
fault keeper 's/keeper->deadline_ms = now_ms + keeper->grace_ms;/keeper->deadline_ms = now_ms + keeper->grace_ms + 1;/' \
	'the grace is one millisecond too long'
fault keeper 's/keeper->deadline_ms = now_ms + keeper->grace_ms;/keeper->deadline_ms = now_ms + keeper->grace_ms - 1;/' \
	'the grace is one millisecond too short'
fault keeper 's/if (keeper->has_passed_on)/if (false)/' \
	'the second signal to end ends nothing'
fault keeper 's/keeper->has_passed_on = true;/;/' \
	'every signal to end is passed on'
fault keeper 's/^\tkeeper->deadline_ms = KEEPER_NEVER;$/\t;/' \
	'the limit of -k outlives the program'
fault keeper 's/^\t\tkeeper->kill_after_ms = 0;/\t\t;/' \
	'each signal to end begins the time of -k anew'
fault keeper 's/if (keeper->waits_for_all)/if (false)/' \
	'-a does not wait'
fault keeper 's/if (keeper->has_reaped \&\& is_looking(keeper))/if (false)/;s/keeper->look_ms = now_ms + pause_ms;/keeper->look_ms = KEEPER_NEVER;/' \
	'orphans that come later are not told'
fault leftovers 's/^\tif (told\[pid\])/\tif (false)/' \
	'leftovers are told again at each look'
fault leftovers 's/^\tsend(pid, pidfd, SIGNAL_CONT);/\t;/' \
	'a stopped leftover is told and not continued'
fault leftovers 's/if (!leftovers->spare_group || /if (/;s/sys_getpgid(pid) != leftovers->program/true/' \
	'with -g, the group is told once more'
fault leftovers 's/if (proc_descends(pid, leftovers->own))/if (true)/' \
	'a subreaper tells strangers, too'
fault leftovers 's/leftovers->told\[pid\] = false;/;/' \
	'a number that was told is never told again'
fault leftovers 's/if (step == KEEPER_TELL_ALL ||$/if (step == KEEPER_TELL_CHILDREN || step == KEEPER_TELL_ALL ||/' \
	'all are told at once, not only the roots'
fault status 's/return signal ? STATUS_SIGNAL + signal/return signal ? signal/' \
	'the status of a death by a signal'
fault status 's/? 0 : status/? status : status/' \
	'-e remaps nothing'
fault tend 's/return family->keeper.wait_status;/return 0;/' \
	'the status is lost'
exit $failed
