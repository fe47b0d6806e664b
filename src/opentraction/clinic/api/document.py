"""The OpenAPI document: made from the operations, with every refusal they can answer and the key they ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from opentraction.clinic.api.problems import TITLES, TYPE
from opentraction.clinic.api.service import PREFIX, api

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence for a person."},
    },
}
ALWAYS: Final = (401, 403, 404, 413, 422, 423, 429)
WITH_BODY: Final = (400, 409, 415)


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1, the same for everybody."""
    whole: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    schemas = whole["components"].setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    whole["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "A key."}}
    whole["security"] = [{"key": []}]
    for method, _, operation in operations(whole):
        refusals = (*ALWAYS, *WITH_BODY) if method == "post" else ALWAYS
        operation["responses"] |= {str(status): _refusal(status) for status in sorted(refusals)}
    return whole


def operations(whole: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and operation, in the order of the document."""
    for address, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield method, address, operation


def _refusal(status: int) -> dict[str, Any]:
    return {"description": TITLES[status], "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
