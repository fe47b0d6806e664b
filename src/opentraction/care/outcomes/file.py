"""Forms written down in a file, and what they say together: each score, and each change since the first.

[[forms]]
instrument = "rmdq"
on = "2026-11-02"
answers = { q1 = "yes", q2 = "no" }     # what is left out is missing
own = { activity_1 = "walk the dog" }   # PSFS: the patient's own activities
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from opentraction.care.outcomes.change import Change, change
from opentraction.care.outcomes.form import Form
from opentraction.care.outcomes.library import instrument
from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import Table, parse_toml, read_text


def read_forms(path: str | Path) -> list[Form]:
    """The forms of a file, oldest first. Raises BadInput."""
    top = parse_toml(read_text(path), str(path))
    top.only("forms")
    tables = top.tables("forms")
    if not tables:
        raise top.refuse("forms", 0, 'at least one form, written [[forms]] with instrument, on = "2026-11-02", answers')
    return sorted((_form(one) for one in tables), key=lambda form: form.taken)


def _form(table: Table) -> Form:
    table.only("instrument", "on", "answers", "own")
    written = table.text("on")
    try:
        taken = date.fromisoformat(written)
    except ValueError:
        raise table.refuse("on", written, 'a day, such as on = "2026-11-02"') from None
    try:
        return Form(
            table.text("instrument"),
            taken,
            table.table("answers").data,
            {key: table.table("own").text(key) for key in table.table("own").data},
            "import",
        )
    except BadInput as refusal:
        raise BadInput(f"{table.where}.{refusal.where}", refusal.value, refusal.allowed, table.source) from None


def told(forms: list[Form]) -> dict[str, Any]:
    """Every score, and for each instrument the change from its first form to its last."""
    return {
        "forms": [form.document() for form in forms],
        "changes": [one.document() for one in changes(forms)],
    }


def changes(forms: list[Form]) -> list[Change]:
    """For each instrument that was asked twice, from the first to the last; for PGIC and GROC the last by itself."""
    found = []
    for name in dict.fromkeys(form.instrument for form in forms):
        scores = [form.score() for form in forms if form.instrument == name]
        if len(scores) > 1 or instrument(name).anchor:
            found.append(change(scores[0], scores[-1]))
    return found
