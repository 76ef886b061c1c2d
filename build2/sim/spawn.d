build2/sim/spawn.o: src/spawn.c src/spawn.h src/log.h src/sys.h src/abi.h \
 src/arch/libc.h src/verbosity.h src/wording.h src/options.h \
 src/signals.h src/status.h src/diagnose.h src/path.h src/environment.h \
 src/terminal.h
src/spawn.h:
src/log.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/options.h:
src/signals.h:
src/status.h:
src/diagnose.h:
src/path.h:
src/environment.h:
src/terminal.h:
