build2/sim/main.o: src/main.c src/main.h src/log.h src/sys.h src/abi.h \
 src/arch/libc.h src/verbosity.h src/wording.h src/options.h \
 src/signals.h src/status.h src/proc.h src/spawn.h src/terminal.h \
 src/tend.h src/keeper.h src/leftovers.h src/text.h src/version.h
src/main.h:
src/log.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/options.h:
src/signals.h:
src/status.h:
src/proc.h:
src/spawn.h:
src/terminal.h:
src/tend.h:
src/keeper.h:
src/leftovers.h:
src/text.h:
src/version.h:
