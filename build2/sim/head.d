build2/sim/head.o: src/head.c src/head.h src/wording.h src/text.h
src/head.h:
src/wording.h:
src/text.h:
