build2/sim/tend.o: src/tend.c src/tend.h src/keeper.h src/signals.h \
 src/abi.h src/leftovers.h src/log.h src/sys.h src/arch/libc.h \
 src/verbosity.h src/wording.h src/spawn.h src/options.h src/status.h \
 src/death.h src/terminal.h src/text.h
src/tend.h:
src/keeper.h:
src/signals.h:
src/abi.h:
src/leftovers.h:
src/log.h:
src/sys.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/spawn.h:
src/options.h:
src/status.h:
src/death.h:
src/terminal.h:
src/text.h:
