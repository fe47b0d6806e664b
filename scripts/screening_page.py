"""Write docs/clinician/screening.md from the shipped rules and questions, so that page and software cannot disagree."""

from __future__ import annotations

from pathlib import Path

from opentraction.screening import Question, all_indications, caveat, intake_questions, rule_book, validity, visit_book
from opentraction.screening.body_map import body_map
from opentraction.screening.reading import allowed_number
from opentraction.screening.rules import Paragraph, Rule
from opentraction.screening.spelled import spell

PAGE = Path(__file__).parents[1] / "docs" / "clinician" / "screening.md"
THEMES = {
    "nerves": "Nerves and cord",
    "bone": "Bone, tumour, hardware",
    "infection_and_organs": "Infection and other organs",
    "structure": "How the spine is built",
    "vessels_heart_chest": "Vessels, heart, chest, belly",
    "person_and_table": "The person and the table",
}
HEAD = f"""# Screening: who may be treated

Written from the files in `src/opentraction/screening` by `make docs`; change them there. No clinician has reviewed
these rules yet. *From memory, unverified* marks what nobody has checked against its source; *our own proposal* marks
what no source says.

`opentraction screen INTAKE.toml` reads a file such as [intake.toml](../../examples/intake.toml) and says the verdict,
its reasons, what is not known and what to do next. `--json` prints all of it, `--letter FILE` writes the letter to
the doctor who must know. Low back and neck are screened apart.

- **Every rule is asked; the worst wins:** EMERGENCY, REFER_URGENT, EXCLUDE, REFER, HOLD, CAUTION, OK. (REFER stands
  between EXCLUDE and HOLD: another doctor's answer can lift it, nobody here can. That place is our own proposal.)
- **"I do not know" is not "no", and a question left out is not "no" either.** What is not known weighs as if it held,
  but never more than HOLD. A safety question that is not known always holds.
- A verdict counts {validity().intake_days} days (our own proposal). On the day of each session six more questions must
  be answered; they count {validity().visit_hours} hours.
- A clinician may override with a reason and a signature; the verdict becomes CAUTION and keeps every reason. Nobody
  overrides an EMERGENCY.
- The limit *do_not_start* forbids the table although the word is CAUTION (R33).
"""


def cell(text: str) -> str:
    """Text inside a table."""
    return " ".join(text.replace("|", "/").split())


def row(*cells: str) -> str:
    """One row of a table."""
    return f"| {' | '.join(cell(text) for text in cells)} |\n"


def line(rule: Rule, paragraph: Paragraph) -> str:
    """One paragraph of a rule as a row."""
    where = "" if len(paragraph.regions) == 2 else f" ({paragraph.regions[0]} only)"
    limits = f" Limits: {', '.join(paragraph.limits)}." if paragraph.limits else ""
    sure = caveat(paragraph.certainty)
    said = f"{paragraph.why}{limits}" + (f" *{sure}*" if sure else "")
    condition = spell(paragraph.condition, rule.cut_offs)
    return row(f"{paragraph.id}{where}", condition, paragraph.action.name, said)


def rule_entry(rule: Rule) -> str:
    """One rule with its paragraphs, source and codes."""
    codes = ", ".join(f"{code.code} {code.display}" for code in rule.codes)
    rows = "".join(line(rule, paragraph) for paragraph in rule.paragraphs)
    under = f"Source: {rule.source}." + (f" Codes: {codes}." if codes else "")
    return f"\n### {rule.id} {rule.title}\n\n| paragraph | if | then | why |\n|---|---|---|---|\n{rows}\n{under}\n"


def allowed(question: Question) -> str:
    """What may be answered."""
    if question.options:
        kind = "any of " if question.kind == "several" else "one of "
        return kind + ", ".join(f"`{key}`" for key in question.options)
    if question.kind == "number":
        return allowed_number(question).removesuffix(", or unknown")
    if question.kind == "grid":
        return f"{', '.join(question.rows)}: [left, right], each 0 to {question.high:g}"
    return {"yes-no": "yes, no", "date": "a date", "body-map": "marks", "text": "text"}[question.kind]


def question_row(question: Question) -> str:
    """One question as a row."""
    when = spell(question.when, intake_questions().cut_offs) if question.when else ""
    notes = [when, "" if len(question.regions) == 2 else f"{question.regions[0]} only"]
    text = f"{question.text} {question.help}".strip()
    marks = "safety" if question.safety else "record only" if question.record_only else ""
    return row(f"`{question.id}`", text, allowed(question), "; ".join(filter(None, notes)), marks)


def questions() -> str:
    """Every page of the intake."""
    out = "\n## Questions\n\n`unknown` may be answered to each; in a list it means: of the others I am not sure.\n"
    for page in (*intake_questions().pages, *visit_book().questions.pages):
        rows = "".join(question_row(question) for question in page.questions)
        out += f"\n### {page.title} (asked of the {page.asked_of})\n\n"
        out += f"| id | asked | answers | when | |\n|---|---|---|---|---|\n{rows}"
    chart = body_map()
    places = ", ".join(f"`{place}`" for place in chart.places)
    kinds = ", ".join(chart.kinds)
    mark = f"place ({places}), a side (left, right, middle), a kind ({kinds}) and a score from 0 to 10"
    return f"{out}\nA mark on the body chart has a {mark}.\n"


def indications() -> str:
    """What a pull might be for."""
    rows = "".join(
        row(f"{one.id} {one.title}", spell(one.condition, one.cut_offs), one.evidence, one.source)
        for one in all_indications()
    )
    lead = "Told only where nothing excludes treatment. P is an indication, G a group that a trial or payer defines."
    return f"\n## What it might be for\n\n{lead}\n\n| | if | evidence | source |\n|---|---|---|---|\n{rows}"


def page() -> str:
    """The whole page."""
    out = HEAD
    for theme, title in THEMES.items():
        out += f"\n## {title}\n" + "".join(rule_entry(rule) for rule in rule_book().rules if rule.theme == theme)
    out += "\n## On the day\n" + "".join(rule_entry(rule) for rule in visit_book().rules)
    return out + indications() + questions()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
