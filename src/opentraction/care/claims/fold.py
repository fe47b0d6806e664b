"""A text folded for reading: small letters, plain hyphens and quotes, one space; every letter knows where it stood.

What looks alike is made alike: typographic hyphens, no-break and hair spaces, letters borrowed from other alphabets,
letters set apart (F D A) or broken at a line's end (guaran- / teed).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

HIDE: Final = "\x00"  # nothing stands here, and what is left and right of it touches (markup inside a word)
BREAK: Final = "\x1e"  # a paragraph ends here, whatever the line says
_LINE_ENDS: Final = "\n\r\x0b\x0c\x85\u2028\u2029"
_ALIKE: Final = {
    **dict(zip("аеорсухіѕјԁһԛԝкмтвн", "aeopcyxisjdhqwkmtbh", strict=True)),
    **dict(zip("αεορυικνχτ", "aeopuikvxt", strict=True)),
    "ı": "i",  # noqa: RUF001
    "’": "'",
    "‘": "'",  # noqa: RUF001
    "ʼ": "'",  # noqa: RUF001
    "′": "'",  # noqa: RUF001
    "´": "'",  # noqa: RUF001
    "`": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "″": '"',
    "−": "-",
    "·": " ",
    "٪": "%",
}
_APART: Final = re.compile(r"(?<![a-z0-9])(?:[a-z][ .\-]){2,}[a-z](?![a-z0-9])(?:(?<=\.[a-z])\.)?")
_BROKEN: Final = re.compile(r"(?<=[a-z])- (?=[a-z])")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` and, for each of its characters, the index it has in the text as it was given."""

    text: str
    origin: list[int]

    def without(self, spans: list[tuple[int, int]]) -> Folded:
        """The same with some stretches taken out."""
        keep, end = [], 0
        for start, stop in spans:
            keep.append((end, start))
            end = stop
        keep.append((end, len(self.text)))
        text = "".join(self.text[a:b] for a, b in keep)
        return Folded(text, [one for a, b in keep for one in self.origin[a:b]])


def fold(shown: str) -> Folded:
    """Fold a text; HIDE and BREAK in it mean what they say. A blank line ends a paragraph and becomes a line end."""
    letters: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(shown):
        for letter in _fold_one(char):
            if letter in " \n" and letters and letters[-1] in " \n" and letter != BREAK:
                if letter == "\n" and letters[-1] == " ":
                    letters[-1] = "\n"
                continue
            letters.append(letter)
            origin.append(place)
    return Folded("".join(letters), origin)


def foldings(shown: str) -> tuple[Folded, ...]:
    """The text as it stands, and, where that differs, with letters set apart and words broken at line ends joined."""
    plain = fold(_blank_lines(shown))
    apart = [
        (match.start() + k, match.start() + k + 1)
        for match in _APART.finditer(plain.text)
        for k, letter in enumerate(match[0])
        if letter in " .-"
    ]
    broken = [match.span() for match in _BROKEN.finditer(plain.text)]
    taken = sorted(set(apart + broken))
    return (plain, plain.without(taken)) if taken else (plain,)


def _blank_lines(shown: str) -> str:
    """Each run of blank lines with a BREAK at its first line end; same length."""
    return re.sub(r"\n(?=[ \t\r]*\n)", BREAK, shown)


def _fold_one(char: str) -> str:
    if char == HIDE:
        return ""
    if char == BREAK:
        return "\n"
    if char.isascii():
        return " " if char.isspace() else _ALIKE.get(char, char.lower())
    if char in _ALIKE:
        return _ALIKE[char]
    if char.isspace() or char in _LINE_ENDS:
        return " "
    kind = unicodedata.category(char)
    if kind in {"Cf", "Mn", "Me"}:  # zero-width spaces and joiners, soft hyphens, accents standing alone
        return ""
    if kind == "Pd":
        return "-"
    plain = "".join(one for one in unicodedata.normalize("NFKD", char) if unicodedata.category(one) != "Mn")
    return "".join(_ALIKE.get(one, one) for one in plain.casefold())
