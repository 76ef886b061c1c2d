build2/sim/log.o: src/log.c src/log.h src/sys.h src/abi.h src/arch/libc.h \
 src/verbosity.h src/wording.h src/signals.h src/status.h src/text.h
src/log.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/signals.h:
src/status.h:
src/text.h:
