build2/sim/diagnose.o: src/diagnose.c src/diagnose.h src/log.h src/sys.h \
 src/abi.h src/arch/libc.h src/verbosity.h src/wording.h src/path.h \
 src/file.h src/head.h src/status.h src/text.h
src/diagnose.h:
src/log.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/verbosity.h:
src/wording.h:
src/path.h:
src/file.h:
src/head.h:
src/status.h:
src/text.h:
