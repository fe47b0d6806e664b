"""Gather what the pages of the clinic and its wings say, keep what is translated, compile: scripts/messages

An app takes part once it has a folder `locale/<language>/LC_MESSAGES`. Words are found in templates (`translate`,
`blocktranslate`) and in Python (`gettext` and its kin). A word nobody has translated stays English.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CLINIC = ROOT / "src/opentraction/clinic"
DOMAIN = "django"
WORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEAD = "# What the console says, for translators. Made by scripts/messages; write behind msgstr."


def apps() -> list[Path]:
    """The folders whose pages are translated: the core, and each wing with a `locale` of its own."""
    return [CLINIC, *sorted(path.parent for path in CLINIC.glob("*/locale") if path.parent != CLINIC)]


def sources(app: Path) -> Iterator[Path]:
    """What an app says things in; the core's are its own and not its wings'."""
    wings = {path.parent for path in CLINIC.glob("*/apps.py")} if app == CLINIC else set()
    for path in sorted(app.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not wings & set(path.parents) and "migrations" not in path.parts:
            yield path


def gathered(app: Path) -> Catalog:
    """Everything an app says that is marked to be translated, with the file it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in sources(app):
        text, method = path.read_text("utf-8"), "python"
        if path.suffix != ".py":
            text, method = _plain(text), "javascript"  # what Django makes of a template reads like calls of gettext
        for _, message, comments, context in extract(method, io.BytesIO(text.encode()), WORDS):
            place = [(path.relative_to(ROOT).as_posix(), 0)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def _plain(template: str) -> str:
    from django.utils.translation.template import templatize

    return str(templatize(template)).replace("gettext(u'", "gettext('").replace('gettext(u"', 'gettext("')


def update(path: Path, found: Catalog) -> Catalog:
    """The translations that are there, with what is said now: new words are empty, words no more said are left out."""
    old = Catalog(locale=path.parts[-3], charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=path.parts[-3])
    old.update(found, no_fuzzy_matching=True, update_creation_date=False)
    old.obsolete.clear()
    old.header_comment, old.fuzzy = HEAD, False
    return old


def written(catalog: Catalog) -> bytes:
    """The .po as it is kept: sorted, without line numbers or dates, so that it changes only with its words."""
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, width=120, include_lineno=False, omit_header=False)
    dated = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Language-Team')
    return b"".join(line for line in out.getvalue().splitlines(True) if not line.startswith(dated))


def compiled(catalog: Catalog) -> bytes:
    """The .mo that Django reads."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def messages(mo: bytes) -> dict[object, object]:
    """What a .mo says, to compare two of them."""
    return {(str(one.id), one.context): one.string for one in read_mo(io.BytesIO(mo)) if one.id}


def _renew(path: Path, mo: bytes) -> None:
    """It carries the minute it was made in, so it changes only with its words."""
    if not path.exists() or messages(path.read_bytes()) != messages(mo):
        path.write_bytes(mo)


def main() -> int:
    """Update and compile every catalogue."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")
    for app in apps():
        found = gathered(app)
        for folder in sorted(app.glob("locale/*/LC_MESSAGES")):
            catalog = update(folder / f"{DOMAIN}.po", found)
            (folder / f"{DOMAIN}.po").write_bytes(written(catalog))
            _renew(folder / f"{DOMAIN}.mo", compiled(catalog))
            missing = sum(not one.string for one in catalog if one.id)
            print(f"{folder.relative_to(ROOT)}: {len(catalog)} messages, {missing} still English")
    return 0


if __name__ == "__main__":
    sys.exit(main())
