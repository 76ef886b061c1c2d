# foster: make, make install. "make help" lists everything else.
#
# What the caller may set, on the command line or in the environment:
#
#	CC, CPPFLAGS, CFLAGS, LDFLAGS  as everywhere
#	CROSS_COMPILE    the machine, as a prefix: aarch64-linux-gnu-
#	O                where to build: build
#	PREFIX, DESTDIR  where to install: /usr/local, nothing
#	LIBC=1, SAN=1    over libc; over libc and with sanitizers
#	DEBUG=1          keep symbols and line numbers for gdb
#	V=1              show the commands
#
# Whatever of these changes, what was built with the old ones is built again.

O ?= build
PREFIX ?= /usr/local
ifneq ($(words $(O)),1)
$(error O has to name one folder, without blanks, not '$(O)')
endif

all:
.DELETE_ON_ERROR:

# With V=1 make shows the command, else what it does and to which file.
quiet = $(if $(V),,@echo '  $(1)	$@';)

# ---- the compiler and the machine ----

# Nothing here needs a compiler for these.
WITHOUT_CC = help clean deps deps-all lint

ifneq ($(filter-out $(WITHOUT_CC),$(or $(MAKECMDGOALS),all)),)
ifeq ($(origin CC),default)
CC := $(shell for cc in $(CROSS_COMPILE)gcc $(if $(CROSS_COMPILE),,cc) clang; \
	do command -v $$cc >/dev/null && { echo $$cc; break; }; done)
$(if $(CC),,$(error no compiler here: install gcc or clang))
endif
VERSION := $(shell $(CC) --version | head -n 1)

# That of the machine: make's default is the one of this machine.
ifeq ($(origin AR),default)
AR := $(if $(shell command -v $(CROSS_COMPILE)ar),$(CROSS_COMPILE),)ar
endif

# One clang is a compiler for every machine.
ifneq ($(and $(CROSS_COMPILE),$(findstring clang,$(VERSION))),)
override CC += --target=$(patsubst %-,%,$(notdir $(CROSS_COMPILE)))
endif

MACHINE := $(shell $(CC) $(CFLAGS) -dumpmachine)
$(if $(MACHINE),,$(error $(CC) does not say for which machine it compiles \
	(-dumpmachine): take gcc or clang))
ARCH := $(firstword $(subst -, ,$(MACHINE)))
# gcc names the same machine for its 32-bit halves.
ifneq ($(filter -m32 -mx32 -mabi=ilp32,$(CC) $(CFLAGS))$(filter %x32,$(MACHINE)),)
ARCH := $(ARCH)-32
endif
WANTED_ARCH := $(firstword $(subst -, ,$(notdir $(CROSS_COMPILE))))
ifeq ($(filter $(or $(WANTED_ARCH),$(ARCH)),$(firstword $(subst -, ,$(MACHINE)))),)
$(error CROSS_COMPILE=$(CROSS_COMPILE), but $(CC) compiles for $(MACHINE))
endif
endif

# ---- three programs of one source ----

# raw: the one that ships, without libc; it knows the machines in src/arch.
# libc: for all others, and for tests. san: the same, with sanitizers.
ifneq ($(wildcard src/arch/$(ARCH).h),)
KIND := $(if $(SAN),san,$(if $(LIBC),libc,raw))
else
KIND := $(if $(SAN),san,libc)
endif
FOSTER := $(O)/$(if $(LIBC)$(SAN),$(KIND)/)foster

# All of src is in all of them, but for their door to the kernel.
RAW_DOOR = sys_raw start pages memory
LIBC_DOOR = sys_libc start_libc pages_kept
PARTS := $(filter-out $(RAW_DOOR) $(LIBC_DOOR), \
	$(patsubst src/%.c,%,$(sort $(wildcard src/*.c))))

RAW_OBJECTS = $(patsubst %,$(O)/raw/%.o,$(PARTS) $(RAW_DOOR))
LIBC_OBJECTS = $(patsubst %,$(O)/libc/%.o,$(PARTS) $(LIBC_DOOR))
SAN_OBJECTS = $(patsubst %,$(O)/san/%.o,$(PARTS) $(LIBC_DOOR))

# ---- flags ----

# First what the caller may overrule, then the caller's flags, and last those
# that the program cannot do without.
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wconversion -Wcast-qual -Wwrite-strings -Wundef
DIALECT = -std=c11 -D_GNU_SOURCE -MMD -MP

# No libc, so nothing that calls one: no stack protector's functions and no
# sanitizer's.
NO_LIBC = -ffreestanding -fno-stack-protector -fno-sanitize=all
# One read-only segment at any address (src/foster.ld): nothing in it may need
# a relocation, and what lies beside what is decided there, by object file. A
# jump table lies among the data, on a page that the loop would have to keep.
ONE_SEGMENT = -fPIE -fvisibility=hidden -ffunction-sections -fdata-sections \
	-fno-jump-tables -fno-lto
# Nobody but gdb unwinds the stack: with -g its tables are apart.
NO_TABLES = -fno-exceptions -fno-asynchronous-unwind-tables
# The marks that a loader could ask for, where there is none, are left out; and
# structures are not copied by way of vector registers. All of the program lies
# within a megabyte: aarch64 has an address in one instruction then.
MACHINE_x86_64 = -fcf-protection=none -mgeneral-regs-only
MACHINE_aarch64 = -mbranch-protection=none -mgeneral-regs-only -mcmodel=tiny

# Small: what gcc calls -Os; clang's own -Os still puts functions into others.
SMALL = $(if $(findstring clang,$(VERSION)),-Oz,-Os)

RAW_CFLAGS = $(WARNINGS) $(SMALL) $(CPPFLAGS) $(CFLAGS) $(if $(DEBUG),-g) \
	$(DIALECT) $(NO_LIBC) $(ONE_SEGMENT) $(NO_TABLES) $(MACHINE_$(ARCH))
# A static PIE by way of the linker, since musl-gcc does not know -static-pie;
# there is no libc to be linked statically. And no relocations to be packed.
comma = ,
RAW_LDFLAGS = $(CFLAGS) \
	$(filter-out -Wl$(comma)-z$(comma)pack-relative-relocs,$(LDFLAGS)) \
	-fno-lto -fno-sanitize=all -nostdlib -Wl,-pie \
	-Wl,-T,src/foster.ld,--gc-sections,--build-id=none,-z,noexecstack \
	$(if $(DEBUG),,-s)

LIBC_CFLAGS = $(WARNINGS) -O2 -g $(CPPFLAGS) $(CFLAGS) $(DIALECT) -DFOSTER_LIBC
LIBC_LDFLAGS = $(CFLAGS) $(LDFLAGS)
# Where that is the program that ships: an empty image has no loader, so libc is
# a part of it if there is a libc.a.
STATIC = $(if $(findstring /,$(shell $(CC) $(CFLAGS) -print-file-name=libc.a)),\
	-static)
SHIPPED_LDFLAGS = $(CFLAGS) $(if $(STATIC),$(filter-out -pie,$(LDFLAGS)) -static,\
	$(LDFLAGS)) $(if $(DEBUG),,-s)

SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_CFLAGS = $(LIBC_CFLAGS) -O1 -fno-omit-frame-pointer $(SANITIZERS)
SAN_LDFLAGS = $(CFLAGS) $(LDFLAGS) $(SANITIZERS)

# ---- building ----

all: $(FOSTER)

# How what is in O was built. Everything made by the compiler depends on it; it
# is written again if that changed.
HOW = $(CC), $(VERSION): $(CPPFLAGS), $(CFLAGS), $(LDFLAGS), $(DEBUG): $(PARTS)
BUILT_WITH = $(O)/built-with
ifneq ($(strip $(HOW)),$(strip $(file <$(BUILT_WITH))))
.PHONY: $(BUILT_WITH)
endif
$(BUILT_WITH):
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(strip $(HOW)))' >$@

$(O)/raw/%.o: src/%.c $(BUILT_WITH) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(RAW_CFLAGS) -c -o $@ $<
$(O)/libc/%.o: src/%.c $(BUILT_WITH) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(LIBC_CFLAGS) -c -o $@ $<
$(O)/san/%.o: src/%.c $(BUILT_WITH) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(SAN_CFLAGS) -c -o $@ $<

ifeq ($(KIND),raw)
$(O)/foster: $(RAW_OBJECTS) src/foster.ld
	$(call quiet,LD)$(CC) -o $@ $(RAW_OBJECTS) $(RAW_LDFLAGS)
else
$(O)/foster: $(LIBC_OBJECTS)
	@echo '  (there is no src/arch/$(ARCH).h: over libc$(if $(STATIC),, and not static))'
	$(call quiet,LD)$(CC) -o $@ $(LIBC_OBJECTS) $(SHIPPED_LDFLAGS)
endif
$(O)/libc/foster: $(LIBC_OBJECTS)
	$(call quiet,LD)$(CC) -o $@ $(LIBC_OBJECTS) $(LIBC_LDFLAGS)
$(O)/san/foster: $(SAN_OBJECTS) tests/sanitizer/options.c
	$(call quiet,LD)$(CC) -o $@ $(SAN_OBJECTS) tests/sanitizer/options.c \
		$(SAN_LDFLAGS)

# Which headers each object was made of, as the compiler saw it.
-include $(wildcard $(O)/raw/*.d $(O)/libc/*.d $(O)/san/*.d)

# ---- for other programs: foster(3) ----

# One file, and the library that it makes: with the caller's flags, so that what
# protects a host stays in force.
DIST = $(O)/dist
VERSION_OF_FOSTER = $(shell sed -n \
	's/^.define FOSTER_VERSION "\(.*\)"/\1/p' src/foster.h)

amalgamation: $(DIST)/foster.c $(DIST)/foster.h
	@echo 'in $(DIST), any of:'
	@sed -n '/^ [*]	*cc /,/^ [*]$$/s/^ [*]	/	/p' $(DIST)/foster.c
library: $(DIST)/libfoster.a $(DIST)/foster.h $(DIST)/foster.pc

$(DIST)/foster.c: $(wildcard src/*.[ch] src/arch/*.h src/amalgamate.sh) LICENSE
	@mkdir -p $(@D)
	$(call quiet,CAT)cd src && ./amalgamate.sh >'$(abspath $@)'
$(DIST)/foster.h: src/foster.h
	@mkdir -p $(@D)
	$(call quiet,CP)cp $< $@
$(DIST)/foster.o: $(DIST)/foster.c $(DIST)/foster.h $(BUILT_WITH)
	$(call quiet,CC)$(CC) -std=c11 $(WARNINGS) -O2 -fPIC $(CPPFLAGS) $(CFLAGS) \
		-DFOSTER_NO_MAIN -c -o $@ $<
$(DIST)/libfoster.a: $(DIST)/foster.o
	@rm -f $@
	$(call quiet,AR)$(AR) rcD $@ $<
$(DIST)/foster.pc: src/foster.h $(BUILT_WITH)
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'Name: foster' \
		'Description: process 1 inside another program' \
		'Version: $(VERSION_OF_FOSTER)' \
		'Cflags: -I$${prefix}/include' \
		'Libs: -L$${prefix}/lib -lfoster' >$@

# The finished program as bytes: an object, an array in C, and raw.
blob: $(DIST)/foster_blob.o $(DIST)/foster_blob.h $(DIST)/foster_array.h \
	$(DIST)/foster.sha256

$(DIST)/foster: $(FOSTER)
	@mkdir -p $(@D)
	$(call quiet,CP)cp $< $@
$(DIST)/foster_blob.o: src/blob.S $(DIST)/foster
	$(call quiet,AS)$(CC) $(CPPFLAGS) $(CFLAGS) -Wa,-I$(DIST) -c -o $@ $<
$(DIST)/foster_blob.h: src/foster_blob.h
	@mkdir -p $(@D)
	$(call quiet,CP)cp $< $@
$(DIST)/foster_array.h: $(DIST)/foster
	$(call quiet,OD){ echo 'static const unsigned char foster_array[] = {'; \
		od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo '};'; } >$@
$(DIST)/foster.sha256: $(DIST)/foster
	$(call quiet,SUM)cd $(@D) && sha256sum foster >foster.sha256

# ---- installing ----

install: install-program install-library

install-program: $(FOSTER)
	install -d '$(DESTDIR)$(PREFIX)/bin' \
		'$(DESTDIR)$(PREFIX)/share/man/man1' \
		'$(DESTDIR)$(PREFIX)/share/doc/foster'
	install -m 755 $(FOSTER) '$(DESTDIR)$(PREFIX)/bin/foster'
	install -m 644 man/foster.1 '$(DESTDIR)$(PREFIX)/share/man/man1'
	install -m 644 LICENSE '$(DESTDIR)$(PREFIX)/share/doc/foster'

install-library: library
	install -d '$(DESTDIR)$(PREFIX)/include' \
		'$(DESTDIR)$(PREFIX)/lib/pkgconfig' \
		'$(DESTDIR)$(PREFIX)/share/man/man3'
	install -m 644 $(DIST)/foster.h '$(DESTDIR)$(PREFIX)/include'
	install -m 644 $(DIST)/libfoster.a '$(DESTDIR)$(PREFIX)/lib'
	install -m 644 $(DIST)/foster.pc '$(DESTDIR)$(PREFIX)/lib/pkgconfig'
	install -m 644 man/foster.3 '$(DESTDIR)$(PREFIX)/share/man/man3'

# Into the root folder of an image; never over this machine's own init.
install-init: $(if $(filter-out /,$(DESTDIR)),$(FOSTER))
	@case '$(DESTDIR)' in *[!/]*) ;; *) \
		echo 'make install-init: DESTDIR= has to name the root folder' \
			'of an image' >&2; exit 1; esac
	install -d '$(DESTDIR)'
	install -m 755 $(FOSTER) '$(DESTDIR)/init'

# Only a folder that make has built in, and that holds no source.
clean:
	@if test -e '$(O)' && { ! test -f '$(O)/built-with' || \
		test -e '$(O)/Makefile' || test -e '$(O)/.git'; }; then \
		echo "make clean: nothing was built in '$(O)', or more than" \
			"that is in it" >&2; exit 1; fi
	rm -rf -- '$(O)'

help::
	@echo 'make               $(O)/foster, the static program'
	@echo 'make LIBC=1        $(O)/libc/foster, the same over libc'
	@echo 'make SAN=1         $(O)/san/foster, the same with sanitizers'
	@echo 'make amalgamation  $(O)/dist: foster.c and foster.h, all of it'
	@echo 'make blob          $(O)/dist: the program as bytes, for others'
	@echo 'make library       $(O)/dist: libfoster.a and foster.pc'
	@echo 'make install       into $(PREFIX); PREFIX=, DESTDIR='
	@echo 'make install-program  the same without the library'
	@echo 'make install-init  DESTDIR=rootfs: rootfs/init'
	@echo 'make clean         away with $(O)'
	@echo 'Also: CC= CFLAGS= LDFLAGS= CROSS_COMPILE= O= DEBUG=1 V=1'

.PHONY: all amalgamation library blob $(DIST)/foster.pc install \
	install-program install-library install-init clean help

# Trying it, tests, measurements, proofs. Building needs none of it.
include $(wildcard tests/tests.mk)
