"""Pages. A view reads the request, calls an action, shows a page; nothing is decided here."""
