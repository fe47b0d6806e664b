"""The modelled spine after a treatment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import aget_object_or_404, render
from django.views.decorators.http import require_GET

from opentraction.clinic import roles, spine_line
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.reading import reading
from opentraction.clinic.spine_pictures import over_time, spine_now, widest

Moment = Mapping[str, Any]
LEVELS = ("L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")


@require_GET
async def after(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was played after a session; while it is being played, how far."""
    one = await _of(request, pk)
    told = await spine_line.ask("after", str(one.pk))
    kept = spine_line.played(Path(settings.DATA) / one.folder) if one.folder else None
    if "share" in told:
        return JsonResponse({"share": told["share"]}, status=202)
    if kept is None:
        return JsonResponse({"why": told.get("why", spine_line.AWAY)}, status=503)
    await sync_to_async(reading)(request, one, "spine as modelled")
    return await sync_to_async(render)(request, "clinic/_spine_after.html", _page(one, kept))


def _page(one: TreatmentSession, kept: dict[str, Any]) -> dict[str, Any]:
    played = kept["played"]
    if played is None:
        return {"session": one, "neck": True}
    lying = [moment for moment in played["moments"] if moment["t_s"] <= played["up_s"]]
    if not lying:
        return {"session": one, "short": True}
    level = next((name for name in LEVELS if name in kept["levels"]), LEVELS[-1])
    moment, end, last = widest(lying), lying[-1], played["moments"][-1]
    return {
        "session": one,
        "level": level,
        "bodies": kept["bodies"],
        "known": kept["known"],
        "charts": over_time(played, level),
        "drawing": spine_now(moment["levels"], kept["levels"], "The lumbar spine at its widest, modelled"),
        "widest_s": moment["t_s"],
        "rows": [
            {"name": name, "treated": name in kept["levels"], "cells": _cells(name, moment, end, last)}
            for name in moment["levels"]
        ],
    }


def _cells(name: str, moment: Moment, end: Moment, last: Moment) -> list[list[float]]:
    """Opened at its widest, and by the pull alone then, once released, and an hour later [mm], each with its band."""
    opened = moment["levels"][name]["opening_mm"]
    return [opened, *(at["levels"][name]["against_lying_mm"] for at in (moment, end, last))]


async def _of(request: HttpRequest, pk: UUID) -> TreatmentSession:
    user = await sync_to_async(roles.require)(await request.auser(), roles.LOOK)
    rows = await sync_to_async(TreatmentSession.objects.seen_by)(user)
    return await aget_object_or_404(rows.select_related("patient"), pk=pk)
