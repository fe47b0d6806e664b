"""Pages about the API and its keys."""
