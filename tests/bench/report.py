"""What was measured, as Markdown: the goals, and cost against work."""
import math
import statistics

from measure import DIRECT, ENVIRONMENT_SIZES, FLOOR, QUEUED, STEPPED_SIZES


def number(value, digits=3):
    """For people: three digits that count, no exponent."""
    if value is None:
        return "never"
    if isinstance(value, str):
        return value
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def table(header, rows):
    cells = [header] + [[number(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    lines = ["| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) + " |"
             for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2 - (i > 0)) + (":" if i > 0 else "")
                                   for i, width in enumerate(widths)) + "|")
    return "\n".join(lines)


# ---- the goals ----

def fixed(limit):
    return lambda value, floor, peers: value <= limit


def of_floor(factor):
    return lambda value, floor, peers: value <= floor * factor


def best_peer(value, floor, peers):
    return not peers or value <= min(peers)


def half_of_peers(value, floor, peers):
    """One walk over the children in place of the two of all others, who differ by
    noise; a twentieth is for that, and for waking up."""
    return not peers or value <= statistics.median(peers) / 2 * 1.05


def is_complete(value, floor, peers):
    return value == QUEUED


def chance_of(times, rounds):
    """That a coin falls on one side so many times or more."""
    return sum(math.comb(rounds, k) for k in range(times, rounds + 1)) / 2 ** rounds


def is_more(own, peer):
    """Whether the first of two that took turns is the larger one in more rounds than
    by chance (one in twenty): the sign test. What is the same is no round."""
    larger = sum(a > b for a, b in zip(own, peer))
    return chance_of(larger, sum(a != b for a, b in zip(own, peer))) < 1 / 20


# What is measured, its key, the goal in words, whether it is met; None: whether
# no peer has less in more rounds than by chance.
GOALS = [
    ("size on disk, bytes", "file", "30,720", fixed(30720)),
    ("resident, idle, kB", "resident", "16", fixed(16)),
    # Both depend on where the kernel puts the stack, of which an ordinary fork
    # has another page copied now and then.
    ("private dirty, idle, kB", "dirty", "1.25 x floor", of_floor(1.25)),
    ("memory of one among 5,000, kB", ("fleet_kb", 5000), "1.05 x floor", of_floor(1.05)),
    ("memory of one among 1,000, kB", ("fleet_kb", 1000), "1.05 x floor", of_floor(1.05)),
    ("wake-ups a second, idle", "wakes", "0", fixed(0)),
    ("user instructions, exec to exec", "instructions", "1,500", fixed(1500)),
    ("system calls, exec to exec", "calls", "9", fixed(9)),
    ("page faults until idle", "faults", "6", fixed(6)),
    ("added to the start, us", "start_us", "2 x floor", of_floor(2)),
    ("system calls for an orphan, paced", "paced_calls", "3", fixed(3)),
    # A hundredth is for finding out that there is no other.
    ("system calls for an orphan, burst", "burst_calls", "1", fixed(1.02)),
    ("reap beside 10,000 alive, paced, CPU us", ("paced_cpu", 10000), "half the peers'",
     half_of_peers),
    ("storm of 50,000 orphans, ms", ("storm_ms", 50000), "no peer less", None),
    ("most zombies in that storm", ("storm_peak", 50000), "no peer less", None),
    ("signal to the program, p50 us", "signal_p50", "best peer", best_peer),
    ("signal to the program, p99 us", "signal_p99", "best peer", best_peer),
    ("queued signals with value, in order", "queued_in_order", "10,000 of 10,000", is_complete),
    ("added to the end, us", "end_us", "1.3 x floor", of_floor(1.3)),
]


def goals(bench):
    own, *peers = bench.inits
    results = bench.results
    rows = []
    for label, key, goal, is_met in GOALS:
        value = results[own].get(key)
        floor = results[FLOOR].get(key)
        if value is None and not any(key in results[peer] for peer in peers):
            continue
        theirs = [results[peer][key] for peer in peers if results[peer].get(key) is not None]
        if is_met is None:
            first, *others = (results[name].get(("rounds", key), []) for name in bench.inits)
            met = bool(first) and not any(is_more(first, other) for other in others)
        else:
            met = value is not None and is_met(value, floor, theirs)
        ratio = "" if not floor or value is None else f"{value / floor:.2f}"
        rows.append([label, goal, value, "met" if met else "NOT met",
                     "" if floor is None else floor, ratio] +
                    [results[peer].get(key) for peer in peers])
    return table(["", "goal", own, "", FLOOR, "x floor", *peers], rows)


# ---- cost against work ----

def series(bench, what, sizes, names, floor=None):
    """A row for each init, a column for each size, and ratios to `floor` or, if
    there is none, to the best."""
    sizes = [size for size in sizes if (what, size) in bench.results[names[0]]]
    if not sizes:
        return None
    rows = []
    for name in names:
        values = [bench.results[name].get((what, size)) for size in sizes]
        ratios = []
        for size, value in zip(sizes, values):
            known = [bench.results[other].get((what, size)) for other in names]
            to = bench.results[floor][what, size] if floor else \
                min((value for value in known if value is not None), default=None)
            ratios.append("-" if value is None or not to else f"{value / to:.2f}")
        rows.append([name, *values, *ratios])
    against = "floor" if floor else "best"
    return table([""] + [number(size) for size in sizes] +
                 [f"x {against}, {number(size)}" for size in sizes], rows)


def work(bench):
    """Title, remark, table."""
    inits = list(bench.inits)
    with_floor = [FLOOR, *inits]
    storm_sizes, fleet_sizes = (1000, 10000, 50000), (300, 1000, 5000)
    live = (0, 1000, 3000, 5000, 10000)
    return [
        ("Start by bytes of environment: us added", "Over the program alone with the same.",
         series(bench, "environment_us", ENVIRONMENT_SIZES, with_floor, FLOOR)),
        ("Start by bytes of environment: user instructions", "",
         series(bench, "environment_steps", STEPPED_SIZES, with_floor, FLOOR)),
        ("Storm by number of orphans: ms until the last is reaped",
         "They are made as fast as one process can; medians.",
         series(bench, "storm_ms", storm_sizes, inits)),
        ("Storm by number of orphans: most zombies at once", "",
         series(bench, "storm_peak", storm_sizes, inits)),
        ("Storm by number of orphans: the init's CPU us for each", "The least.",
         series(bench, "storm_cpu", storm_sizes, inits)),
        ("A reap by number of adopted processes alive: the init's CPU us, paced",
         "300 orphans, each reaped before the next; the least.",
         series(bench, "paced_cpu", live, inits)),
        ("The same, 300 zombies at one instant", "", series(bench, "burst_cpu", live, inits)),
        ("Memory by number of containers: kB for each",
         "Anonymous pages, page tables, kernel stacks and slab, over the program alone.",
         series(bench, "fleet_kb", fleet_sizes, with_floor, FLOOR)),
        ("The same without slab, which is the whole machine's", "",
         series(bench, "fleet_exact_kb", fleet_sizes, with_floor, FLOOR)),
        ("Wake-ups a second of all these inits together", "",
         series(bench, "fleet_wakes", fleet_sizes, inits)),
        ("Time until all of them are up, ms", "",
         series(bench, "fleet_up_ms", fleet_sizes, with_floor, FLOOR)),
    ]


def signal_table(bench):
    names = [DIRECT, *bench.inits]
    direct = bench.results[DIRECT]["signal_p50"]
    rows = []
    for name in names:
        one = bench.results[name]
        p50 = one.get("signal_p50")
        rows.append([name, p50, f"{p50 / direct:.2f}" if p50 else "-", one.get("signal_p99"),
                     one["signals_lost"], one["queued"], one["queued_values"],
                     one["queued_in_order"], one["queued_sender"]])
    return table(["", "p50 us", "x direct", "p99 us", "lost", "queued", "with value", "in order",
                  "with sender"], rows)


def print_all(bench, machine):
    print(f"# foster beside others\n\n{machine}\n")
    print(f"*{FLOOR}*: a bare vfork, exec, wait. *{DIRECT}*: the program without any init. "
          f"Times: medians of runs in turns, all on CPU {bench.cpu}.\n")
    print(goals(bench))
    for title, remark, text in work(bench):
        if text:
            print(f"\n### {title}\n\n" + (f"{remark}\n\n" if remark else "") + text)
    print(f"\n### Signals: kill(2) of process 1 to the program; and {QUEUED:,} queued ones\n")
    print(signal_table(bench))
