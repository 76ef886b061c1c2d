"""A web server that ends in order: on TERM it takes no new request, finishes
the answers it has begun, and says so. An answer takes a second."""

import http.server
import os
import signal
import socketserver
import sys
import threading
import time

PIECES = 10
PIECE = b"." * 63 + b"\n"


class Handler(http.server.BaseHTTPRequestHandler):
	def do_GET(self):
		self.send_response(200)
		self.send_header("Content-Length", PIECES * len(PIECE))
		self.end_headers()
		for _ in range(PIECES):
			self.wfile.write(PIECE)
			time.sleep(0.1)

	def log_message(self, *_):
		pass


def say(words):
	print("server:", words, file=sys.stderr, flush=True)


def stop(*_):
	say("told to stop, finishes the answer")
	threading.Thread(target=server.shutdown).start()


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
signal.signal(signal.SIGTERM, stop)
say(f"process {os.getpid()} serves port {server.server_address[1]}")
server.serve_forever(poll_interval=0.02)
server.server_close()  # Waits for the threads that answer.
say("ended in order")
