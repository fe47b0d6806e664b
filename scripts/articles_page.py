"""Write docs/articles.md: what three articles for patients say, point by point, and what this software makes of it."""

from __future__ import annotations

from pathlib import Path

from opentraction.care.articles import ARTICLES, Conflict, Point, Pointer, conflicts, points

PAGE = Path(__file__).parents[1] / "docs" / "articles.md"
HEAD = """# What three articles say, and what we make of it

Written from `points.toml` and `conflicts.toml` in `src/opentraction/care/articles` by `make docs`; change them there.

OpenTraction began with three articles for patients: {articles}. They say 74 things. Each is **built**
(the software does it), **corrected** (it is wrong or goes too far, and we say otherwise) or **answered** (in words). A
test checks that everything pointed at is there. What stands under "The articles" is their claim, never ours.

| verdict | points |
|---|---|
{verdicts}
"""
CONFLICTS = """
## Where they disagree

With each other, with themselves, or with the published work.

<!-- claims: quoted -->
| points | between | settled |
|---|---|---|
"""
LINKED = {"doc": "", "test": "../"}
SHOWN = {
    "python": "code",
    "url": "page of the console",
    "rule": "screening rule",
    "data": "data",
    "doc": "page",
    "test": "test",
}


def page() -> str:
    """The whole page."""
    return head() + "".join(entry(point) for point in points()) + CONFLICTS + "".join(row(one) for one in conflicts())


def head() -> str:
    """The beginning, with the points by verdict."""
    articles = ", ".join(f'"{name}" ({k})' for k, name in enumerate(ARTICLES))
    by_verdict: dict[str, list[str]] = {}
    for point in points():
        by_verdict.setdefault(point.verdict, []).append(f"[{point.id}](#{anchor(title(point))})")
    verdicts = "\n".join(f"| {verdict} ({len(ids)}) | {' '.join(ids)} |" for verdict, ids in sorted(by_verdict.items()))
    return HEAD.format(articles=articles, verdicts=verdicts)


def title(point: Point) -> str:
    """`I01 The spine`"""
    return f"{point.id} {point.topic}"


def anchor(heading: str) -> str:
    """A heading as a code host's anchor."""
    return "".join(one for one in heading.lower() if one.isalnum() or one in "- _").replace(" ", "-")


def entry(point: Point) -> str:
    """One point."""
    articles = ", ".join(str(one) for one in point.articles)
    return (
        f"\n### {title(point)}\n\n<!-- claims: quoted -->\n"
        f"*The articles ({articles}):* {point.says}\n\n"
        f"**{point.verdict.capitalize()}.** {point.answer}\n\n"
        f"Where: {'; '.join(place(one) for one in point.where)}.\n"
    )


def place(pointer: Pointer) -> str:
    """One pointer, as a link where a reader can follow it."""
    told = f"`{pointer.to}`"
    if pointer.kind in {"doc", "test"} and not pointer.planned:
        told = f"[{told}]({pointer.to.removeprefix('docs/') if pointer.kind == 'doc' else '../' + pointer.to})"
    return f"{SHOWN[pointer.kind]} {told}" + (" (planned)" if pointer.planned else "")


def row(one: Conflict) -> str:
    """One conflict."""
    return f"| {', '.join(one.points)} | {one.between} | {one.settled} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
