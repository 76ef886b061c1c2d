build2/sim/file.o: src/file.c src/file.h src/sys.h src/abi.h \
 src/arch/libc.h
src/file.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
