"""Addresses of the API, and of the pages where its keys are made and closed."""

from __future__ import annotations

from django.urls import URLPattern, include, path, register_converter
from django.urls.converters import StringConverter

from opentraction.clinic.api.service import api
from opentraction.clinic.api.views import about, keys
from opentraction.clinic.api.views.nowhere import nowhere


class Anything(StringConverter):
    """Whatever is left of an address, line breaks too."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")
# One view answers both methods of an address, and stands once for it.
operations = {one.name: one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"}
named = [
    path("api/v1/", about.about, name="about"),
    path("api/v1/openapi.json", about.document, name="document"),
    path("account/keys", keys.own, name="own"),
    path("account/keys/<int:pk>/close", keys.close, name="close"),
    path("people/keys", keys.clinic, name="clinic"),
    path("people/keys/<int:pk>/close", keys.close_any, name="close-any"),
]
urlpatterns = [
    path("", include((named, "keys"))),
    path("api/v1/", include(([*operations.values(), path("<anything:rest>", nowhere, name="nowhere")], "api"))),
]
