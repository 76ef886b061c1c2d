# foster: make, make check, make install. "make help" lists the targets.
#
# What may be set: CC, CFLAGS, LDFLAGS, CROSS_COMPILE (a prefix of the
# compiler's name), O (build folder), PREFIX, DESTDIR, LIBC=1 (over libc),
# SAN=1 (over libc, with sanitizers), WHOLE=1 (keep symbols and sections, for
# nm and gdb), V=1 (show the commands).

CROSS_COMPILE =
ifeq ($(origin CC),default)
CC = $(CROSS_COMPILE)gcc
endif
READELF = $(CROSS_COMPILE)readelf
PREFIX = /usr/local
DESTDIR =
O = build
SAN =
LIBC = $(SAN)

quiet = $(if $(V),,@echo '  $(1)' '$(2)';)

PARTS = main options environment signals status text keeper tend leftovers \
	proc spawn path diagnose log terminal
DOOR = $(if $(LIBC),sys_libc,sys_raw)
KIND = $(if $(SAN),san,$(if $(LIBC),libc,raw))
OBJECTS = $(PARTS:%=$(O)/$(KIND)/%.o) $(O)/$(KIND)/$(DOOR).o
FOSTER = $(if $(LIBC),$(O)/$(KIND)/foster,$(O)/foster)

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wconversion -Wcast-qual -Wwrite-strings -Wundef
DIALECT = -std=c11 $(WARNINGS) -MMD -MP

# The shipped binary: no libc, one segment, nothing to write to in the file.
RAW_CFLAGS = $(DIALECT) -Os $(call supported,-Oz) -ffreestanding -fPIE -fvisibility=hidden \
	-fomit-frame-pointer -fno-stack-protector -ffunction-sections \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	$(call supported,-fcf-protection=none) \
	$(call supported,-mbranch-protection=none) \
	$(call supported,-mgeneral-regs-only) \
	$(call supported,-fno-tree-loop-distribute-patterns) \
	$(call supported,-mpreferred-stack-boundary=3) \
	$(call supported,-fno-jump-tables) $(call supported,-fno-ident) \
	$(call supported,-malign-data=abi) $(TOGETHER)
RAW_LDFLAGS = -nostdlib -static-pie $(if $(WHOLE),,-s) -Wl,-T,src/foster.ld \
	-Wl,--gc-sections,--build-id=none,--hash-style=sysv \
	-Wl,-z,noexecstack,-z,norelro

# gcc sees the whole program at once; functions called once stay functions.
TOGETHER = $(if $(call supported,-flto-partition=none),-flto \
	-flto-partition=none -fno-inline-functions-called-once \
	-fno-thread-jumps -fno-move-loop-invariants)

LIBC_CFLAGS = $(DIALECT) -O2 -DFOSTER_LIBC
SAN_CFLAGS = $(DIALECT) -O1 -g -DFOSTER_LIBC -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
SAN_LDFLAGS = -fsanitize=address,undefined

# The flag, where this compiler for this machine knows it.
supported = $(if $(findstring $(1),$(KNOWN)),$(1))
ASKED = -flto-partition=none -malign-data=abi -Oz -mpreferred-stack-boundary=3 -fcf-protection=none -mbranch-protection=none -mgeneral-regs-only \
	-fno-tree-loop-distribute-patterns -fno-jump-tables -fno-ident
ifneq ($(if $(MAKECMDGOALS),$(filter-out clean help deps,$(MAKECMDGOALS)),all),)
KNOWN := $(shell for flag in $(ASKED); do $(CC) -Werror $(CFLAGS) $$flag \
	-c -x c -o /dev/null /dev/null 2>/dev/null && echo $$flag; done)
endif

# Nothing of what stands behind the one segment is ever loaded: the section
# headers and their names, 200 bytes. The first dd ends the file there, the
# others make the ELF header (64 bits) know: e_shoff, and e_shentsize, e_shnum,
# e_shstrndx. elf(5)
cut = end=$$($(READELF) -lW $(1) | awk '$$1 == "LOAD" { print $$5 }') && \
	test -n "$$end" && { \
	dd if=/dev/null of=$(1) bs=1 seek=$$((end)); \
	dd if=/dev/zero of=$(1) bs=1 seek=40 count=8 conv=notrunc; \
	dd if=/dev/zero of=$(1) bs=1 seek=58 count=6 conv=notrunc; } 2>/dev/null

all: $(FOSTER)

$(O)/foster: $(OBJECTS) src/foster.ld
	$(call quiet,LD,$@)$(CC) $(CFLAGS) -o $@ $(OBJECTS) \
	$(if $(TOGETHER),$(RAW_CFLAGS)) $(RAW_LDFLAGS) $(LDFLAGS)
	$(if $(WHOLE),,$(call quiet,CUT,$@)$(call cut,$@))

$(O)/libc/foster $(O)/san/foster: $(OBJECTS)
	$(call quiet,LD,$@)$(CC) -o $@ $(OBJECTS) $(if $(SAN),$(SAN_LDFLAGS)) $(CFLAGS) $(LDFLAGS)

$(O)/raw/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(RAW_CFLAGS) $(CFLAGS) -c -o $@ $<
$(O)/libc/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(LIBC_CFLAGS) $(CFLAGS) -c -o $@ $<
$(O)/san/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(SAN_CFLAGS) $(CFLAGS) -c -o $@ $<

-include $(wildcard $(O)/*/*.d)

clean:
	rm -rf $(O)

.PHONY: all clean
