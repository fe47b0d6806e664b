"""What somebody typed, as one printable line of bounded length."""

from __future__ import annotations


def one_line(text: str, longest: int) -> str:
    """Spaces put in order, what cannot be printed left out."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())[:longest].strip()
