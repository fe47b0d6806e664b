"""What of a file a person gets to read. Every reader answers with a text of the same length: places stay places.

What is not shown becomes HIDE (its neighbours touch) or BREAK (a paragraph ends). A quoted claim is marked in a
comment, `claims: quoted`, before its paragraph, element or value (`claims: asked` for the choices of a question); or
it stands under a key such as `article_says`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from opentraction.care.claims.code_strings import javascript, po, python, toml
from opentraction.care.claims.fold import BREAK, HIDE
from opentraction.care.claims.markup import html, markdown
from opentraction.quantities import BadInput

_BULLET: Final = re.compile(r"(?m)^[ \t]*(?:[-*•+]|\d{1,3}[.)])(?=[ \t])")
_TYPST_COMMENT: Final = re.compile(r"(?<!:)//[^\n]*|/\*(?:(?!/\*).)*?\*/", re.DOTALL)


def shown(text: str, kind: str) -> str:
    """The text with everything a reader does not see blanked, of the same length. Raises BadInput for another kind."""
    if kind not in KINDS:
        raise BadInput("kind", kind, ", ".join(KINDS))
    return KINDS[kind](text)


def kind_of(name: str) -> str:
    """The kind a file's name tells; text for what is not known."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower(), "text")


def _plain(text: str) -> str:
    return _BULLET.sub(lambda found: BREAK * len(found[0]), text)


def _typst(text: str) -> str:
    """Comments go; a marked comment takes the paragraph after it along."""
    marked = re.sub(
        r"//[ \t]*claims:[ \t]*(?:quoted|asked)[^\n]*\n.*?(?=\n[ \t]*\n|\Z)",
        lambda found: BREAK * len(found[0]),
        text,
        flags=re.DOTALL,
    )
    return _TYPST_COMMENT.sub(lambda found: HIDE * len(found[0]), marked)


KINDS: Final[dict[str, Callable[[str], str]]] = {
    "text": _plain,
    "markdown": markdown,
    "html": html,
    "toml": toml,
    "python": python,
    "javascript": javascript,
    "po": po,
    "typst": _typst,
}
_BY_SUFFIX: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xml": "html",
    ".svg": "html",
    ".toml": "toml",
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".po": "po",
    ".pot": "po",
    ".typ": "typst",
}
