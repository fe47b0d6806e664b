"""The texts inside code and data: string literals of Python, JavaScript, TOML and PO files; the rest is blanked.

Strings that stand one after another are read as one, as the languages do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from opentraction.care.claims.fold import BREAK, HIDE

# What others say, what a rule looks for, what nobody reads: never our own words.
QUOTED_KEYS: Final = ("article_says", "quoted", "patterns", "unless", "wrong", "id")
_MARK: Final = re.compile(r"claims:\s*(?:quoted|asked)\b")
_KEY: Final = re.compile(r"([A-Za-z0-9_-]+)[ \t]*=")
# A path, an anchor or an identifier: one word with a sign that no written word has.
_NAME: Final = re.compile(r"\S*[/#_]\S*")
_HASH: Final = r"(?P<comment>\#[^\n]*)"
_SLASHES: Final = r"(?P<comment>//[^\n]*|/\*(?:(?!/\*).)*?\*/)"
_SINGLE: Final = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_TRIPLE: Final = r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
_TICKS: Final = r"`(?:\\.|[^`\\])*`"
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<code>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|u\{[0-9a-fA-F]{1,6}\})|(?P<one>.))", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A string literal: its inside is text[start:stop]; `head` is where the literal begins, `tail` where it ends."""

    head: int
    start: int
    stop: int
    tail: int
    plain: bool


def python(text: str) -> str:
    """Strings of Python; in f-strings a value counts as a number, for it may be one."""
    literal = rf"(?P<prefix>(?i:[rbfu]{{0,2}}))(?P<string>{_TRIPLE}|{_SINGLE})"
    return _strings(text, re.compile(rf"{_HASH}|{literal}", re.DOTALL), r"\s*")


def javascript(text: str) -> str:
    """Strings and templates of JavaScript, joined over `+`."""
    literal = rf"(?P<string>{_SINGLE}|{_TICKS})"
    return _strings(text, re.compile(rf"{_SLASHES}|{literal}", re.DOTALL), r"\s*\+\s*")


def po(text: str) -> str:
    """Messages and their translations in a PO file."""
    literal = r"(?P<string>\"(?:\\.|[^\"\\\n])*\")"
    return _strings(text, re.compile(rf"{_HASH}|{literal}"), r"\s*")


def toml(text: str) -> str:
    """Values of a TOML file, without those of QUOTED_KEYS."""
    literal = rf"(?P<string>{_TRIPLE}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    return _strings(text, re.compile(rf"{_HASH}|{literal}", re.DOTALL), None, QUOTED_KEYS)


def _strings(text: str, token: re.Pattern[str], joint: str | None, quoted: tuple[str, ...] = ()) -> str:
    """Blank everything but the insides of strings; those that are quoted or marked are blanked too."""
    out, last = [], None
    for piece in _kept(text, token, joint, quoted):
        end = last.stop if last else 0
        touching = last is not None and joint is not None and re.fullmatch(joint, text[last.tail : piece.head])
        out.append((HIDE if touching else BREAK) * (piece.start - end))
        out.append(_inside(text[piece.start : piece.stop], piece.plain))
        last = piece
    out.append(BREAK * (len(text) - (last.stop if last else 0)))
    return "".join(out)


def _kept(text: str, token: re.Pattern[str], joint: str | None, quoted: tuple[str, ...]) -> Iterator[_Piece]:
    marked, key, owner, last = False, "", "", None
    for match in token.finditer(text):
        if match["comment"] is not None:
            marked = marked or bool(_MARK.search(match[0]))
            continue
        piece = _piece(match)
        named = _KEY.findall(text[last.tail if last else 0 : piece.head])
        key = named[-1] if named else key
        follows = last is not None and joint is not None and re.fullmatch(joint, text[last.tail : piece.head])
        if owner and not follows and (named or not quoted):
            owner = ""
        if marked:
            marked, owner = False, key or "value"
        last = piece
        if not owner and key not in quoted:
            yield piece


def _piece(match: re.Match[str]) -> _Piece:
    written = match["string"]
    wide = 3 if written[:3] in {'"""', "'''"} and len(written) >= 6 else 1
    start, stop = match.start("string") + wide, match.end("string") - wide
    prefix = (match.groupdict().get("prefix") or "").lower()
    return _Piece(match.start(), start, stop, match.end(), "r" in prefix)


def _inside(text: str, plain: bool) -> str:
    """Escapes as what they stand for, at the same length; names of things are no text."""
    if _NAME.fullmatch(text):
        return HIDE * len(text)
    return text if plain else _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    if match["code"]:
        number = int(match["code"].lstrip("xuU").strip("{}"), 16)
        char = chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else " "
    else:
        char = {"n": "\n", "t": " ", "r": " ", "\n": HIDE}.get(match["one"], match["one"])
    return char + HIDE * (len(match[0]) - 1)
