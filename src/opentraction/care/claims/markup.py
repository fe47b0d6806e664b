"""What of Markdown and HTML (Django templates too) a person gets to read; the rest is blanked at the same length."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from typing import Final

from opentraction.care.claims.code_strings import javascript
from opentraction.care.claims.fold import BREAK, HIDE

_MARK: Final = re.compile(r"<!--\s*claims:\s*(?:quoted|asked)\s*-->|\{#\s*claims:\s*(?:quoted|asked)\s*#\}")
_LONGEST_QUOTED: Final = 20_000  # characters of a marked element; one that is never closed ends there
# Each looks no further than the next beginning of its own kind: what is never closed costs no more than its length.
_COMMENT: Final = re.compile(
    r"<!--(?:(?!<!--).)*?-->|\{#(?:(?!\{#).)*?#\}|\{%\s*comment\b(?:(?!\{%\s*comment\b).)*?endcomment\s*%\}", re.DOTALL
)
_SCRIPT: Final = re.compile(r"(<script\b[^<>]*>)((?:(?!<script\b).)*?)(?=</script)", re.DOTALL | re.IGNORECASE)
_STYLE: Final = re.compile(r"<style\b[^<>]*>(?:(?!<style\b).)*?(?=</style)", re.DOTALL | re.IGNORECASE)
_VALUE: Final = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
_TEMPLATE_TAG: Final = re.compile(r"\{%\s*(?P<name>\w+)(?P<rest>(?:(?!\{%).)*?)%\}", re.DOTALL)
_TAG: Final = re.compile(r"<[/!?]?(?P<name>[A-Za-z][\w:-]*)(?P<rest>(?:\"[^\"]*+\"|'[^']*+'|[^<>\"']){0,3000}+)>")
_READ_ALOUD: Final = re.compile(
    r"(?<=[\s\"'])(?:alt|title|aria-label|aria-description|placeholder|content|summary|value|data-[\w-]+)"
    r"\s*=\s*(?P<quote>[\"'])(?P<text>.*?)(?P=quote)",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED_STRING: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_INLINE: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo cite code data dfn em font i ins kbd mark q s samp small span strong sub sup time u var wbr",
    )
)
_FORKS: Final = frozenset(["else", "elif", "empty", "for", "endfor", "plural"])
_MD_MARKS: Final = re.compile(r"(?m)^[ \t]*(?:#{1,6}(?=[ \t])|>|[-*+](?=[ \t])|\d{1,3}[.)](?=[ \t]))")
_MD_HEADING_END: Final = re.compile(r"(?m)^(#{1,6}[ \t][^\n]*)\n")
_MD_LINK: Final = re.compile(r"\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|\]\[[^\]\n]*\]")
_MD_NAME: Final = re.compile(r"`[^\s`]+`")  # one word of code is a name
_MD_INLINE: Final = re.compile(r"\*{1,3}|_{1,3}(?=\S)|(?<=\S)_{1,3}|`{1,3}|!?\[|\]|~~")


def html(text: str) -> str:
    """Text nodes and what is read aloud; tags, comments, styles and template code are blanked."""
    text = _without_marked(text, _element_end)
    text = _COMMENT.sub(_hidden, text)
    text = _SCRIPT.sub(lambda found: BREAK * len(found[1]) + javascript(found[2]), text)
    text = _STYLE.sub(_broken, text)
    text = _VALUE.sub(lambda found: "0" + HIDE * (len(found[0]) - 1), text)
    text = _TEMPLATE_TAG.sub(_template_tag, text)
    return _ENTITY.sub(_entity, _TAG.sub(_tag, text))


def markdown(text: str) -> str:
    """Paragraphs, items, cells and headings; marks, link targets, tags and one-word code are blanked."""
    text = _without_marked(text, _paragraph_end)
    text = _COMMENT.sub(_hidden, text)
    text = _MD_HEADING_END.sub(lambda found: found[1] + BREAK, text)
    text = _MD_MARKS.sub(_broken, text)
    text = _MD_NAME.sub(_hidden, text)
    text = _MD_LINK.sub(_hidden, text).replace("|", BREAK)
    text = _MD_INLINE.sub(_hidden, text)
    return _ENTITY.sub(_entity, _TAG.sub(_tag, text))


def _hidden(found: re.Match[str]) -> str:
    return HIDE * len(found[0])


def _broken(found: re.Match[str]) -> str:
    return BREAK * len(found[0])


def _without_marked(text: str, end_of: Callable[[str, int], int]) -> str:
    """Blank what each mark stands before."""
    parts, place = [], 0
    while (mark := _MARK.search(text, place)) is not None:
        end = max(end_of(text, mark.end()), mark.end())
        parts += [text[place : mark.start()], BREAK * (end - mark.start())]
        place = end
    return "".join([*parts, text[place:]])


def _paragraph_end(text: str, start: int) -> int:
    """Where the paragraph after a mark ends: the next blank line."""
    begin = re.compile(r"\s*").match(text, start)
    found = re.compile(r"\n[ \t]*\n").search(text, begin.end() if begin else start)
    return found.start() if found else len(text)


def _element_end(text: str, start: int) -> int:
    """Where the element after a mark ends; without one, where the next tag begins."""
    begin = re.compile(r"\s*").match(text, start)
    first = _TAG.match(text, begin.end() if begin else start)
    if first is None:
        following = _TAG.search(text, start)
        return following.start() if following else len(text)
    depth = 0
    for tag in _TAG.finditer(text, first.start(), first.start() + _LONGEST_QUOTED):
        if tag["name"].lower() == first["name"].lower() and not tag["rest"].endswith("/"):
            depth += -1 if tag[0].startswith("</") else 1
        if depth <= 0:
            return tag.end()
    return first.end()


def _template_tag(found: re.Match[str]) -> str:
    """The words of `{% translate "..." %}`; a fork ends the sentence; the rest is nothing."""
    if found["name"] in {"translate", "trans"}:
        words = _QUOTED_STRING.search(found[0])
        group = 1 if words and words[1] is not None else 2
        if words:
            start, stop = words.span(group)
            return HIDE * start + found[0][start:stop] + HIDE * (len(found[0]) - stop)
    return _broken(found) if found["name"] in _FORKS else _hidden(found)


def _tag(found: re.Match[str]) -> str:
    """A tag as nothing or as a paragraph's end; attributes that are read aloud stay."""
    whole, name = found[0], found["name"].lower()
    if name == "br":
        return " " + HIDE * (len(whole) - 1)
    spoken = [one.span("text") for one in _READ_ALOUD.finditer(whole)]
    if not spoken:
        return (HIDE if name in _INLINE else BREAK) * len(whole)
    out, end = [], 0
    for start, stop in spoken:
        out += [BREAK * (start - end), whole[start:stop]]
        end = stop
    return "".join(out) + BREAK * (len(whole) - end)


def _entity(found: re.Match[str]) -> str:
    char = entities.unescape(found[0])
    if char == found[0]:
        return char
    return char[: len(found[0])] + HIDE * (len(found[0]) - len(char))
