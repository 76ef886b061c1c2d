build2/sim/leftovers.o: src/leftovers.c src/leftovers.h src/keeper.h \
 src/signals.h src/abi.h src/log.h src/sys.h src/arch/libc.h \
 src/verbosity.h src/wording.h src/proc.h src/text.h
src/leftovers.h:
src/keeper.h:
src/signals.h:
src/abi.h:
src/log.h:
src/sys.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/proc.h:
src/text.h:
