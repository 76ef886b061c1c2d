"""Runs the tools over all inits and keeps what they say.

What is known of an init is in results[name], under a word ("file") or a word and
a size (("storm_ms", 1000)). Times are of runs in which the inits take turns, so
that a busy neighbour hits all alike; all on one CPU, they repeat best.
"""
import collections
import os
import statistics
import subprocess
import sys

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What a container's program usually starts with.
ENVIRONMENT = {"PATH": PATH, "HOSTNAME": "0123456789ab", "HOME": "/root"}
TOOL_LIMIT_S = 180

DIRECT, FLOOR = "direct", "floor"


class Bench:
    def __init__(self, tools, inits, cpu, quick):
        self.tools = tools
        self.inits = inits  # name -> path; the first is the one it is about
        self.cpu = str(cpu)
        self.quick = quick
        self.results = collections.defaultdict(dict)

    def pick(self, quick, full):
        return quick if self.quick else full

    def tool(self, name):
        return os.path.join(self.tools, name)

    def run(self, tool, *words, env=None, limit_s=TOOL_LIMIT_S):
        """The lines a tool prints, each cut into words."""
        command = [self.tool(tool), *map(str, words)]
        done = subprocess.run(command, env=env or ENVIRONMENT, text=True, timeout=limit_s,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
        return [line.split() for line in done.stdout.splitlines()]

    def targets(self, *more):
        """The inits as the tools want them."""
        paths = {DIRECT: "", FLOOR: self.tool("wrap")}
        return [f"{name}={paths[name]}" for name in more] + \
               [f"{name}={path}" for name, path in self.inits.items()]

    def note(self, text):
        print(text, file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


def files(bench):
    bench.results[FLOOR]["file"] = os.path.getsize(bench.tool("wrap"))
    for name, path in bench.inits.items():
        bench.results[name]["file"] = os.path.getsize(path)


def idle(bench):
    """Means: a page more or less is the luck of the stack's random place."""
    starts, wake_s = bench.pick(30, 1500), bench.pick(3, 10)
    samples = collections.defaultdict(list)
    for name, *values in bench.run("idle", "-n", starts, "-w", wake_s * 1000,
                                   *bench.targets(DIRECT, FLOOR), "--", bench.tool("hold")):
        if values[0] == "wakes":
            bench.results[name]["wakes"] = int(values[1]) / wake_s
        else:
            samples[name].append([int(value) for value in values])
    for name, rows in samples.items():
        columns = [statistics.fmean(column) for column in zip(*rows)]
        for key, value in zip(("resident", "dirty", "faults", "tables"), columns):
            bench.results[name][key] = value


def environment_of(size):
    """`size` bytes in variables of 50."""
    one = 50
    names = [f"V{i:05}" for i in range(max(1, size // one))]
    return {name: "x" * (min(size, one) - len(name) - 2) for name in names}


ENVIRONMENT_SIZES = (10, 1000, 100000)
STEPPED_SIZES = (10, 1000, 10000)  # a million steps take many seconds


def steps(bench):
    hold = bench.tool("hold")
    for name, *values in bench.run("steps", "start", *bench.targets(FLOOR), "--", hold):
        before, child, _, cpuids, calls_before, calls_child, _ = map(int, values)
        bench.results[name].update(instructions=before + child, cpuids=cpuids,
                                   calls=calls_before + calls_child)
    for size in bench.pick((), STEPPED_SIZES):
        for name, *values in bench.run("steps", "start", *bench.targets(FLOOR), "--", hold,
                                       env=environment_of(size)):
            bench.results[name]["environment_steps", size] = int(values[0]) + int(values[1])
    for name, paced, burst in bench.run("steps", "reaping", 200, *bench.targets(), "--",
                                        bench.tool("orphans")):
        for key, calls in (("paced_calls", paced), ("burst_calls", burst)):
            bench.results[name][key] = int(calls) / 200 if int(calls) >= 0 else None


def startup(bench, rounds, env=None):
    """Median us to the program's first instruction, and from there to the end,
    over the program directly in the same round; both also as they are."""
    runs = collections.defaultdict(list)
    for name, start, end in bench.run("startup", "-n", rounds, "-c", bench.cpu,
                                      *bench.targets(DIRECT, FLOOR), "--", bench.tool("stamp"),
                                      env=env):
        runs[name].append((int(start) / 1e3, int(end) / 1e3))
    return {name: [median([run[i] - direct[i] for run, direct in zip(rows, runs[DIRECT])])
                   for i in (0, 1)] + [median([run[i] for run in rows]) for i in (0, 1)]
            for name, rows in runs.items()}


def times(bench):
    for name, (start, end, whole, rest) in startup(bench, bench.pick(200, 1500)).items():
        bench.results[name].update(start_us=start, end_us=end, start_whole_us=whole,
                                   end_whole_us=rest)
    for size in ENVIRONMENT_SIZES:
        for name, (start, *_) in startup(bench, bench.pick(40, 300), environment_of(size)).items():
            bench.results[name]["environment_us", size] = start


def storm(bench, name, count, modes, live=0, cpu=None):
    """{mode: (not reaped, ms, most zombies, CPU us of the init for each)}"""
    pinned = ["-c", cpu] if cpu else []
    lines = bench.run("nsrun", "-t", 60, *pinned, bench.inits[name], "--", bench.tool("storm"),
                      "-w", bench.pick(1, 3), "-k", live, count, *modes, limit_s=90)
    return {mode: (int(left), int(ns) / 1e6, int(peak), int(cpu_ns) / 1e3 / count)
            for mode, left, ns, peak, cpu_ns in lines}


def in_turns(bench, rounds, run):
    """`rounds` results of run(name) for each init, or None for one that fails to
    reap: it is not asked again."""
    got = {name: [] for name in bench.inits}
    for _ in range(rounds):
        for name in bench.inits:
            if got[name] is None:
                continue
            result = run(name)
            got[name].append(result)
            if any(mode[0] for mode in result.values()):
                got[name] = None
    return got


def storms(bench):
    for rounds, count in bench.pick([(1, 1000), (1, 10000)], [(5, 1000), (3, 10000), (9, 50000)]):
        got = in_turns(bench, rounds, lambda name: storm(bench, name, count, ["storm"]))
        for name, runs in got.items():
            rows = [run["storm"] for run in runs or []]
            bench.results[name]["storm_ms", count] = median([r[1] for r in rows]) if rows else None
            bench.results[name]["storm_peak", count] = median([r[2] for r in rows]) if rows else None
            bench.results[name]["storm_cpu", count] = min([r[3] for r in rows]) if rows else None
            bench.results[name]["rounds", ("storm_ms", count)] = [r[1] for r in rows]
            bench.results[name]["rounds", ("storm_peak", count)] = [r[2] for r in rows]


def growth(bench):
    """CPU us of the init for one orphan, the least, beside so many living ones."""
    for live in bench.pick((0, 3000), (0, 1000, 5000, 10000)):
        got = in_turns(bench, bench.pick(1, 3),
                       lambda name: storm(bench, name, 300, ["paced", "burst"], live, bench.cpu))
        for name, runs in got.items():
            for mode in ("paced", "burst"):
                bench.results[name][mode + "_cpu", live] = \
                    min(run[mode][3] for run in runs) if runs else None


def signals(bench):
    rounds = bench.pick(1500, 20000)
    for name, arrived, lost, p50, p99 in bench.run(
            "sigsend", "-n", rounds, "-c", bench.cpu, *bench.targets(DIRECT), "--",
            bench.tool("sigecho"), "echo"):
        bench.results[name].update(signals_lost=int(lost))
        if int(arrived):
            bench.results[name].update(signal_p50=int(p50) / 1e3, signal_p99=int(p99) / 1e3)


QUEUED = 10000


def queued(bench):
    for name in [DIRECT, *bench.inits]:
        init = [bench.inits[name], "--"] if name != DIRECT else []
        values, = bench.run("nsrun", "-t", 60, *init, bench.tool("sigecho"), "queue", QUEUED)
        keys = ("queued", "queued_values", "queued_in_order", "queued_sender")
        bench.results[name].update(zip(keys, map(int, values)))


def fleets(bench):
    for rounds, count in bench.pick([(1, 300)], [(2, 1000), (1, 5000)]):
        got = collections.defaultdict(list)
        # The first fleet of all grows the kernel's caches: it does not count.
        bench.run("fleet", count, f"{DIRECT}=", "--", bench.tool("hold"))
        for _ in range(rounds):
            for target in bench.targets(DIRECT, FLOOR):
                line, = bench.run("fleet", count, target, "--", bench.tool("hold"))
                got[target.partition("=")[0]].append([float(word) for word in line])
        kb = {name: sum(map(median, list(zip(*runs))[:4])) for name, runs in got.items()}
        for name, runs in got.items():
            columns = list(zip(*runs))
            bench.results[name]["fleet_kb", count] = kb[name] - kb[DIRECT]
            bench.results[name]["fleet_exact_kb", count] = \
                sum(map(median, columns[:3])) - sum(map(median, list(zip(*got[DIRECT]))[:3]))
            bench.results[name]["fleet_wakes", count] = median(columns[4])
            bench.results[name]["fleet_up_ms", count] = median(columns[5])


ALL = [files, idle, steps, times, storms, growth, signals, queued, fleets]
