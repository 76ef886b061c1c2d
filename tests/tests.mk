# Trying foster, testing, measuring and proving it; the Makefile includes this.
# Which suite answers which question: tests/README.md.

# ---- trying it ----

run: $(FOSTER)
	@CC='$(CC)' tests/demo/run.sh $(dir $(FOSTER))

size: $(O)/foster $(O)/bench/size $(O)/bench/hold
	@$(O)/bench/size $(O)/foster $(O)/bench/hold

# ---- how tests are compiled ----

# Apart for each kind of foster, since they are told which one they test.
TESTS = $(O)/tests$(if $(LIBC)$(SAN),-$(KIND))

# "=": some tests define it themselves, with nothing behind it.
TEST_CFLAGS = -std=gnu11 -D_GNU_SOURCE= -O1 -g -Wall -Wextra -Wshadow -MMD -MP \
	$(filter -Werror,$(CFLAGS))
# What is linked with foster's own parts: over libc.
INSIDE_CFLAGS = $(TEST_CFLAGS) -DFOSTER_LIBC -Isrc $(if $(SAN),$(SANITIZERS))
INSIDE = $(PARTS:%=$(O)/$(if $(SAN),san,libc)/%.o)
CHECK_FLAGS = $(shell pkg-config --cflags --libs check)

# objects(FOLDER): those of the sources in tests/FOLDER.
objects = $(patsubst tests/%.c,$(TESTS)/%.o,$(wildcard tests/$(1)/*.c))
TEST_NEEDS = $(BUILT_WITH) tests/tests.mk

$(TESTS)/%.o: tests/%.c $(TEST_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(INSIDE_CFLAGS) -c -o $@ $<
$(TESTS)/e2e/%.o: tests/e2e/%.c $(TEST_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(TEST_CFLAGS) -c -o $@ $<

-include $(wildcard $(TESTS)/*/*.d $(TESTS)/*/*/*.d $(O)/actors/*.d \
	$(O)/impostors/*.d \
	$(O)/cover/*.d)

# ---- make check ----

check: check-unit check-sim check-e2e

# The parts, one by one; what calls the kernel calls a simulated one.
UNIT_PARTS = $(PARTS)
UNIT = $(call objects,unit) \
	$(patsubst %,$(TESTS)/sim/%.o,door processes files actors)
check-unit: $(TESTS)/check_unit
	SRC=src $<
$(TESTS)/unit/main.o: INSIDE_CFLAGS += \
	-DUNIT_FILES=$(words $(wildcard tests/unit/check_*.c))
$(TESTS)/unit/main.o: $(wildcard tests/unit/check_*.c)
$(TESTS)/check_unit: $(UNIT) $(INSIDE)
	$(call quiet,LD)$(CC) -o $@ $^ $(if $(SAN),$(SANITIZERS)) $(CHECK_FLAGS)

# All of them, on a simulated kernel in the place of the door.
check-sim: $(TESTS)/check_sim
	$<
$(TESTS)/check_sim: $(call objects,sim) $(INSIDE)
	$(call quiet,LD)$(CC) -o $@ $^ $(if $(SAN),$(SANITIZERS)) $(CHECK_FLAGS)

# The program, on the kernel that is here.
ACTORS = $(patsubst tests/e2e/actors/%.c,$(O)/actors/%, \
	$(wildcard tests/e2e/actors/*.c))
check-e2e: $(FOSTER) $(TESTS)/check_e2e $(ACTORS)
	FOSTER=$(FOSTER) ACTORS=$(O)/actors $(TESTS)/check_e2e
$(TESTS)/check_e2e: $(call objects,e2e)
	$(call quiet,LD)$(CC) -o $@ $^ $(CHECK_FLAGS)
$(O)/actors/%: tests/e2e/actors/%.c $(TEST_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(TEST_CFLAGS) -static -o $@ $<

# By an ordinary user, of whom some need more: MAY_SKIP= bounds how many.
MAY_SKIP = 40
check-user: $(FOSTER) $(TESTS)/check_unit $(TESTS)/check_sim \
		$(TESTS)/check_e2e $(ACTORS)
	MUST=0 tests/may_skip.sh $(MAY_SKIP) \
		tests/user.sh $(FOSTER) $(TESTS) $(O)/actors

# Whether they would pass without foster: an impostor in its place does nothing,
# another becomes the program. What may pass is listed in tests/e2e/impostors.
IMPOSTORS = $(O)/impostors/nothing $(O)/impostors/bare
check-vacuous: $(TESTS)/check_e2e $(ACTORS) $(IMPOSTORS)
	@ACTORS=$(O)/actors tests/e2e/impostors/check.sh $(TESTS)/check_e2e \
		$(O)/impostors
# Foster's command line, read by foster's own parts.
$(O)/impostors/bare: $(patsubst %,$(O)/libc/%.o, \
	options option_table option_values signals status text environment)
$(O)/impostors/%: tests/e2e/impostors/%.c $(TEST_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(TEST_CFLAGS) -DFOSTER_LIBC -Isrc -static \
		-o $@ $(filter %.c %.o,$^)

# ---- more on the simulated kernel ----

# New random lives, for so many seconds.
RANDOM_SECONDS = 60
check-random: $(TESTS)/check_sim
	RANDOM_SECONDS=$(RANDOM_SECONDS) $< random in_any_world

# Every order of a few events: memory is saved and restored, which sanitizers
# do not like. DEEP=1, ALL_KINDS=6: of more events.
SCHEDULES = $(call objects,sim/schedules) \
	$(patsubst %,$(TESTS)/sim/%.o,door processes files actors)
SCHEDULED = $(PARTS:%=$(O)/libc/%.o)
WRAPPED = malloc calloc realloc free mmap munmap loop_run
$(O)/tests/schedules: $(SCHEDULES) $(SCHEDULED)
	$(call quiet,LD)$(CC) -o $@ $^ $(WRAPPED:%=-Wl,--wrap=%)
check-schedules: $(O)/tests/schedules
	nice $< --jobs 2 $(if $(ALL_KINDS),--all-kinds $(ALL_KINDS),$(if \
		$(DEEP),--deep,--small))

# Whether states that are taken for one behave alike.
check-schedules-merging: $(O)/tests/schedules
	nice $< --jobs 2 --compare

# Faults put into src, each of which has to be found.
check-schedules-faults: $(SCHEDULES) $(SCHEDULED)
	CC='$(CC)' tests/sim/schedules/faults.sh $(O) '$(SCHEDULES)' \
		'$(SCHEDULED)' '$(LIBC_CFLAGS)' '$(WRAPPED:%=-Wl,--wrap=%)'

# ---- coverage ----

# What the tests run of src: over libc, with the counters of foster itself in
# memory that all its processes share (tests/cover/counters.c). All that
# nothing runs is listed; branches that cannot be taken, or are not worth a
# test, stand with their reasons in tests/cover/branches.
COVER_OBJECTS = $(patsubst %,$(O)/cover/%.o,$(PARTS) $(LIBC_DOOR))
COVER_CFLAGS = $(LIBC_CFLAGS) -O0 --coverage -fprofile-update=atomic \
	-fdata-sections
COUNTERS = -static -Wl,-T,tests/cover/counters.ld \
	-DCOUNTERS='"$(abspath $(O))"' $(COVER_OBJECTS) tests/cover/counters.c
COVER_PROGRAMS = $(O)/cover/check_unit $(O)/cover/check_sim
COVER_NEEDS = $(COVER_OBJECTS) $(wildcard tests/cover/counters.*)

cover: $(COVER_PROGRAMS) $(O)/cover/foster $(O)/cover/dump \
		$(TESTS)/check_e2e $(ACTORS)
	@$(O)/cover/dump 2>/dev/null || : what an earlier run left
	rm -f $(O)/cover/*.gcda
	for program in $(COVER_PROGRAMS); do SRC=src $$program || exit; done
	MUST=0 COUNTED=1 FOSTER=$(O)/cover/foster ACTORS=$(O)/actors \
		$(TESTS)/check_e2e
	$(O)/cover/dump
	tests/cover/report.sh $(O)/cover

$(O)/cover/%.o: src/%.c $(BUILT_WITH) Makefile tests/tests.mk
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(COVER_CFLAGS) -c -o $@ $<
$(O)/cover/foster: $(COVER_NEEDS)
	$(call quiet,LD)$(CC) -o $@ $(COUNTERS)
$(O)/cover/dump: $(COVER_NEEDS)
	$(call quiet,LD)$(CC) -o $@ -DCOUNTERS_DUMP -Wl,--wrap=main \
		$(COUNTERS) -lgcov
$(O)/cover/check_unit: $(UNIT) $(COVER_OBJECTS)
	$(call quiet,LD)$(CC) -o $@ $(UNIT) $(PARTS:%=$(O)/cover/%.o) \
		$(CHECK_FLAGS) -lgcov
$(O)/cover/check_sim: $(call objects,sim) $(COVER_OBJECTS)
	$(call quiet,LD)$(CC) -o $@ $(call objects,sim) \
		$(PARTS:%=$(O)/cover/%.o) $(CHECK_FLAGS) -lgcov

# ---- fuzzing ----

# Bytes made up by libFuzzer, for what reads what others wrote. The corpus is
# run first: what was found once is not to come back.
FUZZ_SECONDS = 60
FUZZ_CC = clang
FUZZ = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PARTS = $(patsubst %,src/%.c,$(filter-out main foster spawn,$(PARTS)))
FUZZ_FLAGS = -std=c11 -D_GNU_SOURCE= -O1 -g -Wall -Wextra -Wshadow -Isrc \
	-DFOSTER_LIBC -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

fuzz: $(FUZZ:%=$(O)/fuzz/%)
	@tests/fuzz/run.sh $(O)/fuzz '$(FUZZ_SECONDS)' $(FUZZ)

# Of what earlier runs made up: the fewest that reach as much.
fuzz-keep: $(FUZZ:%=$(O)/fuzz/%)
	@tests/fuzz/run.sh $(O)/fuzz keep $(FUZZ)

$(O)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.c $(wildcard tests/fuzz/*.h) \
		$(FUZZ_PARTS) $(wildcard src/*.h) $(TEST_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,FUZZ)$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $< tests/fuzz/fuzz.c \
		$(FUZZ_PARTS)

# ---- whether the tests see what is wrong: src made wrong on purpose ----

# MUTANTS=150 SEED=1 FILES= JOBS= AGAIN=: see tests/mutate/mutate.sh.
mutate:
	@CC='$(CC)' MAKE='$(MAKE)' O='$(abspath $(O))' nice tests/mutate/mutate.sh

# ---- other builds and machines ----

# Other compilers, linkers, flags, folders; what is not installed is skipped,
# or with MUST=1 a failure.
check-builds:
	@tests/build/builds.sh

# All of it in one file, as the program and inside another one, and the whole
# end-to-end suite on what that file makes.
check-amalgamation: $(TESTS)/check_e2e $(ACTORS)
	@tests/build/amalgamation.sh '$(TESTS)/check_e2e' '$(O)/actors'

# Programs that call foster, in C, C++, Python and Rust.
check-embed:
	@tests/build/embed.sh

# The program as bytes inside others, which execute it.
check-blob:
	@tests/build/blob.sh

# The README's own commands on a bare Debian, as root.
check-fresh:
	@tests/build/fresh.sh '$(O)'

# The oldest compiler that has to do, gcc 10, on a bare Debian 11.
check-old:
	@RELEASE=bullseye PACKAGES='gcc make procps' \
		COMMANDS='make CFLAGS=-Werror run' tests/build/fresh.sh '$(O)'

# Machines that src/arch has no file for, of 32 bits too: over libc, on a bare
# Debian. The first of them is run here.
OTHERS = i686-linux-gnu arm-linux-gnueabihf riscv64-linux-gnu
check-machines:
	@PACKAGES='make gcc libc6-dev-i386-cross libc6-dev-armhf-cross \
		libc6-dev-riscv64-cross $(OTHERS:%=gcc-%)' \
	COMMANDS="$$(printf 'make CFLAGS=-Werror O=b/%s CROSS_COMPILE=%s-\n' \
		$(foreach machine,$(OTHERS),$(machine) $(machine)); \
		echo 'b/$(firstword $(OTHERS))/foster -e 7 -- sh -c "exit 7"')" \
	tests/build/fresh.sh '$(O)'

# Everything, not only what a change has to pass: some hours.
check-all:
	.ci/run all

# Another machine, emulated: its compiler makes foster, qemu runs it.
ARCHES = aarch64
check-arch: $(ARCHES:%=check-arch-%)
check-arch-%:
	$(MAKE) CROSS_COMPILE=$*-linux-gnu- CC=$*-linux-gnu-gcc O=$(O)/$*
	tests/arch/smoke.sh qemu-$*-static $(O)/$*/foster

# Two folders give the same bytes.
check-same:
	rm -rf $(O)/same
	mkdir -p $(O)/same/elsewhere
	cp -r Makefile src $(O)/same/elsewhere
	$(MAKE) O=$(O)/same/here
	cd $(O)/same/elsewhere && $(MAKE) O=build
	cmp $(O)/same/here/foster $(O)/same/elsewhere/build/foster

# ---- measuring, beside the inits that are installed here ----

# The programs that inits run, the tools that watch, and inits that are bad
# on purpose.
BENCH_TINY = $(patsubst %,$(O)/bench/%,hold stamp wrap)
BENCH_PROGRAMS = $(patsubst %,$(O)/bench/%, \
	storm sigecho orphans bad_noreap bad_poll)
BENCH_TOOLS = $(patsubst %,$(O)/bench/%, \
	nsrun startup steps idle fleet sigsend)
BENCH_TRACER = tests/bench/process1.c tests/bench/trace.c
BENCH_NEEDS = $(BENCH_TRACER) $(wildcard tests/bench/*.h) $(TEST_NEEDS)
BENCH_CFLAGS = -std=gnu11 -D_GNU_SOURCE= -O2 -g -Wall -Wextra -Wshadow
TINY_x86_64 = -nostdlib -fno-pie -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fomit-frame-pointer \
	-Wl,--build-id=none,-z,noseparate-code,-z,norelro
TINY_CFLAGS = -std=gnu11 -Os -Wall -Wextra -static -s $(TINY_$(ARCH))

# As root. BENCH=quick: a minute and a half instead of ten.
BENCH_PY = tests/bench/bench.py --tools $(O)/bench
bench: $(O)/foster bench-tools
	@$(BENCH_PY) $(O)/foster

# The chosen rows and the chart, into the README.
bench-readme: $(O)/foster bench-tools
	@$(BENCH_PY) --readme README.md $(O)/foster

# Whether inits that are bad on purpose look bad.
bench-selftest: $(O)/foster bench-tools
	@$(BENCH_PY) --selftest $(O)/foster

bench-tools: $(BENCH_TINY) $(BENCH_PROGRAMS) $(BENCH_TOOLS)
$(BENCH_TINY): $(O)/bench/%: tests/bench/%.c $(BENCH_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(TINY_CFLAGS) -o $@ $<
$(BENCH_PROGRAMS): $(O)/bench/%: tests/bench/%.c $(BENCH_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(BENCH_CFLAGS) -static -o $@ $<
$(BENCH_TOOLS) $(O)/bench/size: $(O)/bench/%: tests/bench/%.c $(BENCH_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(BENCH_CFLAGS) -o $@ $< $(BENCH_TRACER)

# What foster costs, where that is exact: tests/bench/budget.
check-budget: $(O)/foster $(O)/bench/check_budget $(O)/bench/hold \
		$(O)/bench/orphans
	FOSTER=$(O)/foster PROGRAMS=$(O)/bench $(O)/bench/check_budget
$(O)/bench/check_budget: tests/bench/budget/check_budget.c $(BENCH_NEEDS)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(BENCH_CFLAGS) -Itests/bench -o $@ $< \
		$(BENCH_TRACER) $(CHECK_FLAGS)

# ---- reading and proving ----

# Reads, and says what it does not like. cppcheck would have each variable
# declared where it is used first.
lint:
	mandoc -Tlint -W warning man/foster.1 man/foster.3
	cppcheck --quiet --enable=warning,style,performance,portability \
		--error-exitcode=1 --inline-suppr --std=c11 -D__x86_64__ \
		--suppress=unusedStructMember --suppress=variableScope \
		--suppress=unassignedVariable:src/options.c src

# Of the parts for any input, of the life cycle for any events (CBMC), and of
# the whole under a kernel that means ill (Frama-C): tests/proof. Some minutes,
# on two processors.
prove: prove-parts prove-whole
prove-parts:
	tests/proof/get-cbmc.sh $(O)/cbmc
	tests/proof/prove.sh $(O) all
prove-whole:
	tests/proof/eva.sh $(O)

# Every fifth proof and seeded fault, another fifth with each TURN; the whole
# in one turn of five.
TURN = 1
prove-some:
	tests/proof/get-cbmc.sh $(O)/cbmc
	tests/proof/prove.sh $(O) some $(TURN)

# ---- what all this needs; Debian's names, elsewhere the same by others ----

# Of make check.
DEPS = gcc libc6-dev make check pkg-config procps util-linux bash dash zsh \
	less vim-tiny bubblewrap python3-minimal
# Of the rest: other compilers and machines, other inits, reading, proving.
DEPS_ALL = $(DEPS) python3 tini dumb-init catatonit mandoc cppcheck \
	clang libclang-rt-dev lld clang-19 lld-19 qemu-user-static \
	g++ rustc golang-go gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
	musl-tools debootstrap debian-archive-keyring frama-c-base
install_packages = @if ! command -v apt-get >/dev/null; then \
		echo 'no apt-get here; please install: $(1)' >&2; exit 1; \
	elif test "$$(id -u)" != 0; then \
		echo 'as root, please: make $@' >&2; exit 1; fi; \
	apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	apt-get install -qy --no-install-recommends $(1)
deps:
	$(call install_packages,$(DEPS))
deps-all:
	$(call install_packages,$(DEPS_ALL))


help::
	@echo
	@echo 'make run           what foster is for, here, beside other inits'
	@echo 'make deps          install what make check needs (Debian, as root)'
	@echo 'make check         the tests; LIBC=1, SAN=1: of those builds'
	@echo 'make check-unit    of the parts, without a process'
	@echo 'make check-sim     of all of it on a simulated kernel'
	@echo 'make check-e2e     of the program on this kernel'
	@echo 'make check-user    the same by an ordinary user, as root'
	@echo
	@echo 'make deps-all      install what the following need, too'
	@echo 'make check-all     all of them, and deeper; some hours'
	@echo 'make check-vacuous  whether the end-to-end tests pass without foster'
	@echo 'make check-budget  what foster costs, where that is exact'
	@echo 'make check-builds  other compilers, linkers, flags and folders'
	@echo 'make check-amalgamation  all of it in one file, and what that makes'
	@echo 'make check-blob, check-embed  other programs with foster in them'
	@echo 'make check-fresh   the commands of the README on a bare Debian'
	@echo 'make check-old     the same with the oldest compiler that has to do'
	@echo 'make check-machines  machines that src/arch has no file for'
	@echo 'make check-arch    other machines, emulated'
	@echo 'make check-same    the same bytes wherever it is built'
	@echo 'make check-random  random lives, RANDOM_SECONDS=$(RANDOM_SECONDS)'
	@echo 'make check-schedules  every order of a few events; DEEP=1, ALL_KINDS=6'
	@echo 'make check-schedules-merging, check-schedules-faults  and of that search'
	@echo 'make cover         which lines and branches the tests run'
	@echo 'make fuzz          bytes made up, FUZZ_SECONDS=$(FUZZ_SECONDS) for each target'
	@echo 'make fuzz-keep     what that found, into the corpus'
	@echo 'make mutate        whether the tests see what is wrong; MUTANTS= SEED='
	@echo 'make prove         proofs: prove-parts, prove-whole; prove-some: TURN='
	@echo 'make lint          man page and source'
	@echo 'make size          size and memory'
	@echo 'make bench         beside other inits, as root; BENCH=quick'
	@echo 'make bench-readme, bench-selftest  into the README; of the bench itself'

.PHONY: run size check check-unit check-sim check-e2e check-user \
	check-vacuous check-random \
	check-schedules check-schedules-merging check-schedules-faults cover \
	fuzz fuzz-keep mutate check-builds check-fresh check-old check-machines \
	check-all check-amalgamation check-blob check-embed \
	check-arch check-same \
	bench bench-readme bench-selftest bench-tools check-budget lint \
	prove prove-parts prove-whole prove-some deps deps-all
