build2/sim/environment.o: src/environment.c src/environment.h src/abi.h \
 src/text.h
src/environment.h:
src/abi.h:
src/text.h:
