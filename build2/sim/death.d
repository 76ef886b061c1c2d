build2/sim/death.o: src/death.c src/death.h src/log.h src/sys.h src/abi.h \
 src/arch/libc.h src/verbosity.h src/wording.h src/file.h src/signals.h \
 src/status.h src/text.h
src/death.h:
src/log.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/file.h:
src/signals.h:
src/status.h:
src/text.h:
