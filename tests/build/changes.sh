#!/bin/sh
# changes.sh - what is built again, and where a build writes: folders with
# blanks, trees that cannot be written to, failing compilers. "make
# check-builds" runs it in the project's folder.
. tests/build/lib.sh
copy_tree "$tree"
cd "$tree" || exit 2

# The bytes that these arguments give in a fresh folder.
fresh() # argument of make...
{
	rm -rf "$work/fresh"
	copy_tree "$work/fresh"
	(cd "$work/fresh" && builds "$@") && cat "$work/fresh/build/foster" \
		>"$work/wanted"
}

# What make did: its short lines.
did()
{
	sed -n 's/^  [A-Z][A-Z]*	//p' "$work/said"
}

# ---- what is built again ----

rebuilds() # argument of make...
{
	fresh "$@" && cp "$work/wanted" "$work/changed" && fresh || return
	builds && cmp build/foster "$work/wanted" || return
	builds "$@" && cmp build/foster "$work/changed" ||
		{ say_no 'the changed build is the old one'; return; }
	builds && cmp build/foster "$work/wanted" || say_no 'no way back'
}
check 'other CFLAGS build again' rebuilds CFLAGS=-O2
check 'other CPPFLAGS build again' rebuilds CPPFLAGS='-DNDEBUG -O3'
check 'other LDFLAGS build again' rebuilds LDFLAGS=-Wl,--no-gc-sections
if have clang; then
	check 'another CC builds again' rebuilds CC=clang
else
	skip 'another CC builds again' clang
fi
prefix=aarch64-linux-gnu-
if have ${prefix}gcc; then
	check 'another CROSS_COMPILE builds again' rebuilds CROSS_COMPILE=$prefix
	installs_the_machine()
	{
		rm -rf rootfs
		builds && builds CROSS_COMPILE=$prefix install-init \
			DESTDIR=rootfs || return
		[ "$(machine_of rootfs/init)" = AArch64 ] ||
			say_no "/init is for $(machine_of rootfs/init)"
	}
	check "make, then make CROSS_COMPILE=$prefix install-init" \
		installs_the_machine
else
	skip 'another CROSS_COMPILE builds again' ${prefix}gcc
	skip "make, then make CROSS_COMPILE=$prefix install-init" ${prefix}gcc
fi

new_version_rebuilds()
{
	printf '#!/bin/sh\ncase "$*" in --version) echo cc 1; exit; esac\n' >cc-1
	printf 'exec gcc "$@"\n' >>cc-1
	chmod +x cc-1
	builds CC=./cc-1 && sed -i 's/cc 1/cc 2/' cc-1 && builds CC=./cc-1 &&
		[ "$(did | wc -l)" -gt 5 ]
}
check 'the same compiler in a new version builds again' new_version_rebuilds

nothing_changed()
{
	builds && builds && [ -z "$(did)" ] || { did; return 1; }
	builds V=1 && [ -z "$(did)" ]
}
check 'nothing changed: nothing is built' nothing_changed

header_rebuilds()
{
	builds && touch src/status.h && builds || return
	did | grep -q '/status\.o$' || { say_no 'status.c is not'; return; }
	did | grep -q '/foster$' || { say_no 'foster is not'; return; }
	! did | grep '/text\.o$'
}
check 'a changed header builds what includes it, and no more' header_rebuilds

sources_come_and_go()
{
	builds || return
	echo 'int nobody(void); int nobody(void) { return 1; }' >src/nobody.c
	builds && did | grep -q '/nobody\.o$' || return
	rm src/nobody.c
	builds && did | grep -q '/foster$' && ! did | grep -q '/nobody\.o$'
}
check 'a new source is built, a removed one is not missed' sources_come_and_go

linker_script_relinks()
{
	builds && touch src/foster.ld && builds && [ "$(did)" = build/foster ]
}
check 'a changed linker script links again, no more' linker_script_relinks

# ---- steps that fail ----

# A compiler that says the right words and writes its output, but fails.
cat >cc-fails <<'END'
#!/bin/sh
case " $* " in
*' -dumpmachine '* | *' --version '*) exec gcc "$@" ;;
*' -c '*) [ "$FAIL" = compile ] || exec gcc "$@" ;;
esac
gcc "$@"
exit 1
END
chmod +x cc-fails
leaves_nothing() # compile or link
{
	rm -rf build
	! FAIL=$1 bounded make CC=./cc-fails || return
	[ ! -e build/foster ] || { say_no 'a foster is left'; return; }
	case $1 in compile) [ -z "$(find build -name '*.o')" ] ||
		{ say_no 'an object is left'; return; } ;; esac
	builds && works build/foster
}
check 'a compiler that fails leaves no object' leaves_nothing compile
check 'a linker that fails leaves no program' leaves_nothing link

is_refused() # CC
{
	rm -rf build
	before=$(stat -c '%F %t %T' /dev/null)
	! bounded make "CC=$1" || return
	[ ! -e build/foster ] || return
	[ "$before" = "$(stat -c '%F %t %T' /dev/null)" ] ||
		say_no '/dev/null is not what it was'
}
check 'CC=false fails, and /dev/null stays' is_refused false
check 'CC=/nowhere/cc fails, and /dev/null stays' is_refused /nowhere/cc
check 'CC=cat fails, and /dev/null stays' is_refused cat

# Every file that the compiler is told to write is in O.
writes_below_o()
{
	cat >cc-tells <<-'END'
		#!/bin/sh
		for word; do
			[ "${last-}" != -o ] || echo "$word" >>written
			last=$word
		done
		exec gcc "$@"
	END
	chmod +x cc-tells
	rm -rf build written
	find . ! -name written -printf '%p %T@ %s\n' | sort >"$work/before"
	builds CC=./cc-tells O=build && builds CC=./cc-tells LIBC=1 || return
	! grep -v '^build/' written || { say_no 'written outside of O'; return; }
	rm -rf build written
	find . ! -name written -printf '%p %T@ %s\n' | sort >"$work/after"
	# The folder itself had build put into it.
	diff "$work/before" "$work/after" | grep '^[<>]' | grep -v '^. \. ' &&
		say_no 'the tree has changed' || return 0
}
check 'nothing is written outside of O' writes_below_o

# ---- folders and users ----

in_blanks()
{
	rm -rf "$work/a b  c"
	copy_tree "$work/a b  c"
	(cd "$work/a b  c" && builds && works build/foster &&
		cmp build/foster "$work/wanted")
}
fresh
check 'a folder with blanks in its name, the same bytes' in_blanks

# Nobody, who may not write to the tree, with O elsewhere, below a folder that
# nobody else may enter.
as_nobody()
{
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}
reads_only()
{
	elsewhere=$(mktemp -d "${TMPDIR:-/tmp}/foster-elsewhere.XXXXXX") || return
	rm -rf "$work/fixed"
	copy_tree "$work/fixed"
	chmod -R a-w,a+rX "$work/fixed"
	[ "$(id -u)" != 0 ] || chown 65534:65534 "$elsewhere"
	(
		cd "$work/fixed" &&
			as_nobody env O="$elsewhere/build" make -j2 &&
			works "$elsewhere/build/foster" &&
			cmp "$elsewhere/build/foster" "$work/wanted" &&
			as_nobody env O="$elsewhere/build" make clean &&
			[ ! -e "$elsewhere/build" ] && [ ! -e build ]
	)
	verdict=$?
	chmod -R u+w "$work/fixed"
	rm -rf -- "$elsewhere"
	return $verdict
}
check 'an ordinary user, a tree that cannot be written to, O elsewhere' reads_only

# A machine with no more than these.
TOOLS='sh make cat chmod cmp cp echo head id install ld ls mkdir mv printf rm
	sed test timeout tr touch uname wc'
tools() # command...
{
	rm -rf "$work/bin"
	mkdir "$work/bin"
	for tool in $TOOLS "$@"; do
		# Not command -v: some are the shell's own as well.
		path=$(IFS=:; for folder in $PATH; do
			test -x "$folder/$tool" && echo "$folder/$tool" && break
		done)
		[ -n "$path" ] || { say_no "no $tool"; return; }
		ln -s "$path" "$work/bin/$tool"
	done
}
only_clang()
{
	rm -rf build
	tools clang || return
	(
		PATH=$work/bin
		builds
	) && works build/foster || return
	! grep -i 'gcc\|not found' "$work/said"
}
if have clang; then
	check 'only clang is here: make takes it and says nothing' only_clang
else
	skip 'only clang is here: make takes it and says nothing' clang
fi
no_compiler()
{
	rm -rf build
	tools || return
	! (PATH=$work/bin; make) >"$work/said" 2>&1 || return
	grep 'install gcc or clang' "$work/said"
}
check 'no compiler is here: make says what to install' no_compiler
needs_none()
{
	tools || return
	(PATH=$work/bin; make help && make clean)
}
check 'make help and make clean need none' needs_none

# ---- clean ----

cleans()
{
	builds && [ -d build ] && make clean && [ ! -e build ] && make clean
}
check 'make clean removes O' cleans
spares() # O
{
	! make clean "O=$1" && [ -e src/main.c ] && [ -e Makefile ]
}
check 'make clean O=. removes nothing' spares .
check 'make clean O= removes nothing' spares ''
check 'make clean O=src removes nothing' spares src
check 'make clean O=.. removes nothing' spares ..

count
