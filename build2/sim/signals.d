build2/sim/signals.o: src/signals.c src/signals.h src/abi.h src/text.h
src/signals.h:
src/abi.h:
src/text.h:
