build2/sim/terminal.o: src/terminal.c src/terminal.h src/sys.h src/abi.h \
 src/arch/libc.h src/proc.h
src/terminal.h:
src/sys.h:
src/abi.h:
src/arch/libc.h:
src/proc.h:
