"""The parts of a prescription file, one reader for each table. All raise BadInput."""

from __future__ import annotations

from opentraction.prescription.amount import Amount, parse_amount
from opentraction.prescription.recipe import (
    CHANGES,
    Change,
    Course,
    Oscillation,
    Ramp,
    SecondHold,
    Steps,
    WrittenCycle,
)
from opentraction.quantities import parse_quantity, quantity
from opentraction.quantities.toml_file import Table

MOST_CYCLES = 1200


def read_ramp(table: Table, shapes: tuple[str, ...]) -> Ramp:
    """[rise] or [fall]: shape, then time or rate (the steepest); 20 N/s when neither is written."""
    extra = ("curvature", "steps", "step_hold", "limit") if "stepped" in shapes else ()
    table.only("shape", "time", "rate", *extra)
    shape = table.word("shape", shapes, "linear")
    if "time" in table and "rate" in table:
        raise table.refuse("rate", table.data["rate"], "either a time or a rate, not both")
    _belong(table, shape)
    time = table.amount("time", "ramp_time") if "time" in table else None
    rate = None if time is not None else table.amount("rate", "force_rate", "20 N/s")
    return Ramp(
        table.where,
        shape,
        time,
        rate,
        curvature=table.number("curvature", 0.1, 100.0, 9.0),
        steps=table.count("steps", 2, 20) if shape == "stepped" else 1,
        step_hold=table.amount("step_hold", "rest_time", "10 s"),
    )


def _belong(table: Table, shape: str) -> None:
    owners = {"curvature": "logarithmic", "steps": "stepped", "step_hold": "stepped"}
    for key, owner in owners.items():
        if key in table and shape != owner:
            raise table.refuse(key, table.data[key], f'{key} with shape = "{owner}" only')


def read_second_hold(table: Table) -> SecondHold | None:
    """[second_hold]: force, time, move (the time to get there, 5 s)."""
    if not table:
        return None
    table.only("force", "time", "move")
    force = parse_amount(table.need("force", '"80 % high"'), table.place("force"))
    return SecondHold(force, table.amount("time", "hold_time"), table.amount("move", "ramp_time", "5 s"))


def read_oscillation(table: Table) -> Oscillation | None:
    """[oscillation]: amplitude, frequency, fade (5 s)."""
    if not table:
        return None
    table.only("amplitude", "frequency", "fade")
    amplitude = parse_amount(table.need("amplitude", '"5 % high"'), table.place("amplitude"))
    frequency = table.amount("frequency", "oscillation_frequency")
    return Oscillation(amplitude, frequency, table.amount("fade", "ramp_time", "5 s"))


def read_steps(table: Table) -> Steps | None:
    """[steps]: count, first (an equal share of high when left out), fall_to (50 %)."""
    if not table:
        return None
    table.only("count", "first", "fall_to")
    count = table.count("count", 2, 20)
    first = parse_amount(table.data.get("first", f"{100.0 / count:.6f} % high"), table.place("first"))
    fall = parse_quantity(table.data.get("fall_to", "50 %"), "fraction", table.place("fall_to"))
    if not 0.0 <= fall <= 0.9:
        raise table.refuse("fall_to", table.data.get("fall_to"), "a share from 0 % to 90 % of each step")
    return Steps(count, first, fall)


def read_change(table: Table) -> Change | None:
    """[change]: kind, and the values the session starts from: high, low, hold, rest."""
    if not table:
        return None
    table.only("kind", "high", "low", "hold", "rest")
    kind = table.word("kind", CHANGES)
    change = Change(kind, *_four(table))
    wanted = [change.rest] if kind == "shrinking rest" else [change.high, change.low, change.hold, change.rest]
    if all(value is None for value in wanted):
        named = "rest" if kind == "shrinking rest" else "high, low, hold or rest"
        raise table.refuse("kind", kind, f"a change with the {named} it starts from")
    return change


def read_written(tables: list[Table]) -> tuple[WrittenCycle, ...]:
    """[[cycle]]: times, high, low, hold, rest; what is left out is as in the rest of the file."""
    cycles: list[WrittenCycle] = []
    for table in tables:
        table.only("times", "high", "low", "hold", "rest")
        cycles.append(WrittenCycle(table.count("times", 1, 200, 1), *_four(table)))
    if sum(cycle.times for cycle in cycles) > MOST_CYCLES:
        raise tables[0].refuse("times", sum(cycle.times for cycle in cycles), f"at most {MOST_CYCLES} cycles in all")
    return tuple(cycles)


def _four(table: Table) -> tuple[Amount | None, Amount | None, float | None, float | None]:
    """High, low, hold and rest of a cycle, None where not written."""
    high, low = (parse_amount(table.data[k], table.place(k)) if k in table else None for k in ("high", "low"))
    hold = table.amount("hold", "hold_time") if "hold" in table else None
    rest = table.amount("rest", "rest_time") if "rest" in table else None
    return high, low, hold, rest


def read_course(table: Table) -> Course | None:
    """[course]: sessions, high_last, step."""
    if not table:
        return None
    table.only("sessions", "high_last", "step")
    last = parse_amount(table.need("high_last", '"110 lb"'), table.place("high_last"))
    step = quantity("force").read(table.data["step"], table.place("step")) if "step" in table else None
    if step is not None and step < 1.0:
        raise table.refuse("step", table.data["step"], 'a step of at least "1 N"')
    return Course(table.count("sessions", 1, 40), last, step)
