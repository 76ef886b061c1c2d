#!/bin/sh
# amalgamation.sh CHECK_E2E ACTORS - foster in one file: builds with one line of
# cc, as the program over libc and without, and inside another program; says
# nothing, shows nothing but foster_*, and is the same wherever it is made. Then
# the whole end-to-end suite on the program without libc.
. tests/build/lib.sh
case $1 in /*) check_e2e=$1 ;; *) check_e2e=$source/$1 ;; esac
case $2 in /*) actors=$2 ;; *) actors=$source/$2 ;; esac
copy_tree "$tree"
cd "$tree" || exit 2
builds amalgamation || { cat "$work/complaints"; exit 1; }
cd build/dist || exit 2

warnings='-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror'
# As its head says.
alone='-Os -ffreestanding -fno-stack-protector -nostdlib -static'

says_so()
{
	for line in 'cc -O2 -o foster foster.c' "cc $alone -o foster" \
		'cc -O2 -DFOSTER_NO_MAIN -c foster.c'; do
		grep -qF "$line" foster.c || { say_no "not in its head: $line"
			return; }
	done
	! grep -n '^#include "' foster.c | grep -v '"foster.h"$' ||
		say_no 'a file of src is still included'
}
check 'its head says how it is compiled, and it needs foster.h alone' says_so

is_the_same()
{
	(cd "$source/src" && LC_ALL=de_DE.UTF-8 ./amalgamate.sh) | cmp - foster.c
}
check 'the same from another folder' is_the_same

# A name that is not foster's, of those that others could see.
shows_only_its_own() # file
{
	! nm -g --defined-only "$1" | grep -vE ' foster_[a-z_]+$' ||
		say_no 'these names are seen'
}

is_program() # command...
{
	rm -f foster
	"$@" -o foster foster.c && works ./foster
}
is_part() # command...
{
	rm -f part.o
	"$@" -DFOSTER_NO_MAIN -c -o part.o foster.c && shows_only_its_own part.o
}

for compiler in gcc clang musl-gcc; do
	have $compiler || { skip "$compiler" $compiler; continue; }
	check "$compiler: the program over libc" is_program $compiler -O2 $warnings
	check "$compiler: without libc" is_program $compiler $alone $warnings
	check "$compiler: inside another program" is_part $compiler -O2 $warnings
	check "$compiler: without libc inside another program" \
		is_part $compiler -ffreestanding -O2 $warnings
done

# ---- on another machine ----

other=aarch64-linux-gnu-gcc
if have $other qemu-aarch64-static; then
	is_program_there()
	{
		$other $alone $warnings -o foster foster.c &&
			[ "$(machine_of foster)" = AArch64 ] &&
			bounded qemu-aarch64-static ./foster --version
	}
	check 'aarch64: without libc' is_program_there
else
	skip 'aarch64' "$other and qemu-aarch64-static"
fi

# ---- in another program ----

cat >host.c <<'END'
#include "foster.h"
#include <errno.h>
#include <stdio.h>

int main(int argc, char **argv, char **envp)
{
	struct foster_options options = { .size = sizeof(options) };
	struct foster_result result = { .size = sizeof(result) };
	int error;

	(void)argc;
	errno = 77;
	error = foster_run(&options, argv + 1, envp, &result);
	if (errno != 77)
		error = -errno;
	printf("%d\n", error < 0 ? error : foster_exit_status(&result));
	return 0;
}
END
runs() # command of the host's build...
{
	"$@" -o host || return
	[ "$(bounded ./host sh -c 'exit 7')" = 7 ] || say_no 'not the status'
}
check 'a host over libc' runs gcc $warnings host.c -DFOSTER_NO_MAIN foster.c
lies_below()
{
	gcc -ffreestanding -fno-stack-protector -O2 $warnings -DFOSTER_NO_MAIN \
		-c -o part.o foster.c && runs gcc $warnings host.c part.o
}
check 'a host, and foster below its libc' lies_below
has_static_parts()
{
	gcc -O2 -fPIC -shared -fvisibility=hidden $warnings -DFOSTER_NO_MAIN \
		-o libfoster.so foster.c &&
		[ "$(nm -D --defined-only libfoster.so | grep -c ' foster_')" = 6 ] &&
		runs gcc $warnings host.c ./libfoster.so
}
check 'as a shared object it shows its six calls' has_static_parts
protected='-O2 -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2'
check "with a host's own protection" runs gcc $warnings $protected host.c \
	-DFOSTER_NO_MAIN foster.c
has_marks()
{
	gcc -O2 -fcf-protection=full $warnings -DFOSTER_NO_MAIN -c -o part.o \
		foster.c && readelf -nW part.o | grep 'IBT, SHSTK'
}
case $(gcc -dumpmachine) in
x86_64-*) check "with a host's -fcf-protection" has_marks ;;
esac
# Both doors, below a libc whose locks are held.
starts_60()
{
	"$@" -O2 $warnings -pthread -I. -o threads "$source/tests/embed/threads.c" \
		part.o && bounded ./threads 60 true
}
is_part gcc -O2 $warnings >"$work/out" 2>&1
check 'in clones of a process with threads, over libc' starts_60 gcc
is_part gcc -ffreestanding -fno-stack-protector -O2 $warnings >"$work/out" 2>&1
check 'in clones of a process with threads, without libc' starts_60 gcc
if have clang; then
	check 'with AddressSanitizer' runs clang -g -fsanitize=address $warnings \
		host.c -DFOSTER_NO_MAIN foster.c
	check 'with ThreadSanitizer' runs clang -g -fsanitize=thread $warnings \
		host.c -DFOSTER_NO_MAIN foster.c
else
	skip 'sanitizers' clang
fi

# ---- all of the end-to-end suite ----

passes_all()
{
	gcc $alone $warnings -o foster foster.c || return
	cp foster "$work/foster"
	# Not what is said of the file that ships.
	(cd "$source" && MUST=0 COUNTED=1 FOSTER=$work/foster ACTORS=$actors \
		timeout -k 5 900 "$check_e2e") >"$work/e2e" 2>&1 ||
		{ grep -E ':[EF]:|^check_e2e' "$work/e2e"; return 1; }
	[ "$(grep -c '^skipped: ' "$work/e2e")" -le 20 ] ||
		say_no 'too many are skipped'
}
check 'end to end' passes_all

count
