"""Write the tables of docs/engineer/explored.md from walks made now: a minute on two cores, 1.5 GB."""

from __future__ import annotations

import time
from pathlib import Path

from opentraction.twin.exploring.choices import FAULT, WORDS
from opentraction.twin.exploring.design import WORDS as SAFEGUARDS
from opentraction.twin.exploring.design import without
from opentraction.twin.exploring.laws import LAWS
from opentraction.twin.exploring.search import explore

PAGE = Path(__file__).parents[1] / "docs" / "engineer" / "explored.md"


def walks() -> str:
    """One line for each number of faults."""
    lines = ["| faults | moments | ticks | ticks deep | laws broken | time |", "|---|---|---|---|---|---|"]
    for faults in range(4):
        begun = time.monotonic()
        made = explore(faults)
        took = time.monotonic() - begun
        broken = ", ".join(made.broken) or "none"
        lines.append(
            f"| {faults} | {len(made.found):,} | {made.transitions:,} | {made.ticks} | {broken} | {took:.1f} s |"
        )
    return "\n".join(lines)


def needed() -> str:
    """One line for each safeguard: what breaks first without it, with as few faults as that takes."""
    lines = ["| without | what it does | law | faults needed | ticks |", "|---|---|---|---|---|"]
    for name, what in SAFEGUARDS.items():
        for faults in range(4):
            made = explore(faults, without([name]), go_on=False)
            if made.broken:
                break
        law = min(made.broken, key=list(LAWS).index)
        way = made.broken[law]
        kinds = "; ".join(WORDS[choice] for choice in way if choice >= FAULT) or "none"
        lines.append(f"| {name} | {what} | {law} | {kinds} | {len(way)} |")
    return "\n".join(lines)


def page(text: str, walked: str, safeguards: str) -> str:
    """The page with its two tables."""
    for name, table in (("walks", walked), ("needed", safeguards)):
        begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = before + begin + table + end + after
    return text


def main() -> None:
    """Walk and write."""
    explore(0)  # compiles
    PAGE.write_text(page(PAGE.read_text("utf-8"), walks(), needed()), "utf-8")


if __name__ == "__main__":
    main()
