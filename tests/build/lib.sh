# lib.sh - what the checks of building share; read by them with ".".
#
# A check is one line of output: "ok: ...", "FAILED: ..." with the reason below
# it, or "skipped: ...: needs ...". The last line counts them. What a check
# needs and this machine does not have is skipped; with MUST=1 it is a failure.
#
# $work is a folder of its own with a blank in its name, $tree a copy of the
# sources in it. Whatever make is told by the caller's environment is dropped.
set -u
unset CC CPPFLAGS CFLAGS LDFLAGS CROSS_COMPILE O PREFIX DESTDIR LIBC SAN DEBUG \
	V MAKEFLAGS MFLAGS MAKELEVEL

passed=0 failed=0 skipped=0
source=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/foster builds.XXXXXX") || exit 2
chmod 755 "$work"
tree="$work/a tree"
trap 'cd /; rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM

# As it is here, with or without git; nothing that was built.
copy_tree() # to
{
	mkdir -p "$1/tests"
	cp -r "$source/Makefile" "$source/LICENSE" "$source/man" "$source/src" "$1"
	cp -r "$source"/tests/*.mk "$source/tests/sanitizer" "$1/tests"
}

have() # command...
{
	for command; do
		command -v "${command%% *}" >/dev/null || return 1
	done
}

ok() # name
{
	passed=$((passed + 1))
	echo "ok: $1"
}

bad() # name [file of output]
{
	failed=$((failed + 1))
	echo "FAILED: $1"
	test $# -lt 2 || tail -n 8 "$2" | sed 's/^/	/'
}

skip() # name what
{
	if [ "${MUST:-}" = 1 ]; then
		failed=$((failed + 1))
		echo "FAILED: $1: MUST=1, and it needs $2"
	else
		skipped=$((skipped + 1))
		echo "skipped: $1: needs $2"
	fi
}

# Whether a function says yes; what it prints is the reason where it does not.
check() # name function argument...
{
	name=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		ok "$name"
	else
		bad "$name" "$work/out"
	fi
}

count() # closes a script
{
	all=$((passed + failed + skipped))
	echo "$((all ? 100 * (all - failed) / all : 0))%: Checks: $all," \
		"Failures: $failed, Skipped: $skipped"
	[ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# ---- what the checks ask ----

say_no()
{
	echo "$*"
	return 1
}

bounded()
{
	timeout -k 1 300 "$@"
}

# It builds and says nothing but what it does: no warning, no missing command.
builds() # argument of make...
{
	bounded make -j2 "$@" >"$work/said" 2>"$work/complaints" ||
		{ cat "$work/complaints"; say_no "make $* failed"; return; }
	[ ! -s "$work/complaints" ] || { cat "$work/complaints"
		say_no "make $* complained"; }
}

# The machine of an ELF file, as readelf has it.
machine_of() # file
{
	readelf -hW "$1" | sed -n 's/^ *Machine: *//p'
}

bytes_of() # file
{
	wc -c <"$1"
}

# One segment that can be read and run, nothing to be relocated or loaded.
is_one_segment() # file most-bytes
{
	readelf -lW "$1" >"$work/segments" || return
	[ "$(grep -c '^  LOAD ' "$work/segments")" = 1 ] ||
		{ say_no 'not one segment'; return; }
	grep -q '^  LOAD .* R E ' "$work/segments" ||
		{ say_no 'not read and execute'; return; }
	! grep -E '^  (INTERP|DYNAMIC|TLS|GNU_RELRO) ' "$work/segments" ||
		{ say_no 'more than a segment'; return; }
	grep -q '^  GNU_STACK .* RW ' "$work/segments" ||
		{ say_no 'the stack can be run'; return; }
	readelf -hW "$1" | grep -q 'Type: *DYN ' ||
		{ say_no 'its address is fixed'; return; }
	readelf -rW "$1" | grep -q 'no relocations' ||
		{ say_no 'something has to be relocated'; return; }
	[ "$(bytes_of "$1")" -le "$2" ] ||
		say_no "$(bytes_of "$1") bytes, at most $2"
}

# It starts a program, passes a signal on, reaps and gives the status: not all
# that it does (make check-e2e), but what a compiler or linker breaks first.
works() # file
{
	"$1" --version | grep -q '^foster version ' ||
		{ say_no 'no --version'; return; }
	bounded "$1" -- sh -c 'exit 7'
	[ $? -eq 7 ] || { say_no 'not the status of the program'; return; }
	bounded "$1" -e TERM -- sh -c 'kill -TERM $$' ||
		{ say_no '-e TERM does not help'; return; }
	bounded "$1" /nowhere/x 2>"$work/words"
	[ $? -eq 127 ] || { say_no 'not 127'; return; }
	grep -q "cannot run '/nowhere/x'" "$work/words" ||
		{ say_no 'does not say what is wrong'; return; }
	bounded "$1" -g -- sh -c \
		'trap "exit 9" USR1; kill -USR1 $PPID; while :; do sleep 0.05; done'
	[ $? -eq 9 ] || { say_no 'a signal is not passed on'; return; }
	bounded "$1" -q -t 100ms -- sh -c 'sleep 100 & exit 5'
	[ $? -eq 5 ] || say_no 'what is left over is not ended'
}

# All of it, in the folder where this stands.
is_good() # most-bytes argument of make...
{
	most=$1
	shift
	rm -rf build
	builds "$@" && is_one_segment build/foster "$most" && works build/foster
}
