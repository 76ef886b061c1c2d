#!/bin/sh
# smoke.sh COMMAND... - does foster work when run as COMMAND?
#
# For machines other than this one: COMMAND is an emulator and a foster built
# for its machine, as in `smoke.sh qemu-aarch64-static build/aarch64/foster`.
# The programs that foster runs are those of this machine. Prints a line for
# each check and counts them; fails if one did. qemu's user mode (before 8.0)
# refuses PR_SET_CHILD_SUBREAPER, so leftovers are tried as process 1 alone.
set -u
bound='timeout -k 1 30'
folder=$(mktemp -d) || exit 1
trap 'rm -rf -- "$folder"' EXIT
run=0
failed=0

# says NAME WANTED GOT
says() {
	run=$((run + 1))
	if [ "$2" = "$3" ]; then
		echo "ok: $1"
	else
		failed=$((failed + 1))
		echo "FAILED: $1: wanted '$2', got '$3'"
	fi
}

# status COMMAND...
status() {
	$bound "$@" >/dev/null 2>&1
	echo $?
}

first() {
	$bound unshare --user --map-root-user --pid --fork --kill-child \
		--mount-proc "$@" 2>&1
}

for want in 0 1 77 125 255; do
	says "exit status $want" $want "$(status "$@" -- sh -c "exit $want")"
done
says 'killed by a signal' 143 "$(status "$@" sh -c 'kill -TERM $$')"
says 'remapped' 0 "$(status "$@" -e TERM sh -c 'kill -TERM $$')"
says 'not found' 127 "$(status "$@" /nowhere/x)"
says 'found in PATH nowhere' 127 "$(status "$@" not-a-program-of-anybody)"
says 'not executable' 126 "$(status "$@" /etc/passwd)"
says 'a bad option' 125 "$(status "$@" -t x true)"
says 'arguments' 'a b|c' "$($bound "$@" -q printf '%s|%s' 'a b' c)"
says 'FOSTER_OPTIONS is taken out' '' \
	"$(FOSTER_OPTIONS=-q $bound "$@" printenv FOSTER_OPTIONS)"

# Why not, and a text for /bin/sh: these look at files, with calls of up to six
# arguments.
printf 'echo "text $1"\n' >"$folder/text"
chmod 0640 "$folder/text"
says 'why: the mode' "foster: cannot run '$folder/text': not executable (mode\
 0640): chmod +x it" "$($bound "$@" -q "$folder/text" 2>&1)"
chmod 0755 "$folder/text"
says 'a text' 'text word' "$($bound "$@" -q "$folder/text" word 2>&1)"
ln -s /nowhere/x "$folder/link"
says 'why: a link' "foster: cannot run '$folder/link': the symbolic link\
 '$folder/link' leads to '/nowhere/x': No such file or directory" \
	"$($bound "$@" -q "$folder/link" 2>&1)"
printf '#!/nowhere/sh\n' >"$folder/script"
chmod 0755 "$folder/script"
says 'why: an interpreter' "foster: cannot run '$folder/script': its interpreter\
 '/nowhere/sh' does not exist" "$($bound "$@" -q "$folder/script" 2>&1)"
says 'why: a folder' "foster: cannot run '$folder': is a directory" \
	"$($bound "$@" -q "$folder" 2>&1)"

# Every signal that a shell can trap and name, but those it needs itself. An
# emulator keeps those that a fault raises for itself: under qemu 7.2 a BUS sent
# by kill(2) was lost in 4 of 60 runs, here in none of 150.
faults='ILL TRAP BUS FPE SEGV'
[ $# -eq 1 ] || faults=
for name in $faults HUP INT QUIT ABRT USR1 USR2 PIPE ALRM TERM \
	STKFLT TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS \
	RTMIN RTMIN+1 RTMAX; do
	says "$name is forwarded" "got $name" "$(first "$@" -q bash -c \
		"trap 'echo got $name; exit' $name; kill -$name 1
		while :; do sleep 0.05; done")"
done

says '-g: a member of the group has it' 'member' "$(first "$@" -q -g sh -c \
	'trap "wait; exit" USR1
	sh -c "trap \"echo member; exit\" USR1; kill -USR1 1
		while :; do :; done" &
	wait; wait')"

says 'as process 1' 1 "$(first "$@" sh -c 'echo $PPID')"
says 'an orphan comes to it' 'came' "$(first "$@" -q bash -c \
	'trap exit USR1
	((me=$BASHPID
	  while [ "$(ps -o ppid= -p $me)" -ne 1 ]; do sleep 0.1; done
	  echo came; kill -USR1 $$) &)
	while :; do sleep 0.1; done')"
says 'a leftover is told and waited for' 'told' "$(first "$@" sh -c \
	'trap "exit 3" USR1
	sh -c "trap \"echo told; exit\" TERM; kill -USR1 $$
		while :; do sleep 0.1; done" &
	wait; exit 4')"
says 'a deaf leftover does not hold it' '1 left over' "$(first "$@" -t 1 sh -c \
	'trap "exit 3" USR1
	sh -c "trap \"\" TERM; kill -USR1 $$; exec sleep 100" &
	wait' | grep -o '1 left over')"

# Another number is another call: qemu says which they are on its machine. Those
# of foster(1), LIMITS, and no other, with a group, a leftover and a failure.
may=" $(sed -n '/must allow these calls/,/^statfs\.$/p' man/foster.1 |
	tr -cs 'a-z0-9_' ' ') "
traced() {
	QEMU_STRACE=1 first "$@" | sed -n \
		's/^[0-9]* \([a-z0-9_]*\)(.*/\1/p; s/.*Unknown syscall/unknown/p' |
		sort -u
}
if [ $# -gt 1 ]; then
	traced "$@" -g -t 1 sh -c 'sleep 100 & kill -TERM 1; wait' \
		>"$folder/calls"
	traced "$@" "$folder/link" >>"$folder/calls"
	says 'its trace is one' 2 \
		"$(grep -c '^rt_sigprocmask$' "$folder/calls")"
	says 'no call but those of foster(1)' '' "$(while read -r call; do
		case $may in *" $call "*) ;; *) echo "$call" ;; esac
	done <"$folder/calls")"
fi

echo "$run checks, $failed failed"
[ $failed -eq 0 ]
