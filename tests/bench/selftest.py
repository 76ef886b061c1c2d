"""Inits that are bad on purpose must look bad in every row, and good ones good."""
from measure import DIRECT, QUEUED

NOREAP, POLL = "bad_noreap", "bad_poll"


def bad_checks(results):
    noreap, poll = results[NOREAP], results[POLL]
    fleet, = [key for key in noreap if key[0] == "fleet_kb"]
    wakes, = [key for key in poll if key[0] == "fleet_wakes"]
    return [
        ("8 MB that are held show", noreap["dirty"] > 8000),
        ("they show in a fleet", noreap[fleet] > 8000),
        ("polling shows as wake-ups", poll["wakes"] > 300),
        ("it shows in a fleet", poll[wakes] > 50 * wakes[1]),
        ("a late start shows", poll["start_us"] > 4900),
        ("no reaping shows in a storm", noreap["storm_ms", 1000] is None),
        ("it shows beside living ones", noreap["paced_cpu", 0] is None),
        ("no reaping has no number of calls", noreap["paced_calls"] is None),
        ("one look a millisecond shows", poll["storm_peak", 1000] > 100),
        ("a signal that is not forwarded shows", noreap["signals_lost"] > 0),
        ("a signal that is late shows", poll["signal_p50"] > 300),
        ("queued signals that are lost show", noreap["queued"] == 0),
        ("values that are lost show", poll["queued_values"] == 0),
        ("a late end shows", noreap["end_us"] > 19000),
        ("the program alone gets all that is queued", results[DIRECT]["queued_in_order"] == QUEUED),
    ]


def good_checks(name, one):
    return [(f"{name} {what}", is_so) for what, is_so in [
        ("seldom wakes", one["wakes"] < 5),
        ("reaps all", one["storm_ms", 1000] is not None),
        ("loses no signal", one["signals_lost"] == 0),
        ("ends at once", one["end_us"] < 10000),
    ]]


def run(bench):
    checks = bad_checks(bench.results)
    for name in bench.inits:
        if name not in (NOREAP, POLL):
            checks += good_checks(name, bench.results[name])
    for what, is_so in checks:
        print(("ok    " if is_so else "FAIL  ") + what)
    return 0 if all(is_so for _, is_so in checks) else 1
