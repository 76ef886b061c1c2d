build2/sim/path.o: src/path.c src/path.h src/sys.h src/abi.h \
 src/arch/libc.h src/file.h src/head.h src/wording.h src/text.h
src/path.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/file.h:
src/head.h:
src/wording.h:
src/text.h:
