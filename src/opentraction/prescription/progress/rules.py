"""The rule book of a course as data: what each rule says, its numbers, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from opentraction.quantities import BadInput, State, parse_quantity
from opentraction.quantities.toml_file import Table, parse_toml

CERTAINTIES = ("read", "memory", "design")
CAVEAT = {"read": "", "memory": "from memory, unverified", "design": "proposal of this project, not yet reviewed"}
_ABOUT = ("title", "words", "source", "certainty", "reviewed_by")
_TAPER = {"pain_most": "score"}
_STEP = {"step": "force", "share": "fraction", "length": "time"}
_SHARE = {"share": "fraction"}

# What each rule's numbers are; "count" is a whole number, "score" one that people give or compute.
NUMBERS: Mapping[str, Mapping[str, str]] = {
    "B01": {**_SHARE, "less": "force"}, "B02": _SHARE, "B03": _SHARE, "B04": {**_SHARE, "more": "force"},
    "B05": _SHARE, "B06": {"most": "force"}, "B07": _SHARE, "B08": {}, "B09": {}, "B10": {}, "B11": {}, "B12": {},
    "B13": {**_SHARE, "length": "time"}, "B14": {"length": "time"}, "B15": {"length": "time"},
    "A01": {}, "A02": {}, "A03": {}, "A04": {}, "A05": {}, "A06": {}, "A07": {"stop": "score"},
    "A08": {}, "A09": {"systolic": "score", "diastolic": "score"}, "A10": {"systolic": "score", "diastolic": "score"},
    "A11": {},
    "P01": _STEP, "P02": _STEP, "P03": {}, "P04": {}, "P05": {"most": "time"},
    "P06": {"rise": "score", "cut": "fraction"}, "P07": {"cut": "fraction"}, "P08": {"most": "score"},
    "P09": {"most": "score", "cut": "fraction"}, "P10": {}, "P11": {"times": "count", "cut": "fraction"}, "P12": {},
    "P13": {}, "P14": {}, "P15": {}, "P16": {"change": "score", "cut": "fraction"}, "P17": {}, "P18": {},
    "P19": {"least": "force"}, "P20": {"least": "force"}, "P21": {"times": "count"},
    "P22": {"stop": "score", "cut": "fraction"},
    "S01": {}, "S02": {"most": "score"}, "S03": {"most": "score"}, "S04": {}, "S05": {}, "S06": {"most": "score"},
    "S07": {}, "S08": {},
    "C01": {}, "C02": {"least": "score"}, "C03": {"most": "score"},
    "C04": {"points": "score", **_SHARE, "days_after": "count", "sessions_after": "count", "least_sessions": "count",
            "score_days": "count"},
    "C05": {"points": "score", **_SHARE, "odi": "score", "rmdq": "score", "ndi": "score", "days_after": "count",
            "sessions_after": "count", "least_sessions": "count"},
    "C06": {**_TAPER, "rmdq_most": "score"}, "C07": {**_TAPER, "ndi_most": "score"}, "C08": {},
    "C09": {"most": "count", "reason_letters": "count"}, "C10": {"most": "count"}, "C11": {},
    "G01": {"days_after": "count"}, "G02": {"days_after": "count", "cut": "fraction"}, "G03": {"days_after": "count"},
    "G04": {}, "G05": {"least": "time"}, "G06": {}, "G07": {},
    "M01": _SHARE, "M02": {"least": "count"}, "M03": {"most": "count"}, "M04": {"visits": "count", "days": "count"},
    "U01": {}, "U02": {}, "U03": {"odi": "score", "limb": "score", "days_after": "count"}, "U04": {}, "U05": {},
    "U06": {"first_days": "count", "second_days": "count", "window_days": "count"}, "U07": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke: its id, what it says here, where it comes from and how sure that is."""

    rule: str
    words: str
    source: str
    certainty: str

    @property
    def caveat(self) -> str:
        """What must stand beside it; empty for what was read."""
        return CAVEAT[self.certainty]

    def document(self) -> dict[str, str]:
        """As JSON holds it."""
        return {"rule": self.rule, "words": self.words, "source": self.source, "certainty": self.certainty}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the book; `rule["cut"]` is a number of it in SI."""

    id: str
    title: str
    words: str
    source: str
    certainty: str
    reviewed_by: str
    numbers: Mapping[str, float]
    written: Mapping[str, str]

    def __getitem__(self, key: str) -> float:
        return self.numbers[key]

    def says(self, **found: object) -> Reason:
        """The rule's words with its own numbers and what was found filled in."""
        return Reason(self.id, self.words.format(**{**self.written, **found}), self.source, self.certainty)


Book = Mapping[str, Rule]


@cache
def shipped() -> Book:
    """The rules that ship."""
    return read_rules(files(__package__).joinpath("rules.toml").read_text("utf-8"), "rules.toml")


def read_rules(text: str, source: str = "rules") -> Book:
    """A rule book in a TOML text, every rule there and every number of its kind. Raises BadInput."""
    top = parse_toml(text, source)
    top.only(*NUMBERS)
    return MappingProxyType({key: _rule(key, top, kinds) for key, kinds in NUMBERS.items()})


def _rule(key: str, top: Table, kinds: Mapping[str, str]) -> Rule:
    if key not in top:
        raise top.refuse(key, State("missing"), f"the rule [{key}]")
    table = top.table(key)
    table.only(*_ABOUT, *kinds)
    return Rule(
        id=key,
        title=table.text("title"),
        words=table.text("words", longest=300),
        source=table.text("source", longest=400),
        certainty=table.word("certainty", CERTAINTIES),
        reviewed_by=table.text("reviewed_by"),
        numbers={name: read_number(table, name, kind) for name, kind in kinds.items()},
        written={name: str(table.data[name]) for name in kinds},
    )


def read_number(table: Table, name: str, kind: str) -> float:
    """A positive number of a rule: whole for a count, of its kind for a score, an amount with its unit else."""
    if kind == "count":
        return float(table.count(name, 1, 1000))
    if kind == "score":
        return table.number(name, 0.0, 1000.0)
    value = parse_quantity(table.need(name, '"10 %"'), kind, table.place(name))
    highest = 1.0 if kind == "fraction" else 1e6
    if not 0.0 <= value <= highest:
        raise BadInput(table.place(name), table.data[name], "a share from 0 % to 100 %, or an amount from 0 upwards")
    return value
