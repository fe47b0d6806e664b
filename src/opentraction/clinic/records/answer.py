"""A written file as the answer to a browser: small ones from memory, large ones piece by piece from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

IN_MEMORY: Final = 16 * 1024 * 1024  # [bytes]
A_PIECE: Final = 1 << 20  # [bytes]


def zip_answer(file: IO[bytes], name: str) -> HttpResponseBase:
    """A ZIP to be kept under `name`; the file is closed when it is read."""
    size = file.seek(0, 2)
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    if size > IN_MEMORY:
        return StreamingHttpResponse(_pieces(file), content_type="application/zip", headers=headers)
    with file:
        return HttpResponse(file.read(), content_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(A_PIECE):
            yield piece
