"""The exercises as values: timed steps, a dose that grows by rule, gates, stop rules, and what is shown of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opentraction.care.home.files import CAVEAT, CERTAINTIES, load, texts, unique
from opentraction.care.home.gates import Gate, gates
from opentraction.care.home.stops import StopRule, stop_rules
from opentraction.quantities.toml_file import Table

FILES = ("stretches", "devices", "packs", "ladder")
GROUPS = ("stretch", "traction", "pack", "ladder", "walk")
AXES = ("repetitions", "sets", "hang_s", "hold_s", "minutes", "angle_deg", "load_kg")
PARTS = ("before", "round", "set", "after")
BREATHING = ("free", "in", "out", "once", "slow")
_KEYS = (
    "id", "name", "group", "purpose", "weeks", "per_day", "per_week", "order_needed", "bending", "loading", "pyramid",
    "needs", "gates", "stops", "shown", "not_shown", "article", "source", "certainty", "reviewed_by", "axis", "step",
)  # fmt: skip
_STEP_KEYS = (
    "id", "part", "text", "seconds", "seconds_axis", "seconds_less", "breathing", "in_s", "out_s", "picture",
    "seed_says", "timed", "why",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """One number of a dose: it starts small and goes up by `step` after enough good sessions and days, to `most`."""

    name: str
    start: int
    step: int
    most: int
    after_good: int
    after_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for `seconds`, or for as long as an axis of the dose says (less `seconds_less`).

    `part`: once before, in every round, between sets, once after. `breathing`: free, in, out, once (in then out) or
    slow. `seed_says` is what the article tells, `timed` our version, `why` the difference; empty where it is silent.
    """

    id: str
    part: str
    text: str
    seconds: int
    seconds_axis: str
    seconds_less: int
    breathing: str
    in_s: int
    out_s: int
    picture: str
    seed_says: str
    timed: str
    why: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, device, pack or walk, with everything that decides whether and how it is given.

    `weeks`: the first and last week of the course it belongs to, the last 0 while there is none.
    """

    id: str
    name: str
    group: str
    purpose: str
    weeks: tuple[int, int]
    per_day: int
    per_week: int
    order_needed: bool
    bending: bool
    loading: bool
    pyramid: bool
    needs: tuple[str, ...]
    gates: tuple[Gate, ...]
    stops: tuple[StopRule, ...]
    axes: tuple[Axis, ...]
    steps: tuple[Step, ...]
    shown: str
    not_shown: str
    article: str
    source: str
    certainty: str
    reviewed_by: str

    @property
    def as_needed(self) -> bool:
        """Whether nobody is asked to do it every day: ice and heat."""
        return self.group == "pack"

    @property
    def caveat(self) -> str:
        """What must stand beside it when its source is memory."""
        return CAVEAT if self.certainty == "memory" else ""


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by id, in the order of the files. Raises BadInput for a file that cannot be used."""
    every = []
    for name in FILES:
        top = load(f"exercises/{name}.toml")
        top.only("exercise")
        every += [_exercise(table) for table in top.tables("exercise")]
        unique(top, [one.id for one in every])
    return {one.id: one for one in every}


def _exercise(table: Table) -> Exercise:
    table.only(*_KEYS)
    axes = tuple(_axis(one) for one in table.tables("axis"))
    steps = tuple(_step(one, {axis.name for axis in axes}) for one in table.tables("step"))
    unique(table, [axis.name for axis in axes])
    unique(table, [step.id for step in steps])
    return Exercise(
        id=table.text("id"),
        name=table.text("name"),
        group=table.word("group", GROUPS),
        purpose=table.text("purpose", longest=200),
        weeks=_weeks(table),
        per_day=table.count("per_day", 1, 6),
        per_week=table.count("per_week", 1, 42),
        order_needed=table.flag("order_needed"),
        bending=table.flag("bending"),
        loading=table.flag("loading"),
        pyramid=table.flag("pyramid"),
        needs=texts(table, "needs"),
        gates=tuple(gates()[_known(table, "gates", one, gates())] for one in texts(table, "gates")),
        stops=tuple(stop_rules()[_known(table, "stops", one, stop_rules())] for one in texts(table, "stops")),
        axes=axes,
        steps=steps,
        shown=table.text("shown", longest=300),
        not_shown=table.text("not_shown", longest=300),
        article=table.text("article", longest=300),
        source=table.text("source", longest=300),
        certainty=table.word("certainty", CERTAINTIES),
        reviewed_by=table.text("reviewed_by", ""),
    )


def _known(table: Table, key: str, name: str, known: object) -> str:
    assert isinstance(known, dict)
    if name not in known:
        raise table.refuse(key, name, "one of " + ", ".join(known))
    return name


def _weeks(table: Table) -> tuple[int, int]:
    value = table.need("weeks", "[1, 0]")
    fine = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
    if not fine or value[0] < 1 or (value[1] and value[1] < value[0]):
        raise table.refuse("weeks", value, "the first and last week, the last 0 while there is none")
    return value[0], value[1]


def _axis(table: Table) -> Axis:
    table.only("name", "start", "step", "most", "after_good", "after_days")
    axis = Axis(
        table.word("name", AXES),
        table.count("start", 1, 600),
        table.count("step", 1, 60),
        table.count("most", 1, 600),
        table.count("after_good", 1, 20),
        table.count("after_days", 2, 30),
    )
    if axis.most < axis.start:
        raise table.refuse("most", axis.most, f"at least start = {axis.start}")
    return axis


def _step(table: Table, axes: set[str]) -> Step:
    table.only(*_STEP_KEYS)
    if ("seconds" in table) == ("seconds_axis" in table):
        raise table.refuse("seconds", table.data.get("seconds"), "either seconds or seconds_axis")
    return Step(
        id=table.text("id"),
        part=table.word("part", PARTS),
        text=table.text("text", longest=200),
        seconds=table.count("seconds", 1, 1800) if "seconds" in table else 0,
        seconds_axis=table.word("seconds_axis", axes) if "seconds_axis" in table else "",
        seconds_less=table.count("seconds_less", 0, 600, 0),
        breathing=table.word("breathing", BREATHING),
        in_s=table.count("in_s", 0, 20, 4),
        out_s=table.count("out_s", 0, 20, 6),
        picture=table.word("picture", pictures_known()),
        seed_says=table.text("seed_says", "", longest=200),
        timed=table.text("timed", ""),
        why=table.text("why", "", longest=200),
    )


@cache
def pictures_known() -> tuple[str, ...]:
    """The ids of all pictures, from poses.toml."""
    return tuple(load("poses.toml").data)
