"""The README's rows and the chart beside them, drawn here as SVG."""
import re

from measure import FLOOR
from report import number, table

ROWS = [
    ("size on disk, bytes", "file"),
    ("resident, idle, kB", "resident"),
    ("memory of one container among 5,000, kB", ("fleet_kb", 5000)),
    ("wake-ups a second, idle", "wakes"),
    ("user instructions, exec to exec", "instructions"),
    ("system calls, exec to exec", "calls"),
    ("page faults until idle", "faults"),
    ("added to the start, us", "start_us"),
    ("storm of 50,000 orphans, ms", ("storm_ms", 50000)),
    ("signal to the program, median us", "signal_p50"),
    ("of 10,000 queued signals, with value, in order", "queued_in_order"),
    ("added to the end, us", "end_us"),
]

# Each panel: a title and what it shows.
PANELS = [("added to the start, µs", "start_us"), ("resident, idle, kB", "resident")]

# The card has a background of its own, so that it can be read on any page.
STYLE = """
.card{fill:#f6f8fa;stroke:#d0d7de}.text{fill:#24292f}.soft{fill:#57606a}
.own{fill:#1a7f37}.other{fill:#8c959f}
text{font:12px system-ui,sans-serif}.head{font-weight:600}
@media(prefers-color-scheme:dark){
.card{fill:#161b22;stroke:#30363d}.text{fill:#e6edf3}.soft{fill:#9198a1}
.own{fill:#3fb950}.other{fill:#6e7681}}
"""

PANEL_WIDTH, NAME_WIDTH, VALUE_WIDTH, ROW_HEIGHT, BAR_HEIGHT, MARGIN = 350, 76, 52, 20, 12, 16


def bar(name, value, most, y, is_own):
    room = PANEL_WIDTH - NAME_WIDTH - VALUE_WIDTH - 2 * MARGIN
    width = max(1, value / most * room)
    kind = "own" if is_own else "other"
    base = y + BAR_HEIGHT - 2
    return (f'<text class="text" x="{NAME_WIDTH}" y="{base}" text-anchor="end">{name}</text>'
            f'<rect class="{kind}" x="{NAME_WIDTH + 8}" y="{y}" width="{width:.1f}"'
            f' height="{BAR_HEIGHT}" rx="2"/>'
            f'<text class="soft" x="{NAME_WIDTH + 14 + width:.1f}" y="{base}">'
            f'{number(value)}</text>')


def panel(bench, names, title, key, x):
    values = {name: bench.results[name][key] for name in names}
    parts = [f'<g transform="translate({x},{MARGIN})">'
             f'<text class="text head" x="{NAME_WIDTH + 8}" y="12">{title}</text>']
    for i, (name, value) in enumerate(values.items()):
        parts.append(bar(name, value, max(values.values()), 24 + i * ROW_HEIGHT, i == 0))
    return "\n".join(parts) + "</g>"


def svg(bench):
    names = list(bench.inits) + [FLOOR]
    width = len(PANELS) * PANEL_WIDTH + 2 * MARGIN
    height = 24 + len(names) * ROW_HEIGHT + 2 * MARGIN
    panels = [panel(bench, names, title, key, MARGIN + i * PANEL_WIDTH)
              for i, (title, key) in enumerate(PANELS)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" role="img">\n'
            f'<title>{" and ".join(title for title, _ in PANELS)}, by init</title>\n'
            f'<style>{STYLE}</style>\n'
            f'<rect class="card" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="6"/>\n'
            + "\n".join(panels) + "\n</svg>\n")


def rows(bench):
    names = list(bench.inits) + [FLOOR]
    lines = [[label] + [bench.results[name][key] if key in bench.results[name] else ""
                        for name in names]
             for label, key in ROWS if key in bench.results[names[0]]]
    return table(["", *names], lines)


def write(bench, readme, picture, machine):
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    begin, end = "<!-- bench -->", "<!-- /bench -->"
    if len(re.findall(f"{begin}.*?{end}", text, re.S)) != 1:
        raise SystemExit(f"bench: {readme} has no place: {begin} and {end}")
    with open(picture, "w", encoding="utf-8") as file:
        file.write(svg(bench))
    new = (f"{begin}\n![time added to the start and resident memory, by init]({picture})\n\n"
           f"{rows(bench)}\n\n{machine}\n{end}")
    head, _, rest = text.partition(begin)
    with open(readme, "w", encoding="utf-8") as file:
        file.write(head + new + rest.partition(end)[2])
