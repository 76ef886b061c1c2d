#!/usr/bin/env -S python3 -B
"""foster beside the other inits that are installed, as root: make bench.

bench.py --tools FOLDER [--readme FILE | --selftest] [NAME=]FOSTER [NAME=PATH]...

BENCH=quick in the environment: a minute and a half instead of ten.
"""
import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import time

import chart
import measure
import report
import selftest

PEERS = ["tini", "tini-static", "dumb-init", "catatonit"]
BAD = [selftest.NOREAP, selftest.POLL]
PICTURE = "tests/bench/bench.svg"


def inits(words, with_peers):
    """name -> path; the first is the one it is about."""
    found = {}
    for word in words:
        name, _, path = word.rpartition("=")
        found[name or "foster"] = os.path.abspath(path)
    for peer in PEERS if with_peers else []:
        path = shutil.which(peer)
        if path:
            found[peer] = path
    return found


def version(path):
    """The first number with a dot that --version says."""
    try:
        said = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, text=True, timeout=5,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "?"
    number = re.search(r"\d+(\.\d+)+", said)
    return number.group() if number else "?"


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*:\s*(.*)", file.read(), re.M)
    return model.group(1) if model else platform.machine()


def machine(bench):
    versions = ", ".join(f"{name} {version(path)}" for name, path in bench.inits.items())
    return (f"{cpu_model()}, {len(os.sched_getaffinity(0))} CPUs, Linux {platform.release()}; "
            f"{versions}.")


def options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--readme")
    parser.add_argument("--selftest", action="store_true")
    parser.add_argument("--only", help="some of: " +
                        " ".join(part.__name__ for part in measure.ALL))
    parser.add_argument("inits", nargs="+")
    given = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("must be root: process 1 of many namespaces is started")
    return given


def main():
    given = options()
    quick = given.selftest or os.environ.get("BENCH") == "quick"
    found = inits(given.inits, with_peers=not given.selftest)
    tools = os.path.abspath(given.tools)
    if given.selftest:
        found.update({name: os.path.join(tools, name) for name in BAD})
    bench = measure.Bench(tools, found, max(os.sched_getaffinity(0)), quick)
    os.sync()  # pages of a file just built count as changed ones until then
    for part in measure.ALL:
        if given.only and part.__name__ not in given.only.split():
            continue
        began = time.monotonic()
        part(bench)
        bench.note(f"[{part.__name__}: {time.monotonic() - began:.1f} s]")
    if given.selftest:
        return selftest.run(bench)
    report.print_all(bench, machine(bench))
    if given.readme:
        chart.write(bench, given.readme, PICTURE, machine(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main())
