build2/sim/text.o: src/text.c src/text.h
src/text.h:
