"""Named numbers that a condition compares with: each has a unit, the smallest step that matters, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.quantities.toml_file import Table

CERTAINTIES = ("read", "memory", "design")


@dataclass(frozen=True, slots=True)
class CutOff:
    """One cut-off: `value` and `step` in `unit`; `step` is one notch to the harmless side, as it is measured."""

    name: str
    value: float
    unit: str
    step: float
    certainty: str
    note: str = ""

    def document(self) -> dict[str, object]:
        return {"value": self.value, "unit": self.unit, "certainty": self.certainty, "note": self.note}


def read_cut_offs(table: Table) -> dict[str, CutOff]:
    """The cut-offs of a table of tables. Raises BadInput."""
    return {name: _cut_off(name, table.table(name)) for name in table.data}


def _cut_off(name: str, table: Table) -> CutOff:
    table.only("value", "unit", "step", "certainty", "note")
    return CutOff(
        name=name,
        value=table.number("value", -1e4, 1e4),
        unit=table.text("unit"),
        step=table.number("step", 0.01, 100.0),
        certainty=table.word("certainty", CERTAINTIES),
        note=table.text("note", "", longest=300),
    )
