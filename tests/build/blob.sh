#!/bin/sh
# blob.sh - foster as bytes inside other programs: what make blob gives, and the
# examples in tests/embed that execute it, as root and as an ordinary user.
. tests/build/lib.sh
copy_tree "$tree"
cp -r "$source/tests/embed" "$tree/tests"
cd "$tree" || exit 2
builds blob || { cat "$work/complaints"; exit 1; }
dist=$tree/build/dist

is_summed() { (cd "$dist" && sha256sum -c foster.sha256) &&
	cmp "$dist/foster" build/foster; }
check 'raw, with its sum' is_summed

cat >"$work/print.c" <<'END'
#include "foster_blob.h"
#include "foster_array.h"
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		fwrite(foster_array, 1, sizeof(foster_array), stdout);
	else
		fwrite(foster_blob, 1, (size_t)(foster_blob_end - foster_blob),
		       stdout);
	return 0;
}
END
warnings='-Wall -Wextra -Wpedantic -Werror'
holds_it() # compiler flag...
{
	"$@" $warnings -I"$dist" -o "$work/print" "$work/print.c" \
		"$dist/foster_blob.o" || return
	"$work/print" | cmp - build/foster &&
		"$work/print" array | cmp - build/foster
}
check 'in C: the same bytes as object and as array' holds_it gcc -std=c11
check 'as a position-independent program' holds_it gcc -fPIE -pie
check 'statically' holds_it gcc -static
if have g++; then check 'in C++' holds_it g++ -std=c++11
else skip 'in C++' g++; fi
if have clang; then check 'by clang' holds_it clang -std=c11
else skip 'by clang' clang; fi

is_read_only()
{
	readelf -SW "$dist/foster_blob.o" >"$work/sections" &&
		grep -q '[.]rodata[.]foster_blob *PROGBITS .* A  0   0 16$' \
			"$work/sections" &&
		grep -q '[.]note[.]GNU-stack *PROGBITS .* 00      0' \
			"$work/sections" || say_no 'it can be written to, or run'
}
check 'the object is read-only, and needs no stack that can be run' is_read_only

for example in memfd mount; do
	gcc -std=c11 $warnings -I"$dist" -o "$work/$example" \
		tests/embed/$example.c "$dist/foster_blob.o" || exit 2
done
chmod 755 "$work/memfd" "$work/mount"
touch "$work/init"
chmod 666 "$work/init"

# As process 1, which names itself, and whose program has no file more.
script='test "$(cat /proc/sys/kernel/ns_last_pid 2>/dev/null || echo 2)" -lt 99 &&
	test $PPID = 1 && for fd in 3 4 5 6 7 8 9; do
	! (: <&$fd) 2>/dev/null || exit 8; done && exit 7'
exits_7() # command...
{
	bounded "$@" -- sh -c "$script"
	[ $? -eq 7 ] || say_no 'not the status of the program'
}
as_user='setpriv --reuid 65534 --regid 65534 --clear-groups'
check 'executed from memory' exits_7 "$work/memfd"
check 'moved onto a path' exits_7 "$work/mount" "$work/init"
is_empty() { [ ! -s "$work/init" ] || say_no 'the file itself was written to'; }
check 'and that path is outside what it was' is_empty
if [ "$(id -u)" = 0 ] && have setpriv; then
	check 'from memory by an ordinary user' exits_7 $as_user "$work/memfd"
	check 'onto a path by an ordinary user' exits_7 $as_user "$work/mount" \
		"$work/init"
else
	skip 'by an ordinary user' 'root, and setpriv'
fi

# vm.memfd_noexec is of a PID namespace.
exits_7_where_noexec_is() # value
{
	bounded unshare --pid --fork --kill-child --mount-proc sh -c '
	echo '"$1"' >/proc/sys/vm/memfd_noexec &&
	test "$(cat /proc/sys/vm/memfd_noexec)" = '"$1"' || exit 99
	"$0" -- sh -c "exit 7"' "$work/memfd"
	[ $? -eq 7 ] || say_no 'not the status of the program'
}
for value in 1 2; do
	name="executed from memory where vm.memfd_noexec is $value"
	if [ "$(id -u)" = 0 ] && [ -e /proc/sys/vm/memfd_noexec ]; then
		check "$name" exits_7_where_noexec_is $value
	else
		skip "$name" 'root, and Linux 6.3'
	fi
done

# Nothing is asked of a network.
if have go; then
	is_go()
	{
		cp "$dist/foster" tests/embed/go || return
		(cd tests/embed/go && HOME=$work GO111MODULE=off GOPROXY=off \
			GOFLAGS= go build -o "$work/go-sandbox" main.go) &&
			exits_7 "$work/go-sandbox"
	}
	check 'in Go' is_go
else
	skip 'in Go' go
fi

count
