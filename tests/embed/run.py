"""run.py LIBFOSTER.SO PROGRAM [ARG]... - foster by ctypes, in a child: Python
itself may have threads, and goes on."""
import ctypes
import os
import sys


class Options(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint), ("flags", ctypes.c_uint),
        ("grace_ms", ctypes.c_uint), ("kill_after_ms", ctypes.c_uint),
        ("verbosity", ctypes.c_int), ("death_signal", ctypes.c_int),
        ("close_from", ctypes.c_int), ("rewrite", ctypes.c_ubyte * 65),
        ("child", ctypes.c_void_p), ("event", ctypes.c_void_p),
        ("context", ctypes.c_void_p),
    ]


class Result(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in
                ("size", "status", "exec_error", "left", "stop_signal")]


def vector(words):
    words = [os.fsencode(word) for word in words]
    return (ctypes.c_char_p * (len(words) + 1))(*words, None)


def run(foster, words):
    options = Options(size=ctypes.sizeof(Options))
    result = Result(size=ctypes.sizeof(Result))
    environment = [f"{name}={value}" for name, value in os.environ.items()]
    error = foster.foster_run(ctypes.byref(options), vector(words),
                              vector(environment), ctypes.byref(result))
    return 125 if error < 0 else foster.foster_exit_status(
        ctypes.byref(result))


library = ctypes.CDLL(sys.argv[1])
pid = os.fork()
if pid == 0:
    os._exit(run(library, sys.argv[2:]))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
