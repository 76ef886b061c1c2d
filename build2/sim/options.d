build2/sim/options.o: src/options.c src/options.h src/signals.h src/abi.h \
 src/status.h src/wording.h src/environment.h src/text.h src/verbosity.h
src/options.h:
src/signals.h:
src/abi.h:
src/status.h:
src/wording.h:
src/environment.h:
src/text.h:
src/verbosity.h:
