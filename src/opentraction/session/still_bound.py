"""Whether the last patient is still strapped in, nobody knows but the one who unclips; unbinding says so."""

from __future__ import annotations

from opentraction.quantities import BadInput, State


def still_on_the_table(pseudonym: str) -> BadInput:
    """The refusal of the next patient until the last is unbound."""
    return BadInput(
        pseudonym, State("still on the table"), f"the next patient once {pseudonym} is unclipped and unbound"
    )
