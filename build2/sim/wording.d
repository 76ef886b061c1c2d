build2/sim/wording.o: src/wording.c src/wording.h src/text.h
src/wording.h:
src/text.h:
