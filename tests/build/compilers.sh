#!/bin/sh
# compilers.sh - other compilers, linkers, machines, and packagers' flags. Each
# build has to be silent under -Werror, one segment without relocations, small
# enough, and has to work. "make check-builds" runs it in the project's folder.
. tests/build/lib.sh
copy_tree "$tree"
cd "$tree" || exit 2

# The ceiling of the shipped build; of what another compiler or linker makes; and
# with flags that somebody else wants faster (-O2).
small=30720 large=34816 fast=40960

# ---- compilers: those that have to be, and whatever else is here ----

check 'make, as it is' is_good $small
for compiler in gcc clang clang-19 musl-gcc; do
	case $compiler in musl-gcc) most=$large ;; *) most=$small ;; esac
	if have "$compiler"; then
		check "CC=$compiler" is_good $most "CC=$compiler" CFLAGS=-Werror
	else
		skip "CC=$compiler" "$compiler"
	fi
done
for version in 8 9 10 11 12 13 14 15 16 17 18 20 21 22; do
	for compiler in gcc-$version clang-$version; do
		have "$compiler" || continue
		check "CC=$compiler" is_good $large "CC=$compiler" CFLAGS=-Werror
	done
done

# ---- linkers ----

for compiler in gcc clang; do
	for linker in bfd lld gold; do
		name="CC=$compiler and ld.$linker"
		if ! have $compiler ld.$linker; then
			skip "$name" "$compiler and ld.$linker"
			continue
		fi
		check "$name" is_good $large CC=$compiler CFLAGS=-Werror \
			LDFLAGS=-fuse-ld=$linker
	done
done
if have clang-19 ld.lld-19; then
	check 'CC=clang-19 and lld-19' is_good $large CC=clang-19 CFLAGS=-Werror \
		LDFLAGS=-fuse-ld=lld-19
else
	skip 'CC=clang-19 and lld-19' 'clang-19 and lld-19'
fi

# ---- flags ----

for level in 0 1 2 3 s; do
	check "CFLAGS=-O$level" is_good 65536 CFLAGS="-O$level -Werror"
done
one_line()
{
	echo $*
}
check 'flags that it cannot do with' is_good 65536 CFLAGS="$(one_line \
	-O2 -fPIC -fsanitize=undefined -fstack-protector-all -flto \
	-march=x86-64-v3 -mno-red-zone -D_FORTIFY_SOURCE=3)" \
	LDFLAGS='-fsanitize=undefined -no-pie -Wl,--build-id=sha1 -rdynamic'
check 'LDFLAGS=-static-pie, which it is anyway' is_good $small LDFLAGS=-static-pie
check 'LDFLAGS=-static' is_good $small LDFLAGS=-static

# As dpkg-buildpackage does: in the environment.
is_good_for_debian() # hardening
{
	(
		export "DEB_BUILD_MAINT_OPTIONS=hardening=$1"
		eval "$(dpkg-buildflags --export=sh)"
		unset CXXFLAGS FFLAGS
		is_good $fast
	)
}
for hardening in '' +all; do
	name="flags of Debian's packages, hardening=$hardening"
	if have dpkg-buildflags; then
		check "$name" is_good_for_debian "$hardening"
	else
		skip "$name" dpkg-buildflags
	fi
done

# redhat-rpm-config 293, %build_cflags and %build_ldflags, with what its two
# spec files say.
cat >cc1.spec <<'END'
*cc1_options:
+ %{!r:%{!fpie:%{!fPIE:%{!fpic:%{!fPIC:%{!fno-pic:-fPIE}}}}}}
END
cat >ld.spec <<'END'
*self_spec:
+ %{!static:%{!shared:%{!static-pie:%{!r:-pie}}}}

*link:
+ -z now
END
fedora_cflags=$(one_line -O2 -flto=auto -ffat-lto-objects -fexceptions -g \
	-grecord-gcc-switches -pipe -Wall -Werror=format-security \
	-Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3 -Wp,-D_GLIBCXX_ASSERTIONS \
	-specs=cc1.spec -fstack-protector-strong -m64 -mtune=generic \
	-fasynchronous-unwind-tables -fstack-clash-protection -fcf-protection \
	-fno-omit-frame-pointer -mno-omit-leaf-frame-pointer)
fedora_ldflags=$(one_line -Wl,-z,relro -Wl,--as-needed \
	-Wl,-z,pack-relative-relocs -Wl,-z,now -specs=ld.spec \
	-Wl,--build-id=sha1)
check "flags of Fedora's packages" is_good $fast \
	CFLAGS="$fedora_cflags" LDFLAGS="$fedora_ldflags"

# ---- over libc, with sanitizers, with symbols ----

libc_is_good() # kind argument of make...
{
	kind=$1
	shift
	rm -rf build
	builds CFLAGS=-Werror "$@" && works build/$kind/foster
}
for compiler in gcc clang musl-gcc; do
	if have $compiler; then
		check "LIBC=1 CC=$compiler" libc_is_good libc LIBC=1 CC=$compiler
	else
		skip "LIBC=1 CC=$compiler" $compiler
	fi
done
check "LIBC=1, flags of Fedora's packages" libc_is_good libc LIBC=1 \
	CFLAGS="$fedora_cflags" LDFLAGS="$fedora_ldflags"
for compiler in gcc clang; do
	if have $compiler; then
		check "SAN=1 CC=$compiler" libc_is_good san SAN=1 CC=$compiler
	else
		skip "SAN=1 CC=$compiler" $compiler
	fi
done

# What ships can be read, and with DEBUG=1 is the same with names.
can_be_read()
{
	rm -rf build
	builds && grep -aq 'cannot run ' build/foster ||
		{ say_no 'its messages cannot be found in it'; return; }
	objcopy -O binary build/foster "$work/shipped"
	builds DEBUG=1 || return
	objcopy -O binary build/foster "$work/debugged"
	cmp "$work/shipped" "$work/debugged" || return
	readelf -sW build/foster | grep -q ' FUNC .* foster_main$' ||
		{ say_no 'no symbols'; return; }
	readelf -SW build/foster | grep -q ' \.debug_line ' || say_no 'no lines'
}
check 'DEBUG=1 builds again: the same code, with symbols and lines' can_be_read

# ---- machines ----

is_for_aarch64() # argument of make...
{
	rm -rf build
	builds CFLAGS=-Werror "$@" && is_one_segment build/foster $large || return
	[ "$(machine_of build/foster)" = AArch64 ] ||
		say_no "built for $(machine_of build/foster)"
}
prefix=aarch64-linux-gnu-
if have ${prefix}gcc; then
	check "CROSS_COMPILE=$prefix" is_for_aarch64 CROSS_COMPILE=$prefix
else
	skip "CROSS_COMPILE=$prefix" ${prefix}gcc
fi
if have ${prefix}gcc clang; then
	check "CROSS_COMPILE=$prefix CC=clang" is_for_aarch64 \
		CROSS_COMPILE=$prefix CC=clang
	check 'CC="clang --target=aarch64-linux-gnu"' is_for_aarch64 \
		CC='clang --target=aarch64-linux-gnu'
else
	skip "CROSS_COMPILE=$prefix CC=clang" "clang and ${prefix}gcc"
fi

contradicts()
{
	rm -rf build
	! bounded make CC=gcc CROSS_COMPILE=$prefix && [ ! -e build/foster ]
}
check "CC=gcc with CROSS_COMPILE=$prefix is a mistake" contradicts

# A machine that src/arch does not know: here gcc under another name.
is_over_libc() # argument of make...
{
	cat >cc-unknown <<-'END'
		#!/bin/sh
		case " $* " in
		*' -dumpmachine '*) echo mips64el-linux-gnu ;;
		*) exec gcc "$@" ;;
		esac
	END
	chmod +x cc-unknown
	rm -rf build
	builds "CC=./cc-unknown" "$@" && works build/foster || return
	[ "$(grep -c 'over libc' "$work/said")" = 1 ] ||
		{ say_no 'does not say that it is over libc'; return; }
	! readelf -lW build/foster | grep ' INTERP ' || say_no 'not static'
}
check 'a machine without a file in src/arch: over libc, static' is_over_libc
check 'the same with LDFLAGS=-pie' is_over_libc CFLAGS=-fPIE LDFLAGS=-pie

# Machines that this kernel runs, or qemu; over libc, as src/arch has no file.
for machine in i686 riscv64; do
	prefix=$machine-linux-gnu-
	have ${prefix}gcc || continue
	check "CROSS_COMPILE=$prefix" builds O=build/$machine CROSS_COMPILE=$prefix
done

count
