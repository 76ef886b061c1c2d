#!/bin/sh
# amalgamate.sh - all of foster but foster.h in one file, on standard output; to
# be run in the folder src ("make amalgamation"). What a file includes stands
# before it, and each file once.
#
# foster's own functions and constants are static there, but for those of
# foster.h. That a prototype says so is enough for a function, whose definition
# follows it (C11, 6.2.2).
set -eu
export LC_ALL=C

seen=' foster.h '

is_new() {
	case $seen in *" $1 "*) return 1 ;; esac
	seen="$seen$1 "
}

includes_of() { sed -n 's/^#include "\([^/]*\)"$/\1/p' "$1"; }

# The text of a file, with the machines' in their places.
text_of() {
	printf '\n/* ---- %s ---- */\n\n' "$1"
	awk '
	function put(line, in_header) {
		gsub(/ ?__attribute__\(\(visibility\("hidden"\)\)\)/, "", line)
		if (line ~ /^const / && line !~ /\(/)
			line = "PRIVATE " line
		else if (in_header && line ~ /^[a-z][^#]*\(/ &&
			line !~ /^(static|typedef) /)
			line = "PRIVATE " line
		print line
	}
	# A constant is defined before it is used.
	/^extern .*;$/ && !/ehdr/ { next }
	/^extern / && !/ehdr/ { getline; next }
	/^#define ARCH_WITH_ENTRY/ { next }
	/^#include "arch\// {
		gsub(/"/, "", $2)
		while ((getline line <$2) > 0)
			put(line, 1)
		next
	}
	/^#include "/ { next }
	{ put($0, FILENAME ~ /[.]h$/) }' "$1"
}

add_header() {
	is_new "$1" || return 0
	for header in $(includes_of "$1"); do add_header "$header"; done
	text_of "$1"
}

# A source behind those of the headers that it includes.
add_source() {
	is_new "$1" || return 0
	for header in $(includes_of "$1"); do add_header "$header"; done
	for header in $(includes_of "$1"); do
		test ! -e "${header%.h}.c" || add_source "${header%.h}.c"
	done
	text_of "$1"
}

echo '/*'
sed 's/^/ * /; s/ *$//' ../LICENSE
cat <<'HEAD'
 */

/*
 * foster in one file, beside foster.h. As the program, over libc or, on x86_64
 * and aarch64, without:
 *
 *	cc -O2 -o foster foster.c
 *	cc -Os -ffreestanding -fno-stack-protector -nostdlib -static -o foster \
 *		foster.c
 *
 * As a part of another program, which includes foster.h, and has memcpy() and
 * memset() where there is no libc:
 *
 *	cc -O2 -DFOSTER_NO_MAIN -c foster.c
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#if __STDC_HOSTED__ && !defined(FOSTER_LIBC)
#define FOSTER_LIBC
#endif
#ifndef FOSTER_NO_MAIN
#define ARCH_WITH_ENTRY
#endif
#define PRIVATE static __attribute__((unused))

#include "foster.h"
HEAD
add_source foster.c
for header in $seen; do # of which other headers alone knew
	test ! -e "${header%.h}.c" || add_source "${header%.h}.c"
done
echo '
#ifdef FOSTER_LIBC'
add_source sys_libc.c
echo '
#else'
add_source sys_raw.c
echo '
#endif

#ifndef FOSTER_NO_MAIN'
is_new pages.c # needs foster.ld
add_source pages_kept.c
add_source main.c
echo '
#ifdef FOSTER_LIBC'
add_source start_libc.c
echo '
#else'
add_source memory.c
add_source start.c
echo '
#endif
#endif'
