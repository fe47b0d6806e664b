"""Text that may be shown, printed and recorded: one line, printable, of bounded length."""

from __future__ import annotations

from opentraction.quantities.refusal import BadInput


def check_line(value: object, where: str, longest: int) -> str:
    """`value` as it is, if it is printable text on one line. Raises BadInput.

    Control characters would end an annotation of a recording early; half a surrogate pair cannot be written at all.
    """
    if not isinstance(value, str) or len(value) > longest:
        raise BadInput(where, value, f"text of at most {longest} characters")
    if not value.isprintable():
        raise BadInput(where, value, "printable text on one line")
    return value
