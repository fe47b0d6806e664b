"""The web process: Django over ASGI, with the table link alive from the server's start to its end.

uvicorn opentraction.app.asgi:application --host 127.0.0.1 --port 8000 --timeout-graceful-shutdown 2
"""

from __future__ import annotations

import os
import warnings
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")
# WhiteNoise hands files over as plain iterators; they are small and read from memory.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
_django = get_asgi_application()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve a request, or the server's own start and end."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _django(scope, receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    from opentraction.clinic.table_link import shared_link  # needs Django set up first

    link = shared_link()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            link.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await link.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
