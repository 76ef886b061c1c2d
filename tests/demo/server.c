/*
 * A web server that ends in order: on TERM it takes no new request, finishes
 * the answer it has begun, and says so. An answer takes a second.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECES = 10, PIECE_BYTES = 64, PIECE_MS = 100 };

static volatile sig_atomic_t is_stopping;

static void stop(int signal)
{
	static const char words[] =
		"server: told to stop, finishes the answer\n";

	(void)signal;
	is_stopping = 1;
	if (write(2, words, sizeof(words) - 1) < 0)
		_exit(1);
}

/* A signal does not shorten the pause. */
static void pause_ms(long ms)
{
	struct timespec left = { .tv_nsec = ms * 1000000 };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static void send_answer(int client)
{
	char bytes[256];
	int length;

	if (recv(client, bytes, sizeof(bytes), 0) <= 0)
		return;
	length = snprintf(bytes, sizeof(bytes),
			  "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n",
			  PIECES * PIECE_BYTES);
	send(client, bytes, (size_t)length, MSG_NOSIGNAL);
	memset(bytes, '.', PIECE_BYTES);
	bytes[PIECE_BYTES - 1] = '\n';
	for (int i = 0; i < PIECES; i++) {
		send(client, bytes, PIECE_BYTES, MSG_NOSIGNAL);
		pause_ms(PIECE_MS);
	}
}

int main(void)
{
	struct sigaction on_term = { .sa_handler = stop,
				     .sa_flags = SA_RESTART };
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sigset_t term, before;

	if (listener < 0 ||
	    bind(listener, (struct sockaddr *)&address, size) < 0 ||
	    listen(listener, 8) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
		perror("server");
		return 1;
	}
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigaction(SIGTERM, &on_term, NULL);
	fprintf(stderr, "server: process %d serves port %d\n", getpid(),
		ntohs(address.sin_port));

	/* TERM may come at any time, but not between the look and the wait. */
	sigprocmask(SIG_BLOCK, &term, &before);
	while (!is_stopping) {
		struct pollfd polled = { .fd = listener, .events = POLLIN };

		if (ppoll(&polled, 1, NULL, &before) <= 0)
			continue;
		sigprocmask(SIG_SETMASK, &before, NULL);
		int client = accept(listener, NULL, NULL);
		if (client >= 0) {
			send_answer(client);
			close(client);
		}
		sigprocmask(SIG_BLOCK, &term, NULL);
	}
	fputs("server: ended in order\n", stderr);
	return 0;
}
