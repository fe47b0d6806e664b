"""Public pages to read: what is known, questions, what the articles say, the roads side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opentraction.care.articles import ARTICLES, VERDICTS, conflicts, points
from opentraction.care.pathways import ROWS, Pathway, note, pathways, say_in
from opentraction.clinic.learning.said import evidence_shown, questions_shown
from opentraction.clinic.portal.speaking import language_of, speaking


@login_not_required
@require_GET
@speaking
def learn(request: HttpRequest) -> HttpResponse:
    """Where to begin."""
    said = evidence_shown(language_of(request))
    return _page(request, "learn", {"headline": said["headline"], "known": said["known"][:3]})


@login_not_required
@require_GET
@speaking
def evidence(request: HttpRequest) -> HttpResponse:
    """Both sides, with numbers, pictures and sources."""
    return _page(request, "evidence", evidence_shown(language_of(request)))


@login_not_required
@require_GET
@speaking
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of the articles, answered."""
    return _page(request, "questions", {"questions": questions_shown(language_of(request))})


@login_not_required
@require_GET
@speaking
def articles(request: HttpRequest) -> HttpResponse:
    """All 74 points; `?verdict=` shows one kind of them."""
    asked = request.GET.get("verdict", "")
    wanted = asked if asked in VERDICTS else ""
    every = points()
    counts = [(verdict, sum(one.verdict == verdict for one in every)) for verdict in VERDICTS]
    shown = [one for one in every if not wanted or one.verdict == wanted]
    page = {
        "points": shown,
        "counts": counts,
        "all": len(every),
        "wanted": wanted,
        "articles": list(enumerate(ARTICLES)),
        "conflicts": conflicts(),
    }
    return _page(request, "articles", page)


@login_not_required
@require_GET
@speaking
def roads(request: HttpRequest) -> HttpResponse:
    """The roads side by side, for nobody in particular."""
    say = say_in(language_of(request))
    every = [(road.key, say(road.name), say(road.what), _rows(road, say)) for road in pathways()]
    return _page(request, "pathways", {"roads": every, "note": say(note())})


def _rows(road: Pathway, say: Callable[[str], str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, head and contents of each row but what it is, which stands above them."""
    rows = [(name, say(head), road.row(name, say)) for name, head in ROWS.items() if name != "what"]
    return [one for one in rows if one[2]]


def _page(request: HttpRequest, name: str, page: dict[str, Any]) -> HttpResponse:
    return render(request, f"learning/{name}.html", {"at": name, **page})
