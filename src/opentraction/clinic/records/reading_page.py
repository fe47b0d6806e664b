"""The page inside an export: the whole record as tables, readable in any browser without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from opentraction import DISCLAIMER

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2a33}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}caption{text-align:left;font-weight:600}"
    "th,td{border:1px solid #c5d0d6;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    ".scroll{overflow-x:auto}pre{white-space:pre-wrap;margin:0}small{color:#52636d}"
)


def page_of(record: dict[str, Any], files: Iterable[Any]) -> str:
    """The record as one page of HTML."""
    return "\n".join(_parts(record, list(files))) + "\n"


def _parts(record: dict[str, Any], files: list[Any]) -> Iterator[str]:
    name = escape(record["patient"])
    yield f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Record of {name}</title>'
    yield f"<style>{STYLE}</style></head><body>"
    yield f"<h1>Record of {name}</h1><p>{escape(record['clinic']['name'])}</p>"
    yield f"<p><small>{escape(DISCLAIMER)} SI units, times in UTC. record.json has it for programs.</small></p>"
    yield "<h2>Files</h2>" + _table(["File", "Bytes", "SHA-256"], [[_link(f.path), f.bytes, f.sha256] for f in files])
    yield "<h2>Who did and read what</h2>"
    yield _table(["When (UTC)", "Who", "What"], [[one["at"], one["who"], one["what"]] for one in record["acts"]])
    yield "<h2>Everything that is kept</h2>"
    for table, rows in record["rows"].items():
        if rows and table != "clinic.AuditRow":
            yield from _rows(table, rows, record["people"])
    yield "</body></html>"


def _rows(table: str, rows: list[dict[str, Any]], people: dict[str, str]) -> Iterator[str]:
    yield f"<h3>{escape(_heading(table))}</h3>"
    for row in rows:
        said = [[name.replace("_", " "), _value(name, value, people)] for name, value in row.items()]
        yield _table(["Field", "Value"], said)


def _heading(table: str) -> str:
    wing, _, model = table.partition(".")
    return f"{model} ({wing})"


def _value(name: str, value: Any, people: dict[str, str]) -> Any:
    if name in {"by_id", "author_id", "signed_by_id", "operator_id", "user_id", "witness_id"}:
        return people.get(str(value), "–" if value is None else value)
    return value


def _table(heads: list[str], rows: list[list[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{_cell(one)}</td>" for one in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


class _Link(str):
    """Markup already."""


def _link(path: str) -> str:
    return _Link(f'<a href="{escape(path)}">{escape(path)}</a>')


def _cell(value: Any) -> str:
    if isinstance(value, _Link):
        return value
    if value is None:
        return "–"
    if isinstance(value, dict | list):
        return f"<pre>{escape(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False))}</pre>"
    return escape(str(value))
