"""What lies on the simulated table: a body whose lumbar spine is springs that creep, or one with the column in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from opentraction.quantities import BadInput

if TYPE_CHECKING:
    from opentraction.body.person import Person
    from opentraction.prescription import Plan
    from opentraction.quantities import Streams

SPRINGS, COLUMN = "springs", "column"
SPINES: Final = (SPRINGS, COLUMN)
Loop = Callable[..., Any]


def laid(
    spine: str, plan: Plan, patient: Mapping[str, Any], person: Person, streams: Streams, run: Loop
) -> tuple[Person, Loop]:
    """The person with the asked spine, and the loop that pulls them; `patient` as in a start document. Raises BadInput.

    The loop of a column raises BadInput where the column finds no answer.
    """
    if spine == SPRINGS:
        return person, run
    if plan.region != "lumbar":
        raise BadInput("--spine", spine, f"{SPRINGS}, for a pull at the neck")
    from opentraction.app.compiling_once import say_if_compiling
    from opentraction.body.column.chosen import drawn  # compiled when first asked for: springs need not wait for it
    from opentraction.body.column.march import march
    from opentraction.twin.column_spine import ColumnSpine
    from opentraction.twin.spine_view import somebody

    say_if_compiling(march)
    (chosen,) = drawn(1, streams)
    column = _told(ColumnSpine, spine)(somebody(patient), plan.position, chosen, plan.angle)
    return column.in_place_of(person), _told(column.run(run), spine)


def _told(made: Loop, spine: str) -> Loop:
    """The same, but that a column which finds no answer says what else is allowed."""
    from opentraction.body.column.living import NotSolved

    def told(*given: Any) -> Any:
        try:
            return made(*given)
        except NotSolved as trouble:
            raise BadInput("--spine", spine, f"{SPRINGS}: this column found {trouble}") from None

    return told
