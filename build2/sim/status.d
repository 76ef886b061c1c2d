build2/sim/status.o: src/status.c src/status.h src/signals.h src/abi.h \
 src/text.h src/wording.h
src/status.h:
src/signals.h:
src/abi.h:
src/text.h:
src/wording.h:
