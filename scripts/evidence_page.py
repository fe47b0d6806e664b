"""Write docs/clinician/evidence.md from the evidence data, so that page and software cannot disagree."""

from __future__ import annotations

from pathlib import Path

from opentraction.care.evidence import EvidencePage, Position, Question, Sentence, Study, citation, evidence_page

PAGE = Path(__file__).parents[1] / "docs" / "clinician" / "evidence.md"
HEAD = """# What is known about traction, and what is not

Written from the files in `src/opentraction/care/evidence` by `make docs`; change them there. Both sides stand here.
"from memory, unverified" marks what we have not looked up. Less than zero is less pain or disability with traction.

"""
SIDES = {
    "no difference": "Compared, and no difference found",
    "for": "Compared, and a difference in favour",
    "uncontrolled": "Not compared with anything",
    "against": "Harm",
}
SCALES = {"sd": "standard deviations", "percent": "of 100"}


def page() -> str:
    """The whole page."""
    content = evidence_page()
    return HEAD + "\n".join(
        [
            f"**{content.headline.text}**",
            sentences("What is known", content.known),
            sentences("What is not known", content.unknown),
            sentences("What we do", content.ours),
            natural(content),
            studies(content),
            positions("What guidelines advise", content.guidelines),
            positions("What regulators did", content.regulators),
            "\n## What patients ask\n",
            *(question(one) for one in content.questions),
        ]
    )


def sentences(heading: str, said: tuple[Sentence, ...]) -> str:
    """A list of our own sentences with what they lean on."""
    lines = (f"- {one.text}{leaning(one.cites)}" for one in said)
    return f"\n## {heading}\n\n" + "\n".join(lines)


def leaning(cites: tuple[str, ...]) -> str:
    """` (wegner-2013, schimmel-2009)`"""
    return f" ({', '.join(cites)})" if cites else ""


def natural(content: EvidencePage) -> str:
    """What happens without surgery."""
    one = content.natural
    kinds = ((kind, f" ({kind.plain})" if kind.plain else "") for kind in (one.pooled, *one.by_type))
    rows = "\n".join(
        f"| {kind.label}{plain} | {kind.percent:g} | {interval(kind.low, kind.high)} | {kind.source} |"
        for kind, plain in kinds
    )
    return (
        "\n## What happens without surgery\n\n"
        + " ".join(one.plain)
        + "\n\n| herniation | shrinks, of 100 people | 95 % interval | source |\n|---|---|---|---|\n"
        + f"{rows}\n\n{one.decide}"
    )


def studies(content: EvidencePage) -> str:
    """Every study, by side."""
    parts = ["\n## The studies"]
    for side, heading in SIDES.items():
        rows = "\n".join(study(one) for one in content.sides[side])  # type: ignore[index]
        parts.append(f"\n### {heading}\n\n| study | size | compared | result | source |\n|---|---|---|---|---|\n{rows}")
    return "\n".join(parts)


def study(one: Study) -> str:
    """One row."""
    numbers = "; ".join(
        f"{effect.label} {effect.value:g} {SCALES[effect.scale]} ({interval(effect.low, effect.high)})"
        for effect in one.effects
    )
    result = one.result + (f" Numbers: {numbers}." if numbers else "")
    result += f" Certainty, as graded: {one.graded}." if one.graded else ""
    result += f" *{one.caveat}*" if one.caveat else ""
    where = (one.source or "not noted") + (f"; doi {one.doi}" if one.doi else "")
    region = "neck" if one.region == "cervical" else "low back"
    name = f"{one.name}, {one.year} (`{one.id}`)"
    return f"| {name} | {one.size}; {region} | {one.compared}; {one.design} | {result} | {where} |"


def interval(low: float | None, high: float | None) -> str:
    """`-0.87 to -0.29`, or that there is none."""
    return "no interval given" if low is None or high is None else f"{low:g} to {high:g}"


def positions(heading: str, said: tuple[Position, ...]) -> str:
    """Guidelines or regulators. What regulators stopped is quoted there, hence the mark."""
    rows = "\n".join(
        f"| {one.who}, {one.year} (`{one.id}`) | {one.stance} | {one.text}{f' *{one.caveat}*' if one.caveat else ''} "
        f"| {one.source} |"
        for one in said
    )
    mark = "<!-- claims: quoted -->\n" if heading == "What regulators did" else ""
    return f"\n## {heading}\n\n{mark}| who | stance | what | source |\n|---|---|---|---|\n{rows}"


def question(one: Question) -> str:
    """One question with its answer and what it leans on."""
    lines = [f"### {one.ask}", "", f"**{one.short}** {' '.join(one.more)}"]
    sources = [citation(ident) for ident in one.cites]
    sources += [f"{fact.text} {fact.source}{f' ({fact.caveat})' if fact.caveat else ''}" for fact in one.facts]
    if sources:
        lines += ["", *(f"- {source}" for source in sources)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
