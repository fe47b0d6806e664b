"""A table that plays what was once read, and notes where it is told something else than then."""
