build2/sim/keeper.o: src/keeper.c src/keeper.h src/signals.h src/abi.h \
 src/status.h
src/keeper.h:
src/signals.h:
src/abi.h:
src/status.h:
