"""A page with the home player, served by itself under the console's own content policy."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

from opentraction.care.home import HomeProgramme, LogEntry, exercises, player_config
from opentraction.clinic.headers import POLICY

STATIC = Path(str(files("opentraction.clinic").joinpath("static")))
KINDS = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Home exercises</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="player/home.css">
</head>
<body class="home">
<main id="home-player"><noscript>This page needs JavaScript.</noscript></main>
<script type="application/json" id="home-config">{config}</script>
<script type="module" src="player/player.js"></script>
</body>
</html>
"""


@dataclass
class HomePage:
    """The server: what it got, what it answers (`status`), and whether it is there at all (`dead`)."""

    programme: HomeProgramme
    status: int = 201
    dead: bool = False
    got: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    @cached_property
    def config(self) -> dict[str, Any]:
        return player_config(
            self.programme, store="p-017", post_url="log", worker_url="worker.js", csrf="token-1", sign_in_url="sign-in"
        )

    @property
    def entries(self) -> list[LogEntry]:
        """What was taken, as the clinic would read it."""
        return [LogEntry.from_document(one, exercises()) for one in self.got]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def file(self, path: str) -> tuple[bytes, str] | None:
        """The page, the worker at the root so that it may answer for the page, and what the page loads."""
        if path == "/":
            text = json.dumps(self.config).replace("<", "\\u003c")
            return PAGE.replace("{config}", text).encode(), "text/html"
        name = {"worker.js": "home/worker.js"}.get(path[1:], path[1:].replace("player/", "home/", 1))
        place = (STATIC / name).resolve()
        if not place.is_relative_to(STATIC) or not place.is_file():
            return None
        return place.read_bytes(), KINDS.get(place.suffix, "application/octet-stream")


def _handler(page: HomePage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = page.file(self.path.partition("?")[0])
            if page.dead:
                self.close_connection = True
            elif found is None:
                self.answer(404, b"", "text/plain")
            else:
                self.answer(200, *found)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if page.dead:
                self.close_connection = True
                return
            if page.status < 300:
                page.got.append(json.loads(body))
                page.tokens.append(self.headers["X-CSRFToken"])
            self.answer(page.status, b"{}", "application/json")

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
