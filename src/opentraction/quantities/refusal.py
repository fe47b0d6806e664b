"""One way to say no: what was wrong, where, and what is allowed."""

from __future__ import annotations


class State(str):
    """What a thing is, where there is no value to show: `missing`, `not there`, `not known`. It follows "is"."""

    __slots__ = ()


class BadInput(ValueError):
    """Something a person gave us that we cannot use, said in one sentence.

    Parameters
    ----------
    where : str
        The field or argument, dotted, e.g. ``"forces.high"``.
    value : object
        What was given, as given; a `State` where nothing was given, or where the thing itself is wrong.
    allowed : str
        What would have been accepted.
    source : str
        The file or form it came from; filled in by whoever opened it.
    """

    def __init__(self, where: str, value: object, allowed: str, source: str = "") -> None:
        self.where = where
        self.value = value
        self.allowed = allowed
        self.source = source
        super().__init__(self.sentence())

    def sentence(self) -> str:
        # A file's name may hold anything, a terminal's control characters too.
        source = self.source if self.source.isprintable() else repr(self.source)
        place = f"{source}: {self.where}" if self.source else self.where
        return f"{place} {self._wrong()}; allowed: {self.allowed}."

    def _wrong(self) -> str:
        if isinstance(self.value, State):
            return f"is {self.value}"
        return f"= {_shown(self.value)} cannot be used"

    def within(self, source: str) -> BadInput:
        """The same refusal, naming the file or form it came from."""
        return BadInput(self.where, self.value, self.allowed, self.source or source)

    def __str__(self) -> str:
        return self.sentence()


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python turns into text
        text = "a number too long to show"
    return text if len(text) <= 60 else text[:57] + "..."
