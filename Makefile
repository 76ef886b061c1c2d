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
	file proc spawn path head diagnose death log terminal wording
DOOR = $(if $(LIBC),sys_libc,sys_raw)
KIND = $(if $(SAN),san,$(if $(LIBC),libc,raw))
OBJECTS = $(PARTS:%=$(O)/$(KIND)/%.o) $(O)/$(KIND)/$(DOOR).o
FOSTER = $(if $(LIBC),$(O)/$(KIND)/foster,$(O)/foster)

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wconversion -Wcast-qual -Wwrite-strings -Wundef
DIALECT = -std=c11 $(WARNINGS) -MMD -MP

# The shipped binary: no libc, one segment, nothing to write to in the file.
RAW_CFLAGS = $(DIALECT) -Os $(call supported,-Oz) -ffreestanding -fPIE -fvisibility=hidden \
	-fomit-frame-pointer -fno-stack-protector -ffunction-sections -fdata-sections \
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
# No function has to keep r13 and r14 for its caller: fewer are saved. The other
# flags were found by trying, one after the other; the file is smaller with each,
# but for rep_8byte: memory is cleared in half the steps.
TOGETHER = $(if $(call supported,-flto-partition=none),-flto \
	-flto-partition=none -fno-inline-functions-called-once \
	-fno-thread-jumps -fno-move-loop-invariants -fno-tree-scev-cprop \
	-fno-tree-tail-merge -fno-tree-slsr -fno-tree-fre -fno-forward-propagate \
	-fno-caller-saves -fno-tree-loop-im -fno-ipa-modref \
	-fsched2-use-superblocks --param=gcse-cost-distance-ratio=0 \
	--param=max-grow-copy-bb-insns=0 --param=max-cse-insns=0 \
	$(call supported,-mskip-rax-setup) \
	$(call supported,-mbranch-cost=1) \
	$(call supported,-mstringop-strategy=rep_8byte) \
	$(call supported,-fcall-used-r13) $(call supported,-fcall-used-r14))

LIBC_CFLAGS = $(DIALECT) -O2 -DFOSTER_LIBC
SAN_CFLAGS = $(DIALECT) -O1 -g -DFOSTER_LIBC -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all
SAN_SOURCES = $(if $(SAN),tests/sanitizer/options.c)
SAN_LDFLAGS = -fsanitize=address,undefined

# The flag, where this compiler for this machine knows it.
supported = $(if $(findstring $(1),$(KNOWN)),$(1))
ASKED = -flto-partition=none -mskip-rax-setup -mbranch-cost=1 -mstringop-strategy=rep_8byte -fcall-used-r13 -fcall-used-r14 -malign-data=abi -Oz -mpreferred-stack-boundary=3 -fcf-protection=none -mbranch-protection=none -mgeneral-regs-only \
	-fno-tree-loop-distribute-patterns -fno-jump-tables -fno-ident
ifneq ($(if $(MAKECMDGOALS),$(filter-out clean help deps deps-proof prove prove-parts prove-whole,$(MAKECMDGOALS)),all),)
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

$(O)/foster: $(OBJECTS) src/foster.ld $(O)/raw/unpack
	$(call quiet,LD,$@)$(CC) $(CFLAGS) -o $@ $(OBJECTS) \
	$(if $(TOGETHER),$(RAW_CFLAGS)) $(RAW_LDFLAGS) $(LDFLAGS)
	$(if $(WHOLE),,$(call quiet,CUT,$@)$(call cut,$@))

$(O)/libc/foster $(O)/san/foster: $(OBJECTS) $(SAN_SOURCES)
	$(call quiet,LD,$@)$(CC) -o $@ $(OBJECTS) $(SAN_SOURCES) \
		$(if $(SAN),$(SAN_LDFLAGS)) $(CFLAGS) $(LDFLAGS)

# What the shipped binary says is packed: src/host/pack.c runs here, not there.
HOSTCC = cc
SAYING = src/version.h $(PARTS:%=src/%.c) src/sys_raw.c
$(O)/pack: src/host/pack.c
	@mkdir -p $(@D)
	$(call quiet,HOSTCC,$@)$(HOSTCC) -std=c11 -O1 $(WARNINGS) -o $@ $<
$(O)/raw/packed.h: $(O)/pack $(SAYING)
	@mkdir -p $(@D)
	$(call quiet,PACK,$@)$(O)/pack $(@D) $(SAYING)

# And each text can be had back.
$(O)/raw/unpack: src/host/unpack.c src/wording.c src/text.c $(O)/raw/packed.h
	$(call quiet,HOSTCC,$@)$(HOSTCC) -std=c11 -O1 $(WARNINGS) -DFOSTER_PACKED \
		-Isrc -I$(O)/raw -o $@ $(filter %.c,$^)
	@$@ || { rm $@; exit 1; }

$(O)/raw/%.o: src/%.c $(O)/raw/packed.h Makefile
	$(call quiet,CC,$@)$(CC) $(RAW_CFLAGS) -DFOSTER_PACKED -Isrc -I$(O)/raw \
		$(CFLAGS) -c -o $@ $(O)/raw/$*.c
$(O)/libc/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(LIBC_CFLAGS) $(CFLAGS) -c -o $@ $<
$(O)/san/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(SAN_CFLAGS) $(CFLAGS) -c -o $@ $<

-include $(wildcard $(O)/*/*.d)

# ---- trying it ----

run: $(FOSTER)
	@CC='$(CC)' tests/demo/run.sh $(dir $(FOSTER))

size: $(O)/foster $(O)/bench/size $(O)/bench/hold
	@$(O)/bench/size $(O)/foster $(O)/bench/hold

# ---- tests ----

TEST_CFLAGS = -std=gnu11 -O1 -g -Wall -Wextra -Wshadow
CHECK_FLAGS = $(shell pkg-config --cflags --libs check)
UNIT_PARTS = text signals status options environment keeper log file proc head \
	death leftovers terminal tend wording
UNIT = $(wildcard tests/unit/*.c)
E2E = $(wildcard tests/e2e/*.c)
ACTORS = $(patsubst tests/e2e/actors/%.c,%,$(wildcard tests/e2e/actors/*.c))
TESTS = $(O)/tests$(if $(LIBC),-$(KIND))

# With sanitizers: what is tested, and the tests of the parts.
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_FLAGS = $(if $(SAN),$(SANITIZERS))

check: check-unit check-e2e

check-unit: $(TESTS)/check_unit
	CC='$(CC)' SRC=src $(TESTS)/check_unit

check-e2e: $(FOSTER) $(TESTS)/check_e2e $(ACTORS:%=$(O)/actors/%)
	FOSTER=$(FOSTER) ACTORS=$(O)/actors $(TESTS)/check_e2e

$(TESTS)/check_unit: $(UNIT) $(wildcard tests/*.h tests/unit/*.h src/*.h) \
		$(UNIT_PARTS:%=src/%.c) $(OBJECTS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) $(UNIT_FLAGS) -Isrc -DFOSTER_LIBC \
		-o $@ $(UNIT) $(UNIT_PARTS:%=src/%.c) $(CHECK_FLAGS)

$(TESTS)/check_e2e: $(E2E) $(wildcard tests/e2e/*.h)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -o $@ $(E2E) $(CHECK_FLAGS)

$(O)/actors/%: tests/e2e/actors/%.c $(wildcard tests/e2e/actors/*.h)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -static -o $@ $<

# ---- measuring, beside the inits that are installed here ----

# The programs that inits run, the tools that watch, and inits that are bad
# on purpose.
BENCH_TINY = $(O)/bench/hold $(O)/bench/stamp $(O)/bench/wrap
BENCH_PROGRAMS = $(addprefix $(O)/bench/,storm sigecho orphans bad_noreap bad_poll)
BENCH_TOOLS = $(addprefix $(O)/bench/,nsrun startup steps idle fleet sigsend)
BENCH_TRACER = tests/bench/process1.c tests/bench/trace.c
BENCH_HEADERS = $(wildcard tests/bench/*.h)
BENCH_CFLAGS = $(TEST_CFLAGS) -O2
TINY_x86_64 = -nostdlib -fno-pie -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fomit-frame-pointer \
	-Wl,--build-id=none,-z,noseparate-code,-z,norelro
TINY_CFLAGS = -std=gnu11 -Os -Wall -Wextra -static -s \
	$(TINY_$(firstword $(subst -, ,$(MACHINE))))
MACHINE = $(shell $(CC) -dumpmachine)

# As root. BENCH=quick: a minute and a half instead of ten.
bench: $(O)/foster bench-tools
	@tests/bench/bench.py --tools $(O)/bench $(O)/foster

# The chosen rows and the chart, into the README.
bench-readme: $(O)/foster bench-tools
	@tests/bench/bench.py --tools $(O)/bench --readme README.md $(O)/foster

# Whether inits that are bad on purpose look bad.
bench-selftest: $(O)/foster bench-tools
	@tests/bench/bench.py --tools $(O)/bench --selftest $(O)/foster

bench-tools: $(BENCH_TINY) $(BENCH_PROGRAMS) $(BENCH_TOOLS)

$(BENCH_TINY): $(O)/bench/%: tests/bench/%.c $(BENCH_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TINY_CFLAGS) -o $@ $<

$(BENCH_PROGRAMS): $(O)/bench/%: tests/bench/%.c $(BENCH_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(BENCH_CFLAGS) -static -o $@ $<

$(BENCH_TOOLS) $(O)/bench/size: $(O)/bench/%: tests/bench/%.c $(BENCH_TRACER) \
		$(BENCH_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(BENCH_CFLAGS) -o $@ $< $(BENCH_TRACER)

# What is exact and may not grow: tests/bench/budget.
check-budget: $(O)/foster $(O)/bench/check_budget $(O)/bench/hold \
		$(O)/bench/orphans
	FOSTER=$(O)/foster PROGRAMS=$(O)/bench $(O)/bench/check_budget

$(O)/bench/check_budget: tests/bench/budget/check_budget.c $(BENCH_TRACER) \
		$(BENCH_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -Itests/bench -o $@ $< \
		$(BENCH_TRACER) $(CHECK_FLAGS)

# ---- the simulated kernel in the place of the door, all of src/ on it ----

SIM = $(wildcard tests/sim/*.c)
SIM_OBJECTS = $(PARTS:%=$(TESTS)/sim/%.o)
SIM_FLAGS = -O1 -g $(if $(SAN),$(SANITIZERS))

check: check-sim
check-sim: $(TESTS)/check_sim
	$(TESTS)/check_sim

$(TESTS)/sim/%.o: src/%.c $(wildcard src/*.h src/arch/*.h) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(LIBC_CFLAGS) $(SIM_FLAGS) $(CFLAGS) -c -o $@ $<

$(TESTS)/check_sim: $(SIM) $(wildcard tests/*.h tests/sim/*.h src/*.h) $(SIM_OBJECTS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) $(SIM_FLAGS) -DFOSTER_LIBC -Isrc \
		-o $@ $(SIM) $(SIM_OBJECTS) $(CHECK_FLAGS)

# All small schedules: the same, with memory that is saved and restored. Never
# with sanitizers, which do not like that.
SCHEDULES = $(patsubst tests/sim/%.c,$(O)/schedules/%.o, \
	$(wildcard tests/sim/schedules/*.c) \
	$(addprefix tests/sim/,door.c processes.c files.c actors.c))
SCHEDULED = $(PARTS:%=$(O)/schedules/src/%.o)
WRAPPED = malloc calloc realloc free mmap munmap tend
$(O)/schedules/src/%.o: src/%.c $(wildcard src/*.h src/arch/*.h) Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(LIBC_CFLAGS) -O1 -g $(CFLAGS) -c -o $@ $<
$(O)/schedules/%.o: tests/sim/%.c $(wildcard tests/sim/*.h \
		tests/sim/schedules/*.h src/*.h)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -O2 -DFOSTER_LIBC -Isrc -c -o $@ $<
$(O)/tests/schedules: $(SCHEDULES) $(SCHEDULED)
	@mkdir -p $(@D)
	$(call quiet,LD,$@)$(CC) -o $@ $^ $(WRAPPED:%=-Wl,--wrap=%)

check-schedules: $(O)/tests/schedules
	nice $< --jobs 2 $(if $(ALL_KINDS),--all-kinds $(ALL_KINDS),$(if \
		$(DEEP),--deep,--small))

# Whether states that are taken for one behave alike.
check-schedules-merging: $(O)/tests/schedules
	nice $< --jobs 2 --compare

# Faults put into src/, each of which has to be found.
check-schedules-faults: $(SCHEDULES) $(SCHEDULED)
	CC='$(CC)' tests/sim/schedules/faults.sh $(O) '$(SCHEDULES)' \
		'$(SCHEDULED)' '$(LIBC_CFLAGS)' '$(WRAPPED:%=-Wl,--wrap=%)'

# ---- random worlds on the simulated kernel ----

# New ones for so many seconds.
RANDOM_SECONDS = 60
check-random: $(TESTS)/check_sim
	RANDOM_SECONDS=$(RANDOM_SECONDS) $(TESTS)/check_sim random in_any_world

# ---- coverage ----

# What the tests run of src/: over libc, with the counters of foster itself in
# memory that all its processes share (tests/cover/counters.c). All that
# nothing runs is listed; branches that cannot be taken, or are not worth a
# test, stand with their reasons in tests/cover/branches.
COVER_OBJECTS = $(PARTS:%=$(O)/cover/%.o) $(O)/cover/sys_libc.o
COVER_PROGRAMS = check_unit check_sim
COVER_FLAGS = $(DIALECT) -O0 -g -DFOSTER_LIBC --coverage \
	-fprofile-update=atomic -fdata-sections
COUNTERS = -static -Wl,-T,tests/cover/counters.ld \
	-DCOUNTERS='"$(abspath $(O))"' \
	$(COVER_OBJECTS) tests/cover/counters.c

.PHONY: cover cover-report
cover: $(COVER_PROGRAMS:%=$(O)/cover/%) $(O)/cover/foster $(O)/cover/dump \
		$(TESTS)/check_e2e $(ACTORS:%=$(O)/actors/%)
	@$(O)/cover/dump 2>/dev/null || : what an earlier run left
	rm -f $(O)/cover/*.gcda
	for program in $(COVER_PROGRAMS); do \
		SRC=src $(O)/cover/$$program || exit; done
	MUST=0 COUNTED=1 FOSTER=$(O)/cover/foster ACTORS=$(O)/actors \
		$(TESTS)/check_e2e
	$(MAKE) cover-report

cover-report:
	$(O)/cover/dump
	tests/cover/report.sh $(O)/cover

$(O)/cover/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(COVER_FLAGS) $(CFLAGS) -c -o $@ $<

$(O)/cover/foster: $(COVER_OBJECTS) $(wildcard tests/cover/counters.*)
	$(call quiet,LD,$@)$(CC) -o $@ $(COUNTERS)

$(O)/cover/dump: $(COVER_OBJECTS) $(wildcard tests/cover/counters.*)
	$(call quiet,LD,$@)$(CC) -o $@ -DCOUNTERS_DUMP -Wl,--wrap=main \
		$(COUNTERS) -lgcov

$(O)/cover/check_unit: $(UNIT) $(wildcard tests/*.h tests/unit/*.h src/*.h) \
		$(COVER_OBJECTS)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -Isrc -DFOSTER_LIBC -o $@ \
		$(UNIT) $(UNIT_PARTS:%=$(O)/cover/%.o) $(CHECK_FLAGS) -lgcov

$(O)/cover/check_sim: $(SIM) $(wildcard tests/*.h tests/sim/*.h src/*.h) $(COVER_OBJECTS)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -Isrc -DFOSTER_LIBC -o $@ $(SIM) \
		$(PARTS:%=$(O)/cover/%.o) $(CHECK_FLAGS) -lgcov

# ---- fuzzing ----

# Bytes made up by libFuzzer, for what reads what others wrote. The corpus is
# run first: what was found once is not to come back.
FUZZ_SECONDS = 60
FUZZ_CC = clang
FUZZ = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PARTS = $(filter-out main spawn tend terminal,$(PARTS))
FUZZ_FLAGS = -std=c11 -O1 -g -Wall -Wextra -Wshadow -Isrc -DFOSTER_LIBC \
	-fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all

.PHONY: fuzz fuzz-keep
fuzz: $(FUZZ:%=$(O)/fuzz/%)
	@tests/fuzz/run.sh $(O)/fuzz '$(FUZZ_SECONDS)' $(FUZZ)

# Of what earlier runs made up: the fewest that reach as much.
fuzz-keep:
	@tests/fuzz/run.sh $(O)/fuzz keep $(FUZZ)

$(O)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.c $(wildcard tests/fuzz/*.h) \
		$(FUZZ_PARTS:%=src/%.c) $(wildcard src/*.h)
	@mkdir -p $(@D)
	$(call quiet,FUZZ_CC,$@)$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $< \
		tests/fuzz/fuzz.c $(FUZZ_PARTS:%=src/%.c)

# ---- the loop as a model, with Spin: all orders of events ----

# And that the model does what the program does. Nothing else needs Spin.
check-model: $(O)/foster $(O)/tests/record
	@CC='$(CC)' tests/model/check.sh $(O)/foster $(O)/tests/record $(O)/model

$(O)/tests/record: tests/model/record.c
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -o $@ $<

# ---- whether the tests see what is wrong: src/ made wrong on purpose ----

# MUTANTS=150 SEED=1 FILES= MUTATE_E2E=0: see tests/mutate/mutate.sh.
MUTATE = $(O)/mutate
MUTATE_TESTS = $(UNIT:tests/%.c=$(MUTATE)/%.o) $(SIM:tests/%.c=$(MUTATE)/%.o)
.PHONY: mutate
mutate: $(MUTATE_TESTS) $(TESTS)/check_e2e $(ACTORS:%=$(O)/actors/%)
	@CC='$(CC)' MAKE='$(MAKE)' O='$(abspath $(O))' TESTS='$(TESTS)' \
		PARTS='$(PARTS)' UNIT_PARTS='$(UNIT_PARTS)' \
		CHECK_LIBS='$(CHECK_FLAGS)' nice tests/mutate/mutate.sh

$(MUTATE)/%.o: tests/%.c $(wildcard tests/unit/*.h tests/sim/*.h src/*.h)
	@mkdir -p $(@D)
	$(call quiet,CC,$@)$(CC) $(TEST_CFLAGS) -DFOSTER_LIBC -Isrc -c -o $@ $<

# ---- other machines ----

# Another machine, emulated: its compiler makes foster, qemu runs it.
ARCHES = aarch64
check-arch: $(ARCHES:%=check-arch-%)
check-arch-%:
	$(MAKE) CC=$*-linux-gnu-gcc O=$(O)/$*
	tests/arch/smoke.sh qemu-$*-static $(O)/$*/foster

# Two folders give the same bytes.
check-same:
	rm -rf $(O)/same
	mkdir -p $(O)/same/elsewhere
	cp -r Makefile src $(O)/same/elsewhere
	$(MAKE) O=$(O)/same/here
	cd $(O)/same/elsewhere && $(MAKE) O=build
	cmp $(O)/same/here/foster $(O)/same/elsewhere/build/foster

# What the tests need; Debian's names. Elsewhere: the same by other names.
DEPS = gcc libc6-dev check pkg-config procps bash dash zsh less vim-tiny python3 tini dumb-init \
	catatonit bubblewrap mandoc cppcheck clang libclang-rt-dev qemu-user-static \
	gcc-aarch64-linux-gnu libc6-dev-arm64-cross util-linux spin
deps:
	@if command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends $(DEPS); \
	else echo "no apt-get here; please install: $(DEPS)"; exit 1; fi

# Reads, and says what it does not like. cppcheck would have each variable
# declared where it is used first.
lint:
	mandoc -Tlint -W warning man/foster.1
	cppcheck --quiet --enable=warning,style,performance,portability \
		--error-exitcode=1 --inline-suppr --std=c11 -D__x86_64__ \
		--suppress=unusedStructMember --suppress=variableScope \
		--suppress=unassignedVariable:src/options.c src

# ---- proofs ----

# Of the parts for any input, of the keeper for any events (CBMC), and of the
# whole under a kernel that means ill (Frama-C): tests/proof. Some minutes, on
# two processors.
prove: prove-parts prove-whole

prove-parts:
	tests/proof/get-cbmc.sh $(O)/cbmc
	tests/proof/prove.sh $(O) all

prove-whole:
	tests/proof/eva.sh $(O)

# What they need, and nothing else does; CBMC comes by get-cbmc.sh.
PROOF_DEPS = gcc libc6-dev frama-c-base debian-archive-keyring
deps-proof:
	apt-get update -q && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qy --no-install-recommends $(PROOF_DEPS)

# ---- installing ----

install: $(FOSTER)
	install -D -m 755 $(FOSTER) '$(DESTDIR)$(PREFIX)/bin/foster'
	install -D -m 644 man/foster.1 \
		'$(DESTDIR)$(PREFIX)/share/man/man1/foster.1'

# Into the root folder of an image.
install-init: $(FOSTER)
	install -D -m 755 $(FOSTER) '$(DESTDIR)/init'

clean:
	rm -rf $(O)

help:
	@echo 'make               $(O)/foster, the static binary'
	@echo 'make LIBC=1        $(O)/libc/foster, the same over libc'
	@echo 'make SAN=1         $(O)/san/foster, with sanitizers'
	@echo 'make run           the case it is for, here, beside other inits'
	@echo 'make deps          install what the tests need (Debian, as root)'
	@echo 'make check         all fast tests; LIBC=1, SAN=1: of those builds'
	@echo 'make check-sim     all of it on a simulated kernel, in no time'
	@echo 'make cover         which lines and branches the tests run'
	@echo 'make fuzz          bytes made up, FUZZ_SECONDS=$(FUZZ_SECONDS) for each target'
	@echo 'make check-model   the loop in all orders of events, with Spin'
	@echo 'make check-schedules  every order of a few events; DEEP=1, ALL_KINDS=6: of more'
	@echo 'make check-random  new random lives on it, RANDOM_SECONDS=60'
	@echo 'make mutate        whether the tests see what is wrong; MUTANTS= SEED='
	@echo 'make size          size and memory'
	@echo 'make check-budget  what foster costs, where that is exact'
	@echo 'make bench         beside other inits, as root; BENCH=quick'
	@echo 'make bench-readme  the same, into the README'
	@echo 'make bench-selftest  whether bad inits look bad'
	@echo 'make prove         proofs (make deps-proof)'
	@echo 'make lint          man page and source'
	@echo 'make install       PREFIX=$(PREFIX) DESTDIR='
	@echo 'make install-init  DESTDIR=rootfs: rootfs/init'
	@echo 'make clean'

.PHONY: all run size bench bench-readme bench-selftest bench-tools check-budget \
	check check-unit check-e2e check-sim check-random check-schedules \
	check-schedules-merging check-schedules-faults check-model check-arch \
	check-same prove prove-parts prove-whole deps-proof deps lint install \
	install-init clean help
