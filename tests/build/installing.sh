#!/bin/sh
# installing.sh - what make install, install-program and install-init leave where,
# what they refuse, and whether other programs find the library. "make check-builds" runs it in the project's folder.
. tests/build/lib.sh
copy_tree "$tree"
cd "$tree" || exit 2
builds || { cat "$work/complaints"; exit 1; }

# Every file and folder below $1, with its mode.
listed() # folder
{
	(cd "$1" && find . -mindepth 1 -printf '%m %P\n' | LC_ALL=C sort -k 2)
}

installed_at() # folder prefix [program]
{
	listed "$1" >"$work/listed"
	{
		folder=
		for part in $(echo "$2" | tr / ' '); do
			folder=$folder${folder:+/}$part
			echo "755 $folder"
		done
		printf '%s\n' "755 $folder/bin" "755 $folder/bin/foster" \
			"755 $folder/share" "755 $folder/share/doc" \
			"755 $folder/share/doc/foster" \
			"644 $folder/share/doc/foster/LICENSE" \
			"755 $folder/share/man" "755 $folder/share/man/man1" \
			"644 $folder/share/man/man1/foster.1"
		test "${3:-}" = program || printf '%s\n' \
			"755 $folder/include" "644 $folder/include/foster.h" \
			"755 $folder/lib" "644 $folder/lib/libfoster.a" \
			"755 $folder/lib/pkgconfig" \
			"644 $folder/lib/pkgconfig/foster.pc" \
			"755 $folder/share/man/man3" \
			"644 $folder/share/man/man3/foster.3"
	} | LC_ALL=C sort -k 2 >"$work/wanted"
	diff "$work/wanted" "$work/listed" &&
		cmp "$1/$2/bin/foster" build/foster
}
installs()
{
	rm -rf "$work/root"
	(umask 077; builds install DESTDIR="$work/root") &&
		installed_at "$work/root" usr/local
}
check 'make install: modes and places, whatever the umask' installs

installs_program()
{
	rm -rf "$work/root"
	builds install-program DESTDIR="$work/root" &&
		installed_at "$work/root" usr/local program
}
check 'make install-program: without the library' installs_program

# As who uses it would: by pkg-config, in C and in C++.
host() # name compiler flag...
{
	name=$1
	shift
	have "$1" pkg-config || { skip "$name" "$1 and pkg-config"; return; }
	check "$name" is_host "$@"
}
is_host() # compiler flag...
{
	rm -rf "$work/root"
	builds install-library DESTDIR="$work/root" PREFIX=/opt/x || return
	cat >"$work/host.c" <<-'END'
	#include <foster.h>

	int main(int argc, char **argv, char **envp)
	{
		struct foster_options options = foster_options();
		struct foster_result result = foster_result();

		(void)argc;
		options.size = sizeof(options);
		result.size = sizeof(result);
		if (foster_run(&options, argv + 1, envp, &result) < 0)
			return 99;
		return foster_exit_status(&result);
	}
	END
	case $1 in
	*++) ;;
	*) sed -i 's/= foster_[a-z]*()/= { 0 }/' "$work/host.c" ;;
	esac
	flags=$(PKG_CONFIG_PATH="$work/root/opt/x/lib/pkgconfig" pkg-config \
		--define-variable=prefix=/opt/x --cflags --libs foster) || return
	[ "$(PKG_CONFIG_PATH="$work/root/opt/x/lib/pkgconfig" pkg-config \
		--modversion foster)" = "$("$tree/build/foster" --version |
		sed 's/foster version //')" ] || { say_no 'version'; return; }
	"$@" -Wall -Wextra -Wpedantic -Werror -o "$work/host" "$work/host.c" \
		-I"$work/root/opt/x/include" -L"$work/root/opt/x/lib" \
		$flags || return
	bounded "$work/host" sh -c 'exit 7'
	[ $? -eq 7 ] || say_no 'not the status of the program'
}
host 'a program in C finds the library' gcc -std=c11
host 'a program in C++ finds the library' g++ -std=c++11

installs_elsewhere()
{
	rm -rf "$work/root"
	(
		export DESTDIR="$work/root" PREFIX=/usr
		builds install
	) && installed_at "$work/root" usr
}
check 'PREFIX and DESTDIR from the environment' installs_elsewhere

installs_from_nothing()
{
	rm -rf build "$work/root"
	builds install DESTDIR="$work/root" PREFIX=/opt/foster &&
		installed_at "$work/root" opt/foster && works \
		"$work/root/opt/foster/bin/foster"
}
check 'make install builds first' installs_from_nothing

installs_init()
{
	rm -rf "$work/root"
	(umask 077; builds install-init DESTDIR="$work/root") || return
	[ "$(listed "$work/root")" = '755 init' ] &&
		cmp "$work/root/init" build/foster && works "$work/root/init"
}
check 'make install-init: /init in the image and nothing else' installs_init

replaces_init()
{
	rm -rf "$work/root"
	mkdir "$work/root"
	ln -s /sbin/nothing-that-is-there "$work/root/init"
	builds install-init DESTDIR="$work/root" && [ ! -L "$work/root/init" ] &&
		cmp "$work/root/init" build/foster
}
check 'make install-init replaces a link, not what it points to' replaces_init

# This machine's own /init is at stake: install is one that only notes.
refuses_init() # argument of make...
{
	mkdir -p "$work/bin"
	printf '#!/bin/sh\necho "$*" >>"%s"\n' "$work/noted" >"$work/bin/install"
	chmod +x "$work/bin/install"
	rm -f "$work/noted"
	! PATH=$work/bin:$PATH make "$@" install-init >"$work/said" 2>&1 &&
		[ ! -e "$work/noted" ] &&
		grep 'DESTDIR= has to name the root folder' "$work/said"
}
check 'make install-init without DESTDIR is refused' refuses_init
check 'make install-init DESTDIR=/ is refused' refuses_init DESTDIR=/
check 'make install-init DESTDIR=// is refused' refuses_init DESTDIR=//

count
