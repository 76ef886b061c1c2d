build2/sim/proc.o: src/proc.c src/proc.h src/sys.h src/abi.h \
 src/arch/libc.h src/file.h src/text.h
src/proc.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/file.h:
src/text.h:
