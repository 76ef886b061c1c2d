#!/bin/sh
# embed.sh - the programs in tests/embed that call foster: whether they do what
# their first words say.
. tests/build/lib.sh
copy_tree "$tree"
cp -r "$source/tests/embed" "$tree/tests"
cd "$tree" || exit 2
builds library || { cat "$work/complaints"; exit 1; }
dist=$tree/build/dist
cd tests/embed || exit 2
chmod -R a+rX "$work"

compiles() # compiler source flag...
{
	compiler=$1 from=$2
	shift 2
	$compiler -Wall -Wextra -Wpedantic -Werror -I"$dist" "$@" \
		-o "$work/${from%.*}" "$from" "$dist/libfoster.a"
}

gives() # status command...
{
	wanted=$1
	shift
	bounded "$@" </dev/null >"$work/said" 2>&1
	got=$?
	[ $got -eq "$wanted" ] || { cat "$work/said"
		say_no "status $got, not $wanted"; }
}

# ---- sandbox.c ----

check 'sandbox.c compiles' compiles gcc sandbox.c -std=c11
check 'the status comes out of the sandbox' gives 7 "$work/sandbox" \
	sh -c 'test $$ = 2 && test $PPID = 1 && exit 7'
check 'a death by a signal does' gives 137 "$work/sandbox" sh -c 'kill -9 $$'
# Its parent has ended; process 1 reaps it, so its number is free.
check 'an orphan is reaped there' gives 3 "$work/sandbox" sh -c '
	pid=$(sh -c "sh -c \"exit 0\" & echo \$!")
	while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
	exit 3'
passes_term_on()
{
	timeout -k 1 300 "$work/sandbox" sh -c 'trap "exit 9" TERM; echo ready
		while :; do sleep 0.01; done' >"$work/said" &
	job=$!
	until grep -q ready "$work/said"; do sleep 0.01; done
	kill -TERM $job # timeout, which passes it on
	wait $job
	[ $? -eq 9 ] || say_no 'the program did not get it'
}
check 'TERM reaches the program through both' passes_term_on
if [ "$(id -u)" = 0 ] && have setpriv; then
	check 'as an ordinary user' gives 7 setpriv --reuid 65534 \
		--regid 65534 --clear-groups "$work/sandbox" sh -c 'exit 7'
else
	skip 'as an ordinary user' 'root, and setpriv'
fi

# ---- status_fd.c ----

check 'status_fd.c compiles' compiles gcc status_fd.c -std=c11
# What the program leaves behind ends only when the status was told.
tells_early()
{
	mkfifo "$work/go"
	echo 'cat "$1" >/dev/null & exit 6' >"$work/leaves.sh"
	{
		bounded "$work/status_fd" 5 sh "$work/leaves.sh" "$work/go" \
			5>"$work/early"
		echo $? >"$work/late"
	} </dev/null &
	job=$!
	until grep -q 6 "$work/early" 2>/dev/null; do sleep 0.01; done
	[ ! -e "$work/late" ] || { say_no 'it did not wait'; return; }
	: >"$work/go"
	wait $job
	[ "$(cat "$work/late")" = 6 ] || say_no 'not the status'
}
check 'the status is told before the rest has ended' tells_early

# ---- filter.c ----

check 'filter.c compiles' compiles gcc filter.c -std=c11
check 'it tends with those calls alone: leftovers of all kinds' gives 6 \
	"$work/filter" sh -c "sleep 100 | cat & (trap '' TERM; sleep 100 &); exit 6"
check 'a signal, and a death to be explained' gives 137 "$work/filter" \
	sh -c 'trap "kill -9 \$\$" USR2; kill -USR2 $PPID
		while :; do sleep 0.01; done'

# ---- others ----

if have g++; then
	check 'function.cc compiles' compiles g++ function.cc -std=c++11
	check 'a function has its status, and leaves nobody' gives 42 \
		"$work/function" 42
else
	skip 'function.cc' g++
fi
if have python3; then
	gcc -shared -fPIC -O2 -fvisibility=hidden -DFOSTER_NO_MAIN \
		-I"$dist" -o "$work/libfoster.so" "$dist/foster.c" || exit 2
	check 'run.py: by ctypes' gives 7 python3 run.py "$work/libfoster.so" \
		sh -c 'sleep 100 & exit 7'
else
	skip 'run.py' python3
fi
if have rustc; then
	is_rust()
	{
		gcc -O2 -I"$dist" -c -o "$work/tend.o" tend.c &&
			rustc --edition 2021 -O -D warnings -o "$work/exec" \
				-C link-arg="$work/tend.o" \
				-C link-arg="$dist/libfoster.a" exec.rs &&
			gives 7 "$work/exec" sh -c 'sleep 100 & exit 7'
	}
	check 'exec.rs: in the child of a Command' is_rust
else
	skip 'exec.rs' rustc
fi

count
