"""Write docs/clinician/course-rules.md from the rule book of a course, so that page and software cannot disagree."""

from __future__ import annotations

from pathlib import Path

from opentraction.prescription.progress import Rule, angle_table, screening_limits, shipped, templates
from opentraction.prescription.progress.rules import CAVEAT
from opentraction.quantities import display

PAGE = Path(__file__).parents[1] / "docs" / "clinician" / "course-rules.md"
HEAD = """# The rules of a course

Written from the files in `src/opentraction/prescription/progress` by `make docs`; change them there. A test reads the
rule book paragraph by paragraph, and fails when a number is changed. No clinician has reviewed these rules yet.
[What they are for](course.md) is on its own page.
"""
CHAPTERS = {
    "B": "Bounds of the force",
    "A": "Asked before every session",
    "P": "From session to session",
    "S": "Stops a session",
    "C": "Stops or changes a course",
    "G": "Gaps",
    "M": "Maintenance",
    "U": "A surgeon's opinion",
}


def rule(one: Rule) -> str:
    """One row: id, title, numbers, source."""
    numbers = ", ".join(f"{name.replace('_', ' ')} {written}" for name, written in one.written.items())
    return f"| {one.id} | {one.title} | {numbers or '–'} | {sourced(one.source, one.certainty)} |"


def sourced(source: str, certainty: str) -> str:
    """A source and its caveat."""
    return "; ".join(text for text in (source, CAVEAT[certainty]) if text)


def chapter(letter: str, title: str) -> str:
    """The rules of one letter."""
    rows = [rule(one) for one in shipped().values() if one.id.startswith(letter)]
    return "\n".join([f"\n## {title}\n", "| rule | what | numbers | source |", "|---|---|---|---|", *rows, ""])


def tables() -> str:
    """Templates, screening's reductions, angles."""
    weeks = [
        f"| {one.key} | {', '.join(map(str, one.weeks))} | {one.total} | {sourced(one.source, one.certainty)} |"
        for one in templates().values()
    ]
    limits = [
        f"| {one.key} | {one.found} | {100 * one.share:.0f} % | {sourced(one.source, one.certainty)} |"
        for one in screening_limits().values()
    ]
    angles = [
        f"| {one.level} | {display(one.angle, 'angle', 'deg', 0)} | {sourced(one.source, one.certainty)} |"
        for one in angle_table().levels.values()
    ]
    return "\n".join(
        [
            "\n## Templates\n\n| template | sessions a week | in all | source |\n|---|---|---|---|",
            *weeks,
            "\n## Less force after screening\n\n| finding | in words | share left | source |\n|---|---|---|---|",
            *limits,
            f"\n## Angle by level\n\nThis is {angle_table().caveat}.\n\n| level | angle | source |\n|---|---|---|",
            *angles,
            "",
        ]
    )


def page() -> str:
    """The whole page."""
    return HEAD + "".join(chapter(letter, title) for letter, title in CHAPTERS.items()) + tables()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
