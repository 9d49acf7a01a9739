"""From figures to tables: pure, so that test_harness.py can hold it against figures that are known.

A row of the results is a dictionary: `work`, `unit`, `ours` and `peer` (a figure for each repetition, taken in turn; peer is
empty where there is none), `peer_name`, and `aim`, which is None or says what of it (`ratio`: ours over the peer's; `ours`)
has to be `at_least` or `at_most` what.
"""
import math
import re
import statistics

from harness.bounds import BOUNDS

BEGIN, END = "<!-- benchmarks/run-all writes from here -->", "<!-- to here -->"
FEWEST = 5  # repetitions that a spread is shown for
BENDS = 1.1  # exponent of growth above which a curve bends upward


def spread(values, form):
    """The median, and least and greatest in brackets."""
    middle = f"{statistics.median(values):{form}}"
    return middle if len(values) == 1 else f"{middle} ({min(values):{form}}–{max(values):{form}})"


def ratios(row):
    return [ours / peer for ours, peer in zip(row["ours"], row["peer"])]


def judged(row):
    """The figures that the aim is about; none where a side was not measured."""
    return ratios(row) if row["aim"]["of"] == "ratio" else row["ours"]


def reaches(aim, figure):
    return figure >= aim["at_least"] if "at_least" in aim else figure <= aim["at_most"]


def verdict(row):
    """By the median; a spread that has the aim inside is said to."""
    if not row["aim"]:
        return ""
    figures = judged(row)
    if not figures:
        return "not measured"
    said = "met" if reaches(row["aim"], statistics.median(figures)) else "not met"
    one_sided = len({reaches(row["aim"], figure) for figure in figures}) == 1
    return said if one_sided else said + ", but not in every turn"


def aim_text(row):
    aim = row["aim"]
    if not aim:
        return "–"
    sign = "≥" if "at_least" in aim else "≤"
    bound = f"{aim.get('at_least', aim.get('at_most')):g}"
    return f"{sign} {bound}" + ("" if aim["of"] == "ratio" or not row["unit"] else f" {row['unit']}")


def significant(value):
    """Three digits, without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table_head():
    return "| | ours | peer | | ours / peer | by processor time | aim | |\n|---|---|---|---|---|---|---|---|"


def table_line(row):
    own = significant(statistics.median(row["ours"]))
    if len(row["ours"]) > 1 and not row["peer"]:
        own += f" ({significant(min(row['ours']))}–{significant(max(row['ours']))})"
    peer = significant(statistics.median(row["peer"])) + ", " if row["peer"] else ""
    ratio = spread(ratios(row), ".2f") if row["peer"] else "–"
    processor = spread(row["by_processor"], ".2f") if row.get("by_processor") else "–"
    peer += row["peer_name"] or "–"
    return f"| {row['work']} | {own} | {peer} | {row['unit']} | {ratio} | {processor} | {aim_text(row)} | {verdict(row)} |"


def exponents(curve):
    """How cost grows from one amount of work to the next: 1 is in proportion, 2 with the square."""
    middles = [statistics.median(costs) for costs in curve["costs"]]
    pairs = list(zip(curve["amounts"], middles))
    return [math.log(cost / before) / math.log(amount / less) for (less, before), (amount, cost) in zip(pairs, pairs[1:])]


def bends(curve):
    """Whether the last doublings of the work cost more than in proportion."""
    return exponents(curve)[-1] > BENDS


def bounds(rows):
    """What stands in the way of each aim that is not met."""
    missed = [row["work"] for row in rows if row["aim"] and verdict(row).startswith("not met")]
    return "\n".join(f"- **{work}**: {BOUNDS.get(work, 'not met, and not known why.')}" for work in missed)


def curve_table(curves):
    """A line a curve: costs at each amount, and the exponent at its end."""
    lines = ["| cost of | as this grows | costs | exponent at the end | |", "|---|---|---|---|---|"]
    for curve in curves:
        points = ", ".join(
            f"{amount:,}: {significant(statistics.median(costs))}" for amount, costs in zip(curve["amounts"], curve["costs"])
        )
        said = "bends upward" if bends(curve) else "in proportion or less"
        lines.append(f"| {curve['work']}, {curve['unit']} | {curve['grows']} | {points} | {exponents(curve)[-1]:.2f} | {said} |")
    return "\n".join(lines)


def memory_table(memory):
    lines = ["| process | most memory, MiB |", "|---|---|"]
    lines += [f"| {name} | {spread(peaks, ',.0f')} |" for name, peaks in memory.items()]
    return "\n".join(lines)


def heading(section):
    """Where and when; the same words for sections that were taken alike, the load aside."""
    machine, options = section["machine"], section["options"]
    text = (
        f"on {section['date']} at commit `{section['commit']}`: {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory_gib']} GiB, {machine['system']}; {', '.join(f'{name} {version}' for name, version in section['versions'].items())}; "
        f"float32, {options['threads']} threads, {options['repetitions']} turns"
    )
    if options["quick"]:
        return text + "; **a quick run, to see that everything runs: its figures say nothing**"
    if options["repetitions"] < FEWEST:
        return text + f"; **fewer than {FEWEST} turns: the spread says little**"
    return text


def headings(sections):
    """A line for all that were taken alike, with the load that each found."""
    alike = {}
    for name, section in sections.items():
        alike.setdefault(heading(section), []).append(f"{name} (load {section['machine']['load']:.1f})")
    lines = [f"Taken {text}: {', '.join(names)}." for text, names in alike.items()]
    return "\n".join(lines) + "\n\nFigures are medians; in brackets least and greatest. *met* is by the median. The load is that when a section began."


def markdown(sections):
    """What goes between the markers."""
    rows, found, curves = ([entry for section in sections.values() for entry in section[kind]] for kind in ("rows", "parts", "curves"))
    memory = {name: peaks for section in sections.values() for name, peaks in section["memory"].items()}
    parts = [headings(sections)]
    if rows:
        parts.append(table_head() + "\n" + "\n".join(table_line(row) for row in rows))
        aims = [row for row in rows if row["aim"]]
        words = [verdict(row).split(",")[0] for row in aims]
        parts.append(f"Of {len(aims)} aims {words.count('met')} are met, {words.count('not met')} are not, {words.count('not measured')} were not measured.")
        parts += filter(None, [bounds(rows)])
    if found:
        lines = ["| part, by JMH | | |", "|---|---|---|"]
        lines += [f"| {part['work']} | {spread([significant_float(v) for v in part['ours']], ',g')} | {part['unit']} |" for part in found]
        parts.append("\n".join(lines))
    if curves:
        parts.append(curve_table(curves))
    if memory:
        parts.append(memory_table(memory))
    return "\n\n".join(parts)


def significant_float(value):
    return float(f"{value:.3g}")


def splice(document, text):
    """The document with that between its markers, and nothing else changed."""
    if document.count(BEGIN) != 1 or document.count(END) != 1 or document.index(BEGIN) > document.index(END):
        raise ValueError(f"markers: expected {BEGIN} and behind it {END}, each once")
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}"


def peak_mib(status):
    """VmHWM of /proc/PID/status."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0
