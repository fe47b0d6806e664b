"""The document of the API, and the same as a page for people."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opentraction.clinic import access
from opentraction.clinic.api.document import document as made
from opentraction.clinic.api.document import operations
from opentraction.clinic.api.service import api


@login_not_required
@require_GET
def document(request: HttpRequest) -> JsonResponse:
    """OpenAPI 3.1. It says nothing of anybody."""
    return JsonResponse(made(), json_dumps_params={"indent": 1})


@login_not_required
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Every operation in a table: what it does, what it takes, which act it asks for."""
    whole = made()
    rows = [_row(method, address, operation) for method, address, operation in operations(whole)]
    subjects: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        subjects.setdefault(row["subject"], []).append(row)
    return render(request, "api/about.html", {"info": whole["info"], "subjects": subjects.items()})


def _row(method: str, address: str, operation: dict[str, Any]) -> dict[str, Any]:
    taken = [one["name"] for one in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "subject": operation["tags"][0],
        "method": method.upper(),
        "address": address,
        "says": operation.get("description", ""),
        "takes": ", ".join(taken),
        "body": body.get("$ref", "").rsplit("/", 1)[-1],
        "act": access.needed(f"api:{NAMES[operation['operationId']]}", method) or "",
    }


NAMES = {
    f"{one.view_func.__module__.rsplit('.', 1)[-1]}_{one.view_func.__name__}": one.url_name
    for bound in api._get_bound_routers()
    for view in bound.path_operations.values()
    for one in view.operations
}
